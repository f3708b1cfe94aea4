"""Makes a setting of a node a parameter of its graph, which every place of the graph may give a value of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from studio.core.declaration import Raw
from studio.core.expressions import FUNCTIONS, Scope, resolve
from studio.core.graph import Graph, Node
from studio.core.problem import Mismatch, ProjectError
from studio.core.project import Project
from studio.core.rewriting import names_in, reading, substituted, with_all_settings, with_variable


def expose(
    project: Project, graph_name: str, node: str, setting: str, value: Raw, scope: Scope, *, of_project: bool = False
) -> tuple[Project, str]:
    """Let a setting be computed from a new parameter of its graph, or variable of the project, with its present value.

    Answers with the project and the new name. ``value`` is the setting as written or its default, ``scope`` what an
    expression in it sees. Raises Mismatch where the expression cannot be computed.
    """
    graph = project.graphs[graph_name]
    name = _free(project, graph, setting)
    # A default sees the project's variables alone.
    own = graph.parameters.keys() if not of_project else {*graph.parameters, *project.variables}
    default = resolve(value, scope) if names_in(value) & set(own) else value
    edited = graph.put({node: with_setting(graph.nodes[node], setting, f"={name}")})
    if of_project:
        return replace(project.with_graph(graph_name, edited), variables={**project.variables, name: default}), name
    return project.with_graph(graph_name, replace(edited, parameters={**graph.parameters, name: default})), name


def bind(project: Project, graph_name: str, node: str, setting: str, name: str) -> Project:
    """The project with a setting computed from a parameter or variable that is there already."""
    graph = project.graphs[graph_name]
    return project.with_graph(graph_name, graph.put({node: with_setting(graph.nodes[node], setting, f"={name}")}))


def with_setting(node: Node, setting: str, value: Raw) -> Node:
    """The node with a setting, or with its repeat, which is no setting of its own graph."""
    return replace(node, repeat=value) if node.graph and setting == "repeat" else node.set(**{setting: value})


def remove_parameter(project: Project, graph_name: str, name: str) -> Project:
    """The project without a parameter: its default stands in its place inside, and values given for it are gone.

    Raises ProjectError where the default cannot stand in a larger expression.
    """
    graph = project.graphs[graph_name]
    values: dict[str, Raw] = {name: graph.parameters[name]}
    try:
        inside = with_all_settings(graph, lambda raw: substituted(raw, values))
    except Mismatch as error:
        raise ProjectError(f"{name} cannot be removed: {error.message}") from None
    kept = {key: value for key, value in graph.parameters.items() if key != name}
    graphs = {**project.graphs, graph_name: replace(inside, parameters=kept)}
    return replace(project, graphs={key: _without_value(each, graph_name, name) for key, each in graphs.items()})


def remove_variable(project: Project, name: str) -> Project:
    """The project without a variable: its value stands in its place. Raises ProjectError where it cannot."""
    values: dict[str, Raw] = {name: project.variables[name]}
    try:
        edited = with_variable(project, name, lambda raw: substituted(raw, values))
    except Mismatch as error:
        raise ProjectError(f"{name} cannot be removed: {error.message}") from None
    return replace(edited, variables={key: value for key, value in edited.variables.items() if key != name})


def readers(graph: Graph, name: str) -> list[str]:
    """The nodes whose settings read a parameter."""
    return [node for node, drawn in graph.nodes.items() if name in reading(drawn)]


def _without_value(graph: Graph, placed: str, name: str) -> Graph:
    changed: dict[str, Any] = {
        key: replace(node, settings={other: value for other, value in node.settings.items() if other != name})
        for key, node in graph.nodes.items()
        if node.graph == placed and name in node.settings
    }
    return graph.put(changed) if changed else graph


def _free(project: Project, graph: Graph, wanted: str) -> str:
    """The wanted name, or with the lowest number after it that nothing here is called."""
    taken = {*graph.parameters, *project.variables, *FUNCTIONS}
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted}_{number}", number + 1
    return name
