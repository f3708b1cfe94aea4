"""A growing series kept at every scale, so that a view costs its pixels and not its history."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

_FACTOR = 4
# A view reads the coarsest level that still has this many buckets to a column, so that edges are off by less than that.
_BUCKETS_PER_COLUMN = 4
_X, _LOW, _HIGH, _TOTAL, _COUNT = range(5)


@dataclass(frozen=True)
class Columns:
    """A view of a series: one entry per pixel column that holds points, or one per point when those are fewer.

    `x` is the middle of the column, or the point's own. `low`, `high` and `mean` are NaN where no value of the column
    is finite. `exact` says that the entries are the points themselves.
    """

    x: Values
    low: Values
    high: Values
    mean: Values
    exact: bool


class _Rows:
    """A table of rows that grows at its right end in amortised constant time."""

    def __init__(self, rows: int) -> None:
        self._room = np.empty((rows, 256))
        self.size = 0

    def append(self, block: Values) -> None:
        end = self.size + block.shape[1]
        if end > self._room.shape[1]:
            larger = np.empty((len(self._room), max(end, 2 * self._room.shape[1])))
            larger[:, : self.size] = self._room[:, : self.size]
            self._room = larger
        self._room[:, self.size : end] = block
        self.size = end

    def read(self, start: int, stop: int) -> Values:
        return self._room[:, start:stop]


class Pyramid:
    """Points in order of x; `append` is amortised O(1) a point, `view` O(columns + log of the number of points).

    Above the points lie levels of complete buckets, each of four of the level below: first x, lowest, highest, sum and
    number of finite values.
    """

    def __init__(self) -> None:
        self._points = _Rows(2)
        self._levels: list[_Rows] = []
        self.low, self.high = np.inf, -np.inf
        self.least_positive = np.inf

    def __len__(self) -> int:
        return self._points.size

    @property
    def x(self) -> Values:
        """All x, in order; a view that must not be written to."""
        row: Values = self._points.read(0, len(self))[0]
        return row

    @property
    def y(self) -> Values:
        """All y in the order of x; a view that must not be written to."""
        row: Values = self._points.read(0, len(self))[1]
        return row

    def append(self, x: Values, y: Values) -> None:
        """Add points to the right of those there are; a y that is not finite becomes a gap.

        Raises `ValueError` when x and y differ in length or x goes back.
        """
        if x.shape != y.shape or x.ndim != 1:
            raise ValueError(f"x and y must be two lists of the same length, not {x.shape} and {y.shape}")
        if not x.size:
            return
        if np.any(np.diff(x) < 0) or (len(self) and x[0] < self.x[-1]):
            raise ValueError("the points of a curve must come in the order of their x")
        y = np.where(np.isfinite(y), y, np.nan)
        self._points.append(np.stack((x, y)))
        self._stretch(y)
        self._fill_levels()

    def _stretch(self, y: Values) -> None:
        finite = y[~np.isnan(y)]
        if finite.size:
            self.low = min(self.low, float(finite.min()))
            self.high = max(self.high, float(finite.max()))
            positive = finite[finite > 0]
            self.least_positive = min(self.least_positive, float(positive.min(initial=np.inf)))

    def _fill_levels(self) -> None:
        level = 1
        while True:
            below = self._size(level - 1)
            done = self._size(level)
            complete = below // _FACTOR
            if complete == done:
                return
            if level > len(self._levels):
                self._levels.append(_Rows(5))
            source = self._read(level - 1, done * _FACTOR, complete * _FACTOR)
            self._levels[level - 1].append(_join(source))
            level += 1

    def _size(self, level: int) -> int:
        if level == 0:
            return len(self)
        return self._levels[level - 1].size if level <= len(self._levels) else 0

    def _read(self, level: int, start: int, stop: int) -> Values:
        """Buckets of a level as (first x, low, high, total, count); level 0 has one bucket per point."""
        if level:
            return self._levels[level - 1].read(start, stop)
        x, y = self._points.read(start, stop)
        finite = ~np.isnan(y)
        return np.stack((x, y, y, np.where(finite, y, 0.0), finite))

    def view(self, left: float, right: float, columns: int) -> Columns:
        """The series between two x at a width in pixels, with one point more at each side so that lines run on."""
        x = self.x
        first = max(int(np.searchsorted(x, left, "left")) - 1, 0)
        last = min(int(np.searchsorted(x, right, "right")) + 1, len(self))
        if last - first <= columns:
            y = self.y[first:last]
            return Columns(x[first:last], y, y, y, exact=True)
        buckets = self._buckets(first, last, columns)
        edges = np.linspace(left, right, columns + 1)
        starts = np.concatenate(([0], np.searchsorted(buckets[_X], edges[1:-1], "left")))
        filled = starts < np.append(starts[1:], buckets.shape[1])
        return _reduce(buckets, starts[filled], (edges[:-1] + edges[1:])[filled] / 2)

    def _buckets(self, first: int, last: int, columns: int) -> Values:
        """The points from first to last in buckets of the coarsest level that is fine enough."""
        level, side = 0, 1
        while (last - first) // (side * _FACTOR) >= _BUCKETS_PER_COLUMN * columns:
            level, side = level + 1, side * _FACTOR
        pieces = []
        position = first // side  # in buckets of this level
        while True:
            # What the complete buckets of a level leave at the right end is read from the levels below it.
            stop = min(self._size(level), -(-last // side))
            pieces.append(self._read(level, position, stop))
            if level == 0:
                return np.concatenate(pieces, axis=1)
            level, side, position = level - 1, side // _FACTOR, max(stop, position) * _FACTOR


def _join(buckets: Values) -> Values:
    """Four buckets into one, for each four: (5, 4 n) to (5, n)."""
    fours = buckets.reshape(5, -1, _FACTOR)
    return np.stack(
        (
            fours[_X, :, 0],
            np.fmin.reduce(fours[_LOW], axis=1),
            np.fmax.reduce(fours[_HIGH], axis=1),
            fours[_TOTAL].sum(axis=1),
            fours[_COUNT].sum(axis=1),
        )
    )


def _reduce(buckets: Values, starts: NDArray[np.intp], centers: Values) -> Columns:
    """Buckets into columns that begin at these buckets and have these middles."""
    total = np.add.reduceat(buckets[_TOTAL], starts)
    count = np.add.reduceat(buckets[_COUNT], starts)
    mean = np.divide(total, count, out=np.full_like(total, np.nan), where=count > 0)
    low = np.fmin.reduceat(buckets[_LOW], starts)
    high = np.fmax.reduceat(buckets[_HIGH], starts)
    return Columns(centers, low, high, mean, exact=False)
