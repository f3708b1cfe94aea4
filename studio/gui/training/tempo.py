"""How often the window looks at a running training: as often as costs that training next to nothing."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

QUICKEST_MS, SLOWEST_MS = 100, 500
SHARE = 0.01
"""Of all processors, what looking may take: they are the training's too."""
KEEP = 0.7
"""How much of the mean cost of a look a single one leaves as it was."""


class Tempo:
    """Measures what the window's process takes from look to look, painting included, and spaces the looks by it."""

    def __init__(self, processors: int | None = None, clock: Callable[[], float] = time.process_time) -> None:
        self._budget = SHARE * (processors or os.cpu_count() or 1)
        self._clock = clock
        self._at = clock()
        self._cost = 0.0

    def wait_ms(self) -> int:
        """Milliseconds until the next look; to be asked at every look."""
        before, self._at = self._at, self._clock()
        self._cost = KEEP * self._cost + (1 - KEEP) * (self._at - before)
        return round(min(max(1000 * self._cost / self._budget, QUICKEST_MS), SLOWEST_MS))
