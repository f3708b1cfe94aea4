"""Tries what bypassing nodes would do to a project, before anything is changed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from studio.compiler.check import check
from studio.compiler.ports import passing_refusal, ports_in
from studio.compiler.results import Diagnosis
from studio.core.graph import Graph
from studio.core.project import Project


def bypassed(graph: Graph, names: Collection[str]) -> Graph:
    """The graph with these nodes bypassed."""
    return graph.put({name: replace(graph.nodes[name], bypassed=True) for name in names})


def bypass_refusal(project: Project, name: str, nodes: Collection[str], known: Diagnosis) -> str | None:
    """Why these nodes of a graph cannot be bypassed, in words; None where they can.

    ``known`` is what the project is found to be now: what is wrong already is not held against the nodes.
    """
    graph = project.graphs[name]
    for node in nodes:
        arriving = len(graph.links.into.get(node, ()))
        reason = passing_refusal(graph.nodes[node], ports_in(project, graph, node), arriving)
        if reason is not None:
            return f"{node} cannot be bypassed: {reason}"
    found = check(project.with_graph(name, bypassed(graph, nodes)))
    before = {(problem.graph, problem.node, problem.message) for problem in known.problems}
    fresh = (p for p in found.problems if p.graph and (p.graph, p.node, p.message) not in before)
    problem = next(fresh, None)
    if problem is None:
        return None
    what = next(iter(nodes)) if len(nodes) == 1 else f"These {len(nodes)} nodes"
    at = f"At {problem.node}: " if problem.node and not problem.message.startswith(problem.node) else ""
    return f"{what} cannot be bypassed. {at}{problem.message}"
