"""Means over so many steps of a live figure: single steps scatter too much to be read as a curve."""

from __future__ import annotations

from typing import Any

import numpy as np

POINTS_PER_EPOCH = 40


class Averages:
    """Collects the values of one figure and gives them back as means of equally many steps."""

    def __init__(self, steps_per_epoch: int) -> None:
        self._size = max(1, steps_per_epoch // POINTS_PER_EPOCH)
        self._steps = np.zeros(0)
        self._values = np.zeros(0)

    def feed(self, steps: Any, values: Any) -> tuple[Any, Any]:
        """Add values at these steps; answers the means that are complete now, each at its last step."""
        self._steps = np.concatenate([self._steps, steps])
        self._values = np.concatenate([self._values, values])
        whole = len(self._steps) // self._size * self._size
        shape = (whole // self._size, self._size)
        means = self._values[:whole].reshape(shape).mean(1)
        ends = self._steps[:whole].reshape(shape)[:, -1]
        self._steps, self._values = self._steps[whole:], self._values[whole:]
        return ends, means
