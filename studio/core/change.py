"""What differs between two projects, so that a view redraws only that, and the memory that undo needs."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from studio.core.graph import Graph, Link, Links, Node
from studio.core.project import Project


@dataclass(frozen=True, slots=True)
class GraphChange:
    """What differs between two graphs of one name."""

    nodes_added: frozenset[str] = frozenset()
    nodes_removed: frozenset[str] = frozenset()
    nodes_edited: frozenset[str] = frozenset()
    nodes_moved: frozenset[str] = frozenset()
    links_added: frozenset[Link] = frozenset()
    links_removed: frozenset[Link] = frozenset()
    frames: bool = False
    parameters: bool = False
    order: bool = False
    """Whether nodes that were there stand in another order, and so perhaps the ports of the graph."""

    def __bool__(self) -> bool:
        return self != GraphChange()

    @classmethod
    def between(cls, before: Graph, after: Graph) -> GraphChange:
        """Nodes count as moved where only their position differs, as edited where anything else does."""
        if before is after:
            return cls()
        old, new = before.nodes, after.nodes
        both = [name for name in new if name in old and new[name] is not old[name]] if old is not new else []
        moved = frozenset(name for name in both if _only_moved(old[name], new[name]))
        edited = frozenset(name for name in both if name not in moved and new[name] != old[name])
        return cls(
            nodes_added=frozenset(new.keys() - old.keys()),
            nodes_removed=frozenset(old.keys() - new.keys()),
            nodes_edited=edited,
            nodes_moved=moved,
            links_added=_without(after.links, before.links),
            links_removed=_without(before.links, after.links),
            frames=before.frames != after.frames,
            parameters=before.parameters != after.parameters,
            order=_order_differs(before, after),
        )


@dataclass(frozen=True, slots=True)
class Change:
    """What differs between two projects: graphs added, removed and changed, and what lies beside the graphs."""

    graphs_added: frozenset[str] = frozenset()
    graphs_removed: frozenset[str] = frozenset()
    graphs: dict[str, GraphChange] = field(default_factory=dict)
    variables: bool = False
    data: bool = False
    training: bool = False
    name: bool = False

    @classmethod
    def between(cls, before: Project, after: Project) -> Change:
        shared = before.graphs.keys() & after.graphs.keys()
        changes = {name: GraphChange.between(before.graphs[name], after.graphs[name]) for name in shared}
        return cls(
            graphs_added=frozenset(after.graphs.keys() - before.graphs.keys()),
            graphs_removed=frozenset(before.graphs.keys() - after.graphs.keys()),
            graphs={name: change for name, change in changes.items() if change},
            variables=before.variables != after.variables,
            data=before.data != after.data,
            training=before.training != after.training,
            name=before.name != after.name,
        )


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of the history: what was done, the project as it was afterwards, and when, in seconds since 1970."""

    label: str
    project: Project
    made: float = field(default_factory=time.time, compare=False)


class History:
    """The projects a person has been through; undo and redo walk along them."""

    def __init__(self, project: Project, *, label: str = "Open") -> None:
        self._steps = [Step(label, project)]
        self._at = 0

    @property
    def project(self) -> Project:
        return self._steps[self._at].project

    @property
    def steps(self) -> tuple[Step, ...]:
        return tuple(self._steps)

    @property
    def position(self) -> int:
        return self._at

    def apply(self, project: Project, label: str, *, merge: bool = False) -> None:
        """Remember an edit; what was undone before it is forgotten. Merged, it extends the last edit of that label."""
        if project == self.project and not any(Change.between(self.project, project).graphs.values()):
            return
        merge = merge and self._at > 0 and self._steps[self._at].label == label
        del self._steps[self._at + (0 if merge else 1) :]
        self._steps.append(Step(label, project))
        self._at = len(self._steps) - 1

    def go_to(self, position: int) -> None:
        """Show the project as it was after this step; nothing is forgotten. Raises IndexError where there is none."""
        if not 0 <= position < len(self._steps):
            raise IndexError(f"the history has no step {position}")
        self._at = position

    def undo(self) -> str | None:
        """Go one step back; answers the label of what was undone, None at the beginning."""
        if self._at == 0:
            return None
        self._at -= 1
        return self._steps[self._at + 1].label

    def redo(self) -> str | None:
        if self._at + 1 == len(self._steps):
            return None
        self._at += 1
        return self._steps[self._at].label


def _order_differs(before: Graph, after: Graph) -> bool:
    """Equal mappings may hold their nodes in another order."""
    if before.nodes is after.nodes or before.nodes.keys() != after.nodes.keys():
        return False
    return list(before.nodes) != list(after.nodes)


def _without(some: Links, others: Links) -> frozenset[Link]:
    return frozenset() if some is others else some.together - others.together


def _only_moved(old: Node, new: Node) -> bool:
    return old.position != new.position and (old.type, old.settings, *_rest(old)) == (
        new.type,
        new.settings,
        *_rest(new),
    )


def _rest(node: Node) -> tuple[object, ...]:
    return node.graph, node.repeat, node.share_weights, node.shares_with, node.bypassed, node.collapsed
