"""Places for the nodes of a graph and rectangles for its frames, whose nodes stay together."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from studio.core.graph import Graph, Point
from studio.core.layout.body import MARGIN, PORT, TALL, Bodies, Body, ports_below
from studio.core.layout.layers import Tie
from studio.core.layout.page import spots_of

Rectangle = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Where nodes stand, and the rectangles of the groups that were kept together; None of an empty one."""

    places: dict[str, Point]
    frames: tuple[Rectangle | None, ...]


@dataclass(frozen=True, slots=True)
class _Thing:
    """A node, or a group with all in it, as one: where its nodes and the frames in it are from its corner."""

    body: Body
    places: dict[str, Point]
    frames: dict[int, Rectangle]


def arrange(graph: Graph, bodies: Bodies | None = None, groups: Sequence[Collection[str]] = ()) -> Arrangement:
    """A place for every node: layers by longest path, left to right, long chains in rows like lines of text.

    Each group of nodes stands apart, with room for a frame and its title around it. A group may lie within another.
    A node of several groups belongs to the smallest. Links that close a circle lead back.
    """
    known = {name: (bodies or {}).get(name) or _supposed(graph, name) for name in graph.nodes}
    whole = _Nest(graph, known, groups).level(None)
    return Arrangement(whole.places, tuple(whole.frames.get(index) for index in range(len(groups))))


def _supposed(graph: Graph, name: str) -> Body:
    """The body of a node of which only the links are known."""
    arriving, leaving = graph.links.into.get(name, ()), graph.links.out_of.get(name, ())
    return Body(
        inputs=ports_below(link.input for link in arriving), outputs=ports_below(link.output for link in leaving)
    )


class _Nest:
    """Groups within groups, laid out from the innermost outwards."""

    def __init__(self, graph: Graph, bodies: Bodies, groups: Sequence[Collection[str]]) -> None:
        self._graph, self._bodies = graph, bodies
        sets = [frozenset(group) & graph.nodes.keys() for group in groups]
        smallest_first = sorted(
            (index for index, group in enumerate(sets) if group), key=lambda index: len(sets[index])
        )
        self._group_of = {
            name: next((index for index in smallest_first if name in sets[index]), None) for name in graph.nodes
        }
        self._parent: dict[int | None, int | None] = {}
        for at, index in enumerate(smallest_first):
            larger = (other for other in smallest_first[at + 1 :] if sets[index] <= sets[other])
            self._parent[index] = next(larger, None)

    def level(self, group: int | None) -> _Thing:
        """A group laid out with a margin around it, or all that is in no group, without."""
        keys = dict.fromkeys(key for name in self._graph.nodes if (key := self._key(name, group)) is not None)
        things = [self._node(key) if isinstance(key, str) else self.level(key) for key in keys]
        spots = spots_of([thing.body for thing in things], self._ties(things))
        margin = MARGIN if group is not None else (0.0,) * 4
        left, top = margin[:2]
        places: dict[str, Point] = {}
        frames: dict[int, Rectangle] = {}
        for thing, (x, y) in zip(things, spots, strict=True):
            dx, dy = left + x, top + y
            places |= {name: (dx + at[0], dy + at[1]) for name, at in thing.places.items()}
            frames |= {index: (dx + f[0], dy + f[1], f[2], f[3]) for index, f in thing.frames.items()}
        width = max((x + thing.body.width for thing, (x, _) in zip(things, spots, strict=True)), default=0.0)
        height = max((y + thing.body.height for thing, (_, y) in zip(things, spots, strict=True)), default=0.0)
        body = Body(left + width + margin[2], top + height + margin[3], margin=(*margin,))
        if group is not None:
            frames[group] = 0.0, 0.0, body.width, body.height
        return _Thing(body, places, frames)

    def _node(self, name: str) -> _Thing:
        return _Thing(self._bodies[name], {name: (0.0, 0.0)}, {})

    def _key(self, name: str, group: int | None) -> str | int | None:
        """What stands for a node among the things of a group: itself, or the group within it that the node is in."""
        inner: int | None = None
        at = self._group_of[name]
        while at != group:
            if at is None:
                return None
            inner, at = at, self._parent[at]
        return name if inner is None else inner

    def _ties(self, things: Sequence[_Thing]) -> list[Tie]:
        home = {name: index for index, thing in enumerate(things) for name in thing.places}
        ties = []
        for link in self._graph.links:
            first, second = home.get(link.source), home.get(link.target)
            if first is None or second is None or first == second:
                continue
            leaves = _height(things[first], link.source, self._bodies[link.source].outputs, link.output)
            arrives = _height(things[second], link.target, self._bodies[link.target].inputs, link.input)
            ties.append(Tie(first, second, leaves, arrives))
        return ties


def _height(thing: _Thing, name: str, ports: Mapping[str, float], port: str) -> float:
    """How high a link sits on a thing, which is drawn as high as links between neighbours are straight.

    A tall group stands with its top in line: were its last row level with what follows, groups would form a stair.
    """
    if thing.frames and thing.body.height > TALL:
        return thing.body.margin[1] + PORT
    return thing.places[name][1] + ports.get(port, PORT)
