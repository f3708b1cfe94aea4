"""Follows files that are dragged over a window, says what letting go would do, and hands them over."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QDragMoveEvent, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio.gui import theme
from studio.gui.bringing import Bringing
from studio.gui.incoming import promise
from studio.gui.style.measures import CARD_PADDING, FOCUS_RING, GRID, RADIUS_CARD
from studio.gui.widgets.label import Role, label

if TYPE_CHECKING:
    from studio.gui.actions.host import Host

EventType = QEvent.Type
BLOCK_KEYS = Qt.KeyboardModifier.ControlModifier


class FileDrops(QObject):
    """Watches one window; over the canvas, Ctrl puts a project into the graph as a block."""

    def __init__(self, host: Host, bringing: Bringing) -> None:
        super().__init__(host.widget)
        self._host, self._bringing = host, bringing
        self._hint = _Hint(host.widget)
        host.widget.setAcceptDrops(True)
        host.widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == EventType.DragLeave:
            self._hint.hide()
        elif isinstance(event, QDragMoveEvent) and kind in (EventType.DragEnter, EventType.DragMove):
            return self._follow(event)
        elif isinstance(event, QDropEvent) and kind == EventType.Drop:
            return self._drop(event)
        return False

    def _follow(self, event: QDragMoveEvent) -> bool:
        paths = files_in(event.mimeData())
        if not paths:
            return False
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        is_trained = self._bringing.trained is not None
        self._hint.say(promise(paths, as_block=self._is_block(event), is_trained=is_trained))
        return True

    def _drop(self, event: QDropEvent) -> bool:
        self._hint.hide()
        paths = files_in(event.mimeData())
        if not paths:
            return False
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self._bringing.take(paths, at=self._over_canvas(event), as_block=self._is_block(event))
        return True

    def _is_block(self, event: QDropEvent) -> bool:
        return bool(event.modifiers() & BLOCK_KEYS) and self._over_canvas(event) is not None

    def _over_canvas(self, event: QDropEvent) -> QPointF | None:
        """The place in the canvas; None where the pointer is elsewhere."""
        if not self._host.at_work:
            return None
        view = self._host.workspace.canvas.viewport()
        at = view.mapFrom(self._host.widget, event.position())
        return at if QRectF(view.rect()).contains(at) else None


def files_in(data: QMimeData) -> list[Path]:
    """The files and folders of this computer that are dragged."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()] if data.hasUrls() else []


class _Hint(QWidget):
    """A frame around the window and a line in it, which let the pointer through."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._text = label("", Role.HEADING)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * CARD_PADDING, CARD_PADDING, 2 * CARD_PADDING, CARD_PADDING)
        row.addWidget(self._text)
        self.hide()

    def say(self, sentence: str) -> None:
        """Show what would happen."""
        self._text.setText(sentence)
        self.setAccessibleName(sentence)
        self.adjustSize()
        home = self._window.rect()
        self.move((home.width() - self.width()) // 2, home.height() // 2 - self.height() - 2 * GRID)
        self.show()
        self.raise_()

    @property
    def sentence(self) -> str:
        return self._text.text()

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colors.accent, FOCUS_RING, Qt.PenStyle.DashLine))
        painter.setBrush(colors.raised)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), RADIUS_CARD, RADIUS_CARD)
