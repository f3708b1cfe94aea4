"""The axes of a plot: ticks as text, no lines."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtGui import QColor

from studio.gui import fonts, theme
from studio.gui.curves.frame import x_ticks, y_ticks
from studio.gui.curves.ticks import log_texts, tick_texts
from studio.gui.style.measures import HINT


class Axis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph has no types
    """The horizontal or the vertical axis; `log` says that it measures decimal logarithms."""

    def __init__(self, side: str) -> None:
        super().__init__(side)
        self.log = False
        self.setStyle(
            tickLength=0, tickAlpha=0, tickTextOffset=8, autoExpandTextSpace=True, hideOverlappingLabels=False
        )
        self.dress()

    def dress(self) -> None:
        """Take font and colours from the theme that is on."""
        self.setTickFont(fonts.interface(HINT))
        self.setPen(QColor(0, 0, 0, 0))
        self.setTextPen(theme.current().text3)

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:
        ticks = x_ticks(minVal, maxVal) if self.orientation == "bottom" else y_ticks(minVal, maxVal, log=self.log)
        return [(1.0, ticks)]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        return log_texts(values) if self.log else tick_texts(values)
