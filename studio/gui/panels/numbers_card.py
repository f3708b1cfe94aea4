"""One held-out sample with the numbers that the network answers, and those that are wanted."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from studio.gui import fonts, theme
from studio.gui.panels.profile import MOST, draw_profile
from studio.gui.panels.sample_card import PICTURE, SampleCard
from studio.gui.pictures import Array, draw_sharp
from studio.gui.style.measures import CARD_PADDING, GRID, HINT, LABEL


@dataclass(frozen=True, slots=True)
class Numbers:
    """A sample by number and picture, the numbers answered and wanted, and what is read off both, where that is."""

    sample: int
    image: QImage
    answers: Array
    wanted: Array
    error: float
    """Mean squared difference."""
    reading: str = ""
    read: float = 0.0
    right: float = 0.0

    @property
    def texts(self) -> tuple[str, str]:
        """What is answered and what is wanted, each in a line."""
        if self.reading:
            return f"{self.reading.lower()} {self.read:.1f}", f"wanted {self.right:.1f}"
        if len(self.answers) == 1:
            return f"answers {self.answers[0]:.2g}", f"wanted {self.wanted[0]:.2g}"
        return f"off by {self.error**0.5:.3g}", "root mean square"


class NumbersCard(SampleCard):
    """The picture and what is said of it at the left, at the right the numbers as bars and the wanted as a line."""

    def __init__(self, numbers: Numbers) -> None:
        super().__init__(f"Sample {numbers.sample}: {', '.join(numbers.texts)}")
        self.numbers = numbers

    def draw(self, painter: QPainter, area: QRectF) -> None:
        left = QRectF(area.left() + GRID, area.top() + GRID, PICTURE, PICTURE)
        draw_sharp(painter, self.numbers.image, left)
        several = 1 < len(self.numbers.answers) <= MOST
        bars = QRectF(left.right() + CARD_PADDING, left.top(), 0, PICTURE)
        bars.setRight(area.right() - GRID)
        if several:
            draw_profile(painter, bars, self.numbers.answers, self.numbers.wanted)
        rows = QRectF(left.left(), left.bottom() + 4, area.width() - 2 * GRID, fonts.scaled(20))
        self._write(painter, rows if several else bars, beside=several)

    def _write(self, painter: QPainter, place: QRectF, *, beside: bool) -> None:
        """Both lines: at the ends of one row, or one below the other."""
        colors = theme.current()
        answered, wanted = self.numbers.texts
        row = fonts.scaled(20)
        first = place if beside else QRectF(place.left(), place.center().y() - row, place.width(), row)
        second = place if beside else first.translated(0, row)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(fonts.interface(LABEL))
        painter.setPen(colors.text1)
        painter.drawText(first, Qt.AlignmentFlag.AlignLeft | middle, answered)
        painter.setFont(fonts.interface(HINT))
        painter.setPen(colors.text2)
        side = Qt.AlignmentFlag.AlignRight if beside else Qt.AlignmentFlag.AlignLeft
        painter.drawText(second, side | middle, wanted)
