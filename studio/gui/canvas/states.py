"""How a node stands: whether something is wrong with it, whether it learns, and what keeps it from it."""

from __future__ import annotations

from dataclasses import dataclass

from studio.gui.canvas.card import Subject


@dataclass(frozen=True, slots=True)
class State:
    """What a node can be; ``color`` names a token of the theme."""

    title: str
    color: str
    icon: str


STATES = (
    State("no weights", "line_strong", "minus"),
    State("learns", "success", "pencil"),
    State("shared", "accent", "link"),
    State("frozen", "series2", "frozen"),
    State("bypassed", "text3", "bypass"),
    State("problem", "problem", "warning"),
)
"""The later ones matter more: a node that is several of them wears the last."""

PLAIN, LEARNS, SHARED, FROZEN, BYPASSED, PROBLEM = range(len(STATES))


def states(subject: Subject) -> dict[str, int]:
    """For every node of the graph its place in ``STATES``."""
    return {name: _state(subject, name) for name in subject.graph.nodes}


def _state(subject: Subject, name: str) -> int:
    node, found = subject.graph.nodes[name], subject.found(name)
    if found is not None and found.problems:
        return PROBLEM
    if node.bypassed:
        return BYPASSED
    lesson = subject.lessons.get(name)
    if lesson is not None and lesson.share == "none":
        return FROZEN
    if node.shares_with or node.share_weights:
        return SHARED
    return LEARNS if found is not None and found.weight_count else PLAIN
