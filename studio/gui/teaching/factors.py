"""A sum of products with a name under every factor: 5·5 kernel · 1 in · 6 filters + 6 biases = 156 weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from studio.core.derivation import Term, spelled
from studio.gui import fonts, theme
from studio.gui.style.measures import BODY, HALF_GRID, HINT
from studio.gui.teaching.flow import FlowView

NARROWEST = 18


@dataclass(frozen=True, slots=True)
class Cell:
    """A number over its name, with the sign that stands before it."""

    sign: str
    number: str
    name: str
    is_total: bool = False


def cells(terms: Sequence[Term], what: str) -> list[Cell]:
    """The derivation cut where a line may end: always before a sign."""
    found: list[Cell] = []
    for term in terms:
        for at, factor in enumerate(term.factors):
            sign = "·" if at else "+" if found else ""
            found.append(Cell(sign, str(factor), factor.label))
    total = sum(term.count for term in terms)
    return [*found, Cell("=", f"{total:,}", what, is_total=True)]


class FactorRow(FlowView):
    """The derivation of a count, as it is taught; goes on below where it is long."""

    gap = 0.0
    row_gap = HALF_GRID
    centred = True

    def __init__(self, terms: Sequence[Term], what: str) -> None:
        super().__init__()
        self.cells = cells(terms, what)
        self.setAccessibleName(spelled(terms, what))

    def widths(self) -> list[float]:
        return [self._sign_width(cell) + self._cell_width(cell) for cell in self.cells]

    def starts(self) -> list[int]:
        """The first factor of every term."""
        return [at for at, cell in enumerate(self.cells) if cell.sign in ("", "+", "=")]

    def row_height(self) -> int:
        return fonts.scaled(20) + fonts.scaled(16) + HALF_GRID

    def paint_part(self, painter: QPainter, part: int, at: QPointF) -> None:
        cell, colors = self.cells[part], theme.current()
        sign, width, tall = self._sign_width(cell), self._cell_width(cell), fonts.scaled(20)
        centre = Qt.AlignmentFlag.AlignCenter
        painter.setPen(colors.text2)
        painter.setFont(fonts.mono(BODY))
        painter.drawText(QRectF(at.x(), at.y(), sign, tall), centre, cell.sign)
        left = at.x() + sign
        painter.setPen(colors.text1)
        painter.setFont(_number_font(cell))
        painter.drawText(QRectF(left, at.y(), width, tall), centre, cell.number)
        painter.fillRect(QRectF(left, at.y() + tall, width, 1), colors.line_strong)
        painter.setPen(colors.text3)
        painter.setFont(fonts.interface(HINT))
        painter.drawText(QRectF(left, at.y() + tall + 2, width, fonts.scaled(16)), centre, cell.name)

    def _sign_width(self, cell: Cell) -> float:
        return fonts.scaled(18) if cell.sign else 0.0

    def _cell_width(self, cell: Cell) -> float:
        number = QFontMetricsF(_number_font(cell)).horizontalAdvance(cell.number)
        name = QFontMetricsF(fonts.interface(HINT)).horizontalAdvance(cell.name)
        return max(number, name, fonts.scaled(NARROWEST)) + HALF_GRID


def _number_font(cell: Cell) -> QFont:
    return fonts.mono(BODY, QFont.Weight.DemiBold) if cell.is_total else fonts.mono(BODY)
