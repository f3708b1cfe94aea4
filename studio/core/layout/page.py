"""Where things stand on the page: each connected part in columns and rows, the parts side by side."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from math import sqrt

from studio.core.graph import Point
from studio.core.layout.body import GAP, ROW, TALL, Body
from studio.core.layout.columns import Columns, sort_columns
from studio.core.layout.heights import heights_of
from studio.core.layout.layers import Tie, layers_of, turned
from studio.core.layout.rows import Span, rows_of

WIDE = 1.6
"""How many times as wide as high a page should be."""

CLOSEST = 12.0
"""Space between the frames of two rows."""

Size = tuple[float, float]


def spots_of(bodies: Sequence[Body], ties: Sequence[Tie]) -> list[Point]:
    """The upper left corner of every body; ties name them by number."""
    spots: list[Point] = [(0.0, 0.0)] * len(bodies)
    parts = []
    for numbers in _parts(len(bodies), ties):
        renumbered = {number: index for index, number in enumerate(numbers)}
        inside = [
            Tie(renumbered[tie.first], renumbered[tie.second], tie.leaves, tie.arrives)
            for tie in ties
            if tie.first in renumbered
        ]
        parts.append((numbers, _connected([bodies[number] for number in numbers], inside)))
    sizes = [_size([bodies[number] for number in numbers], places) for numbers, places in parts]
    for (numbers, places), (left, top) in zip(parts, _shelved(sizes), strict=True):
        for number, (x, y) in zip(numbers, places, strict=True):
            spots[number] = left + x, top + y
    return spots


def _parts(count: int, ties: Sequence[Tie]) -> list[list[int]]:
    """Things that links hold together, in the order in which they were drawn."""
    beside: list[list[int]] = [[] for _ in range(count)]
    for tie in ties:
        beside[tie.first].append(tie.second)
        beside[tie.second].append(tie.first)
    seen = [False] * count
    parts = []
    for start in range(count):
        if seen[start]:
            continue
        seen[start] = True
        part = [start]
        for number in part:
            for other in beside[number]:
                if not seen[other]:
                    seen[other] = True
                    part.append(other)
        parts.append(sorted(part))
    return parts


def _connected(bodies: Sequence[Body], ties: Sequence[Tie]) -> list[Point]:
    """Places for things that hang together, the upper left corner of all at the origin."""
    one_way = turned(len(bodies), ties)
    layers = layers_of(len(bodies), one_way)
    columns = Columns.of(one_way, layers)
    sort_columns(columns)
    heights = heights_of(columns, bodies)[: len(bodies)]
    widths = [0.0] * len(columns.order)
    for number, layer in enumerate(layers):
        widths[layer] = max(widths[layer], bodies[number].width)
    lefts = list(accumulate((width + GAP[0] for width in widths), initial=0.0))

    def width(span: Span) -> float:
        return lefts[span[1]] - lefts[span[0]] - GAP[0]

    all_of = 0, len(widths)
    area = width(all_of) * (_bottom(range(len(bodies)), heights, bodies) - min(heights))
    framed = {layer for layer, body in zip(layers, bodies, strict=True) if any(body.margin) and body.height < TALL}
    rows = rows_of(layers, one_way, framed, width, max(ROW, sqrt(WIDE * area)))
    places = _in_rows(rows, layers, lefts, heights, bodies)
    row_of = {layer: row for row in rows for layer in range(*row)}
    for number in {tie.first for tie in one_way if row_of[layers[tie.first]] != row_of[layers[tie.second]]}:
        # Its link runs down to the next row, past whatever stands below it in its column.
        x, y = places[number]
        places[number] = x + widths[layers[number]] - bodies[number].width, y
    return places


def _in_rows(
    rows: Sequence[Span],
    layers: Sequence[int],
    lefts: Sequence[float],
    heights: Sequence[float],
    bodies: Sequence[Body],
) -> list[Point]:
    """The columns, one row of them below the other."""
    of_layer: dict[int, list[int]] = {}
    for number, layer in enumerate(layers):
        of_layer.setdefault(layer, []).append(number)
    places: list[Point] = [(0.0, 0.0)] * len(layers)
    top, margin_above = 0.0, 0.0
    for index, row in enumerate(rows):
        inside = [number for layer in range(*row) for number in of_layer[layer]]
        highest = min(heights[number] for number in inside)
        indent = max(bodies[number].margin[0] for number in of_layer[row[0]])
        margins = [(bodies[number].margin[1], bodies[number].margin[3]) for number in inside]
        top += max(GAP[1] - margin_above - max(margin for margin, _ in margins), CLOSEST) if index else 0.0
        for number in inside:
            places[number] = lefts[layers[number]] - lefts[row[0]] - indent, top + heights[number] - highest
        top, margin_above = top + _bottom(inside, heights, bodies) - highest, max(margin for _, margin in margins)
    left = min(x for x, _ in places)
    return [(x - left, y) for x, y in places]


def _bottom(numbers: Sequence[int] | range, heights: Sequence[float], bodies: Sequence[Body]) -> float:
    return max(heights[number] + bodies[number].height for number in numbers)


def _size(bodies: Sequence[Body], places: Sequence[Point]) -> Size:
    width = max(x + body.width for body, (x, _) in zip(bodies, places, strict=True))
    return width, max(y + body.height for body, (_, y) in zip(bodies, places, strict=True))


def _shelved(sizes: Sequence[Size]) -> list[Point]:
    """Parts side by side, on as many shelves as a page of good shape needs."""
    limit = max(ROW, sqrt(sum((width + GAP[0]) * (height + GAP[1]) for width, height in sizes)))
    corners: list[Point] = []
    left = top = tallest = 0.0
    for width, height in sizes:
        if left and left + width > limit:
            left, top, tallest = 0.0, top + tallest + GAP[1], 0.0
        corners.append((left, top))
        left, tallest = left + width + GAP[0], max(tallest, height)
    return corners
