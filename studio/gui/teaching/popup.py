"""The teaching card of a node, large over the canvas."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from studio.core.card import Card
from studio.gui import fonts, theme
from studio.gui.style.measures import CARD_PADDING, GRID, PANEL_PADDING, RADIUS_CARD
from studio.gui.teaching.column import TeachingColumn
from studio.gui.widgets.button import Button, Kind
from studio.gui.widgets.family_tile import FamilyTile
from studio.gui.widgets.label import Role, label

WIDTH, HEIGHT = 560, 760
EXAMPLE = "With the numbers of an example"
LINE = 40
"""Pixels that an arrow key scrolls."""


class TeachingCard(QFrame):
    """Stays until Escape, F1 or its button closes it; arrows and page keys scroll while it has the keyboard."""

    closed = Signal()

    def __init__(self, home: QWidget) -> None:
        super().__init__(home)
        self._home = home
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.column = TeachingColumn(large=True)
        self._picture, self._title, self._family = FamilyTile(), label("", Role.TITLE), label("", Role.LABEL, wrap=True)
        self.scroller = QScrollArea()
        self.scroller.setWidgetResizable(True)
        self.scroller.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroller.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._lay_out()
        home.installEventFilter(self)
        self.hide()

    def _lay_out(self) -> None:
        close = Button(icon="close", name="Close the card", key="Esc", kind=Kind.QUIET, small=True)
        close.key = ""
        close.clicked.connect(self.hide)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(self._title)
        texts.addWidget(self._family)
        head = QHBoxLayout()
        head.setSpacing(GRID + GRID // 2)
        head.addWidget(self._picture)
        head.addLayout(texts, 1)
        head.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        inside = QWidget()
        inner = QVBoxLayout(inside)
        inner.setContentsMargins(0, 0, GRID, 0)
        inner.addWidget(self.column)
        inner.addStretch()
        self.scroller.setWidget(inside)
        column = QVBoxLayout(self)
        column.setContentsMargins(PANEL_PADDING, PANEL_PADDING, PANEL_PADDING - GRID, PANEL_PADDING)
        column.setSpacing(CARD_PADDING)
        column.addLayout(head)
        column.addWidget(self.scroller, 1)

    def show_card(self, card: Card, name: str = "", *, beside: QWidget | None = None) -> None:
        """Show a card, that of a node where it has a name; ``beside`` keeps the keyboard and stays in sight."""
        self.setAccessibleName(f"Teaching card of {name or card.title}")
        self._title.setText(name or card.title)
        kind = card.title if name and name != card.title else card.type if card.type != card.title else ""
        note = EXAMPLE if card.example and card.numbers else ""
        self._family.setText(" · ".join(filter(None, (kind, card.family, note))))
        self._picture.show_family(card.family)
        self.column.show_card(card)
        self.scroller.verticalScrollBar().setValue(0)
        self._settle(beside)
        self.show()
        self.raise_()
        if beside is None:
            self.setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._settle(None)
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.scroller.verticalScrollBar()
        page = bar.pageStep() - LINE
        steps = {
            Qt.Key.Key_Down: LINE,
            Qt.Key.Key_Up: -LINE,
            Qt.Key.Key_PageDown: page,
            Qt.Key.Key_Space: page,
            Qt.Key.Key_PageUp: -page,
            Qt.Key.Key_Home: -bar.maximum(),
            Qt.Key.Key_End: bar.maximum(),
        }
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            self.hide()
        elif key in steps:
            bar.setValue(bar.value() + steps[key])
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.closed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colors.line_strong, 1))
        painter.setBrush(colors.panel)
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_CARD, RADIUS_CARD)

    def _settle(self, beside: QWidget | None) -> None:
        """Take the middle of the home, or the place beside a widget, and as much height as the card needs."""
        room = self._home.size()
        width = min(fonts.scaled(WIDTH), room.width() - 2 * PANEL_PADDING)
        inner = width - 2 * PANEL_PADDING - GRID
        frame = fonts.scaled(48) + 2 * PANEL_PADDING + CARD_PADDING
        layout = self.column.layout()
        wanted = frame + (layout.heightForWidth(inner) if layout is not None else 0)
        height = min(wanted, fonts.scaled(HEIGHT), room.height() - 2 * PANEL_PADDING)
        self.resize(QSize(width, height))
        left, top = (room.width() - width) // 2, (room.height() - height) // 2
        if beside is not None:
            corner = beside.mapTo(beside.window(), QPoint(beside.width() + GRID, 0)) - self._home.mapTo(
                beside.window(), QPoint(0, 0)
            )
            before = corner.x() - beside.width() - 2 * GRID - width
            left = corner.x() if corner.x() + width <= room.width() else max(0, before)
            top = max(PANEL_PADDING, min(corner.y(), room.height() - height - PANEL_PADDING))
        self.move(left, top)
