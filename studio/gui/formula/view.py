"""A formula as a part of a panel: as large as its text size asks for, broken into lines where it must be."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.gui import fonts, theme
from studio.gui.formula.ink import SETTER, paint
from studio.gui.formula.layout import Box, Style, wrapped
from studio.gui.formula.parser import parse_lines
from studio.gui.formula.spoken import spoken

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
        self._lines_meant = len(parse_lines(text))
        self.setAccessibleName(spoken(text))
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        width = round(_natural_width(self.text, self._style().size)) + 2 * MARGIN
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(1, self.heightForWidth(self.width()))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        lines = self.lines(width)
        between = LEADING * self._style().size * (len(lines) - 1)
        return round(sum(line.height for line in lines) + between) + 2 * MARGIN

    def lines(self, width: int) -> tuple[Box, ...]:
        """What is painted at this width, line by line."""
        return _fitted(self.text, self._style().size, max(1, width - 2 * MARGIN))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        lines = self.lines(self.width())
        left = max(float(MARGIN), (self.width() - max((line.width for line in lines), default=0.0)) / 2)
        alone = len(lines) == self._lines_meant
        y = float(MARGIN)
        for line in lines:
            x = (self.width() - line.width) / 2 if alone and len(lines) == 1 else left
            paint(painter, line, QPointF(x, round(y + line.ascent)), theme.current().text1)
            y += line.height + LEADING * self._style().size

    def _style(self) -> Style:
        return Style(fonts.scaled(self._size))


@lru_cache(maxsize=1024)
def _natural_width(text: str, size: float) -> float:
    """The width of the widest line, unbroken."""
    return max((SETTER.set(row, Style(size)).width for row in parse_lines(text)), default=0.0)


@lru_cache(maxsize=4096)
def _fitted(text: str, size: float, room: int) -> tuple[Box, ...]:
    """Lines that fit into the room, in as large letters as that allows. Panels ask for the same ones at every edit."""
    while True:
        lines = tuple(line for row in parse_lines(text) for line in wrapped(SETTER, row, Style(size), room))
        widest = max((line.width for line in lines), default=0.0)
        if widest <= room or size <= LEAST:
            return lines
        # Whole pixels, as fonts have them.
        size = max(LEAST, min(size - 1, float(int(size * room / widest))))
