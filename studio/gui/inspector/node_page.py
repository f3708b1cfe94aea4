"""The inspector's page of the selected nodes: settings, shapes, and what they compute."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from studio.compiler.ports import node_class
from studio.compiler.results import GraphResult, NodeResult
from studio.compiler.teaching import card_of_result
from studio.core.declaration import Raw, Setting
from studio.core.graph import Graph, Node
from studio.core.problem import ProjectError
from studio.core.renaming import rename_node
from studio.gui import fonts
from studio.gui.document import Document
from studio.gui.inspector.exposing import Exposing
from studio.gui.inspector.form import Form, common_values
from studio.gui.inspector.node_settings import graph_with, shared_settings, values_of
from studio.gui.inspector.page import ScrollPage, chain
from studio.gui.inspector.sharing import NAME as SHARING
from studio.gui.inspector.sharing import sharing_setting, sharing_value, with_sharing
from studio.gui.moment import moment_later
from studio.gui.style.measures import GRID, TITLE
from studio.gui.teaching.column import TeachingColumn
from studio.gui.widgets.button import Button, Kind
from studio.gui.widgets.empty import EmptyState
from studio.gui.widgets.family_tile import FamilyTile
from studio.gui.widgets.label import Role, label, rule

NO_SETTINGS = "It has no settings."
NOTHING_IN_COMMON = "These nodes have no setting in common."
TITLE_MARGIN = 4
"""How far the letters of a name stand from the edge of its field, whose ring takes the room."""
NOTHING = "Select a node to see its settings, its shapes and what it computes."


class NodePage(QStackedWidget):
    """Shows one node, or what several have in common; edits go to the document."""

    failed = Signal(str)
    renamed = Signal(str)
    """The new name of the node that was selected under its old one."""
    card_wanted = Signal()
    """The teaching card is wanted, large."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document, self.exposing = document, Exposing(document)
        self.exposing.failed.connect(self.failed)
        self._name, self._graph = "", Graph()
        self._names: tuple[str, ...] = ()
        self._result: GraphResult | None = None
        self._form: Form | None = None
        self._forms: dict[tuple[object, ...], Form] = {}
        """Forms that were made, each for all nodes with its settings: making one takes longer than all else here."""
        self._page = ScrollPage()
        self._head = _Head()
        self._head.renamed.connect(self._rename)
        self._form_place = QVBoxLayout()
        self._trouble = label("", Role.PROBLEM, wrap=True)
        self._nothing = label("", Role.HINT, wrap=True)
        self._teaching_later = moment_later(self, self._teach)
        self.teaching = TeachingColumn()
        self.card_link = Button("Teaching card", kind=Kind.LINK, small=True)
        self.card_link.clicked.connect(self.card_wanted)
        self._lay_out()

    def _lay_out(self) -> None:
        column = self._page.column
        column.addWidget(self._head)
        column.addLayout(self._form_place)
        column.addWidget(self._nothing)
        column.addWidget(rule())
        column.addWidget(self._trouble)
        column.addWidget(self.teaching)
        column.addWidget(self.card_link, alignment=Qt.AlignmentFlag.AlignRight)
        column.addStretch()
        self.addWidget(EmptyState("layers", NOTHING))
        self.addWidget(self._page)

    def show_nodes(self, name: str, graph: Graph, result: GraphResult | None, names: Sequence[str]) -> None:
        """Show these nodes of the graph, inferred as in ``result``; names that are gone are passed over."""
        before = self._name, self._names
        self._name, self._graph, self._result = name, graph, result
        self._names = tuple(each for each in names if each in graph.nodes)
        if not self._names:
            self.setCurrentIndex(0)
            return
        nodes = [graph.nodes[each] for each in self._names]
        self._head.show_nodes(self._names, nodes)
        self._show_form(nodes)
        self._show_problems()
        if before == (name, self._names):
            self._teaching_later.start()  # an edit: its shapes and problems come first
        else:
            self._teach()
        self.setCurrentIndex(1)

    def focus_name(self) -> None:
        """Give the keyboard to the name, to be changed."""
        self._head.edit_name()

    def _show_form(self, nodes: list[Node]) -> None:
        alone = len(nodes) == 1
        sharing = sharing_setting(self._graph, self._names[0]) if alone else ()
        settings = (*shared_settings(self._document.project, nodes), *sharing)
        form = self._form_for(settings, has_menu=alone)
        if form is not self._form:
            if self._form is not None:
                self._form.hide()
            self._form = form
            form.show()
            chain(self._page.column)
        self._nothing.setText("" if settings else NO_SETTINGS if alone else NOTHING_IN_COMMON)
        self._nothing.setVisible(not settings)
        scope = self._result.scope if self._result else {}
        values = common_values([{**values_of(node), **sharing_value(node)} for node in nodes], settings)
        form.show_values(values, scope, self._complaints())

    def _form_for(self, settings: tuple[Setting, ...], *, has_menu: bool) -> Form:
        key = settings, has_menu
        if key not in self._forms:
            form = self._forms[key] = Form(settings, has_menu=has_menu)
            form.edited.connect(self._edit)
            form.menu_wanted.connect(self._open_menu)
            self._form_place.addWidget(form)
        return self._forms[key]

    def _complaints(self) -> dict[str, str]:
        """Sentences of problems that name a setting, by that setting."""
        found = [self._result.nodes[name] for name in self._names if self._result and name in self._result.nodes]
        return {problem.port: problem.message for result in found for problem in result.problems if problem.port}

    def _found(self) -> NodeResult | None:
        """What was found of the one node that is shown."""
        return self._result.nodes.get(self._names[0]) if self._result and len(self._names) == 1 else None

    def _show_problems(self) -> None:
        found = self._found()
        problems = found.problems if found else ()
        self._trouble.setText("\n".join(problem.message for problem in problems))
        self._trouble.setVisible(bool(problems))

    def _teach(self) -> None:
        """Show what the node computes, with its numbers."""
        self._teaching_later.stop()
        found = self._found()
        card = card_of_result(found) if found else None
        self.teaching.show_card(card)
        self.teaching.setVisible(card is not None)
        self.card_link.setVisible(card is not None)

    def _open_menu(self, name: str, at: QPoint) -> None:
        """Offer to compute a setting from a parameter or variable."""
        scope = self._result.scope if self._result else {}
        for subject in self.exposing.subjects(self._name, self._graph, self._names[0], scope):
            if subject.setting.name == name:
                self.exposing.open_menu(self, at, subject)

    def _edit(self, name: str, value: Raw) -> None:
        if name == SHARING:
            edited = with_sharing(self._graph, self._names[0], value)
            self._document.apply_graph(self._name, edited, f"Weights of {self._names[0]}")
            return
        nodes = [self._graph.nodes[node] for node in self._names]
        settings = {setting.name: setting for setting in shared_settings(self._document.project, nodes)}
        edited = graph_with(self._graph, self._names, settings, name, value)
        what = self._names[0] if len(self._names) == 1 else f"{len(self._names)} nodes"
        self._document.apply_graph(self._name, edited, f"{settings[name].title} of {what}", merge=True)

    def _rename(self, new: str) -> None:
        old = self._names[0]
        try:
            shown = self._document.project.with_graph(self._name, self._graph)
            self._document.apply(rename_node(shown, self._name, old, new), f"Rename {old}")
            self.renamed.emit(new)
        except ProjectError as error:
            self.failed.emit(str(error))
            self._head.show_nodes(self._names, [self._graph.nodes[old]])


