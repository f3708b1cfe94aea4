"""One held-out sample beside what the network rebuilt of it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from studio.gui import fonts, theme
from studio.gui.panels.sample_card import PICTURE, SampleCard
from studio.gui.pictures import draw_sharp
from studio.gui.style.measures import GRID, HINT


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A sample by number, both pictures, and their mean squared difference."""

    sample: int
    image: QImage
    again: QImage
    error: float


class RebuiltCard(SampleCard):
    """Left what went in, right what came out."""

    def __init__(self, rebuilt: Rebuilt) -> None:
        super().__init__(f"Sample {rebuilt.sample} and what was rebuilt of it, mean squared error {rebuilt.error:.4f}")
        self.rebuilt = rebuilt

    def draw(self, painter: QPainter, area: QRectF) -> None:
        gap = (area.width() - 2 * PICTURE) / 3
        left = QRectF(area.left() + gap, area.top() + GRID, PICTURE, PICTURE)
        right = left.translated(PICTURE + gap, 0)
        draw_sharp(painter, self.rebuilt.image, left)
        draw_sharp(painter, self.rebuilt.again, right)
        colors = theme.current()
        painter.setFont(fonts.interface(HINT))
        row = QRectF(left.left() - gap / 2, left.bottom() + 4, PICTURE + gap, fonts.scaled(20))
        painter.setPen(colors.text3)
        painter.drawText(row, Qt.AlignmentFlag.AlignCenter, f"sample {self.rebuilt.sample}")
        painter.setPen(colors.text1)
        row.translate(PICTURE + gap, 0)
        painter.drawText(row, Qt.AlignmentFlag.AlignCenter, f"error {self.rebuilt.error:.4f}")
