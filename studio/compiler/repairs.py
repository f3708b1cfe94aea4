"""Turns what a node says is wrong into a problem with edits that mend it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from studio.compiler.ports import node_class
from studio.compiler.results import Fed, NodeResult
from studio.core.graph import Graph, Link, Node
from studio.core.node_class import InputPort
from studio.core.problem import Assign, Edit, Insert, Mismatch, Problem, Repair, Suggestion
from studio.core.project import Project
from studio.core.shape import Shape, describe


def problem_at(graph: str, node: str, message: str, port: str = "", repairs: tuple[Repair, ...] = ()) -> Problem:
    return Problem(message, graph, node, port, repairs)


def problem_of(name: str, graph: Graph, at: str, error: Mismatch) -> Problem:
    """The problem of a node that did not accept its inputs or settings, with the repairs it proposes."""
    repairs = [repair for suggestion in error.repairs for repair in _repairs(name, graph, at, error.port, suggestion)]
    return Problem(error.message, name, at, error.port or "", tuple(repairs))


def missing_links(
    name: str, graph: Graph, at: str, ports: tuple[InputPort, ...], arriving: Fed, *, broken: bool
) -> tuple[Problem, ...]:
    """Problems of links at ports that do not exist or are taken, and of required ports that stay empty."""
    known = {port.name for port in ports}
    links = graph.links.into.get(at, ())
    problems = [
        problem_at(name, at, f"There is no input {link.input}.", link.input, (cut_link(name, link),))
        for link in links
        if link.input not in known
    ]
    variadic = {port.name for port in ports if port.variadic}
    problems += [
        problem_at(name, at, f"{link.input} takes one link, not several.", link.input, (cut_link(name, link),))
        for index, link in enumerate(links)
        if link.input not in variadic and any(link.input == before.input for before in links[:index])
    ]
    if not broken:
        empty = (port.name for port in ports if port.required and not port.variadic and port.name not in arriving)
        problems += [problem_at(name, at, f"Nothing arrives at {port}: link an output to it.", port) for port in empty]
    return tuple(problems)


def lost_outputs(name: str, graph: Graph, at: str, results: Mapping[str, NodeResult]) -> tuple[Problem, ...]:
    """Problems of links that start at outputs which their nodes, whose outputs are known, do not have."""
    links = [link for link in graph.links.into.get(at, ()) if link.source in results]
    lost = [link for link in links if (known := results[link.source].outputs) and link.output not in known]
    return tuple(
        problem_at(name, at, f"{link.source} has no output {link.output}.", link.input, (cut_link(name, link),))
        for link in lost
    )


def cut_link(name: str, link: Link) -> Repair:
    """The repair that removes a link."""
    return Repair("Remove the link", lambda project: project.with_graph(name, project.graphs[name].disconnect(link)))


def use_again(name: str, node: str) -> Repair:
    """The repair that lets a bypassed node compute."""

    def edit(project: Project) -> Project:
        graph = project.graphs[name]
        return project.with_graph(name, graph.put({node: replace(graph.nodes[node], bypassed=False)}))

    return Repair("Use it again", edit)


def other_size(name: str, at: str, network: str, port: str, expected: Shape, arriving: Shape) -> Problem:
    """The problem of a network that is given values of another size than its Input declares."""
    repairs: tuple[Repair, ...] = ()
    if expected.axes == arriving.axes:
        repairs = (Repair(f"Set {port} to {arriving}", _resizing(network, port, arriving)),)
    message = f"{network} expects {describe(expected)} at {port}; {describe(arriving)} arrives."
    return Problem(message, name, at, port, repairs)


def _resizing(network: str, port: str, shape: Shape) -> Edit:
    def edit(project: Project) -> Project:
        graph = project.graphs[network]
        return project.with_graph(network, graph.put({port: graph.nodes[port].set(sizes=shape.sizes)}))

    return edit


def _repairs(name: str, graph: Graph, at: str, port: str | None, suggestion: Suggestion) -> list[Repair]:
    match suggestion:
        case Assign():
            return [Repair(suggestion.label, _assigning(name, at, suggestion))]
        case Insert():
            arriving = [link for link in graph.links.into.get(at, ()) if port in (None, link.input)]
            links = arriving[suggestion.index : suggestion.index + 1]
            return [Repair(suggestion.label, _inserting(name, link, suggestion)) for link in links]


def _assigning(name: str, at: str, suggestion: Assign) -> Edit:
    def edit(project: Project) -> Project:
        graph = project.graphs[name]
        node = graph.nodes[at].set(**{suggestion.setting: suggestion.value})
        return project.with_graph(name, graph.put({at: node}))

    return edit


def _inserting(name: str, link: Link, suggestion: Insert) -> Edit:
    def edit(project: Project) -> Project:
        graph = project.graphs[name]
        cls = node_class(suggestion.node_type)
        if cls is None:
            return project
        (left, top), (right, below) = graph.nodes[link.source].position, graph.nodes[link.target].position
        node = Node(suggestion.node_type, dict(suggestion.settings), ((left + right) / 2, (top + below) / 2))
        new = graph.free_name(cls.title())
        ports = cls.inputs()
        return project.with_graph(name, graph.insert(new, node, link, input=ports[0].name, output=cls.outputs[0]))

    return edit