class _Head(QWidget):
    """Icon, name and type of what is selected."""

    renamed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._picture = FamilyTile()
        self._name = QLineEdit()
        self._name.setAccessibleName("Name of the node")
        self._name.setFrame(False)
        self._name.setProperty("role", "title")
        self._name.editingFinished.connect(self._finish)
        self._type = label("", Role.LABEL, wrap=True)
        self._type.setContentsMargins(TITLE_MARGIN, 0, 0, 0)  # where the letters of the name begin
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(self._name)
        texts.addWidget(self._type)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, GRID)
        row.setSpacing(GRID - TITLE_MARGIN)
        row.addWidget(self._picture)
        row.addLayout(texts, 1)
        self._shown = ""

    def show_nodes(self, names: Sequence[str], nodes: Sequence[Node]) -> None:
        several = len(nodes) > 1
        self._shown = f"{len(nodes)} nodes" if several else names[0]
        self._name.setText(self._shown)
        self._name.setCursorPosition(0)  # a long name is cut at its end
        self._name.setReadOnly(several)
        self._name.setFont(fonts.semibold(TITLE))
        kinds = sorted({node.type for node in nodes})
        cls = node_class(nodes[0].type)
        family = cls.family() if cls else ""
        self._type.setText(
            ", ".join(kinds) if several else " · ".join(filter(None, (nodes[0].type, family or nodes[0].graph)))
        )
        self._picture.show_family(family)

    def edit_name(self) -> None:
        self._name.setFocus()
        self._name.selectAll()

    def _finish(self) -> None:
        text = self._name.text().strip()
        if self._name.isReadOnly() or text == self._shown:
            return
        if text:
            self.renamed.emit(text)
        else:
            self._name.setText(self._shown)
