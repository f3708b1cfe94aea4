"""Makes settings parameters of the block around them, or variables of the project, from a menu at each setting."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from studio.core.declaration import Raw, Setting
from studio.core.expressions import Scope, is_expression, resolve
from studio.core.graph import Graph
from studio.core.parameters import bind, expose, with_setting
from studio.core.problem import Mismatch
from studio.gui.document import Document
from studio.gui.inspector.node_settings import settings_of, values_of

MOST_NAMES = 12
FIXED = ("share_weights",)
"""Fields that hold a value and never an expression."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One setting of a node: where it is, and what an expression in it sees."""

    graph_name: str
    graph: Graph
    node: str
    setting: Setting
    scope: Scope

    @property
    def value(self) -> Raw:
        """As it is written, or its default."""
        return cast(Raw, values_of(self.graph.nodes[self.node]).get(self.setting.name, self.setting.default))


class Exposing(QObject):
    """Edits the document; ``failed`` carries why something could not be done."""

    failed = Signal(str)

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document

    def subjects(self, name: str, graph: Graph, node: str, scope: Scope) -> Iterator[Subject]:
        """The settings of a node that can be computed."""
        for setting in settings_of(self._document.project, graph.nodes[node]):
            if setting.name not in FIXED:
                yield Subject(name, graph, node, setting, scope)

    def open_menu(self, parent: QWidget, at: QPoint, subject: Subject) -> QMenu:
        """What can be done with a setting, at a point of the screen."""
        menu = QMenu(parent)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName(f"What {subject.setting.title} is computed from")
        if subject.graph.role == "block":
            menu.addAction("Make a parameter of the block").triggered.connect(lambda: self.expose(subject))
        own = menu.addAction("Make a variable of the project")
        own.triggered.connect(lambda: self.expose(subject, of_project=True))
        names = [name for name in subject.scope if subject.value != f"={name}"][:MOST_NAMES]
        if names:
            menu.addSeparator()
        for name in names:
            line = menu.addAction(f"Use {name} ({subject.scope[name]})".replace("&", "&&"))
            line.triggered.connect(lambda _=False, name=name: self._bind(subject, name))
        if _is_computed(subject.value):
            menu.addSeparator()
            menu.addAction("Put its value in place").triggered.connect(lambda: self._settle(subject))
        menu.popup(at)
        return menu

    def expose(self, subject: Subject, *, of_project: bool = False) -> None:
        """Let a setting be computed from a new parameter, or variable, that has its present value."""
        project = self._document.project.with_graph(subject.graph_name, subject.graph)
        try:
            edited, name = expose(
                project,
                subject.graph_name,
                subject.node,
                subject.setting.name,
                subject.value,
                subject.scope,
                of_project=of_project,
            )
        except Mismatch as error:
            self.failed.emit(error.message)
            return
        self._document.apply(edited, f"{'Variable' if of_project else 'Parameter'} {name}")

    def _bind(self, subject: Subject, name: str) -> None:
        project = self._document.project.with_graph(subject.graph_name, subject.graph)
        edited = bind(project, subject.graph_name, subject.node, subject.setting.name, name)
        self._document.apply(edited, f"{subject.setting.title} of {subject.node}")

    def _settle(self, subject: Subject) -> None:
        """Write what the expression comes to now in its place."""
        try:
            value = resolve(subject.value, subject.scope)
        except Mismatch as error:
            self.failed.emit(error.message)
            return
        node = with_setting(subject.graph.nodes[subject.node], subject.setting.name, value)
        edited = subject.graph.put({subject.node: node})
        self._document.apply_graph(subject.graph_name, edited, f"{subject.setting.title} of {subject.node}")


def _is_computed(value: Raw) -> bool:
    return is_expression(value) or (isinstance(value, tuple) and any(map(is_expression, value)))
