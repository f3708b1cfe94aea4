"""The panel at the right: the selected nodes, the graph, the training."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QStackedWidget

from studio.compiler.results import GraphResult
from studio.core.graph import Graph
from studio.gui.document import Document
from studio.gui.inspector.network_page import NetworkPage
from studio.gui.inspector.node_page import NodePage
from studio.gui.inspector.training_page import TrainingPage
from studio.gui.training.estimate import Estimate

TABS = ("Node", "Network", "Training")


class Inspector(QStackedWidget):
    """Three pages; only the one that is shown is kept up to date."""

    def __init__(self, document: Document, estimate: Estimate) -> None:
        super().__init__()
        self.setAccessibleName("Inspector")
        self.node, self.network, self.training = (
            NodePage(document),
            NetworkPage(document),
            TrainingPage(document, estimate),
        )
        for page in (self.node, self.network, self.training):
            self.addWidget(page)
        self._name, self._graph = "", Graph()
        self._result: GraphResult | None = None
        self._selected: tuple[str, ...] = ()
        self.currentChanged.connect(self.refresh)

    def show_place(self, name: str, graph: Graph, result: GraphResult | None, selected: Sequence[str]) -> None:
        """Show this graph, as drawn and as inferred, with these nodes selected in it."""
        self._name, self._graph, self._result, self._selected = name, graph, result, tuple(selected)
        self.refresh()

    def refresh(self) -> None:
        """Bring the shown page up to date with the project."""
        page = self.currentWidget()
        if page is self.node:
            self.node.show_nodes(self._name, self._graph, self._result, self._selected)
        elif page is self.network:
            self.network.show_graph(self._name, self._result)
        else:
            self.training.show_project()
