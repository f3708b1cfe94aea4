"""Places the nodes of a graph in layers, left to right, long chains in rows like lines of text."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from itertools import pairwise
from math import ceil

from studio.core.graph import Graph, Point

ROOM: Point = (240.0, 176.0)
"""What a node with the space around it takes, where its own size is not known."""

GAP: Point = (84.0, 56.0)
"""Space between two nodes in a row, wide enough for most shapes, and between two rows."""

ROW = 1240.0
"""How long a row may become, so that a laptop shows it with all details."""

Sizes = Mapping[str, Point]
"""Width and height of nodes by name."""


def arrange(graph: Graph, starts: Collection[str] = (), sizes: Sizes | None = None) -> dict[str, Point]:
    """A place for every node: layers by longest path; where no layer holds two nodes, rows like lines of text.

    Nodes on a cycle, which a drawing may have while it is edited, stand in the first layer. At the nodes ``starts``
    a chain begins a new row.
    """
    layers = _layers(graph)
    rows: dict[int, list[str]] = {}
    for name in graph.nodes:
        rows.setdefault(layers[name], []).append(name)
    if rows and all(len(names) == 1 for names in rows.values()):
        return _lines([rows[layer][0] for layer in sorted(rows)], starts, sizes or {})
    return _columns(graph, rows)


def around(names: Iterable[str], places: Mapping[str, Point], sizes: Sizes) -> tuple[float, float, float, float]:
    """Left, top, width and height of a frame around these nodes, with room for its title."""
    corners = [(*places[name], *_size(name, sizes)) for name in names]
    left, top = min(x for x, *_ in corners) - 24, min(y for _, y, *_ in corners) - 48
    right = max(x + width for x, _, width, _ in corners) + 24
    return left, top, right - left, max(y + height for _, y, _, height in corners) + 24 - top


def _lines(chain: list[str], starts: Collection[str], sizes: Sizes) -> dict[str, Point]:
    """The chain as lines of text: each part in as few rows as it needs, and these of even length."""
    cuts = [at for at, name in enumerate(chain) if at and name in starts]
    places: dict[str, Point] = {}
    top = 0.0
    for first, end in pairwise([0, *cuts, len(chain)]):
        part = chain[first:end]
        count = ceil((sum(_size(name, sizes)[0] + GAP[0] for name in part) - GAP[0]) / ROW)
        length = ceil(len(part) / count)
        for row in (part[at : at + length] for at in range(0, len(part), length)):
            left = 0.0
            for name in row:
                places[name] = (left, top)
                left += _size(name, sizes)[0] + GAP[0]
            top += max(_size(name, sizes)[1] for name in row) + GAP[1]
        top += GAP[1] / 2
    return places


def _size(name: str, sizes: Sizes) -> Point:
    return sizes.get(name, (ROOM[0] - GAP[0], ROOM[1] - GAP[1]))


def _layers(graph: Graph) -> dict[str, int]:
    """The length of the longest path that leads to each node."""
    waiting = {name: len(graph.links.into.get(name, ())) for name in graph.nodes}
    layers = dict.fromkeys(graph.nodes, 0)
    ready = [name for name, count in waiting.items() if count == 0]
    while ready:
        name = ready.pop()
        for link in graph.links.out_of.get(name, ()):
            layers[link.target] = max(layers[link.target], layers[name] + 1)
            waiting[link.target] -= 1
            if waiting[link.target] == 0:
                ready.append(link.target)
    return layers


def _columns(graph: Graph, rows: Mapping[int, list[str]]) -> dict[str, Point]:
    """One column a layer; within it nodes stand in the order of the middle of what feeds them."""
    places: dict[str, Point] = {}
    for layer in sorted(rows):
        wanted = {name: _middle(graph, name, places) for name in rows[layer]}
        ordered = sorted(rows[layer], key=lambda name: wanted[name])
        top = sum(wanted.values()) / len(wanted) - (len(ordered) - 1) / 2 * ROOM[1]
        for index, name in enumerate(ordered):
            places[name] = (layer * ROOM[0], top + index * ROOM[1])
    return places


def _middle(graph: Graph, name: str, places: Mapping[str, Point]) -> float:
    heights = [places[link.source][1] for link in graph.links.into.get(name, ()) if link.source in places]
    return sum(heights) / len(heights) if heights else 0.0
