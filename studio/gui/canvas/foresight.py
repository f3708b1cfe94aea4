"""What an edit would change in the graph that is shown, as plain data: what comes, what goes, what reads otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from studio.core.change import GraphChange
from studio.core.graph import Graph, Link, Node
from studio.core.node_class import NodeClass
from studio.core.project import Project
from studio.gui.canvas.card import Knowledge, Subject

BESIDE_SETTINGS = {
    "repeat": "Repeat",
    "share_weights": "Shared weights",
    "shares_with": "Weights of",
    "bypassed": "Bypassed",
    "graph": "Block",
}
"""What a node has beside its settings, as a person calls it."""


@dataclass(frozen=True)
class Foresight:
    """The graph as it would be, and how it differs."""

    graph: Graph
    change: GraphChange
    notes: Mapping[str, tuple[str, ...]]
    """What would read otherwise at a node: ``Kernel 15 → 12``."""
    elsewhere: tuple[str, ...] = ()
    """What would change beside this graph."""

    def __bool__(self) -> bool:
        return bool(self.change) or bool(self.elsewhere)


def foresee(subject: Subject, after: Project) -> Foresight:
    """What is seen of an edited project where this graph is shown."""
    before, graph = subject.graph, _drawn(subject.name, after)
    renamed = _replaced(before, graph)
    change = GraphChange.between(_renamed(before, renamed), graph)
    knowledge = subject.knowledge
    now = {name: renamed.get(name, name) for name in before.nodes}
    notes = {
        name: tuple(node_notes(before.nodes[name], graph.nodes[then], knowledge))
        for name, then in now.items()
        if then in change.nodes_edited
    }
    elsewhere = [*_variable_notes(subject.project, after), *_other_graphs(subject, after)]
    if subject.name in after.graphs:
        elsewhere += _training_notes(subject.project, after, knowledge)
    return Foresight(graph, _named_back(change, renamed), notes, tuple(elsewhere))


def node_notes(old: Node, new: Node, knowledge: Knowledge) -> Iterator[str]:
    """What would read otherwise at a node."""
    if new.type != old.type:
        yield f"{_title(old, knowledge)} → {_title(new, knowledge)}"
        return
    defaults = _defaults(None if new.graph else knowledge.node_class(new.type))
    for key in dict.fromkeys([*old.settings, *new.settings]):
        before, after = (node.settings.get(key, defaults.get(key)) for node in (old, new))
        if before != after or (key in old.settings) != (key in new.settings and after is not None):
            yield f"{key.replace('_', ' ').capitalize()} {written(before)} → {written(after)}"
    for each in fields(Node):
        if each.name in BESIDE_SETTINGS and (before := getattr(old, each.name)) != (after := getattr(new, each.name)):
            yield f"{BESIDE_SETTINGS[each.name]} {written(before)} → {written(after)}"


def written(value: Any) -> str:
    """A setting as a person reads it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return "×".join(map(str, value)) or "none"
    return "none" if value in (None, "") else str(value)


def _drawn(name: str, project: Project) -> Graph:
    """The graph of this name, be it the objective that the studio makes."""
    from studio.compiler.objective import objectives_of  # late: not before the first painted window

    return project.graphs.get(name) or objectives_of(project)[0].get(name) or Graph()


def _replaced(before: Graph, after: Graph) -> dict[str, str]:
    """Nodes that stand in the place of others, by the name of the one before."""
    come = {after.nodes[name].position: name for name in after.nodes.keys() - before.nodes.keys()}
    gone = ((name, before.nodes[name].position) for name in before.nodes.keys() - after.nodes.keys())
    return {name: come[place] for name, place in gone if place in come}


def _renamed(graph: Graph, names: Mapping[str, str]) -> Graph:
    for old, new in names.items():
        graph = graph.rename(old, new)
    return graph


def _named_back(change: GraphChange, renamed: Mapping[str, str]) -> GraphChange:
    """The change with the names that nodes still have."""
    old = {new: name for name, new in renamed.items()}

    def back(links: frozenset[Link]) -> frozenset[Link]:
        return frozenset(
            replace(k, source=old.get(k.source, k.source), target=old.get(k.target, k.target)) for k in links
        )

    edited = frozenset(old.get(name, name) for name in change.nodes_edited)
    return replace(
        change, nodes_edited=edited, links_added=back(change.links_added), links_removed=back(change.links_removed)
    )


def _variable_notes(before: Project, after: Project) -> Iterator[str]:
    for name in dict.fromkeys([*before.variables, *after.variables]):
        old, new = before.variables.get(name), after.variables.get(name)
        if old != new:
            yield f"Variable {name} = {new}" if old is None else f"Variable {name} {written(old)} → {written(new)}"


def _training_notes(before: Project, after: Project, knowledge: Knowledge) -> Iterator[str]:
    """What would change of data and training."""
    pairs = (("Data", before.data, after.data), ("Loss", before.training.loss, after.training.loss))
    for title, old, new in pairs:
        if old is not None and new is not None and old.type == new.type:
            yield from (f"{title}: {note}" for note in node_notes(old, new, knowledge))
        elif old != new:
            yield f"{title}: {_title(old, knowledge)} → {_title(new, knowledge)}"
    for what in ("target", "batch"):
        old_value, new_value = getattr(before.training, what), getattr(after.training, what)
        if old_value != new_value:
            yield f"{what.capitalize()} {old_value} → {new_value}"
    for node in before.training.metrics:
        if node not in after.training.metrics:
            yield f"{_title(node, knowledge)} is left out"


def _other_graphs(subject: Subject, after: Project) -> Iterator[str]:
    """What would change in graphs that are not shown."""
    before = subject.project
    for name, graph in after.graphs.items():
        if name == subject.name or graph is before.graphs.get(name):
            continue
        if name not in before.graphs:
            yield f"{name} is drawn"
            continue
        change = GraphChange.between(before.graphs[name], graph)
        for node in sorted(change.nodes_edited):
            notes = node_notes(before.graphs[name].nodes[node], graph.nodes[node], subject.knowledge)
            yield from (f"{name} / {node}: {note}" for note in notes)
        yield from (f"{name}: {node} comes" for node in sorted(change.nodes_added))
        yield from (f"{name}: {node} goes" for node in sorted(change.nodes_removed))


def _title(node: Node | None, knowledge: Knowledge) -> str:
    if node is None:
        return "none"
    cls = None if node.graph else knowledge.node_class(node.type)
    return cls.title() if cls is not None else node.graph or node.type


def _defaults(cls: type[NodeClass] | None) -> dict[str, Any]:
    return {setting.name: setting.default for setting in cls.settings()} if cls is not None else {}
