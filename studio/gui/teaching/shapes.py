"""What goes in and what comes out, on a line that goes on below where it is long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from studio.core.shape import Shape
from studio.gui import fonts, icons, theme
from studio.gui.style.measures import GRID, HINT, LABEL
from studio.gui.teaching.flow import FlowView

ARROW = "→"


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of the line: a name, a shape or the arrow."""

    text: str
    is_shape: bool = False
    is_port: bool = False


class ShapeLine(FlowView):
    """``In 1×32×32 → Out 6×28×28``; ports are named where there are several."""

    row_gap = 2

    def __init__(self, inputs: Mapping[str, tuple[Shape, ...]], outputs: Mapping[str, Shape]) -> None:
        super().__init__()
        into = [(name, shape) for name, shapes in inputs.items() for shape in shapes]
        out = list(outputs.items())
        self.words = [
            *_side("In", into, {name for name, _ in into}),
            *([Word(ARROW)] if into and out else ()),
            *_side("Out", out, {name for name, _ in out}),
        ]
        self.setAccessibleName(self.text)

    @property
    def text(self) -> str:
        """The line as one text."""
        return " ".join(word.text for word in self.words)

    def widths(self) -> list[float]:
        return [
            fonts.scaled(icons.SIZE) if word.text == ARROW else QFontMetricsF(_font(word)).horizontalAdvance(word.text)
            for word in self.words
        ]

    def row_height(self) -> int:
        return fonts.scaled(18)

    def paint_part(self, painter: QPainter, part: int, at: QPointF) -> None:
        word, colors = self.words[part], theme.current()
        height = self.row_height()
        if word.text == ARROW:
            side = fonts.scaled(icons.SIZE)
            square = QRectF(at.x(), at.y() + (height - side) // 2, side, side)
            icons.draw_icon(painter, "arrow-right", square, colors.text3)
            return
        painter.setPen(QColor(colors.text1 if word.is_shape else colors.text2))
        painter.setFont(_font(word))
        area = QRectF(at.x(), at.y(), self.width() - at.x() + GRID, height)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, word.text)


def _side(title: str, shapes: list[tuple[str, Shape]], names: set[str]) -> list[Word]:
    """The words of one side: the port's name before its shape where there are several ports."""
    if not shapes:
        return []
    found = [Word(title)]
    for name, shape in shapes:
        found += [Word(name, is_port=True)] if len(names) > 1 else []
        found.append(Word(str(shape), is_shape=True))
    return found


def _font(word: Word) -> QFont:
    if word.is_shape:
        return fonts.mono(HINT)
    return fonts.interface(LABEL) if word.is_port else fonts.semibold(LABEL)
