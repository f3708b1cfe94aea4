"""How high everything in the columns stands: long links and chains straight, the rest near what it is linked with."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, repeat

from studio.core.layout.body import GAP, PORT, Body
from studio.core.layout.columns import Columns

BESIDE_NODE, BESIDE_LINK = 28.0, 20.0
"""Space between a node and a long link that passes it, and between two long links."""

ROUNDS = 8

ROOMY = 3.0
"""How many times as high as its tallest column a drawing may be before it is worth less than straight links."""

Edge = tuple[int, int, float, float]
"""Two items in neighbouring columns, and the heights of the link's ends below their tops."""


def heights_of(columns: Columns, bodies: Sequence[Body]) -> list[float]:
    """The top of every item. No two items of a column overlap, and their order is kept.

    What is linked straight is one block that moves as a whole, so a chain is straight however long it is. Blocks go
    to the median of what they are linked with, as far as their neighbours let them.
    """
    edges = _edges(columns, bodies)
    straight = _straight(columns, edges)
    longest = len(columns.order)
    blocks = _Blocks.of(columns, bodies, straight)
    while longest > 1 and blocks.extent > ROOMY * _tallest(columns, bodies):
        longest //= 2
        straight = _cut(columns, straight, longest)
        blocks = _Blocks.of(columns, bodies, straight)
    blocks.settle([edge for edge in edges if edge not in straight])
    return [blocks.place[blocks.block[item]] + blocks.shift[item] for item in range(len(columns.layer))]


def _tallest(columns: Columns, bodies: Sequence[Body]) -> float:
    """The height of the tallest column, were everything in it close together."""
    return max(
        sum(map(_height, repeat(columns), repeat(bodies), column))
        + sum(_space(columns, upper, lower) for upper, lower in pairwise(column))
        for column in columns.order
    )


def _cut(columns: Columns, straight: frozenset[Edge], longest: int) -> frozenset[Edge]:
    """The straight links without those over every so many columns."""
    return frozenset(edge for edge in straight if (columns.layer[edge[0]] + 1) % longest)


def _edges(columns: Columns, bodies: Sequence[Body]) -> list[Edge]:
    return [
        (item, other, _level(columns, bodies, item, leaves), _level(columns, bodies, other, arrives))
        for item, ends in enumerate(columns.right)
        for other, leaves, arrives in ends
    ]


def _level(columns: Columns, bodies: Sequence[Body], item: int, port: float) -> float:
    """The height that is brought level: of nodes their header, or a chain through second ports would be a staircase."""
    if columns.is_extra(item):
        return 0.0
    return port if any(bodies[item].margin) else PORT


def _straight(columns: Columns, edges: Sequence[Edge]) -> frozenset[Edge]:
    """The links that are drawn straight: at most one at each side of an item, none crossing another."""
    at = [0] * len(columns.layer)
    for column in columns.order:
        for index, item in enumerate(column):
            at[item] = index
    aside, is_long = _aside(columns, at), _threads(columns, edges)
    taken: list[list[tuple[int, int]]] = [[] for _ in columns.order]
    chosen = set()
    for edge in sorted(edges, key=lambda edge: (not is_long[edge], aside[edge[:2]], columns.layer[edge[0]])):
        pair = at[edge[0]], at[edge[1]]
        beside = taken[columns.layer[edge[0]]]
        index = bisect_left(beside, pair)
        above, below = beside[index - 1] if index else (-1, -1), beside[index] if index < len(beside) else None
        if above[0] < pair[0] and above[1] < pair[1] and (below is None or (pair[0] < below[0] and pair[1] < below[1])):
            beside.insert(index, pair)
            chosen.add(edge)
    return frozenset(chosen)


def _threads(columns: Columns, edges: Sequence[Edge]) -> dict[Edge, bool]:
    """Whether each link belongs to a thread, a path without branches, that passes columns without a node.

    Such threads are straight before all others: drawn as one curve, they would run through nodes. Those that leave a
    node beside its first output may bend at once.
    """
    long: dict[Edge, bool] = {}
    leaving: dict[int, list[Edge]] = {}
    for edge in edges:
        leaving.setdefault(edge[0], []).append(edge)
    single = [len(left) == len(right) == 1 for left, right in zip(columns.left, columns.right, strict=True)]
    for edge in edges:
        if single[edge[0]]:
            continue
        thread = [edge]
        while single[thread[-1][1]]:
            thread += leaving[thread[-1][1]]
        is_long = any(columns.is_extra(each[1]) for each in thread) and _leaves_level(columns, edge)
        long.update(dict.fromkeys(thread, is_long))
    return long


