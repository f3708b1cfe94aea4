"""The teaching card of a node as it was found in its graph: with its own numbers, or those of what is inside."""

from __future__ import annotations

from dataclasses import replace

from studio.compiler.inference import arranged
from studio.compiler.results import GraphResult, NodeResult
from studio.core.card import Card, Numbers, Share, card_of, numbers_of
from studio.core.derivation import stays
from studio.core.node_class import NodeClass


def card_of_result(result: NodeResult) -> Card | None:
    """The card of a node or of a placed graph; None for a type that is not installed, or settings that do not hold."""
    if result.node.graph:
        return _card_of_block(result)
    if result.instance is None:
        return None
    card = card_of(result.instance)
    if not result.outputs and result.instance.outputs:
        return replace(card, numbers=Numbers(result.inputs, {})) if result.inputs else card
    numbers = _numbers(result, result.instance)
    facts = (("Weights", f"those of {result.node.shares_with}"),) if result.node.shares_with else ()
    return replace(card, numbers=numbers, facts=card.facts + facts)


def _numbers(result: NodeResult, instance: NodeClass) -> Numbers:
    """The node's sizes, weights and cost; a node that is bypassed, or fed by the block around it, has but a shape."""
    if result.node.bypassed:
        words = "as it arrives: the node is bypassed"
    elif result.node.type == "Input":
        words = "as the setting says, or as what is linked to the block around it"
    else:
        return numbers_of(instance, arranged(type(instance).inputs(), result.inputs))
    lines = tuple(line for port, shape in result.outputs.items() for line in stays(shape, words, port=port))
    return Numbers(result.inputs, result.outputs, lines)


def _card_of_block(result: NodeResult) -> Card:
    """What is inside: how many nodes, and which of them have the weights."""
    inner, node = result.inner, result.node
    return Card(
        type=node.graph,
        title=node.graph,
        family=node.type,
        summary=f"The graph {node.graph}, placed here.",
        purpose=f"Stands for the graph {node.graph}. Double-click or press Enter to see and change what is inside.",
        numbers=Numbers(result.inputs, result.outputs, multiply_adds=result.multiply_adds) if inner else None,
        facts=_facts(result, inner) if inner else (),
        parts=_shares(result, inner) if inner else (),
    )


def _facts(result: NodeResult, inner: GraphResult) -> tuple[tuple[str, str], ...]:
    count = inner.size
    rows = [("Inside", "1 node" if count == 1 else f"{count:,} nodes")]
    if result.repeat > 1:
        shared = "all with the same weights" if result.node.share_weights else "each with weights of its own"
        rows.append(("Repeated", f"{result.repeat} times, {shared}"))
    if result.node.shares_with:
        rows.append(("Weights", f"those of {result.node.shares_with}"))
    return tuple(rows)


def _shares(result: NodeResult, inner: GraphResult) -> tuple[Share, ...]:
    """Every node inside that has weights, and what further repeats add."""
    shares = [
        Share(name, found.node.graph or found.node.type, found.weight_count)
        for name, found in ((name, inner.nodes[name]) for name in inner.order)
        if found.weight_count
    ]
    more = result.weight_count - inner.weights
    if shares and more > 0:
        shares.append(Share(f"{result.repeat - 1} more", "repeats", more))
    return tuple(shares)
