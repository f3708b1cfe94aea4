"""The ways from node to node: of the arrow keys, and along links as far as they lead."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal

from studio.core.graph import Graph, Point

Direction = Literal["left", "right", "up", "down"]


def step(graph: Graph, name: str, direction: Direction) -> str | None:
    """The node that an arrow key leads to; None where there is none. From no node, the first one."""
    if name not in graph.nodes:
        return next(iter(graph.nodes), None)
    if direction == "right":
        names: Iterable[str] = (link.target for link in graph.links.out_of.get(name, ()))
    elif direction == "left":
        names = (link.source for link in graph.links.into.get(name, ()))
    else:
        down = direction == "down"
        siblings = _nearest_beside(graph, name, _siblings(graph, name), down=down)
        return siblings or _nearest_beside(graph, name, graph.nodes, down=down)
    return _nearest(graph, names, _distance_from(graph.nodes[name].position))


def upstream(graph: Graph, names: Iterable[str]) -> frozenset[str]:
    """These nodes and all that they depend on."""
    return _reached(names, lambda name: (link.source for link in graph.links.into.get(name, ())))


def downstream(graph: Graph, names: Iterable[str]) -> frozenset[str]:
    """These nodes and all that depends on them."""
    return _reached(names, lambda name: (link.target for link in graph.links.out_of.get(name, ())))


def _reached(names: Iterable[str], following: Callable[[str], Iterable[str]]) -> frozenset[str]:
    waiting = list(names)
    reached = set(waiting)
    while waiting:
        for name in following(waiting.pop()):
            if name not in reached:
                reached.add(name)
                waiting.append(name)
    return frozenset(reached)


def _siblings(graph: Graph, name: str) -> set[str]:
    """Nodes that are fed by what feeds this one, or that feed what it feeds."""
    links = graph.links
    fed = (below.target for above in links.into.get(name, ()) for below in links.out_of.get(above.source, ()))
    feeding = (above.source for below in links.out_of.get(name, ()) for above in links.into.get(below.target, ()))
    return {*fed, *feeding} - {name}


def _nearest_beside(graph: Graph, name: str, names: Iterable[str], *, down: bool) -> str | None:
    """The nearest of these nodes above or below; what lies to the side counts as farther."""
    x, y = graph.nodes[name].position
    sign = 1 if down else -1
    others = [other for other in names if other in graph.nodes and sign * (graph.nodes[other].position[1] - y) > 0]
    return _nearest(graph, others, lambda place: 2 * abs(place[0] - x) + abs(place[1] - y))


def _nearest(graph: Graph, names: Iterable[str], cost: Callable[[Point], float]) -> str | None:
    return min(names, key=lambda name: cost(graph.nodes[name].position), default=None)


def _distance_from(start: Point) -> Callable[[Point], float]:
    return lambda place: abs(place[0] - start[0]) + abs(place[1] - start[1])
