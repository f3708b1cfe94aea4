"""One curve: its points at every scale, and how it looks."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from studio.gui.curves.pyramid import Pyramid
from studio.gui.curves.smoothing import Smoother
from studio.gui.theme import FAMILIES, Theme

Values = NDArray[np.float64]

# The families that are easiest to tell from the accent and the second colour, for further runs.
_FURTHER = ("Norm & dropout", "Linear & embedding", "Detection", "Loss & metrics", "Combine & reshape", "Attention")


@dataclass(frozen=True)
class Look:
    """A place in the row of colours, and whether the line is dashed 6-3: a curve is told apart by both."""

    place: int = 0
    dashed: bool = False

    def color(self, theme: Theme) -> QColor:
        """The colour in a theme."""
        if self.place < 2:
            return theme.series2 if self.place else theme.accent
        return theme.family(_FURTHER[(self.place - 2) % len(_FURTHER)])


TRAINING, VALIDATION = Look(0), Look(1, dashed=True)
assert all(family in FAMILIES for family in _FURTHER)


class Series:
    """The points of one curve and, while smoothing is on, their running average."""

    def __init__(self, name: str, look: Look) -> None:
        self.name, self.look = name, look
        self.shown = True
        self.points = Pyramid()
        self.average: Pyramid | None = None
        self._smoother = Smoother(0)

    @property
    def end(self) -> float:
        """Where the curve ends, in x; minus infinity while it has no point."""
        return float(self.points.x[-1]) if self.points else -math.inf

    def append(self, x: Values, y: Values) -> None:
        """Add points to the right; see `Pyramid.append` for what it refuses."""
        self.points.append(x, y)
        if self.average is not None:
            self.average.append(x, self._smoother.feed(y))

    def smooth(self, keep: float) -> None:
        """Draw a running average with this share kept, from 0 (none) up to 1."""
        self._smoother = Smoother(keep)
        self.average = None
        if keep:
            self.average = Pyramid()
            self.average.append(self.points.x, self._smoother.feed(self.points.y))

    def nearest(self, x: float) -> tuple[float, float] | None:
        """The point whose x is nearest; none when there are no points."""
        xs = self.points.x
        if not xs.size:
            return None
        right = int(np.searchsorted(xs, x))
        index = min((i for i in (right - 1, right) if 0 <= i < xs.size), key=lambda i: abs(float(xs[i]) - x))
        return float(xs[index]), float(self.points.y[index])
