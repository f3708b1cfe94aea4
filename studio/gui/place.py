"""Where a person is in the project: which graph is shown, inside which blocks, and which nodes are selected."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from studio.compiler.learned import Learned, looks_at
from studio.compiler.results import GraphResult
from studio.core.graph import Graph
from studio.core.node_class import NodeClass
from studio.core.problem import Repair
from studio.gui.canvas.lessons import NO_LESSONS, Lessons, lessons
from studio.gui.document import Document


class Place(QObject):
    """The centre writes it, panels follow it. To go elsewhere they ask with ``go_to``."""

    moved = Signal()
    """Another graph is shown."""
    selected_changed = Signal()
    wanted = Signal(str, str)
    """Somebody asks for a graph and a node of it; the node may be empty."""
    wanted_inside = Signal(str, object)
    """Somebody asks for a graph and a way of names: the blocks to enter, and the node at the end."""
    mended = Signal(object)
    """Somebody asks for a Repair to be taken."""
    stage_chosen = Signal()
    """Another stage of the training is looked at, or its number is another."""
    stage_wanted = Signal()
    """Somebody asks for the stage that is looked at."""
    foreseen = Signal(object)
    """Somebody points at a Repair, or at none any more: what it would do is shown."""

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self._document = document
        self.root = ""
        """The graph of the tab."""
        self.path: tuple[str, ...] = ()
        """The blocks that were entered from there."""
        self.selected: tuple[str, ...] = ()
        self._stage = 0

    @property
    def graph_name(self) -> str:
        """The graph that is drawn: the tab's own, or that of the block that was entered last."""
        name = self.root
        for step in self.path:
            node = self._graph(name).nodes.get(step)
            name = node.graph if node is not None else name
        return name

    @property
    def graph(self) -> Graph:
        return self._graph(self.graph_name)

    @property
    def result(self) -> GraphResult | None:
        """The drawn graph as inferred where it stands."""
        return self._document.diagnosis.at(self.root, self.path)

    @property
    def node(self) -> str:
        """The one selected node; empty where there is none or are several."""
        return self.selected[0] if len(self.selected) == 1 else ""

    def instance(self) -> NodeClass | None:
        """The selected node with its settings resolved."""
        found = self.result.nodes.get(self.node) if self.result else None
        return found.instance if found else None

    def path_of(self, node: str) -> str:
        """The node's path from the tab's graph, as the training process calls it: ``layer1/Conv``."""
        return "/".join((*self.path, node))

    @property
    def stage(self) -> int:
        """The number of the stage that is looked at, from 0."""
        return max(0, min(self._stage, len(self._document.project.training.stages) - 1))

    def choose_stage(self, number: int) -> None:
        """Look at another stage."""
        if number != self._stage:
            self._stage = number
            self.stage_chosen.emit()

    def go_to_stage(self, number: int) -> None:
        """Look at a stage, and ask that it be shown."""
        self.choose_stage(number)
        self.stage_wanted.emit()

    def lessons(self) -> Lessons:
        """What the nodes of the drawn graph learn: in the stage that is looked at, or where that does not run the
        objective that is drawn, in the first one that does."""
        project, objectives = self._document.project, self._document.diagnosis.objectives
        stages = project.training.stages
        looked = stages[self.stage : self.stage + 1]
        if self.root in objectives:
            looked = tuple(stage for stage in (*looked, *stages) if looks_at(stage, self.root))
        if not looked:
            return NO_LESSONS
        return lessons(Learned(looked[0], project.networks, objectives), self.root, self.path, self.result)

    def move(self, root: str, path: Sequence[str] = ()) -> None:
        self.root, self.path, self.selected = root, tuple(path), ()
        self.moved.emit()
        self.selected_changed.emit()

    def select(self, names: Sequence[str]) -> None:
        if tuple(names) != self.selected:
            self.selected = tuple(names)
            self.selected_changed.emit()

    def go_to(self, graph: str, node: str = "", inside: Sequence[str] = ()) -> None:
        """Ask for this graph to be shown, with the node in view and selected; ``inside`` leads on into its blocks."""
        if inside and inside[-1]:
            self.wanted_inside.emit(graph, (node, *inside))
        else:
            self.wanted.emit(graph, node)

    def mend(self, repair: Repair) -> None:
        """Ask for a repair to be taken."""
        self.mended.emit(repair)

    def foresee(self, repair: Repair | None) -> None:
        """Ask for what a repair would do to be shown, or no longer."""
        self.foreseen.emit(repair)

    def _graph(self, name: str) -> Graph:
        drawn = self._document.project.graphs.get(name)
        return drawn or self._document.diagnosis.objectives.get(name) or Graph()
