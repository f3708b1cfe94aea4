"""Exponential smoothing of a long series without a loop over its points."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
_BLOCK = 64


class Smoother:
    """A running exponential average that may be fed in pieces.

    `keep` in [0, 1) is the share of the average that a new value leaves standing. Early values are divided by the
    weight seen so far, so that the average does not start at nought (Kingma and Ba 2015, section 3). Values that are
    not finite stay as they are and leave the average alone.
    """

    def __init__(self, keep: float) -> None:
        if not 0 <= keep < 1:
            raise ValueError(f"Smoothing is a number from 0 up to, but not including, 1; {keep} is not.")
        self.keep = keep
        self._sum = 0.0
        self._weight = 0.0

    def feed(self, values: Values) -> Values:
        """The smoothed values, as many as came in."""
        finite = np.isfinite(values)
        kept = values[finite]
        result = values.copy()
        if not kept.size or not self.keep:
            return result
        sums = _decayed_sums((1 - self.keep) * kept, self.keep, self._sum)
        weights = 1 - (1 - self._weight) * self.keep ** np.arange(1, kept.size + 1)
        self._sum, self._weight = float(sums[-1]), float(weights[-1])
        result[finite] = sums / weights
        return result


def _decayed_sums(values: Values, keep: float, before: float) -> Values:
    """`s[i] = keep * s[i-1] + values[i]` with `s[-1] = before`; blocks first, then the same over the blocks."""
    count = min(_BLOCK, values.size)
    powers = keep ** np.arange(count + 1)
    lags = np.arange(count)[:, None] - np.arange(count)[None, :]
    within = np.where(lags >= 0, powers[np.maximum(lags, 0)], 0.0)  # (to, from)
    if values.size == count:
        return within @ values + powers[1:] * before
    blocks = -(-values.size // count)
    padded = np.zeros(blocks * count)
    padded[: values.size] = values
    alone = padded.reshape(blocks, count) @ within.T  # (block, place), as if each block began at nought
    ends = _decayed_sums(alone[:, -1], float(powers[-1]), before)
    starts = np.concatenate(([before], ends[:-1]))
    sums: Values = (alone + starts[:, None] * powers[1:]).reshape(-1)[: values.size]
    return sums
