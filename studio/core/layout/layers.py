"""In which layer each thing stands: after all that feeds it, and no further from it than it must."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple


class Tie(NamedTuple):
    """A link between two things by number, with the heights at which it leaves the first and reaches the second."""

    first: int
    second: int
    leaves: float
    arrives: float


def turned(count: int, ties: Sequence[Tie]) -> list[Tie]:
    """The ties with those that close a circle turned round, so that all lead one way; loops are left out."""
    after: list[list[int]] = [[] for _ in range(count)]
    fed = [False] * count
    for tie in ties:
        after[tie.first].append(tie.second)
        fed[tie.second] = fed[tie.second] or tie.first != tie.second
    back = set(_closing(after, [*(n for n in range(count) if not fed[n]), *range(count)]))
    return [
        Tie(tie.second, tie.first, tie.arrives, tie.leaves) if (tie.first, tie.second) in back else tie
        for tie in ties
        if tie.first != tie.second
    ]


def layers_of(count: int, ties: Sequence[Tie]) -> list[int]:
    """The length of the longest path to each thing; those that feed more than feeds them come as late as they can."""
    before: list[list[int]] = [[] for _ in range(count)]
    after: list[list[int]] = [[] for _ in range(count)]
    for tie in ties:
        before[tie.second].append(tie.first)
        after[tie.first].append(tie.second)
    order = _sorted(before, after)
    layers = [0] * count
    for number in order:
        layers[number] = max((layers[each] + 1 for each in before[number]), default=0)
    for number in reversed(order):
        if len(after[number]) > len(before[number]):
            layers[number] = min(layers[each] for each in after[number]) - 1
    return layers


def _closing(after: Sequence[Sequence[int]], starts: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Pairs whose second is on the path by which a search in depth came to the first."""
    seen, on_path = [False] * len(after), [False] * len(after)
    for start in starts:
        if seen[start]:
            continue
        seen[start] = on_path[start] = True
        path = [(start, iter(after[start]))]
        while path:
            number, rest = path[-1]
            following = next(rest, None)
            if following is None:
                on_path[number] = False
                path.pop()
            elif on_path[following]:
                yield number, following
            elif not seen[following]:
                seen[following] = on_path[following] = True
                path.append((following, iter(after[following])))


def _sorted(before: Sequence[Sequence[int]], after: Sequence[Sequence[int]]) -> list[int]:
    """All numbers, each after those before it; there must be no circle."""
    waiting = [len(each) for each in before]
    order = [number for number, count in enumerate(waiting) if count == 0]
    for number in order:
        for each in after[number]:
            waiting[each] -= 1
            if waiting[each] == 0:
                order.append(each)
    return order
