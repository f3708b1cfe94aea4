"""A free place for a node that comes between two others; what stands right of it moves where room is lacking."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import count

from studio.core.graph import Graph, Point

SPACE = 48.0
"""Free space left and right of a node that was put between two others."""
BETWEEN = 24.0
"""Free space above and below a node."""

Size = Callable[[str], Point]
"""Width and height of a node by its name."""


@dataclass(frozen=True, slots=True)
class Room:
    """Where a new node stands, and the nodes that stand elsewhere for its sake."""

    place: Point
    moved: dict[str, Point]

    def given_in(self, graph: Graph) -> Graph:
        """The graph with the nodes moved."""
        nodes = {name: replace(graph.nodes[name], position=place) for name, place in self.moved.items()}
        return graph.put(nodes) if nodes else graph


def between(graph: Graph, source: str, target: str, wanted: Point, size: Size) -> Room:
    """Room for a node of the wanted width and height on the link from ``source`` to ``target``."""
    (x0, y0), (x1, y1) = graph.nodes[source].position, graph.nodes[target].position
    start = x0 + size(source)[0]
    if x1 >= start:
        middle = (start + x1 - wanted[0]) / 2
        ways = [(middle, y) for y in (y0, y1, (y0 + y1) / 2)] if x1 - start >= wanted[0] + 2 * SPACE / 3 else []
    else:
        ways = [(x1 - SPACE - wanted[0], y1), (start + SPACE, y0)]
    free = [place for place in ways if _is_free(graph, place, wanted, size)]
    if free:
        return Room(_whole(free[0]), {})
    return _pushing(graph, (start, x1), y1, wanted, size)


def behind(graph: Graph, node: str, wanted: Point, size: Size) -> Point:
    """The first free place right of a node, or below that."""
    x, y = graph.nodes[node].position
    place = (x + size(node)[0] + SPACE, y)
    while not _is_free(graph, place, wanted, size):
        place = (place[0], place[1] + wanted[1] / 2 + BETWEEN)
    return _whole(place)


def _pushing(graph: Graph, gap: Point, y: float, wanted: Point, size: Size) -> Room:
    """Put the node right before the target, and push what stands in its row from there on to the right."""
    start, end = gap
    left = start + SPACE if start <= end else end
    by = max(left + wanted[0] + SPACE - end, 0.0)
    row = [
        name
        for name, node in graph.nodes.items()
        if by and node.position[0] >= end - 1 and _overlaps(node.position[1], size(name)[1], y, wanted[1])
    ]
    moved = {name: _whole((graph.nodes[name].position[0] + by, graph.nodes[name].position[1])) for name in row}
    return Room(_nearest(graph, (left, y), wanted, size, set(row)), moved)


def _nearest(graph: Graph, place: Point, wanted: Point, size: Size, ignoring: set[str]) -> Point:
    """The place, or the nearest one above or below it where nothing stands."""
    x, y = place
    away = (step * side * BETWEEN for step in count() for side in (-1, 1))
    return next(_whole((x, y + by)) for by in away if _is_free(graph, (x, y + by), wanted, size, ignoring))


def _is_free(graph: Graph, place: Point, wanted: Point, size: Size, ignoring: Iterable[str] = ()) -> bool:
    return not any(
        _overlaps(node.position[0], size(name)[0], place[0], wanted[0])
        and _overlaps(node.position[1], size(name)[1], place[1], wanted[1])
        for name, node in graph.nodes.items()
        if name not in ignoring
    )


def _overlaps(start: float, length: float, other: float, wanted: float) -> bool:
    """Whether two stretches meet, with a little space between."""
    return start < other + wanted + 8 and other < start + length + 8


def _whole(place: Point) -> Point:
    return float(round(place[0])), float(round(place[1]))
