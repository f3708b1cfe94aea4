"""The icon of a family of nodes, on a tile."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from studio.gui import fonts, icons, theme
from studio.gui.style.measures import RADIUS_BUTTON
from studio.gui.style.tokens import FAMILIES
from studio.gui.widgets.text_size import follow_text

SIDE = 36


class FamilyTile(QWidget):
    """Shows layers where there is no family, as for a block."""

    def __init__(self) -> None:
        super().__init__()
        self._family = ""
        follow_text(self, lambda: self.setFixedSize(QSize(fonts.scaled(SIDE), fonts.scaled(SIDE))))

    def show_family(self, family: str) -> None:
        self._family = family
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colors, area = theme.current(), QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # In the light theme the tile is as white as what it lies on.
        painter.setPen(colors.line)
        painter.setBrush(colors.raised)
        painter.drawRoundedRect(area, RADIUS_BUTTON, RADIUS_BUTTON)
        known, side = FAMILIES.get(self._family), fonts.scaled(icons.SIZE)
        square = QRectF(area.center().x() - side / 2, area.center().y() - side / 2, side, side)
        icons.draw_icon(painter, known.icon if known else "layers", square, colors.family(self._family))
