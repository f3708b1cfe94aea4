"""Reduces a network to the few strokes of a thumbnail: bars or columns of dots, and what links them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from studio.compiler.ports import node_class
from studio.compiler.results import GraphResult, NodeResult
from studio.core.shape import Shape
from studio.gui.start.strokes import MOST_DOTS, Bar, Sketch

MOST = 15
LOWEST, TALLEST = 0.1, 1.0


def sketch(result: GraphResult) -> Sketch:
    """What a thumbnail shows of a graph: the nodes that change the shape or learn, merged where there are too many."""
    dots = _dotted(result)
    kept = dots or _kept(result)
    feeding = _feeding(result, set(kept))
    columns = _columns(kept, feeding)
    rows = _rows(columns)
    index = {name: at for at, name in enumerate(kept)}
    tallest = max((_size(result.nodes[name]) for name in kept), default=1.0)
    bars = tuple(_bar(result.nodes[name], columns[name], rows[name], tallest) for name in kept)
    links = tuple((index[source], index[name]) for name in kept for source in feeding[name])
    return Sketch(bars, links, dots=bool(dots))


def _dotted(result: GraphResult) -> list[str]:
    """The layers of a plain chain of vectors, which is drawn as columns of units; none where it is no such chain."""
    names = [
        name for name in _shown(result) if result.nodes[name].weight_count or result.nodes[name].node.type == "Input"
    ]
    flat = all(len(shape.sizes) == 1 for name in names[1:] for shape in result.nodes[name].outputs.values())
    chain = all(len(links) == 1 for links in result.graph.links.into.values())
    return names if flat and chain and 2 <= len(names) <= MOST_DOTS else []


def _kept(result: GraphResult) -> list[str]:
    names = _shown(result)
    for matters in (_is_there, _shows_much, _learns):
        shown = [name for name in names if matters(result.nodes[name])]
        if len(shown) <= MOST:
            return shown
    step = len(shown) / MOST
    return [shown[int(at * step)] for at in range(MOST)]


def _shown(result: GraphResult) -> list[str]:
    return [name for name in result.order if result.nodes[name].outputs and result.nodes[name].node.type != "Output"]


def _is_there(found: NodeResult) -> bool:
    return True


def _shows_much(found: NodeResult) -> bool:
    """Whether it learns, joins branches, or changes the shape."""
    arriving = [shape for shapes in found.inputs.values() for shape in shapes]
    return bool(found.weight_count) or len(arriving) != 1 or arriving[0] not in found.outputs.values()


def _learns(found: NodeResult) -> bool:
    arriving = [shape for shapes in found.inputs.values() for shape in shapes]
    return bool(found.weight_count) or len(arriving) != 1


def _feeding(result: GraphResult, kept: set[str]) -> dict[str, list[str]]:
    """The kept nodes that reach each node, directly or through nodes that are not shown."""
    reaching: dict[str, list[str]] = {}
    for name in result.order:
        found: dict[str, None] = {}
        for link in result.graph.links.into.get(name, ()):
            sources = [link.source] if link.source in kept else reaching.get(link.source, [])
            found.update(dict.fromkeys(sources))
        reaching[name] = list(found)
    return reaching


def _columns(kept: Iterable[str], feeding: Mapping[str, list[str]]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for name in kept:
        columns[name] = max((columns[source] + 1 for source in feeding[name] if source in columns), default=0)
    return columns


def _rows(columns: Mapping[str, int]) -> dict[str, float]:
    """Nodes of one column stand above each other, around the middle."""
    groups: dict[int, list[str]] = {}
    for name, column in columns.items():
        groups.setdefault(column, []).append(name)
    return {name: at - (len(group) - 1) / 2 for group in groups.values() for at, name in enumerate(group)}


def _bar(found: NodeResult, column: int, row: float, tallest: float) -> Bar:
    cls = node_class(found.node.type)
    height = max(LOWEST, TALLEST * _size(found) / max(tallest, 1.0))
    passes = not _shows_much(found)
    return Bar(
        column,
        row,
        0.12 if passes else height,
        1.0 if passes else _depth(found),
        cls.family() if cls else "Convolution",
    )


def _size(found: NodeResult) -> float:
    """How large the output looks: the side of an image, the length of a vector, by order of size."""
    shape: Shape = next(iter(found.outputs.values()))
    whole = [size for size in shape.sizes if isinstance(size, int)]
    side = whole[-1] if len(shape.sizes) > 1 and whole else math.sqrt(whole[0]) if whole else 1
    return math.log2(1 + side)


def _depth(found: NodeResult) -> float:
    shape: Shape = next(iter(found.outputs.values()))
    first = shape.sizes[0] if len(shape.sizes) > 1 else 1
    return min(1.0, 0.4 + 0.12 * math.log2(first)) if isinstance(first, int) and first > 0 else 0.5
