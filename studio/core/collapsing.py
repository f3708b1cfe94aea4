"""Makes one linear layer of several in a row: without an activation between them they are nothing more."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from studio.core.graph import Graph
from studio.core.paths import with_paths
from studio.core.project import Project

Chain = tuple[str, ...]
"""Names of linear layers, each fed by the one before and by nothing else."""


def linear_chains(graph: Graph, among: Collection[str] | None = None) -> tuple[Chain, ...]:
    """Every row of two or more linear layers that feed each other alone; ``among`` leaves all other nodes out."""
    linear = {name for name in graph.nodes if _is_plain(graph, name) and (among is None or name in among)}
    behind = {name: after for name in linear if (after := _only_reader(graph, name)) in linear}
    chains = []
    for first in (name for name in graph.nodes if name in linear and name not in behind.values()):
        chain = [first]
        while chain[-1] in behind:
            chain.append(behind[chain[-1]])
        chains.append(tuple(chain))
    return tuple(chain for chain in chains if len(chain) > 1)


def collapse(project: Project, name: str, chains: Iterable[Chain]) -> Project:
    """The project in whose graph of this name each chain is its last layer, with a bias if any of the layers had one.

    What a stage taught of a layer that is gone it teaches of the one that is left.
    """
    graph, left = project.graphs[name], dict[str, str]()
    for *gone, last in chains:
        node = graph.nodes[last]
        unbiased = all(graph.nodes[each].settings.get("bias", True) is False for each in (*gone, last))
        settings = {key: value for key, value in node.settings.items() if key != "bias"}
        merged = replace(node, settings={**settings, "bias": False} if unbiased else settings)
        graph = graph.put({last: merged}).remove(gone, heal=True)
        left.update(dict.fromkeys(gone, last))
    edited = project.with_graph(name, graph)
    return with_paths(project, edited, name, lambda steps: [(left.get(steps[0], steps[0]), *steps[1:])])


def _is_plain(graph: Graph, name: str) -> bool:
    """Whether this is a linear layer whose weights are its own and have their usual form."""
    node = graph.nodes[name]
    shared = node.shares_with or any(other.shares_with == name for other in graph.nodes.values())
    usual = node.settings.get("weight_norm", "none") == "none"
    return node.type == "Linear" and usual and not node.bypassed and not shared


def _only_reader(graph: Graph, name: str) -> str:
    """The node that alone reads what leaves here; empty where none or several do."""
    readers = graph.links.out_of.get(name, ())
    return readers[0].target if len(readers) == 1 else ""
