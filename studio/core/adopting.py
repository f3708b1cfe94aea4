"""Brings graphs from one project into another, with all that they hold and the variables that they read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from studio.core.blocks import free_graph_name, needed
from studio.core.declaration import Raw
from studio.core.graph import Graph
from studio.core.problem import ProjectError
from studio.core.project import Project
from studio.core.rewriting import names_in, reading


@dataclass(frozen=True, slots=True)
class Adopted:
    """The project with the graphs that came, what each is called there, and variables that differ there."""

    project: Project
    names: Mapping[str, str]
    differing: tuple[str, ...] = ()
    """Variables that both projects have, with other values: those of the project hold."""


def adopt(project: Project, origin: Project, names: Iterable[str]) -> Adopted:
    """Bring these graphs of another project along. An equal graph is used again, another of the same name renamed."""
    called: dict[str, str] = {}
    graphs = dict(project.graphs)
    for name in needed(origin.graphs, names):
        wanted = with_graphs_called(origin.graphs[name], called)
        called[name] = _place_for(graphs, name, wanted, origin)
        graphs.setdefault(called[name], wanted)
    variables = variables_read(origin, called)
    lacking = {name: value for name, value in variables.items() if name not in project.variables}
    differing = tuple(name for name, value in variables.items() if project.variables.get(name, value) != value)
    edited = replace(project, graphs=graphs, variables={**project.variables, **lacking})
    return Adopted(project if edited == project else edited, called, differing)


def alone(project: Project, name: str) -> Project:
    """A project that holds one graph with all that it needs, as a file of its own."""
    names = needed(project.graphs, [name])
    graphs = {each: project.graphs[each] for each in reversed(names)}
    return Project(name, graphs, variables_read(project, names))


def make_unique(project: Project, graph_name: str, node: str) -> tuple[Project, str]:
    """Let a block stand for a copy of its graph that nothing else uses; answers with the name of the copy too."""
    graph = project.graphs[graph_name]
    placed = graph.nodes[node]
    if placed.type != "Block" or placed.graph not in project.graphs:
        raise ProjectError(f"{node} is no block, so that it has no graph of its own to be copied.")
    if (other := _sharing(graph, node)) is not None:
        raise ProjectError(f"{node} and {other} use the same weights, and so they need the same graph.")
    title = free_graph_name(project, placed.graph)
    edited = graph.put({node: replace(placed, graph=title)})
    return replace(project, graphs={**project.graphs, graph_name: edited, title: project.graphs[placed.graph]}), title


def variables_read(project: Project, names: Iterable[str]) -> dict[str, Raw]:
    """The variables of a project that these graphs read, and those that these are computed from."""
    read: set[str] = set()
    for graph in (project.graphs[name] for name in names):
        used = frozenset().union(*map(reading, graph.nodes.values())) - graph.parameters.keys()
        read |= used | names_in(tuple(graph.parameters.values()))
    for name in reversed(list(project.variables)):
        if name in read:
            read |= names_in(project.variables[name])
    return {name: value for name, value in project.variables.items() if name in read}


def with_graphs_called(graph: Graph, names: Mapping[str, str]) -> Graph:
    """The graph whose blocks stand for graphs of other names."""
    changed = {
        key: replace(node, graph=names[node.graph])
        for key, node in graph.nodes.items()
        if names.get(node.graph, node.graph) != node.graph
    }
    return graph.put(changed) if changed else graph


def _place_for(graphs: Mapping[str, Graph], name: str, wanted: Graph, origin: Project) -> str:
    """What a graph is called that comes to others: as one that equals it, else by its own name or a free one."""
    same = [other for other, graph in graphs.items() if graph == wanted]
    if same:
        return name if name in same else same[0]
    return name if name not in graphs else free_graph_name(replace(origin, graphs={**origin.graphs, **graphs}), name)


def _sharing(graph: Graph, node: str) -> str | None:
    shares = graph.nodes[node].shares_with
    return shares or next((other for other, drawn in graph.nodes.items() if drawn.shares_with == node), None)
