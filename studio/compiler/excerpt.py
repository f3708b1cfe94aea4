"""The PyTorch source of some nodes of a graph: a module that runs alone, with an input for whatever feeds them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from studio.compiler.results import Diagnosis, GraphResult
from studio.compiler.source import network_source, objective_source
from studio.core.adopting import alone
from studio.core.blocks import free_graph_name, make_block
from studio.core.graph import Graph
from studio.core.problem import ProjectError
from studio.core.project import Project
from studio.core.renaming import rename_graph

EXCERPT = "Excerpt"


def excerpt_source(project: Project, name: str, nodes: Collection[str], found: GraphResult | None) -> str:
    """The source of these nodes as a module of their own; ``found`` says what arrives where they stand.

    Raises ProjectError, in words, where they cannot be one or something is wrong with them.
    """
    shapes = {
        (node, port): shape
        for node, result in (found.nodes.items() if found is not None else ())
        for port, shape in result.outputs.items()
    }
    grouped = make_block(project, name, nodes, shapes)
    block = grouped.project.graphs[name].nodes[grouped.node].graph
    title = nodes_title(nodes)
    return _as_network(grouped.project, block, title if title not in grouped.project.graphs else EXCERPT)


def graph_source(project: Project, name: str, graph: Graph, diagnosis: Diagnosis) -> str:
    """The source of a whole graph, be it a network, a block or an objective. Raises ProjectError."""
    if graph.role == "objective":
        return objective_source(project, name, diagnosis).text
    if graph.role == "network":
        return network_source(project, name, diagnosis).text
    return _as_network(project, name, name)


def nodes_title(nodes: Collection[str]) -> str:
    """What a module of these nodes is called: as the node where there is one."""
    return next(iter(nodes)) if len(nodes) == 1 else EXCERPT


def _as_network(project: Project, block: str, title: str) -> str:
    """The source of a block as a network; what arrives is what its inputs declare."""
    lonely = alone(project, block)
    wanted = title if title == block else free_graph_name(lonely, title)
    lonely = rename_graph(lonely, block, wanted)
    network = replace(lonely.graphs[wanted], role="network")
    if not network.outputs():
        raise ProjectError(f"{title} answers nothing: there is no output that a module could return.")
    return network_source(replace(lonely, graphs={**lonely.graphs, wanted: network}), wanted).text
