"""Parts of networks by their names, ``Net`` or ``Net/Block/Conv``: what they hold, and which are called much alike."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from studio.compiler.learned import within
from studio.compiler.results import GraphResult, NodeResult

Graphs = Mapping[str, GraphResult]
Sizes = tuple[tuple[int, ...], ...]


def sizes_of(graphs: Graphs, part: str) -> Sizes | None:
    """The sizes of what a part learns; None where nothing of that name has weights."""
    network, path = within(part, (name for name, result in graphs.items() if result.graph.role == "network"))
    if not network:
        return None
    walk = graphs[network].walk()
    inside = [found for at, found in walk if not path or at == path or at.startswith(f"{path}/")]
    sizes = tuple(size for found in inside for size in found.weights.values())
    return sizes if sizes or any(_shares(found) for found in inside) else None


def parts_like(part: str, graphs: Graphs) -> list[str]:
    """Parts with weights of much the same name."""
    networks = {name: result for name, result in graphs.items() if result.graph.role == "network" and result.weights}
    nodes = [
        f"{name}/{node}"
        for name, result in networks.items()
        for node, found in result.nodes.items()
        if found.weight_count
    ]
    return get_close_matches(part, [*networks, *nodes], n=2)


def _shares(found: NodeResult) -> bool:
    return bool(found.node.shares_with)
