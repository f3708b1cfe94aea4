"""What shapes alone do not forbid but experience does: a softmax before a loss that has one, and the like."""

from __future__ import annotations

from collections.abc import Iterator

from studio.compiler.results import GraphResult
from studio.core.problem import Edit, Problem, Repair

LOGITS_LOSSES = {"CrossEntropy": ("Softmax", "LogSoftmax"), "BinaryCrossEntropy": ("Sigmoid",)}
"""Losses that apply an activation themselves, and the activations that must not stand before them."""


def rule_problems(result: GraphResult) -> tuple[Problem, ...]:
    """Problems of an objective that its shapes do not show."""
    return tuple(_doubled_activations(result)) if result.graph.role == "objective" else ()


def _doubled_activations(result: GraphResult) -> Iterator[Problem]:
    for name, node in result.graph.nodes.items():
        for link in result.graph.links.into.get(name, ()):
            if node.type in LOGITS_LOSSES and link.input == "prediction":
                yield from _activation_before(result, name, link.source, link.output)


def _activation_before(result: GraphResult, loss: str, source: str, output: str) -> Iterator[Problem]:
    """The problem of a network, or a node, whose last step is the activation that the loss applies again."""
    forbidden = LOGITS_LOSSES[result.graph.nodes[loss].type]
    graph, owner, last = result.graph, result.name, source
    inner = result.nodes[source].inner
    if inner is not None:
        feeding = inner.graph.links.into.get(output, ())
        if not feeding:
            return
        graph, owner, last = inner.graph, inner.name, feeding[0].source
    kind = graph.nodes[last].type
    if kind in forbidden:
        title = result.graph.nodes[loss].type
        message = f"{title} applies the {kind.lower()} itself; before it {last} would be one too many."
        yield Problem(message, owner, last, "", (Repair(f"Remove {last}", _healing(owner, last)),))


def _healing(graph: str, node: str) -> Edit:
    return lambda project: project.with_graph(graph, project.graphs[graph].remove([node], heal=True))
