"""What the page of a graph does to it: its name, its ports, its parameters, and the project's variables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from studio.core.declaration import Raw
from studio.core.interface import Border, add_port, in_order
from studio.core.parameters import remove_parameter, remove_variable
from studio.core.problem import ProjectError
from studio.core.project import Project
from studio.core.renaming import rename_graph, rename_node, rename_parameter, rename_variable
from studio.gui.document import Document


class GraphEdits(QObject):
    """Edits one graph of the document, named by ``graph``; ``failed`` carries why something could not be done."""

    failed = Signal(str)

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self.graph = ""

    def rename(self, new: str) -> None:
        """Call the graph otherwise, wherever it stands."""
        self._try(lambda project: rename_graph(project, self.graph, new), f"Rename {self.graph}")

    def add_port(self, kind: Border) -> None:
        edited, name = add_port(self._document.project.graphs[self.graph], kind)
        self._document.apply_graph(self.graph, edited, f"Add {name}")

    def rename_port(self, old: str, new: str) -> None:
        self._try(lambda project: rename_node(project, self.graph, old, new), f"Rename {old}")

    def remove_port(self, name: str) -> None:
        """Remove an Input or Output, and the links to it wherever the graph is placed."""
        self._document.apply_graph(
            self.graph, self._document.project.graphs[self.graph].remove([name]), f"Delete {name}"
        )

    def order_ports(self, names: Sequence[str]) -> None:
        edited = in_order(self._document.project.graphs[self.graph], names)
        self._document.apply_graph(self.graph, edited, f"Order of {', '.join(names)}")

    def set_parameter(self, name: str, value: Raw) -> None:
        graph = self._document.project.graphs[self.graph]
        edited = replace(graph, parameters={**graph.parameters, name: value})
        self._document.apply_graph(self.graph, edited, f"Parameter {name}", merge=True)

    def rename_parameter(self, old: str, new: str) -> None:
        self._try(lambda project: rename_parameter(project, self.graph, old, new), f"Rename {old}")

    def remove_parameter(self, name: str) -> None:
        self._try(lambda project: remove_parameter(project, self.graph, name), f"Remove {name}")

    def set_variable(self, name: str, value: Raw) -> None:
        project = self._document.project
        edited = replace(project, variables={**project.variables, name: value})
        self._document.apply(edited, f"Variable {name}", merge=True)

    def rename_variable(self, old: str, new: str) -> None:
        self._try(lambda project: rename_variable(project, old, new), f"Rename {old}")

    def remove_variable(self, name: str) -> None:
        self._try(lambda project: remove_variable(project, name), f"Remove {name}")

    def _try(self, edit: Callable[[Project], Project], label: str) -> None:
        try:
            self._document.apply(edit(self._document.project), label)
        except ProjectError as error:
            self.failed.emit(str(error))
