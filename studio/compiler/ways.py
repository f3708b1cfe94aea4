"""The ways through a graph that was inferred: what leads where, in which order, and what only training goes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from studio.compiler.results import GraphResult


def reading_order(result: GraphResult) -> tuple[str, ...]:
    """Names of the nodes in the order in which a person would write them: each branch as a whole.

    An objective keeps the order of its structure: what it computes first is its data.
    """
    graph = result.graph
    if graph.role == "objective":
        return result.order
    links, nodes = graph.links.into, result.nodes
    done: dict[str, None] = dict.fromkeys(graph.inputs())
    for end in (*graph.outputs(), *result.order):
        waiting = [] if end in done else [(end, iter(links.get(end, ())))]
        while waiting:
            name, feeding = waiting[-1]
            link = next((k for k in feeding if k.source not in done and k.source in nodes), None)
            if link is None:
                waiting.pop()
                done[name] = None
            else:
                waiting.append((link.source, iter(links.get(link.source, ()))))
    outputs = graph.outputs()
    return (*(name for name in done if name not in outputs), *outputs)


def leading_to(result: GraphResult, names: Iterable[str]) -> set[str]:
    """These nodes and all that they need."""
    reached = set(names)
    waiting = list(reached)
    while waiting:
        for link in result.graph.links.into.get(waiting.pop(), ()):
            if link.source not in reached:
                reached.add(link.source)
                waiting.append(link.source)
    return reached


def training_only(result: GraphResult) -> Mapping[str, frozenset[str]]:
    """What needs an answer that networks give only while they learn: for each such node, the nodes of the networks."""
    found: dict[str, frozenset[str]] = {}
    for name in result.order:
        needs: set[str] = set()
        for link in result.graph.links.into.get(name, ()):
            needs |= found.get(link.source, frozenset())
            source = result.nodes.get(link.source)
            inner = source.inner if source is not None and source.node.type == "Network" else None
            if inner is not None and link.output not in inner.graph.answers():
                needs.add(link.source)
        if needs:
            found[name] = frozenset(needs)
    return found
