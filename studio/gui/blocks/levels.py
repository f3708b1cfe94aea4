"""The levels of a project, graph in graph: the way to one of them, and where an undo took effect. Plain functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from studio.core.change import Change, GraphChange
from studio.core.graph import Graph

Graphs = Mapping[str, Graph]
Path = tuple[str, ...]
"""Names of blocks, each inside the one before."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A graph as it is shown, from a tab's graph through blocks, and nodes in it."""

    root: str
    path: Path = ()
    nodes: tuple[str, ...] = ()


def standing(graphs: Graphs, root: str, path: Sequence[str]) -> Path:
    """As much of a path as there still is: every step a block of the graph before."""
    kept: list[str] = []
    name = root
    for step in path:
        node = graphs.get(name, Graph()).nodes.get(step)
        if node is None or node.graph not in graphs:
            break
        kept.append(step)
        name = node.graph
    return tuple(kept)


def graph_at(graphs: Graphs, root: str, path: Sequence[str]) -> str:
    """The graph that a path leads to."""
    for step in path:
        root = graphs[root].nodes[step].graph
    return root


def way(graphs: Graphs, root: str, goal: str) -> Path | None:
    """The shortest path of blocks from a graph to another that stands in it; None where it does not."""
    ways: dict[str, Path] = {root: ()}
    waiting = [root]
    while waiting and goal not in ways:
        name = waiting.pop(0)
        for step, node in graphs.get(name, Graph()).nodes.items():
            if node.type == "Block" and node.graph and node.graph not in ways:
                ways[node.graph] = (*ways[name], step)
                waiting.append(node.graph)
    return ways.get(goal)


def where_it_happened(graphs: Graphs, change: Change, here: Spot) -> Spot | None:
    """Where a change of nodes or links can be seen, as near as possible; None where it is seen here, or nowhere."""
    changed = [name for name in (*change.graphs, *change.graphs_added) if name in graphs]
    path = standing(graphs, here.root, here.path)
    if not changed or graph_at(graphs, here.root, path) in changed:
        return None
    for depth in range(len(path) - 1, -1, -1):
        if (name := graph_at(graphs, here.root, path[:depth])) in changed:
            return Spot(here.root, path[:depth], touched(change, name))
    for name in changed:
        roots = [here.root, *(root for root, graph in graphs.items() if graph.role != "block")]
        found = next(((root, steps) for root in roots if (steps := way(graphs, root, name)) is not None), (name, ()))
        return Spot(*found, touched(change, name))
    return None


def touched(change: Change, name: str) -> tuple[str, ...]:
    """Nodes that a change brought, edited or moved."""
    found = change.graphs.get(name, GraphChange())
    return tuple(sorted(found.nodes_added | found.nodes_edited or found.nodes_moved))
