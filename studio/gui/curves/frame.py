"""The window of a plot: which part of the data lies where on the screen."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.gui.curves.ticks import linear_ticks, log_ticks, nice_step

Values = NDArray[np.float64]
_TICKS_X, _TICKS_Y = 8, 5
_MARGIN = 0.05
_ROOM = 0.01  # of the width, so that the last point is not cut


def to_axis(y: Values, *, log: bool) -> Values:
    """Values as the vertical axis measures them: themselves, or their decimal logarithm (NaN where there is none)."""
    if not log:
        return y
    return np.log10(y, out=np.full_like(y, np.nan), where=y > 0)


@dataclass(frozen=True)
class Frame:
    """A size in pixels and what it shows; `bottom` and `top` are logarithms where `log` is set."""

    width: float
    height: float
    left: float
    right: float
    bottom: float
    top: float
    log: bool

    def across(self, x: Values) -> Values:
        """Pixels from the left edge."""
        return (x - self.left) * (self.width / (self.right - self.left))

    def down(self, y: Values) -> Values:
        """Pixels from the upper edge, cut off at one height outside, where painters lose precision."""
        pixels = (self.top - to_axis(y, log=self.log)) * (self.height / (self.top - self.bottom))
        return np.clip(pixels, -self.height, 2 * self.height)

    def place(self, x: float, y: float) -> tuple[float, float]:
        """One point in pixels; not finite where it cannot be drawn."""
        return float(self.across(np.array([x], float))[0]), float(self.down(np.array([y], float))[0])

    def x_at(self, pixels: float) -> float:
        """The x under a pixel."""
        return self.left + pixels * (self.right - self.left) / self.width


def x_ticks(left: float, right: float) -> list[float]:
    """The ticks of the horizontal axis."""
    return linear_ticks(left, right, _TICKS_X)


def y_ticks(bottom: float, top: float, *, log: bool) -> list[float]:
    """The ticks of the vertical axis, as the axis measures."""
    return log_ticks(bottom, top, _TICKS_Y + 3) if log else linear_ticks(bottom, top, _TICKS_Y + 1)


def fitting_x(starts: Iterable[float], ends: Iterable[float], planned: float | None) -> tuple[float, float]:
    """Bounds that show all x and leave room to the next round number, so that the axis seldom moves."""
    left, right = min(starts), max(ends)
    if planned is not None and planned > left:
        return left, max(planned, right)
    if right <= left:
        return left, left + 1
    step = nice_step(right - left, 2 * _TICKS_X)
    return left, step * math.ceil((right + _ROOM * (right - left)) / step)


def fitting_y(low: float, high: float, *, log: bool) -> tuple[float, float]:
    """Bounds with a small margin around values as the axis measures them."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return (-1.0, 0.0) if log else (0.0, 1.0)
    if high - low < 1e-12 * max(1.0, abs(high)):
        margin = 0.5 if log else max(abs(high) * 0.1, 1e-6)
    else:
        margin = _MARGIN * (high - low)
    return low - margin, high + margin
