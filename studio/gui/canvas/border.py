"""While something is dragged beyond the border of the view, moves the view that way."""

from __future__ import annotations

from PySide6.QtCore import QTimer

from studio.gui.canvas.geometry import Point
from studio.gui.canvas.lens import Lens

TICK_MS = 16
INSIDE = 2.0
"""Pixels from the border, on its inner side, where the view moves already: a window may fill the screen."""
SLOWEST, FASTEST, REACH = 3.0, 28.0, 120.0
"""Pixels a tick next to the border, and so many pixels away from it."""


def speed(at: Point, size: Point) -> Point:
    """By how much the view is to move, in pixels a tick, for a pointer at this point of a view of this size."""
    return _along(at[0], size[0]), _along(at[1], size[1])


def _along(value: float, size: float) -> float:
    beyond = max(INSIDE - value, 0.0) or min(size - INSIDE - value, 0.0)
    if beyond == 0.0:
        return 0.0
    share = min(abs(beyond) / REACH, 1.0)
    return (SLOWEST + share * (FASTEST - SLOWEST)) * (1 if beyond > 0 else -1)


class BorderPan:
    """Runs as long as the pointer is there."""

    def __init__(self, lens: Lens) -> None:
        self._lens = lens
        self._at: Point = lens.center
        self._timer = QTimer(lens)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._step)

    def follow(self, at: Point) -> None:
        """The pointer, which drags something, is here."""
        self._at = at
        if speed(at, self._lens.size) == (0.0, 0.0):
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def _step(self) -> None:
        self._lens.pan(*speed(self._at, self._lens.size))
