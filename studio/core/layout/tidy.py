"""Lays out a drawn graph, or a part of it, where it is, with the comment frames around their nodes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from studio.core.graph import Frame, Graph, Links, Point
from studio.core.layout.arrange import arrange
from studio.core.layout.body import Bodies, Body


def tidied(graph: Graph, bodies: Bodies, names: Collection[str] = ()) -> Graph:
    """The graph laid out anew, or of it only the nodes of these names; its upper left corner stays.

    Frames go along with their nodes; those with a node that stays behind stay too, and so do those without nodes.
    Links between these nodes lose the points they were led through, which belonged to where the nodes stood.
    """
    chosen = [name for name in graph.nodes if name in names] or list(graph.nodes)
    if not chosen:
        return graph
    held = [members(frame, graph, bodies) for frame in graph.frames]
    groups = [group if group <= set(chosen) else frozenset() for group in held]
    part = Graph({name: graph.nodes[name] for name in chosen}, _among(graph, chosen))
    arrangement = arrange(part, bodies, groups)
    before = [graph.nodes[name].position for name in chosen]
    after = list(arrangement.places.values())
    by = tuple(min(place[axis] for place in before) - min(place[axis] for place in after) for axis in (0, 1))
    places = {name: _rounded((x + by[0], y + by[1])) for name, (x, y) in arrangement.places.items()}
    frames = tuple(
        frame if rect is None else replace(frame, rectangle=(*_rounded((rect[0] + by[0], rect[1] + by[1])), *rect[2:]))
        for frame, rect in zip(graph.frames, arrangement.frames, strict=True)
    )
    return _changed(graph, places, frames)


def members(frame: Frame, graph: Graph, bodies: Bodies) -> frozenset[str]:
    """The nodes whose middle lies in a frame."""
    left, top, width, height = frame.rectangle
    inside = set()
    for name, node in graph.nodes.items():
        body = bodies.get(name) or Body()
        x, y = node.position[0] + body.width / 2 - left, node.position[1] + body.height / 2 - top
        if 0 <= x <= width and 0 <= y <= height:
            inside.add(name)
    return frozenset(inside)


def _among(graph: Graph, names: Sequence[str]) -> Links:
    chosen = set(names)
    return Links(link for link in graph.links if link.source in chosen and link.target in chosen)


def _changed(graph: Graph, places: dict[str, Point], frames: tuple[Frame, ...]) -> Graph:
    """The graph itself, where everything stands as it should."""
    moved = {name: place for name, place in places.items() if place != graph.nodes[name].position}
    links = Links(replace(k, via=()) if k.via and {k.source, k.target} <= places.keys() else k for k in graph.links)
    if not moved and frames == graph.frames and links == graph.links:
        return graph
    straight = graph if links == graph.links else replace(graph, links=links)
    return replace(straight.move(moved), frames=frames)


def _rounded(point: Point) -> Point:
    return float(round(point[0])), float(round(point[1]))
