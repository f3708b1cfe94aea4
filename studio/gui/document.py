"""The open project: its history, its file, what is wrong with it, and the copy that survives a crash."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from studio.core import loom
from studio.core.change import Change, History, Step
from studio.core.graph import Graph
from studio.core.problem import ProjectError
from studio.core.project import Project
from studio.gui.recovery import Note, RecoveryCopy

if TYPE_CHECKING:
    from studio.compiler.results import Diagnosis

IDLE_MS, AT_MOST_MS = 2_000, 30_000
"""A recovery copy is written after a pause in editing, and during long editing every so often."""

MERGE_MS = 1_000
"""Edits of one label that follow each other faster than this are one step of the history."""

SUFFIX = ".loom"


class Document(QObject):
    """Holds the project as a value; every edit is a new one, and views follow ``changed``."""

    changed = Signal(object)
    """The Change that was made, by an edit, undo or redo. ``diagnosis`` is up to date by then."""
    stepped = Signal(object)
    """A step through the history made this Change, which may lie in a graph that is not shown."""
    opened = Signal()
    """Another project took the place of this one."""
    titled = Signal()
    """Name, file or edited state is another."""
    failed = Signal(str)
    """A sentence about something that went wrong in the background."""

    def __init__(self, project: Project | None = None, parent: QObject | None = None) -> None:
        from studio.compiler.check import Checker  # late: not before the first painted window

        super().__init__(parent)
        self._checker = Checker()
        self._copy = RecoveryCopy()
        self._idle, self._long = QTimer(self), QTimer(self)
        for timer, wait in ((self._idle, IDLE_MS), (self._long, AT_MOST_MS)):
            timer.setSingleShot(True)
            timer.setInterval(wait)
            timer.timeout.connect(self.keep_copy)
        self._since_edit = QElapsedTimer()
        self._since_edit.start()
        self.path: Path | None = None
        self.run: Path | None = None
        """The folder of the training that goes on, which a recovered window can go on with."""
        self._saved: Project | None = None
        self._held = ""
        self._start(project or Project())

    @property
    def project(self) -> Project:
        return self._history.project

    @property
    def is_edited(self) -> bool:
        return self.project is not self._saved

    @property
    def is_overtaken(self) -> bool:
        """Whether the file holds something else than what was last read or written here."""
        return self.path is not None and loom.digest(self.path) not in ("", self._held)

    @property
    def steps(self) -> tuple[Step, ...]:
        """The history from the oldest step to the newest, undone ones included."""
        return self._history.steps

    @property
    def position(self) -> int:
        """Which of the steps is shown."""
        return self._history.position

    def open(
        self, project: Project, path: Path | None = None, *, edited: bool = False, held: str | None = None
    ) -> None:
        """Show another project; what was open is let go.

        ``edited`` where no file holds it as it is; ``held`` is the digest of the file that was read.
        """
        self._copy.discard()
        self._copy = RecoveryCopy()
        self.path, self.run = path, None
        self._held = held if held is not None else loom.digest(path) if path is not None else ""
        self._start(project)
        if edited:
            self._saved = None
        self.opened.emit()
        self.titled.emit()

    def apply(self, project: Project, label: str, *, merge: bool = False) -> None:
        """Show the edited project; undo brings back the one before.

        ``merge`` lets it extend the last edit, where that had the same label and was a moment ago.
        """
        before = self.project
        quick = self._since_edit.restart() < MERGE_MS
        # A value that the file holds is never replaced, so that undo can come back to it.
        self._history.apply(project, label, merge=merge and quick and before is not self._saved)
        self._show(before)

    def apply_graph(self, name: str, graph: Graph, label: str, *, merge: bool = False) -> None:
        """Show the project with this graph changed."""
        from studio.compiler.objective import with_edited  # late: not before the first painted window

        self.apply(with_edited(self.project, name, graph), label, merge=merge)

    def undo(self) -> None:
        if self.position:
            self.go_to(self.position - 1)

    def redo(self) -> None:
        if self.position + 1 < len(self.steps):
            self.go_to(self.position + 1)

    def go_to(self, position: int) -> None:
        """Show the project as it was after this step of the history. Raises IndexError where there is none."""
        before = self.project
        self._history.go_to(position)
        self._show(before)
        if before is not self.project:
            self.stepped.emit(Change.between(before, self.project))

    def save(self, path: Path) -> None:
        """Write the file, which becomes the document's own. Raises ProjectError; nothing is lost then."""
        target = path if path.suffix == SUFFIX else path.with_name(path.name + SUFFIX)
        if self.path is None and self.project.name == Project().name:
            self.apply(replace(self.project, name=target.stem), "Save")
        loom.save(self.project, target)
        self.path, self._saved, self._held = target, self.project, loom.digest(target)
        self._settle()
        self.titled.emit()

    def reload(self) -> None:
        """Take the file as it is now; undo brings back what was here. Raises ProjectError."""
        if self.path is None:
            return
        held, project, before = loom.digest(self.path), loom.load(self.path), self.project
        self._history.apply(project, "Reload the file")
        self._saved, self._held = self.project, held
        self._show(before)
        self.titled.emit()

    def note_run(self, folder: Path | None) -> None:
        """A training goes on in this folder, or none does: a crash would interrupt it."""
        if folder != self.run:
            self.run = folder
            self.keep_copy() if self.is_edited or folder else self._settle()

    def keep_copy(self) -> None:
        """Write the recovery copy now, where there is unsaved work or a training that a crash would interrupt."""
        self._idle.stop()
        self._long.stop()
        if not self.is_edited and self.run is None:
            return
        try:
            self._copy.write(self.project, Note(self.path, self._held, self.run, edited=self.is_edited))
        except (ProjectError, OSError) as error:
            self.failed.emit(f"Unsaved work could not be kept for recovery: {error}")

    def let_go(self) -> None:
        """The window closes: remove the recovery copy."""
        self.run = None
        self._settle()

    def _start(self, project: Project) -> None:
        self._history = History(project)
        self._saved = project
        self.diagnosis: Diagnosis = self._checker.check(project)

    def _show(self, before: Project) -> None:
        if before is self.project:
            return
        self.diagnosis = self._checker.check(self.project)
        if self.is_edited:
            self._idle.start()
            if not self._long.isActive():
                self._long.start()
        else:
            self._settle()
        self.changed.emit(Change.between(before, self.project))
        self.titled.emit()

    def _settle(self) -> None:
        """Nothing is left that a crash could lose, but for a training that goes on."""
        self._idle.stop()
        self._long.stop()
        if self.run is not None:
            self.keep_copy()
        else:
            self._copy.discard()
