"""Opening and saving projects, with the questions that a person is asked and sentences for what goes wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from studio.core import loom
from studio.core.catalog import catalog
from studio.core.graph import Graph, Node
from studio.core.problem import ProjectError
from studio.core.project import Project
from studio.gui.document import SUFFIX, Document
from studio.gui.preferences import Preferences
from studio.gui.recovery import Recovered, left_behind

FILTER = f"Layerloom projects (*{SUFFIX})"
SAVE, DISCARD, CANCEL = (
    QMessageBox.StandardButton.Save,
    QMessageBox.StandardButton.Discard,
    QMessageBox.StandardButton.Cancel,
)


class Files:
    """Acts on one document on behalf of a window; ``say`` shows a sentence about what failed."""

    def __init__(
        self, window: QWidget, document: Document, preferences: Preferences, say: Callable[[str], object]
    ) -> None:
        self._window, self._document, self._preferences, self._say = window, document, preferences, say

    def new(self) -> bool:
        """An empty network in place of the project; whether the person agreed."""
        if not self.may_leave():
            return False
        self._document.open(empty_project())
        return True

    def open_template(self, name: str) -> bool:
        """The template as it opens; whether the person agreed and it could be made."""
        if not self.may_leave():
            return False
        try:
            self._document.open(catalog().make_project(name))
        except ProjectError as error:
            self._say(str(error))
            return False
        return True

    def open(self, path: Path | None = None) -> bool:
        """A project's file, asked for where none is given; whether it is open now."""
        if not self.may_leave():
            return False
        if path is None:
            name, _ = QFileDialog.getOpenFileName(self._window, "Open a project", "", FILTER)
            if not name:
                return False
            path = Path(name)
        try:
            self._document.open(loom.load(path), path)
        except ProjectError as error:
            self._say(str(error))
            return False
        self._preferences.remember_project(path)
        return True

    def open_project(self, project: Project) -> bool:
        """A project that has no file of its own, such as that of a run."""
        if self.may_leave():
            self._document.open(project)
            return True
        return False

    def save(self) -> bool:
        """Into the project's file, asked for where it has none; whether it is saved."""
        return self._save(self._document.path) if self._document.path else self.save_as()

    def save_as(self) -> bool:
        proposed = str(self._document.path or f"{self._document.project.name}{SUFFIX}")
        name, _ = QFileDialog.getSaveFileName(self._window, "Save the project", proposed, FILTER)
        return bool(name) and self._save(Path(name))

    def may_leave(self) -> bool:
        """Whether the project may be let go: it is saved, or the person says that its changes may be lost."""
        if not self._document.is_edited:
            return True
        answer = QMessageBox.question(
            self._window,
            "Save the changes?",
            f"{self._document.project.name} has changes that are not saved.",
            SAVE | DISCARD | CANCEL,
            SAVE,
        )
        return self.save() if answer == SAVE else answer == DISCARD

    def offer_recovery(self) -> bool:
        """Offer what a window left behind that ended without being closed; whether it is open now."""
        opened = False
        for found in left_behind():
            if not opened and self._wants(found):
                opened = self._recover(found)
        return opened

    def _wants(self, found: Recovered) -> bool:
        what = found.original.name if found.original else "a project that was never saved"
        answer = QMessageBox.question(
            self._window,
            "Recover unsaved work?",
            f"Layerloom ended without saving {what}. Its state of {found.saved:%d %B, %H:%M} was kept.",
            QMessageBox.StandardButton.Open | DISCARD,
            QMessageBox.StandardButton.Open,
        )
        if answer == DISCARD:
            found.discard()
        return answer == QMessageBox.StandardButton.Open

    def _recover(self, found: Recovered) -> bool:
        try:
            project = found.project()
        except ProjectError as error:
            self._say(f"The kept copy cannot be opened: {error}")
            return False
        self._document.open(project, found.original, edited=True)
        self._document.keep_copy()
        found.discard()
        return True

    def _save(self, path: Path) -> bool:
        try:
            self._document.save(path)
        except ProjectError as error:
            self._say(str(error))
            return False
        if self._document.path is not None:
            self._preferences.remember_project(self._document.path)
        return True


def empty_project() -> Project:
    """A network with an input and an output and nothing between, on the digits."""
    nodes = {
        "Input": Node("Input", {"kind": "image", "sizes": (1, 28, 28)}),
        "Output": Node("Output", {}, (720.0, 0.0)),
    }
    base = Project()
    data = Node("Digits") if "Digits" in catalog().nodes else None
    training = replace(base.training, loss=Node("CrossEntropy"), metrics=(Node("Accuracy"),))
    return replace(base, graphs={"Network": Graph(nodes)}, data=data, training=training)
