"""What a click on a repair does: each suggestion as an edit of the project, which is made when it is wanted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from studio.compiler.objective import edit_graph
from studio.compiler.ports import node_class
from studio.core import room
from studio.core.builder import body_of
from studio.core.expressions import is_expression
from studio.core.graph import Graph, Link, Links, Node, Point
from studio.core.problem import Amend, Assign, Define, Edit, Insert, Remove, Replace, Rewrite, Unset
from studio.core.project import Project

UNKNOWN_SIZE: Point = (176.0, 112.0)
GraphEdit = Callable[[Graph], Graph]


def edit_of(name: str, at: str, suggestion: Amend | Assign | Define | Remove | Replace | Rewrite | Unset) -> Edit:
    """The edit of a suggestion that concerns the node itself, or the variables that it asks for."""
    match suggestion:
        case Assign(setting=setting, value=value):
            return on_node(name, at, lambda node: node.set(**{setting: value}))
        case Amend(field=field, value=value):
            return on_node(name, at, lambda node: replace(node, **{field: value}))
        case Unset():
            return on_node(name, at, lambda node: _without(node, suggestion))
        case Rewrite():
            return on_node(name, at, lambda node: rewritten(node, suggestion))
        case Replace():
            return in_graph(name, lambda graph: _replaced(graph, at, suggestion))
        case Remove():
            return in_graph(name, lambda graph: graph.remove([at], heal=True))
        case Define():
            return lambda project: _defined(project, name, at, suggestion)


def in_graph(name: str, edit: GraphEdit) -> Edit:
    """The edit of a project that edits one of its graphs."""
    return lambda project: edit_graph(project, name, edit)


def on_node(name: str, at: str, edit: Callable[[Node], Node]) -> Edit:
    """The edit of a project that edits one node."""
    return in_graph(name, lambda graph: graph.put({at: edit(graph.nodes[at])}))


def in_variables(name: str, suggestion: Define | Rewrite) -> Edit:
    """The edit of variables: those of the project, and the parameters of the graph."""

    def edit(project: Project) -> Project:
        if isinstance(suggestion, Define):
            # A variable sees those above it.
            own = {key: value for key, value in project.variables.items() if key != suggestion.variable}
            first = {suggestion.variable: 1 if suggestion.value is None else suggestion.value}
            return replace(project, variables={**first, **own})
        told = replace(project, variables=_exchanged_in(project.variables, suggestion))
        graph = project.graphs.get(name)
        if graph is None:
            return told
        return told.with_graph(name, replace(graph, parameters=_exchanged_in(graph.parameters, suggestion)))

    return edit


def cutting(name: str, link: Link) -> Edit:
    """The edit that removes a link."""
    return in_graph(name, lambda graph: graph.disconnect(link))


def linking(name: str, link: Link, *, variadic: bool = False) -> Edit:
    """The edit that draws a link, in the place of the one that an input takes."""
    return in_graph(name, lambda graph: graph.connect(link, variadic=variadic))


def inserting(name: str, link: Link, suggestion: Insert) -> Edit:
    """The edit that puts a node, and what stands behind it, on a link."""
    return in_graph(name, lambda graph: _inserted(graph, link, suggestion))


def answering(name: str, source: str, output: str) -> Edit:
    """The edit that adds an Output behind a node."""
    return in_graph(name, lambda graph: _answered(graph, source, output))


def size_in(graph: Graph) -> room.Size:
    """About how large the canvas draws each node of a graph."""

    def size(name: str) -> Point:
        return _size(graph.nodes[name], name)

    return size


def rewritten(node: Node, suggestion: Rewrite) -> Node:
    """The node with another expression wherever it says the old one."""
    return replace(node, settings=_exchanged_in(node.settings, suggestion), repeat=_exchanged(node.repeat, suggestion))


def _exchanged_in(values: Mapping[str, Any], suggestion: Rewrite) -> dict[str, Any]:
    return {key: _exchanged(value, suggestion) for key, value in values.items()}


def _exchanged(value: Any, suggestion: Rewrite) -> Any:
    if isinstance(value, tuple):
        return tuple(_exchanged(item, suggestion) for item in value)
    return suggestion.new if value == suggestion.old and is_expression(value) else value


def _without(node: Node, suggestion: Unset) -> Node:
    kept = {key: value for key, value in node.settings.items() if key != suggestion.setting}
    if suggestion.renamed and suggestion.setting in node.settings:
        kept[suggestion.renamed] = node.settings[suggestion.setting]
    return replace(node, settings=kept)


def _defined(project: Project, name: str, at: str, suggestion: Define) -> Project:
    value, graph = suggestion.value, project.graphs.get(name)
    if value is None:
        node = graph.nodes.get(at) if graph is not None else None
        value = _suiting(node, suggestion.variable) if node is not None else 1
    if graph is not None and suggestion.variable in graph.parameters:
        parameters = {**graph.parameters, suggestion.variable: value}
        return project.with_graph(name, replace(graph, parameters=parameters))
    return replace(project, variables={**project.variables, suggestion.variable: value})


def _suiting(node: Node, variable: str) -> Any:
    """The default of a setting that is nothing but the variable; 1 where the node computes with it."""
    cls = node_class(node.type)
    defaults = {setting.name: setting.default for setting in cls.settings()} if cls is not None else {}
    asking = (key for key, value in node.settings.items() if value == f"={variable}")
    found = (defaults[key] for key in asking if isinstance(defaults.get(key), int | float))
    return next(found, 1)


def _replaced(graph: Graph, at: str, suggestion: Replace) -> Graph:
    """Another node in the place of one; links go to the ports in the same order."""
    old, new = graph.nodes[at], node_class(suggestion.node_type)
    if new is None:
        return graph
    before = node_class(old.type)
    inputs = _ports([p.name for p in before.inputs()] if before else _linked(graph, at), [p.name for p in new.inputs()])
    outputs = _ports(list(before.outputs) if before else _linked(graph, at, out=True), list(new.outputs))
    links = Links(
        replace(
            link,
            output=outputs.get(link.output, link.output) if link.source == at else link.output,
            input=inputs.get(link.input, link.input) if link.target == at else link.input,
        )
        for link in graph.links
    )
    node = replace(old, type=suggestion.node_type, settings=dict(suggestion.settings))
    changed = replace(graph.put({at: node}), links=links)
    if before is None or at.rstrip(" 0123456789") != before.title().rstrip(" 0123456789"):
        return changed
    return changed.rename(at, graph.free_name(new.title()))


def _linked(graph: Graph, at: str, *, out: bool = False) -> list[str]:
    """Names of the ports of a node of unknown type, as its links tell them."""
    links = graph.links.out_of if out else graph.links.into
    return list(dict.fromkeys(link.output if out else link.input for link in links.get(at, ())))


def _ports(old: list[str], new: list[str]) -> Mapping[str, str]:
    """The new name of each port: the same where there is one, else that in the same place."""
    return {port: port if port in new else new[min(index, len(new) - 1)] for index, port in enumerate(old) if new}


def _inserted(graph: Graph, link: Link, suggestion: Insert) -> Graph:
    cls = node_class(suggestion.node_type)
    if cls is None or link not in graph.links:
        return graph
    name = graph.free_name(cls.title())
    node = Node(suggestion.node_type, dict(suggestion.settings))
    found = room.between(graph, link.source, link.target, _size(node, name), size_in(graph))
    placed = replace(node, position=found.place)
    graph = found.given_in(graph).insert(name, placed, link, input=cls.inputs()[0].name, output=cls.outputs[0])
    if suggestion.then is None:
        return graph
    rest = next(k for k in graph.links.out_of[name] if (k.target, k.input) == (link.target, link.input))
    return _inserted(graph, rest, suggestion.then)


def _answered(graph: Graph, source: str, output: str) -> Graph:
    name = graph.free_name("Output")
    place = room.behind(graph, source, _size(Node("Output"), name), size_in(graph))
    return graph.add(name, Node("Output", {}, place), Link(source, output, name, "value"))


def _size(node: Node, name: str) -> Point:
    cls = node_class(node.type)
    if cls is None:
        return UNKNOWN_SIZE
    body = body_of(cls, name, cls.outputs)
    return body.width, body.height
