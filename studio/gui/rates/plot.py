"""The loss over learning rates that were tried, with a line at the rate that is chosen."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.gui import theme
from studio.gui.curves.axis import Axis
from studio.gui.curves.plain import PlainPlot

ROOM = 0.08
"""Share of the height that is left free above and below the curve."""

WIDE = 2.0
"""How many times the way down from the first loss to the lowest is shown at most."""

CURVE, CHOICE = 2, 2
"""Widths of lines in pixels."""


class RatesPlot(QWidget):
    """A click or a drag chooses a rate, which ``chosen`` carries."""

    chosen = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        bottom, self._left = Axis("bottom"), Axis("left")
        bottom.log = True
        self.view = PlainPlot(bottom, self._left)
        self.view.setMouseEnabled(x=False, y=False)
        self.view.setAccessibleName("Loss over the learning rate")
        self._curve = self.view.plot(pen=pg.mkPen(theme.current().accent, width=CURVE), antialias=True)
        self.line = pg.InfiniteLine(angle=90, movable=True, pen=pg.mkPen(theme.current().success, width=CHOICE))
        self.line.hide()
        self.view.addItem(self.line)
        self.line.sigPositionChanged.connect(lambda line: self.chosen.emit(_rounded(line.value())))
        self.view.scene().sigMouseClicked.connect(lambda click: self._choose_at(click.scenePos(), click.button()))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)

    def show_losses(self, rates: Sequence[float], losses: Sequence[float], *, whole: tuple[float, float]) -> None:
        """Draw what is known so far; ``whole`` are the first and the last of all rates."""
        xs, ys = np.log10(np.asarray(rates, dtype=float)), np.asarray(losses, dtype=float)
        self._curve.setData(xs, ys)
        self.view.setXRange(*(math.log10(end) for end in whole), padding=ROOM / 2)
        if len(ys):
            lowest, first = float(ys.min()), float(ys[0])
            top = lowest + WIDE * max(first - lowest, 0.1 * abs(first), 1e-9)
            room = ROOM * (min(float(ys.max()), top) - lowest)
            self.view.setYRange(lowest - room, min(float(ys.max()), top) + room, padding=0)

    def choose(self, rate: float) -> None:
        """Put the line at a rate; 0 takes it away."""
        self.line.setVisible(rate > 0)
        if rate > 0:
            self.line.setValue(math.log10(rate))

    def _choose_at(self, place: QPointF, button: Qt.MouseButton) -> None:
        if button is Qt.MouseButton.LeftButton and len(self._curve.xData if self._curve.xData is not None else ()):
            self.choose(10.0 ** self.view.getViewBox().mapSceneToView(place).x())


def _rounded(logarithm: float) -> float:
    """A rate with as many digits as a person would give it."""
    return float(f"{10.0**logarithm:.2g}")
