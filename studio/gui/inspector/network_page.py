"""The inspector's page of the whole graph: what goes in and comes out, what it costs, and the project's variables."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QGridLayout, QLineEdit, QTreeWidget, QTreeWidgetItem

from studio.compiler.results import GraphResult
from studio.core.declaration import Setting
from studio.core.interface import Border, ports_of_kind
from studio.gui import fonts
from studio.gui.document import Document
from studio.gui.emptying import empty
from studio.gui.inspector.card import shapes_sentence
from studio.gui.inspector.graph_edits import GraphEdits
from studio.gui.inspector.node_settings import parameters_of
from studio.gui.inspector.page import ScrollPage
from studio.gui.inspector.ports_card import PortsCard
from studio.gui.inspector.values_card import ValuesCard
from studio.gui.style.measures import GRID, TITLE
from studio.gui.widgets.label import Role, label

MOST_ROWS = 400


class NetworkPage(ScrollPage):
    """A report of the graph that is shown. ``node_chosen`` carries the path of a node that a person points out."""

    node_chosen = Signal(str)
    failed = Signal(str)
    """Why something could not be done."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._edits = GraphEdits(document)
        self._edits.failed.connect(self.failed)
        self._title = QLineEdit()
        self._title.setAccessibleName("Name of the graph")
        self._title.setFrame(False)
        self._title.setProperty("role", "title")
        self._title.setFont(fonts.semibold(TITLE))
        self._title.editingFinished.connect(self._finish_name)
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(GRID * 2)
        borders: tuple[Border, Border] = ("Input", "Output")
        self.ports = {kind: PortsCard(kind) for kind in borders}
        self.parameters = ValuesCard("Parameters of this block", "parameter")
        self.variables = ValuesCard("Variables of the project", "variable")
        self._connect()
        self._nodes = _node_table()
        self._nodes.itemActivated.connect(lambda item: self.node_chosen.emit(item.data(0, Qt.ItemDataRole.UserRole)))
        self._nodes.itemClicked.connect(lambda item: self.node_chosen.emit(item.data(0, Qt.ItemDataRole.UserRole)))
        self.column.addWidget(self._title)
        self.column.addLayout(self._facts)
        for card in (*self.ports.values(), self.parameters, self.variables):
            self.column.addWidget(card)
        self.column.addWidget(label("Nodes", Role.CAPTION))
        self.column.addWidget(self._nodes, 1)

    def _connect(self) -> None:
        edits = self._edits
        for card in self.ports.values():
            card.added.connect(edits.add_port)
            card.renamed.connect(edits.rename_port)
            card.removed.connect(edits.remove_port)
            card.ordered.connect(edits.order_ports)
        self.parameters.changed.connect(edits.set_parameter)
        self.parameters.renamed.connect(edits.rename_parameter)
        self.parameters.removed.connect(edits.remove_parameter)
        self.variables.changed.connect(edits.set_variable)
        self.variables.renamed.connect(edits.rename_variable)
        self.variables.removed.connect(edits.remove_variable)

    def show_graph(self, name: str, result: GraphResult | None) -> None:
        """Show the report of a graph as it was inferred."""
        self._edits.graph = name
        self._title.setText(name)
        self._title.setReadOnly(name not in self._document.project.graphs)
        self._show_facts(result)
        self._show_values(name)
        self._nodes.clear()
        for path, found in list(result.walk())[:MOST_ROWS] if result else ():
            weights = f"{found.weight_count:,}" if found.weight_count else ""
            outputs = ", ".join(map(str, found.outputs.values()))
            item = QTreeWidgetItem(self._nodes, [path, outputs, weights])
            item.setData(0, Qt.ItemDataRole.UserRole, path)
            item.setTextAlignment(2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def _show_facts(self, result: GraphResult | None) -> None:
        facts: Mapping[str, str] = {}
        if result is not None:
            facts = {
                "In": shapes_sentence(result.inputs),
                "Out": shapes_sentence(result.outputs),
                "Weights": f"{result.weights:,}",
                "Multiply-adds": f"{result.multiply_adds:,} per sample",
                "Nodes": f"{len(result.nodes):,}",
            }
        empty(self._facts)
        for row, (name, text) in enumerate(facts.items()):
            self._facts.addWidget(label(name, Role.LABEL), row, 0)
            self._facts.addWidget(label(text, Role.MONO, wrap=True), row, 1)
        self._facts.setColumnStretch(1, 1)

    def _show_values(self, name: str) -> None:
        """Show ports and parameters of a graph that a person may edit, and the variables of the project."""
        project = self._document.project
        graph = project.graphs.get(name)
        is_drawn = graph is not None and graph.role != "objective"
        for kind, card in self.ports.items():
            card.setVisible(is_drawn)
            card.show_ports(name, ports_of_kind(graph, kind) if graph is not None else ())
        self.parameters.setVisible(graph is not None and graph.role == "block")
        settings = parameters_of(project, name) if graph is not None else {}
        self.parameters.show_values(name, settings, graph.parameters if graph is not None else {})
        numbers = {key: Setting(key, type(value), None, "") for key, value in project.variables.items()}
        self.variables.show_values(project.name, numbers, project.variables)

    def _finish_name(self) -> None:
        new = self._title.text().strip()
        if new and new != self._edits.graph and self._edits.graph in self._document.project.graphs:
            self._edits.rename(new)
        self._title.setText(self._edits.graph)


def _node_table() -> QTreeWidget:
    table = QTreeWidget()
    table.setAccessibleName("Nodes of the graph")
    table.setHeaderLabels(["Node", "Out", "Weights"])
    table.setRootIsDecorated(False)
    table.setUniformRowHeights(True)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setMinimumHeight(240)
    table.header().setStretchLastSection(False)
    table.header().setSectionResizeMode(0, table.header().ResizeMode.Stretch)
    table.header().setSectionResizeMode(1, table.header().ResizeMode.ResizeToContents)
    table.header().setSectionResizeMode(2, table.header().ResizeMode.ResizeToContents)
    return table
