"""A formula as a part of a panel: as large as its text size asks for, broken into lines where it must be."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.gui import fonts, theme
from studio.gui.formula.ink import SETTER, paint
from studio.gui.formula.layout import Box, Style, wrapped
from studio.gui.formula.parser import parse_lines
from studio.gui.formula.spoken import spoken
from studio.gui.formula.tree import Row

SIZE = 17
LEADING = 0.42
"""Room between two lines, in letter heights."""
MARGIN = 2
LEAST = 8.0
"""Pixels under which a formula is rather cut off."""


class Formula(QWidget):
    """One or several lines of mathematics, centred; what is too wide even when broken is made smaller.

    Raises FormulaError for markup that cannot be read.
    """

    def __init__(self, text: str, size: int = SIZE) -> None:
        super().__init__()
        self.text, self._size = text, size
        self._rows = parse_lines(text)
        self._lines: list[Box] = []
        self._set_for = (-1, -1.0)
        self.setAccessibleName(spoken(text))
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        style = self._style()
        width = max((SETTER.set(row, style).width for row in self._rows), default=0.0)
        return QSize(round(width) + 2 * MARGIN, self.heightForWidth(round(width) + 2 * MARGIN))

    def minimumSizeHint(self) -> QSize:
        return QSize(1, self.heightForWidth(self.width()))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        lines = self.lines(width)
        between = LEADING * self._style().size * (len(lines) - 1)
        return round(sum(line.height for line in lines) + between) + 2 * MARGIN

    def lines(self, width: int) -> list[Box]:
        """What is painted at this width, line by line."""
        style = self._style()
        if self._set_for != (width, style.size):
            self._set_for = (width, style.size)
            self._lines = _fitted(self._rows, style, max(1.0, width - 2 * MARGIN))
        return self._lines

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        lines = self.lines(self.width())
        left = max(float(MARGIN), (self.width() - max((line.width for line in lines), default=0.0)) / 2)
        alone = len(lines) == len(self._rows)
        y = float(MARGIN)
        for line in lines:
            x = (self.width() - line.width) / 2 if alone and len(lines) == 1 else left
            paint(painter, line, QPointF(x, round(y + line.ascent)), theme.current().text1)
            y += line.height + LEADING * self._style().size

    def _style(self) -> Style:
        return Style(fonts.scaled(self._size))


def _fitted(rows: Sequence[Row], style: Style, room: float) -> list[Box]:
    """Lines that fit into the room, in as large letters as that allows."""
    while True:
        lines = [line for row in rows for line in wrapped(SETTER, row, style, room)]
        widest = max((line.width for line in lines), default=0.0)
        if widest <= room or style.size <= LEAST:
            return lines
        # Whole pixels, as fonts have them.
        style = Style(max(LEAST, min(style.size - 1, float(int(style.size * room / widest)))))