def _leaves_level(columns: Columns, edge: Edge) -> bool:
    ends = columns.right[edge[0]]
    return columns.is_extra(edge[0]) or any(other == edge[1] and leaves <= PORT for other, leaves, _ in ends)


def _aside(columns: Columns, at: Sequence[int]) -> dict[tuple[int, int], float]:
    """How far each link is from the middle one at its two ends."""
    found: dict[tuple[int, int], float] = {}
    for item, sides in enumerate(zip(columns.left, columns.right, strict=True)):
        for ends in sides:
            others = sorted({end[0] for end in ends}, key=at.__getitem__)
            for index, other in enumerate(others):
                pair = (other, item) if ends is columns.left[item] else (item, other)
                found[pair] = max(found.get(pair, 0.0), abs(index - (len(others) - 1) / 2))
    return found


@dataclass
class _Blocks:
    """Items that are linked straight, as one: where each block stands, and its items below that."""

    block: list[int]
    shift: list[float]
    place: list[float]
    above: list[list[tuple[int, float]]]
    """Blocks next above in some column, and how far below its place this one must stay."""
    below: list[list[tuple[int, float]]]

    @classmethod
    def of(cls, columns: Columns, bodies: Sequence[Body], straight: frozenset[Edge]) -> _Blocks:
        """The blocks, each as high as it can stand."""
        follows = {edge[0]: edge for edge in straight}
        second = {edge[1] for edge in straight}
        block, shift = [-1] * len(columns.layer), [0.0] * len(columns.layer)
        count = 0
        for item in range(len(columns.layer)):
            if item in second:
                continue
            block[item] = count
            while item in follows:
                _, other, leaves, arrives = follows[item]
                block[other], shift[other] = count, shift[item] + leaves - arrives
                item = other  # along the block
            count += 1
        blocks = cls(block, shift, [0.0] * count, [[] for _ in range(count)], [[] for _ in range(count)])
        blocks._part(columns, bodies)
        return blocks

    @property
    def extent(self) -> float:
        """From the highest place to the lowest."""
        return max(self.place, default=0.0) - min(self.place, default=0.0)

    def _part(self, columns: Columns, bodies: Sequence[Body]) -> None:
        """Find how far blocks must stay apart, and put each as high as it can stand."""
        for column in columns.order:
            for upper, lower in pairwise(column):
                apart = (
                    self.shift[upper]
                    + _height(columns, bodies, upper)
                    + _space(columns, upper, lower)
                    - self.shift[lower]
                )
                self.above[self.block[lower]].append((self.block[upper], apart))
                self.below[self.block[upper]].append((self.block[lower], apart))
        for block in self._downwards():
            self.place[block] = max((self.place[other] + apart for other, apart in self.above[block]), default=0.0)

    def settle(self, bent: Sequence[Edge]) -> None:
        """Bring blocks to the median of what they are linked with, from below and from above by turns."""
        pulls: list[list[tuple[int, float]]] = [[] for _ in self.place]
        for item, other, leaves, arrives in bent:
            first, second = self.block[item], self.block[other]
            by = self.shift[item] + leaves - self.shift[other] - arrives
            pulls[second].append((first, by))
            pulls[first].append((second, -by))
        order = list(self._downwards())
        for number in range(ROUNDS):
            for block in order if number % 2 else reversed(order):
                if pulls[block]:
                    self._pull(block, sorted(self.place[other] + by for other, by in pulls[block]))

    def _pull(self, block: int, wanted: Sequence[float]) -> None:
        half = len(wanted) // 2
        low, high = wanted[half - 1 if len(wanted) % 2 == 0 else half], wanted[half]
        here = min(max(self.place[block], low), high)
        least = max((self.place[other] + apart for other, apart in self.above[block]), default=here)
        most = min((self.place[other] - apart for other, apart in self.below[block]), default=here)
        self.place[block] = max(min(here, most), least)

    def _downwards(self) -> Iterator[int]:
        """Every block after those above it."""
        waiting = [len(above) for above in self.above]
        ready = [block for block, count in enumerate(waiting) if not count]
        for block in ready:
            yield block
            for other, _ in self.below[block]:
                waiting[other] -= 1
                if not waiting[other]:
                    ready.append(other)


def _height(columns: Columns, bodies: Sequence[Body], item: int) -> float:
    return 0.0 if columns.is_extra(item) else bodies[item].height


def _space(columns: Columns, upper: int, lower: int) -> float:
    extras = columns.is_extra(upper) + columns.is_extra(lower)
    return (GAP[1], BESIDE_NODE, BESIDE_LINK)[extras]
