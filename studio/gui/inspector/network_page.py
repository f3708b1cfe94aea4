"""The inspector's page of the whole graph: what goes in and comes out, what it costs, and the project's variables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QGridLayout, QTreeWidget, QTreeWidgetItem, QWidget

from studio.compiler.results import GraphResult
from studio.core.declaration import Raw, Setting
from studio.core.graph import Graph
from studio.gui.document import Document
from studio.gui.emptying import empty
from studio.gui.inspector.card import Card, shapes_sentence
from studio.gui.inspector.form import Form
from studio.gui.inspector.page import ScrollPage
from studio.gui.inspector.variables import VariableAdder
from studio.gui.style.measures import GRID
from studio.gui.widgets.label import Role, label

MOST_ROWS = 400


class NetworkPage(ScrollPage):
    """A report of the graph that is shown. ``node_chosen`` carries the path of a node that a person points out."""

    node_chosen = Signal(str)

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._graph = ""
        self._title = label("", Role.TITLE)
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(GRID * 2)
        self._variables, self._parameters = Card("Variables of the project"), Card("Parameters of this graph")
        self._nodes = _node_table()
        self._nodes.itemActivated.connect(lambda item: self.node_chosen.emit(item.data(0, Qt.ItemDataRole.UserRole)))
        self._nodes.itemClicked.connect(lambda item: self.node_chosen.emit(item.data(0, Qt.ItemDataRole.UserRole)))
        self.column.addWidget(self._title)
        self.column.addLayout(self._facts)
        self.column.addWidget(self._parameters)
        self.column.addWidget(self._variables)
        self.column.addWidget(label("Nodes", Role.CAPTION))
        self.column.addWidget(self._nodes, 1)
        self._shown_variables: object = None

    def show_graph(self, name: str, result: GraphResult | None) -> None:
        """Show the report of a graph as it was inferred."""
        self._graph = name
        self._title.setText(name)
        self._show_facts(result)
        self._show_variables()
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

    def _show_variables(self) -> None:
        project = self._document.project
        graph = project.graphs.get(self._graph)
        parameters = graph.parameters if graph else {}
        shown = (self._graph, tuple(project.variables.items()), tuple(parameters.items()))
        if shown == self._shown_variables:
            return
        self._shown_variables = shown
        self._parameters.setVisible(graph is not None and graph.role == "block")
        self._parameters.refill(*self._rows(parameters, self._set_parameter))
        self._variables.refill(*self._rows(project.variables, self._set_variable))

    def _rows(self, values: Mapping[str, Raw], change: object) -> list[QWidget]:
        """A form of the values, and a field for one more."""
        settings = tuple(
            Setting(name, type(value), None, "a named number; write =name to use it") for name, value in values.items()
        )
        form, adder = Form(settings), VariableAdder(values)
        form.show_values(dict(values), {})
        for row in form.rows.values():
            row.reset.hide()
        form.edited.connect(change)
        adder.added.connect(change)
        return [form, adder] if settings else [adder]

    def _set_variable(self, name: str, value: Raw) -> None:
        project = self._document.project
        edited = replace(project, variables={**project.variables, name: value})
        self._document.apply(edited, f"Variable {name}", merge=True)

    def _set_parameter(self, name: str, value: Raw) -> None:
        graph: Graph = self._document.project.graphs[self._graph]
        edited = replace(graph, parameters={**graph.parameters, name: value})
        self._document.apply_graph(self._graph, edited, f"Parameter {name}", merge=True)


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
