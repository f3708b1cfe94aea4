"""One column a layer: the order in each, so that links cross as seldom as possible with ports in order."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import fmean

from studio.core.layout.layers import Tie

STRIDE = float(1 << 20)
"""Places in a column lie so far apart that heights of ports fit between them."""

MOST_SWEEPS, PATIENCE = 24, 4
"""Sweeps at most, and how many without a better order are enough."""

WORK = 400_000
"""How many things all sweeps together look at, so that large graphs take a few seconds at most."""

Ends = list[tuple[int, float, float]]
"""Neighbours in the next column: which, the height of the link's end here, and there."""


@dataclass
class Columns:
    """Things in columns. A link past several columns goes through an extra item in each of them.

    Items below ``count`` are the things themselves. All long links from one port share their items.
    """

    count: int
    layer: list[int]
    left: list[Ends] = field(default_factory=list)
    right: list[Ends] = field(default_factory=list)
    order: list[list[int]] = field(default_factory=list)

    @classmethod
    def of(cls, ties: Sequence[Tie], layers: Sequence[int]) -> Columns:
        """The columns with every item in place, in the order in which a walk along the links meets them."""
        columns = cls(len(layers), list(layers), [[] for _ in layers], [[] for _ in layers])
        chains: dict[tuple[int, float], list[int]] = {}
        for tie in dict.fromkeys(ties):
            columns._lead(tie, chains.setdefault((tie.first, tie.leaves), [tie.first]))
        columns.order = columns._met()
        return columns

    def is_extra(self, item: int) -> bool:
        return item >= self.count

    def _leads_past(self, item: int) -> bool:
        """Whether the path from here on, up to where it branches or meets another, passes a column without a node."""
        while not self.is_extra(item):
            if len(self.left[item]) != 1 or len(self.right[item]) != 1:
                return False
            item = self.right[item][0][0]
        return True

    def _lead(self, tie: Tie, chain: list[int]) -> None:
        """Join two things, through items that other links from the same port need as well."""
        span = self.layer[tie.second] - self.layer[tie.first]
        while len(chain) < span:
            chain.append(len(self.layer))
            self.layer.append(self.layer[tie.first] + len(chain) - 1)
            self.left.append([])
            self.right.append([])
            self._join(chain[-2], chain[-1], tie.leaves if len(chain) == 2 else 0.0, 0.0)
        self._join(chain[span - 1], tie.second, tie.leaves if span == 1 else 0.0, tie.arrives)

    def _join(self, first: int, second: int, leaves: float, arrives: float) -> None:
        self.right[first].append((second, leaves, arrives))
        self.left[second].append((first, arrives, leaves))

    def _met(self) -> list[list[int]]:
        """Every column in the order of a walk in depth, port by port, long links above what they pass."""
        order: list[list[int]] = [[] for _ in range(max(self.layer, default=-1) + 1)]
        seen = [False] * len(self.layer)
        for start in [*(item for item, fed in enumerate(self.left) if not fed), *range(self.count)]:
            waiting = [start]
            while waiting:
                item = waiting.pop()
                if seen[item]:
                    continue
                seen[item] = True
                order[self.layer[item]].append(item)
                ends = self.right[item]
                if len(ends) > 1:
                    ends = sorted(ends, key=lambda end: (end[1], not self._leads_past(end[0])))
                waiting += [end[0] for end in ends[::-1]]
        return order


def sort_columns(columns: Columns) -> None:
    """Find an order with few crossings: sweeps to and fro by medians and by means, then swaps of neighbours."""
    best, fewest = [list(column) for column in columns.order], crossings(columns)
    sweeps = max(2, min(MOST_SWEEPS, WORK // (len(columns.layer) + 1)))
    stale = 0
    for number in range(sweeps):
        if not fewest or stale == PATIENCE:
            break
        _sweep(columns, _median if number % 4 < 2 else fmean, rightwards=number % 2 == 0)
        _swap(columns)
        now = crossings(columns)
        stale += 1
        if now < fewest:
            best, fewest, stale = [list(column) for column in columns.order], now, 0
    columns.order = best


def crossings(columns: Columns) -> int:
    """How many pairs of links cross between neighbouring columns; links that share an end never do."""
    total = 0
    for near, far in pairwise(columns.order):
        at = {item: index * STRIDE for index, item in enumerate(far)}
        pairs = [
            (index * STRIDE + leaves, at[other] + arrives)
            for index, item in enumerate(near)
            for other, leaves, arrives in columns.right[item]
        ]
        pairs.sort()
        passed: list[float] = []
        for _, arrives in pairs:
            total += len(passed) - bisect_right(passed, arrives)
            insort(passed, arrives)
    return total


def _sweep(columns: Columns, middle: Callable[[list[float]], float], *, rightwards: bool) -> None:
    """Put every column in the order of the middles of what each item is linked with in the one before."""
    sides = columns.left if rightwards else columns.right
    order = columns.order if rightwards else columns.order[::-1]
    for near, column in pairwise(order):
        at = {item: index * STRIDE for index, item in enumerate(near)}
        wanted = {
            item: middle([at[other] + there for other, _, there in sides[item]]) for item in column if sides[item]
        }
        ranked = iter(sorted(wanted, key=wanted.__getitem__))
        column[:] = [next(ranked) if item in wanted else item for item in column]


def _swap(columns: Columns) -> None:
    """Exchange neighbours in a column where that makes fewer crossings."""
    at = [0.0] * len(columns.layer)
    for column in columns.order:
        for index, item in enumerate(column):
            at[item] = index * STRIDE
    for column in columns.order:
        ends = {item: list(_ends(columns, item, at)) for item in column}
        for index in range(len(column) - 1):
            upper, lower = column[index], column[index + 1]
            as_is, swapped = _pair(ends[upper], ends[lower])
            if swapped < as_is:
                column[index], column[index + 1] = lower, upper
                at[upper], at[lower] = at[lower], at[upper]


def _ends(columns: Columns, item: int, at: Sequence[float]) -> Iterator[list[float]]:
    """Where the neighbours on the left and those on the right stand, sorted."""
    for sides in (columns.left, columns.right):
        yield sorted(at[other] + there for other, _, there in sides[item])


def _pair(upper: list[list[float]], lower: list[list[float]]) -> tuple[int, int]:
    """Crossings between the links of two items as they stand, and were they exchanged."""
    as_is = swapped = 0
    for above, below in zip(upper, lower, strict=True):
        for height in above:
            as_is += bisect_left(below, height)
            swapped += len(below) - bisect_right(below, height)
    return as_is, swapped


def _median(values: list[float]) -> float:
    """The middle value; of an even number the mean of both middles."""
    values.sort()
    half = len(values) // 2
    return values[half] if len(values) % 2 else (values[half - 1] + values[half]) / 2
