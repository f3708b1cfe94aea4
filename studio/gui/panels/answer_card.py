"""One held-out sample with what the network makes of it: the five most probable classes as bars."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from studio.gui import fonts, icons, theme
from studio.gui.panels.sample_card import PICTURE, SampleCard
from studio.gui.pictures import draw_sharp
from studio.gui.style.measures import CARD_PADDING, GRID, HINT, LABEL

MOST_BARS = 5
NAME, SHARE = 18, 40


@dataclass(frozen=True, slots=True)
class Answer:
    """A sample by number, its picture, its true class, and class names with probabilities, the best first."""

    sample: int
    image: QImage | None
    truth: str
    guesses: tuple[tuple[str, float], ...]

    @property
    def is_right(self) -> bool:
        return not self.truth or self.guesses[0][0] == self.truth


class AnswerCard(SampleCard):
    """A mistake is marked."""

    def __init__(self, answer: Answer) -> None:
        guess, share = answer.guesses[0]
        text = f"Sample {answer.sample}: label {answer.truth}, predicted {guess}, {share:.1%}"
        super().__init__(text, marked=not answer.is_right)
        self.answer = answer

    def draw(self, painter: QPainter, area: QRectF) -> None:
        picture = QRectF(area.left() + GRID, area.top() + GRID, PICTURE, PICTURE)
        if self.answer.image is not None:
            draw_sharp(painter, self.answer.image, picture)
        self._draw_truth(painter, QRectF(picture.left(), picture.bottom() + 4, PICTURE, fonts.scaled(20)))
        bars = QRectF(picture.right() + CARD_PADDING, area.top() + GRID, 0, area.height() - 2 * GRID)
        bars.setRight(area.right() - GRID)
        self._draw_bars(painter, bars)

    def _draw_truth(self, painter: QPainter, place: QRectF) -> None:
        """A tick or a triangle beside the label, so that the colour is not the only sign."""
        if not self.answer.truth:
            return
        colors = theme.current()
        right = self.answer.is_right
        side = fonts.scaled(icons.SIZE - 2)
        square = QRectF(place.left(), place.center().y() - side / 2, side, side)
        icons.draw_icon(painter, "check" if right else "warning", square, colors.success if right else colors.problem)
        painter.setFont(fonts.interface(LABEL))
        painter.setPen(colors.text1)
        text = place.adjusted(side + 4, 0, 0, 0)
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.answer.truth)

    def _draw_bars(self, painter: QPainter, area: QRectF) -> None:
        colors = theme.current()
        step = area.height() / MOST_BARS
        for at, (name, share) in enumerate(self.answer.guesses[:MOST_BARS]):
            row = QRectF(area.left(), area.top() + at * step, area.width(), step)
            truth = name == self.answer.truth
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colors.control)
            ground = QRectF(row.left() + NAME, row.center().y() - 3, row.width() - NAME - SHARE, 6)
            painter.drawRoundedRect(ground, 3, 3)
            painter.setBrush(colors.success if truth else colors.accent)
            painter.drawRoundedRect(QRectF(ground.left(), ground.top(), max(2.0, ground.width() * share), 6), 3, 3)
            painter.setFont(fonts.interface(HINT))
            painter.setPen(colors.text1 if truth or at == 0 else colors.text2)
            left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            shown = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, NAME - 2)
            painter.drawText(row, left, shown)
            painter.setPen(colors.text3)
            painter.drawText(row, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, f"{share:.1%}")
