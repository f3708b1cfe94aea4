"""Opening and saving projects, with the questions that a person is asked and sentences for what goes wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import Enum
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from studio.core import loom
from studio.core.catalog import catalog
from studio.core.graph import Graph, Node
from studio.core.problem import ProjectError
from studio.core.project import Project
from studio.gui import asking
from studio.gui.document import SUFFIX, Document
from studio.gui.preferences import Preferences
from studio.gui.recovery import Recovered

FILTER = f"Layerloom projects (*{SUFFIX})"
SAVE, DISCARD, END = "Save", "Discard", "End the training"
HERE = " and open here"
NEW_WINDOW, SAVE_AS, OVERWRITE, RELOAD = "New window", "Save as…", "Overwrite", "Reload"
ENDING = "A training that is ended can be resumed later."


class Room(Enum):
    """Where another project is to be shown."""

    HERE = "in place of this one"
    NEW_WINDOW = "in a window of its own"
    NOWHERE = "not at all"


class Files:
    """Acts on one document on behalf of a window; ``say`` shows a sentence about what failed.

    ``is_training`` says whether a training would have to be ended before the project may go, and ``may_end`` is asked
    last whether all else that the window does may end with it.
    """

    def __init__(
        self,
        window: QWidget,
        document: Document,
        preferences: Preferences,
        say: Callable[[str], object],
        is_training: Callable[[], bool],
        may_end: Callable[[], bool],
    ) -> None:
        self._window, self._document, self._preferences, self._say = window, document, preferences, say
        self._is_training, self._may_end = is_training, may_end

    def new(self) -> bool:
        """An empty network in place of the project."""
        self._document.open(empty_project())
        return True

    def open_template(self, name: str) -> bool:
        """The template as it opens; whether it could be made."""
        try:
            self._document.open(catalog().make_project(name))
        except ProjectError as error:
            self._say(str(error))
            return False
        return True

    def open(self, path: Path) -> bool:
        """A project's file; whether it is open now."""
        held = loom.digest(path)
        try:
            self._document.open(loom.load(path), path, held=held)
        except ProjectError as error:
            self._say(str(error))
            return False
        self._preferences.remember_project(path)
        return True

    def open_project(self, project: Project) -> bool:
        """A project that has no file of its own, such as that of a run."""
        self._document.open(project)
        return True

    def recover(self, found: Recovered) -> bool:
        """Work that a crash left behind; whether it is open now. Its copy stays until it is saved or discarded."""
        note = found.note
        try:
            self._document.open(found.project(), note.original, edited=note.edited, held=note.held)
        except ProjectError as error:
            self._say(f"The kept copy cannot be opened: {error}")
            return False
        self._document.keep_copy()
        found.discard()
        return True

    def save(self) -> bool:
        """Into the project's file, asked for where it has none; whether it is saved."""
        path = self._document.path
        if path is None:
            return self.save_as()
        return self._save_over(path) if self._document.is_overtaken else self._save(path)

    def save_as(self) -> bool:
        """Into a file that the person names; whether it is saved."""
        proposed = str(self._document.path or f"{self._document.project.name}{SUFFIX}")
        name, _ = QFileDialog.getSaveFileName(self._window, "Save the project", proposed, FILTER)
        if not name:
            return False
        path = Path(name)
        target = path if path.suffix == SUFFIX else path.with_name(path.name + SUFFIX)
        # The dialog asked about the name as it was typed.
        if target != path and target.exists() and not self._may_replace(target):
            return False
        return self._save(target)

    def may_leave(self) -> bool:
        """Whether the window may go: all is saved, or the person says that changes may be lost and work may end."""
        if self._document.is_edited or self._is_training():
            answers = (SAVE, DISCARD) if self._document.is_edited else (END,)
            sentence = f"{self._state()} {self._ending()}".strip()
            if not self._obey(asking.ask(self._window, self._title(), sentence, answers)):
                return False
        return self._may_end()

    def room_for(self, what: str) -> Room:
        """Where something else is to be shown: asked where the project here is edited or being trained."""
        if not self._document.is_edited and not self._is_training():
            return Room.HERE
        ways = (SAVE, DISCARD) if self._document.is_edited else (END,)
        sentence = f"{self._state()} Open {what} in a window of its own, or here in place of it? {self._ending()}"
        answers = (NEW_WINDOW, *(way + HERE for way in ways))
        answer = asking.ask(self._window, "Open in a new window?", sentence.strip(), answers)
        if answer == NEW_WINDOW:
            return Room.NEW_WINDOW
        return Room.HERE if self._obey(answer.removesuffix(HERE)) else Room.NOWHERE

    def _obey(self, answer: str) -> bool:
        return self.save() if answer == SAVE else answer in (DISCARD, END)

    def _title(self) -> str:
        return "Save the changes?" if self._document.is_edited else "End the training?"

    def _state(self) -> str:
        """What would be lost: ``LeNet-5 has changes that are not saved.``"""
        edited, trained = self._document.is_edited, self._is_training()
        parts = [*(["has changes that are not saved"] if edited else []), *(["is being trained"] if trained else [])]
        return f"{self._document.project.name} {' and '.join(parts)}."

    def _ending(self) -> str:
        return ENDING if self._is_training() else ""

    def _save_over(self, path: Path) -> bool:
        """The file was changed by another program: ask which of the two is to be kept."""
        sentence = (
            f"{path.name} was changed by another program since it was opened here. Save under another name, "
            "overwrite it, or reload it? Undo brings back what is here now."
        )
        answer = asking.ask(self._window, "The file has changed", sentence, (SAVE_AS, OVERWRITE, RELOAD))
        if answer == RELOAD:
            self._reload()  # what was here is in the history alone, so the window stays
            return False
        return self.save_as() if answer == SAVE_AS else answer == OVERWRITE and self._save(path)

    def _reload(self) -> None:
        try:
            self._document.reload()
        except ProjectError as error:
            self._say(str(error))

    def _may_replace(self, path: Path) -> bool:
        sentence = f"There is a file {path.name} already. Replace it?"
        return asking.ask(self._window, "Replace the file?", sentence, (OVERWRITE,)) == OVERWRITE

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
