"""Puts blocks of the project into the person's library and keeps it in order, with the questions that this takes."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from studio.core.graph import Graph, Node
from studio.core.problem import ProjectError
from studio.gui.asking import ask
from studio.gui.blocks.library import Library
from studio.gui.document import Document
from studio.gui.widgets.toast import Notices, Tone

REPLACE, BOTH = "Replace", "Keep both"


class Keeping(QObject):
    """Asks over ``parent``; ``changed`` when a block was added to the library, renamed or removed."""

    changed = Signal()

    def __init__(self, document: Document, parent: QWidget, notices: Notices) -> None:
        super().__init__(parent)
        self._document, self._parent, self._notices = document, parent, notices
        self.library = Library()

    def names(self) -> list[str]:
        """The blocks of the library."""
        return [each.name for each in self.library.contents().blocks]

    def save(self, graph: str) -> None:
        """Keep a block of the project, with all that it needs."""
        name = graph
        if graph in self.names():
            sentence = f"Your library holds a block called {graph} already."
            answer = ask(self._parent, "Save to the library", sentence, (REPLACE, BOTH))
            if not answer:
                return
            name = graph if answer == REPLACE else Graph(dict.fromkeys(self.names(), Node(""))).free_name(graph)
        if self._try(lambda: self.library.save(self._document.project, graph, as_name=name)):
            self._notices.show(f"{name} is in your library now, which every project finds under Blocks.", Tone.SUCCESS)

    def rename(self, old: str, new: str) -> None:
        self._try(lambda: self.library.rename(old, new))

    def remove(self, name: str) -> None:
        """Forget a block; projects that took it keep theirs."""
        self._try(lambda: self.library.remove(name))

    def _try(self, do: Callable[[], object]) -> bool:
        """Do it, or say why it cannot be done; answers whether it was done."""
        try:
            do()
        except ProjectError as error:
            self._notices.show(str(error))
            return False
        self.changed.emit()
        return True
