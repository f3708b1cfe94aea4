"""A field to search in, with a magnifier and the key that leads to it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from studio.gui import fonts, icons, theme
from studio.gui.style.measures import FOCUS_RING, GRID, HINT
from studio.gui.widgets.text_size import follow_text


class SearchField(QLineEdit):
    """A line edit that says what it searches; Escape empties it, and the key hint goes while it is in use."""

    def __init__(self, placeholder: str, *, key: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.key = key
        follow_text(self, lambda: self.show_key(self.key))

    def show_key(self, key: str) -> None:
        """Show another key, or none."""
        self.key = key
        self.setAccessibleDescription(f"Key {key}" if key else "")
        self._settle()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._settle()

    def _settle(self) -> None:
        """Keep room for the magnifier, and for the key where what the field is for can be read beside it."""
        left, key = fonts.scaled(icons.SIZE) + GRID, QFontMetrics(fonts.interface(HINT)).horizontalAdvance(self.key)
        text = self.fontMetrics().horizontalAdvance(self.placeholderText())
        self._shows_key = bool(self.key) and self.width() - 2 * (FOCUS_RING + GRID) - left - text >= key + GRID
        self.setTextMargins(left, 0, key + GRID if self._shows_key else 0, 0)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        side = fonts.scaled(icons.SIZE)
        left = FOCUS_RING + GRID
        square = QRectF(left, (self.height() - side) // 2, side, side)
        icons.draw_icon(painter, "search", square, theme.current().text3)
        if self._shows_key and not self.text():
            painter.setFont(fonts.interface(HINT))
            painter.setPen(theme.current().text3)
            place = QRectF(0, 0, self.width() - left, self.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self.key)
