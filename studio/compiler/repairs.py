"""Turns what a node says is wrong into a problem with edits that mend it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from studio.compiler.edits import cutting, edit_of, in_graph, in_variables, inserting
from studio.compiler.results import Fed, NodeResult
from studio.core.graph import Graph, Link
from studio.core.node_class import InputPort
from studio.core.problem import (
    Amend,
    AtSource,
    Define,
    Insert,
    LinkTo,
    Match,
    Mismatch,
    Problem,
    Remove,
    Repair,
    Rewrite,
    Search,
    Suggestion,
)


def problem_at(graph: str, node: str, message: str, port: str = "", repairs: tuple[Repair, ...] = ()) -> Problem:
    return Problem(message, graph, node, port, repairs)


def problem_of(name: str, graph: Graph, at: str, error: Mismatch) -> Problem:
    """The problem of a node that did not accept its inputs or settings, with the repairs it proposes."""
    port = error.port or ""
    repairs = (*_used_again(name, graph, at, port), *repairs_of(name, graph, at, error.port, error.repairs))
    searches = tuple(suggestion for suggestion in error.repairs if isinstance(suggestion, Search))
    return Problem(error.message, name, at, port, repairs, searches)


def repairs_of(
    name: str, graph: Graph, at: str, port: str | None, suggestions: Iterable[Suggestion]
) -> Iterator[Repair]:
    """The repairs that can be told from the node and its links alone."""
    for suggestion in suggestions:
        match suggestion:
            case LinkTo() | Match() | AtSource():
                continue
            case Insert():
                links = [link for link in graph.links.into.get(at, ()) if port in (None, link.input)]
                for link in links[suggestion.index : suggestion.index + 1]:
                    yield Repair(suggestion.label, inserting(name, link, suggestion))
            case _:
                yield Repair(suggestion.label, edit_of(name, at, suggestion))


def variable_problem(name: str, error: Mismatch) -> Problem:
    """The problem of a graph whose variables, or those of the project, cannot be computed."""
    repairs = (
        Repair(each.label, in_variables(name, each)) for each in error.repairs if isinstance(each, Define | Rewrite)
    )
    return Problem(f"A variable is wrong: {error.message}", name, repairs=tuple(repairs))


def missing_links(
    name: str, graph: Graph, at: str, ports: tuple[InputPort, ...], arriving: Fed, *, broken: bool
) -> tuple[Problem, ...]:
    """Problems of links at ports that do not exist or are taken, and of required ports that stay empty."""
    links = graph.links.into.get(at, ())
    if [link.input for link in links] == [port.name for port in ports]:  # as nearly everywhere: one link each
        return ()
    variadic = {port.name: port.variadic for port in ports}
    taken: set[str] = set()
    problems: list[Problem] = []
    for link in links:
        refusal = ""
        if link.input not in variadic:
            refusal = f"There is no input {link.input}."
        elif link.input in taken and not variadic[link.input]:
            refusal = f"{link.input} takes one link, not several."
        if refusal:
            problems.append(problem_at(name, at, refusal, link.input, (cut_link(name, link),)))
        taken.add(link.input)
    if not broken:
        empty = (port.name for port in ports if port.required and not port.variadic and port.name not in arriving)
        problems += [
            Problem(f"Nothing arrives at {port}: link an output to it.", name, at, port, searches=(LinkTo(),))
            for port in empty
        ]
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
    return Repair("Remove the link", cutting(name, link))


def take_out(name: str, node: str, label: str = "") -> Repair:
    """The repair that removes a node; what fed it feeds what it fed."""
    return Repair(label or f"Remove {node}", edit_of(name, node, Remove("")))


def remove_all(name: str, nodes: tuple[str, ...], label: str) -> Repair:
    """The repair that removes nodes with their links."""
    return Repair(label, in_graph(name, lambda graph: graph.remove(nodes)))


def _used_again(name: str, graph: Graph, at: str, port: str) -> Iterator[Repair]:
    """Where a bypassed node feeds the port at fault, what it would make may be what is missing."""
    feeding = (link.source for link in graph.links.into.get(at, ()) if port in ("", link.input))
    for source in dict.fromkeys(feeding):
        if source in graph.nodes and graph.nodes[source].bypassed:
            yield replace(use_again(name, source), label=f"Stop bypassing {source}")


def use_again(name: str, node: str) -> Repair:
    """The repair that lets a bypassed node compute."""
    return Repair("Use it again", edit_of(name, node, Amend("bypassed", False, "")))
