"""The clipboard: nodes as readable JSON, as PyTorch source, or as a picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from studio.compiler.excerpt import excerpt_source, graph_source
from studio.core import loom
from studio.core.fragments import Brought, bring, fragment, moved_to, read
from studio.core.problem import ProjectError
from studio.core.project import Project
from studio.gui.document import Document
from studio.gui.place import Place

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas


class Clipboard:
    """Copies what is selected in the graph that is shown, and pastes into it; ``tell`` says what could not be done."""

    def __init__(self, document: Document, place: Place, canvas: Canvas, tell: Callable[[str], object]) -> None:
        self._document, self._place, self._canvas, self._tell = document, place, canvas, tell

    def copy(self) -> None:
        """The selected nodes as a small project in readable JSON."""
        found = fragment(self._document.project, self._place.graph, self._place.selected)
        QApplication.clipboard().setText(loom.dumps(found))

    def cut(self) -> None:
        self.copy()
        self._canvas.commands.delete()

    def paste(self) -> None:
        """Put the clipboard's nodes where the pointer is; the graphs that they need come along."""
        try:
            found = read(QApplication.clipboard().text())
        except ProjectError as error:
            self._tell(str(error))
            return
        self.bring(found, "Paste")

    def bring(self, found: Project, label: str) -> None:
        """Put the nodes of a fragment where the pointer is, as one step of the history."""
        at, lens = self._canvas.hovered, self._canvas.lens
        scene = lens.camera.to_scene((at.x(), at.y()) if at is not None else lens.center)
        places = moved_to(next(iter(found.graphs.values())), scene)
        try:
            brought = bring(self._document.project, self._place.graph_name, self._place.graph, found, places)
        except ProjectError as error:
            self._tell(str(error))
            return
        self._document.apply(brought.project, label)
        self._canvas.select(brought.names)
        if sentence := _remarks(brought):
            self._tell(sentence)

    def copy_source(self) -> None:
        """The selected nodes as a PyTorch module, or the whole graph where none is selected."""
        project, place = self._document.project, self._place
        try:
            if place.selected:
                text = excerpt_source(project, place.graph_name, place.selected, place.result)
            else:
                text = graph_source(project, place.graph_name, place.graph, self._document.diagnosis)
        except ProjectError as error:
            self._tell(f"This cannot be copied as PyTorch. {error}")
            return
        QApplication.clipboard().setText(text)


def _remarks(brought: Brought) -> str:
    """What is not quite as it was where the nodes come from."""
    names = [f"{old} came as {new}, because there is another {old} here." for old, new in brought.renamed.items()]
    if brought.differing:
        names.append(f"Other values hold here for {', '.join(brought.differing)}.")
    return " ".join(names)
