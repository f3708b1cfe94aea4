"""One held-out sample with what the network makes of it: the five most probable classes as bars."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from studio.gui import fonts, icons, theme
from studio.gui.pictures import draw_sharp
from studio.gui.style.measures import CARD_PADDING, GRID, HINT, LABEL, RADIUS_CARD
from studio.gui.widgets.ring import draw_focus_ring, inside_ring

PICTURE = 64
MOST_BARS = 5
NAME, SHARE = 18, 40
WIDTH, HEIGHT = 180, 108


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


class AnswerCard(QAbstractButton):
    """A click looks at the sample in the layer view."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        guess, share = answer.guesses[0]
        self.setText(f"Sample {answer.sample}: label {answer.truth}, predicted {guess}, {share:.1%}")
        self.setAccessibleName(self.text())
        self.setToolTip(self.text())

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, fonts.scaled(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = inside_ring(QRectF(self.rect())).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(colors.node_line if self.answer.is_right else colors.problem, 1))
        painter.setBrush(colors.raised)
        painter.drawRoundedRect(area, RADIUS_CARD, RADIUS_CARD)
        picture = QRectF(area.left() + GRID, area.top() + GRID, PICTURE, PICTURE)
        if self.answer.image is not None:
            draw_sharp(painter, self.answer.image, picture)
        self._draw_truth(painter, QRectF(picture.left(), picture.bottom() + 4, PICTURE, fonts.scaled(20)))
        bars = QRectF(picture.right() + CARD_PADDING, area.top() + GRID, 0, area.height() - 2 * GRID)
        bars.setRight(area.right() - GRID)
        self._draw_bars(painter, bars)
        if self.hasFocus():
            draw_focus_ring(painter, area, RADIUS_CARD)

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
