"""Gives nodes, graphs, parameters and variables other names, everywhere in a project where they are spoken of."""

from __future__ import annotations

from dataclasses import replace

from studio.core.blocks import uses
from studio.core.expressions import FUNCTIONS
from studio.core.graph import Graph, Link, Links, Node
from studio.core.paths import with_paths
from studio.core.problem import ProjectError
from studio.core.project import Project, Stage
from studio.core.rewriting import renamed, with_all_settings, with_variable


def rename_node(project: Project, graph_name: str, old: str, new: str) -> Project:
    """The project with a node under another name; of an Input or Output also the port wherever the graph is placed.

    The graph of a block goes by the name of the block as long as it stands nowhere else. Raises ProjectError for a
    name in use.
    """
    graph = project.graphs[graph_name].rename(old, new)
    graphs = {**project.graphs, graph_name: graph}
    if graph.nodes[new].type in ("Input", "Output"):
        graphs = {name: _with_port(each, graph_name, old, new) for name, each in graphs.items()}
    edited = replace(project, graphs=graphs)
    edited = with_paths(project, edited, graph_name, lambda steps: [(new, *steps[1:]) if steps[0] == old else steps])
    goes_along = graph.nodes[new].type == "Block" and graph.nodes[new].graph == old and new not in edited.graphs
    return rename_graph(edited, old, new) if goes_along and len(uses(edited, old)) == 1 else edited


def rename_graph(project: Project, old: str, new: str) -> Project:
    """The project with a graph under another name, in the same place. Raises ProjectError for a name in use."""
    if new in project.graphs and new != old:
        raise ProjectError(f"There is a graph called {new!r:.80} already.")
    graphs = {new if name == old else name: _with_graph(each, old, new) for name, each in project.graphs.items()}
    stages = tuple(_stage(stage, old, new) for stage in project.training.stages)
    weights = {new if name == old else name: source for name, source in project.training.weights.items()}
    return replace(project, graphs=graphs, training=replace(project.training, stages=stages, weights=weights))


def rename_parameter(project: Project, graph_name: str, old: str, new: str) -> Project:
    """The project with a parameter of a graph under another name, inside and wherever the graph is placed.

    Raises ProjectError for a name that cannot be one.
    """
    graph = project.graphs[graph_name]
    if new != old and (complaint := why_not(project, new, graph)):
        raise ProjectError(complaint)
    parameters = {new if name == old else name: value for name, value in graph.parameters.items()}
    edited = replace(with_all_settings(graph, lambda raw: renamed(raw, old, new)), parameters=parameters)
    graphs = {**project.graphs, graph_name: edited}
    return replace(project, graphs={name: _with_value(each, graph_name, old, new) for name, each in graphs.items()})


def rename_variable(project: Project, old: str, new: str) -> Project:
    """The project with a variable under another name, wherever it is read. Raises ProjectError for a bad name."""
    if new == old:
        return project
    if complaint := why_not(project, new):
        raise ProjectError(complaint)
    if hidden := next((name for name, graph in project.graphs.items() if new in graph.parameters), None):
        raise ProjectError(f"{hidden} has a parameter {new}, which would hide the variable there.")
    edited = with_variable(project, old, lambda raw: renamed(raw, old, new))
    return replace(edited, variables={new if key == old else key: value for key, value in edited.variables.items()})


def why_not(project: Project, name: str, graph: Graph | None = None) -> str:
    """Why a variable of the project, or a parameter of the graph, cannot have this name; empty where it can."""
    if not name.isidentifier() or not name.isascii():
        return f"A name in expressions is letters, digits and _; {name!r:.40} is not."
    if graph is not None and name in graph.parameters:
        return f"There is a parameter {name} already."
    if name in project.variables:
        return f"There is a variable {name} in this project already."
    return f"{name} is a function of expressions." if name in FUNCTIONS else ""


def _with_port(graph: Graph, placed: str, old: str, new: str) -> Graph:
    """The graph with a port of the nodes that stand for another graph under another name."""
    there = {name for name, node in graph.nodes.items() if node.graph == placed}
    if not there:
        return graph
    return replace(graph, links=Links(_link(link, there, old, new) for link in graph.links))


def _link(link: Link, there: set[str], old: str, new: str) -> Link:
    output = new if link.source in there and link.output == old else link.output
    port = new if link.target in there and link.input == old else link.input
    return link if (output, port) == (link.output, link.input) else replace(link, output=output, input=port)


def _with_graph(graph: Graph, old: str, new: str) -> Graph:
    """The graph with another name for what it places, or in an objective for the network that a node asks."""
    changed = {name: replace(node, graph=new) for name, node in graph.nodes.items() if node.graph == old}
    if graph.role == "objective":
        asking = {name: node for name, node in graph.nodes.items() if not node.graph and _asks(node, old)}
        changed.update({name: node.set(network=new) for name, node in asking.items()})
    return graph.put(changed) if changed else graph


def _asks(node: Node, network: str) -> bool:
    return node.settings.get("network") == network


def _with_value(graph: Graph, placed: str, old: str, new: str) -> Graph:
    """The graph with a value of the nodes that stand for another graph given to a parameter of another name."""
    there = {name: node for name, node in graph.nodes.items() if node.graph == placed and old in node.settings}
    return graph.put({name: _renamed_value(node, old, new) for name, node in there.items()}) if there else graph


def _renamed_value(node: Node, old: str, new: str) -> Node:
    return replace(node, settings={new if key == old else key: value for key, value in node.settings.items()})


def _stage(stage: Stage, old: str, new: str) -> Stage:
    """The stage with a graph under another name among its objectives and in what it teaches, takes and sets."""
    return replace(
        stage,
        learns=tuple(_entry(entry, stage, old, new) for entry in stage.learns),
        objectives=tuple(new if name == old else name for name in stage.objectives),
        measures=tuple(new if name == old else name for name in stage.measures),
        takes={_entry(part, stage, old, new): _entry(of, stage, old, new) for part, of in stage.takes.items()},
        own={_entry(part, stage, old, new): settings for part, settings in stage.own.items()},
    )


def _entry(entry: str, stage: Stage, old: str, new: str) -> str:
    objective = next((name for name in stage.objectives if entry.startswith(f"{name}: ")), None)
    bare = entry.removeprefix(f"{objective}: ") if objective is not None else entry
    if bare == old or bare.startswith(f"{old}/"):
        bare = new + bare[len(old) :]
    return bare if objective is None else f"{new if objective == old else objective}: {bare}"
