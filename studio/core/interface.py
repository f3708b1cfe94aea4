"""The inputs and outputs of a graph: the ports of every node that stands for it, in the order they are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from studio.core.graph import Graph, Node, Point
from studio.core.layout import ROOM

Border = Literal["Input", "Output"]


def ports_of_kind(graph: Graph, kind: Border) -> tuple[str, ...]:
    """The Input or the Output nodes of a graph, in the order of the ports they stand for."""
    return graph.inputs() if kind == "Input" else graph.outputs()


def add_port(graph: Graph, kind: Border, wanted: str = "") -> tuple[Graph, str]:
    """The graph with an Input or Output more, below those it has, and what that is called."""
    name = graph.free_name(wanted or kind)
    return graph.add(name, Node(kind, position=_place(graph, kind))), name


def in_order(graph: Graph, names: Sequence[str]) -> Graph:
    """The graph in which these nodes stand in this order; all others, and the places of all, stay."""
    waiting = iter(names)
    nodes = {key: graph.nodes[key] for key in (next(waiting) if name in names else name for name in graph.nodes)}
    return replace(graph, nodes=nodes)


def _place(graph: Graph, kind: Border) -> Point:
    """Below the ports of this kind; where there is none, beside all that is there."""
    same = [graph.nodes[name].position for name in ports_of_kind(graph, kind)]
    if same:
        lowest = max(same, key=lambda place: place[1])
        return lowest[0], lowest[1] + ROOM[1]
    places = [node.position for node in graph.nodes.values()] or [(0.0, 0.0)]
    xs = [x for x, _ in places]
    return (min(xs) - ROOM[0] if kind == "Input" else max(xs) + ROOM[0]), places[0][1]
