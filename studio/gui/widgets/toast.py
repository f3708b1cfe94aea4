"""A short message over the lower edge of a window that goes by itself."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from studio.gui import fonts, icons, theme
from studio.gui.style.measures import CARD_PADDING, GRID, PANEL_PADDING, RADIUS_CARD, STATUS_HEIGHT
from studio.gui.widgets.button import Button, Kind
from studio.gui.widgets.label import label

WIDEST = 640
_SHORTEST_MS, _MS_PER_LETTER = 4000, 60


class Tone(Enum):
    """What a message is about: the icon, and the name of the colour it is drawn in."""

    INFO = ("info", "accent")
    SUCCESS = ("check", "success")
    WARN = ("warning", "warn")
    PROBLEM = ("warning", "problem")


class Toast(QWidget):
    """One message, centred near the lower edge of its parent; a problem stays until it is closed."""

    def __init__(self, parent: QWidget, text: str, tone: Tone = Tone.INFO, action: Button | None = None) -> None:
        super().__init__(parent)
        self.tone = tone
        self._home = parent
        self.message: QLabel = label(text)
        self.setAccessibleName(text)
        close = Button(icon="close", name="Close the message", kind=Kind.QUIET, small=True)
        close.clicked.connect(self.close)
        row = QHBoxLayout(self)
        row.setContentsMargins(CARD_PADDING + fonts.scaled(icons.SIZE) + GRID, GRID // 2, GRID // 2, GRID // 2)
        row.setSpacing(GRID)
        beside = [part.sizeHint().width() + GRID for part in (action, close) if part is not None]
        self._beside = sum(beside) + CARD_PADDING + fonts.scaled(icons.SIZE) + 2 * GRID
        for part in (self.message, action, close):
            if part is not None:
                row.addWidget(part)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        parent.installEventFilter(self)
        if tone is not Tone.PROBLEM:
            QTimer.singleShot(max(_SHORTEST_MS, _MS_PER_LETTER * len(text)), self, self._leave)
        self._settle()
        self.show()
        self.raise_()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._settle()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.current()
        icon, color = self.tone.value
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colors.node_line, 1))
        painter.setBrush(colors.raised)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_CARD, RADIUS_CARD)
        side = fonts.scaled(icons.SIZE)
        square = QRectF(CARD_PADDING, (self.height() - side) // 2, side, side)
        icons.draw_icon(painter, icon, square, colors.named(color))

    def _leave(self) -> None:
        # A person who points at the message or tabs into it is still busy with it.
        if self.underMouse() or self.isAncestorOf(self.window().focusWidget()):
            QTimer.singleShot(_SHORTEST_MS, self, self._leave)
        else:
            self.close()

    def _settle(self) -> None:
        """Stand near the lower edge; a sentence that is too long for a line, or for its parent, has several."""
        home = self._home.rect()
        room = max(min(fonts.scaled(WIDEST), home.width() - 2 * PANEL_PADDING - self._beside), 1)
        text = self.message.fontMetrics().horizontalAdvance(self.message.text()) + GRID
        self.message.setWordWrap(text > room)
        self.message.setFixedWidth(min(text, room))
        self.adjustSize()
        bottom = home.height() - fonts.scaled(STATUS_HEIGHT) - PANEL_PADDING
        self.move((home.width() - self.width()) // 2, bottom - self.height())


class Notices:
    """Messages of one part of the window that go by themselves; each takes the place of the one before."""

    def __init__(self, parent: QWidget) -> None:
        self._parent = parent
        self._shown: Toast | None = None

    def show(self, sentence: str, tone: Tone = Tone.WARN) -> None:
        """Say why something was not done, or in another tone that it was."""
        if self._shown is not None:
            self._shown.close()
        shown = self._shown = Toast(self._parent, sentence, tone)
        shown.destroyed.connect(lambda: self._forget(shown))

    @property
    def sentence(self) -> str:
        """What is said now; empty where nothing is."""
        return self._shown.message.text() if self._shown is not None else ""

    def _forget(self, gone: Toast) -> None:
        if self._shown is gone:
            self._shown = None
