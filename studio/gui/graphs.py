"""What is done with whole graphs of the project: networks, objectives and blocks are added, renamed, removed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from studio.compiler.objective import with_new_objective
from studio.core.blocks import free_graph_name
from studio.core.graph import Graph, Role
from studio.core.problem import ProjectError
from studio.core.project import Project
from studio.core.removing import remove_graph
from studio.core.renaming import rename_graph
from studio.gui.document import Document
from studio.gui.place import Place

ROLES: dict[Role, str] = {"network": "Network", "objective": "Objective", "block": "Block"}
MADE = (
    "The studio makes this objective from the data, the loss and the figures of the training. An edit makes it yours."
)


class Graphs(QObject):
    """Acts on graphs by name, over ``parent``; ``tell`` takes what could not be done, as a sentence."""

    def __init__(self, document: Document, place: Place, parent: QWidget, tell: Callable[[str], object]) -> None:
        super().__init__(parent)
        self._document, self._place, self._parent, self._tell = document, place, parent, tell

    def add(self, role: Role) -> None:
        """Add a graph to the project and show it: an objective with data and networks, any other empty."""
        project = self._document.project
        if role == "objective":
            edited, name = with_new_objective(project, self._place.stage)
        else:
            name = free_graph_name(project, ROLES[role])
            edited = project.with_graph(name, Graph(role=role))
        self._document.apply(edited, f"Add {name}")
        self._place.go_to(name)

    def rename(self, name: str) -> None:
        """Ask for another name, and use it wherever the graph is spoken of."""
        new, agreed = QInputDialog.getText(self._parent, "Rename", f"What {name} should be called:", text=name)
        if agreed and new.strip() and new.strip() != name:
            try:
                edited = rename_graph(self._document.project, name, new.strip())
            except ProjectError as error:
                self._tell(str(error))
            else:
                self._document.apply(edited, f"Rename {name}")

    def remove(self, name: str) -> None:
        """Take a network or an objective out of the project, wherever it is spoken of."""
        self._document.apply(remove_graph(self._document.project, name), f"Delete {name}")

    def menu_to_add(self) -> QMenu:
        """The menu of a button that adds graphs."""
        menu = QMenu(self._parent)
        for role, title in ROLES.items():
            menu.addAction(title).triggered.connect(lambda _=False, role=role: self.add(role))
        return menu

    def open_menu(self, name: str, at: QPoint) -> QMenu | None:
        """The menu of a graph's tab; of one that the studio makes there is none."""
        if name not in self._document.project.graphs:
            return None
        menu = QMenu(self._parent)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Rename…").triggered.connect(lambda: self.rename(name))
        menu.addAction("Delete").triggered.connect(lambda: self.remove(name))
        menu.popup(at)
        return menu


def tip(project: Project, name: str) -> str:
    """What a graph is, in a sentence, with the stages that run an objective."""
    graph = project.graphs.get(name)
    if graph is None:
        return MADE
    if graph.role != "objective":
        return "A network: it has weights, is trained and exported." if graph.role == "network" else "A block."
    running = [stage.name for stage in project.training.stages if name in stage.objectives]
    stages = f"run by the stage {' and by '.join(running)}" if running else "which no stage runs"
    return f"An objective: it says what one step of a training computes, {stages}."
