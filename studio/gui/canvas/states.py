"""How a node stands: whether something is wrong with it, whether it learns, and what keeps it from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from studio.core.project import Project
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
    State("frozen", "series2", "lock"),
    State("bypassed", "text3", "bypass"),
    State("problem", "problem", "warning"),
)
"""The later ones matter more: a node that is several of them wears the last."""

PLAIN, LEARNS, SHARED, FROZEN, BYPASSED, PROBLEM = range(len(STATES))


def states(subject: Subject) -> dict[str, int]:
    """For every node of the graph its place in ``STATES``."""
    taught = _taught(subject.project, subject.name)
    return {name: _state(subject, name, taught) for name in subject.graph.nodes}


def _state(subject: Subject, name: str, taught: frozenset[str] | None) -> int:
    node, found = subject.graph.nodes[name], subject.found(name)
    if found is not None and found.problems:
        return PROBLEM
    if node.bypassed:
        return BYPASSED
    has_weights = found is not None and found.weight_count > 0
    if (has_weights or node.shares_with) and taught is not None and name not in taught:
        return FROZEN
    if node.shares_with or node.share_weights:
        return SHARED
    return LEARNS if has_weights else PLAIN


def _taught(project: Project, graph: str) -> frozenset[str] | None:
    """The nodes of a network that some stage teaches; None where that is all of them, or is not said."""
    if graph not in project.networks:
        return None
    entries = {entry for stage in project.training.stages for entry in _entries(stage.learns, graph)}
    return None if graph in entries else frozenset(entry.split("/")[1] for entry in entries)


def _entries(learns: Iterable[str], graph: str) -> Iterable[str]:
    """What a stage's entries say about a network: ``Objective: Network/Node`` means ``Network/Node``."""
    learns = tuple(learns)
    if not learns:
        yield graph
    for text in learns:
        entry = text.rpartition(": ")[2]
        if entry == graph or entry.startswith(f"{graph}/"):
            yield entry
