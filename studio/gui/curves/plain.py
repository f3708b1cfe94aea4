"""A plot with our own axes and nothing of pyqtgraph's buttons and menus."""

from __future__ import annotations

import pyqtgraph as pg

from studio.gui import theme
from studio.gui.curves.axis import Axis

TOP_ROOM = 8
"""Pixels for half a tick label above the highest tick and beside the last."""


class PlainPlot(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph has no types
    """Axes on the ground of a panel."""

    def __init__(self, bottom: Axis, left: Axis) -> None:
        super().__init__(enableMenu=False, axisItems={"bottom": bottom, "left": left})
        self.hideButtons()
        item = self.getPlotItem()
        item.layout.setContentsMargins(0, TOP_ROOM, TOP_ROOM, 0)
        item.ctrlMenu = None  # is made all the same, as a window of its own that would outlive the plot
        self.dress()

    def dress(self) -> None:
        """Take the colour of the theme that is on."""
        self.setBackground(theme.current().panel)
