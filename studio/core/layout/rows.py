"""Breaks what is longer than a page into rows, like a text: only where a single link leads on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from itertools import accumulate, pairwise

from studio.core.layout.layers import Tie

Span = tuple[int, int]
"""Layers from the first up to, but without, the second."""

WIDER = 1.3
"""How much longer than its longest unbreakable part a row may be, whatever the limit."""


def rows_of(
    layers: Sequence[int], ties: Sequence[Tie], starts: Collection[int], width: Callable[[Span], float], limit: float
) -> list[Span]:
    """Rows of layers: no more than needed to stay within the limit, and these as even as they can be.

    What several links hold together stays together, and what is hardly longer than that is not broken at all. The
    layers ``starts`` begin a row of their own, where that breaks nothing.
    """
    count = max(layers, default=-1) + 1
    words = _words(layers, ties, count)
    limit = max(limit, WIDER * max(map(width, words)))
    cuts = [0, *(first for first, _ in words if first and first in starts), count]
    rows: list[Span] = []
    for first, end in pairwise(cuts):
        rows += _even([word for word in words if first <= word[0] < end], width, limit)
    return rows


def _even(words: Sequence[Span], width: Callable[[Span], float], limit: float) -> list[Span]:
    """As few rows as the limit allows, as narrow as so many can be."""
    fewest = len(_filled(words, width, limit))
    low, high = max(map(width, words)), limit
    while fewest > 1 and high - low > 1.0:
        middle = (low + high) / 2
        low, high = (low, middle) if len(_filled(words, width, middle)) == fewest else (middle, high)
    return _filled(words, width, high)


def _words(layers: Sequence[int], ties: Sequence[Tie], count: int) -> list[Span]:
    """The layers, cut wherever a single link leads on."""
    changes = [0] * (count + 1)
    for tie in dict.fromkeys(ties):
        changes[layers[tie.first] + 1] += 1
        changes[layers[tie.second] + 1] -= 1
    leading_on = list(accumulate(changes))
    cuts = [0, *(layer for layer in range(1, count) if leading_on[layer] == 1), count]
    return list(pairwise(cuts))


def _filled(words: Sequence[Span], width: Callable[[Span], float], limit: float) -> list[Span]:
    """Rows filled one after the other."""
    rows: list[Span] = []
    for first, end in words:
        if rows and width((rows[-1][0], end)) <= limit:
            rows[-1] = rows[-1][0], end
        else:
            rows.append((first, end))
    return rows
