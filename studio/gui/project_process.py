"""Asks a module of the studio about a project, in a process of its own that tells events in lines."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtCore import QObject, Signal

from studio.core import loom
from studio.core.project import Project
from studio.gui.line_process import LineProcess
from studio.training.messages import DataProgress, Event, Failed
from studio.training.wire import message_of


class ProjectProcess(QObject):
    """One question at a time; a new one ends the one before."""

    module: ClassVar[str]
    trouble: ClassVar[str]
    """What is said before the reason where the process has none of its own."""

    progressed = Signal(str, float)
    """What is being done, and the share that is done."""
    failed = Signal(str)
    """Why there is no answer."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._folder = tempfile.TemporaryDirectory(prefix="layerloom-")
        self._process = LineProcess(self)
        self._process.told.connect(self._take)
        self._process.ended.connect(self._finish)
        self._answer: Event | None = None
        self._sentence = ""

    @property
    def is_running(self) -> bool:
        return self._process.is_running

    def ask(self, project: Project, *options: str) -> None:
        """Ask about a project. Raises ProjectError where it cannot be handed over."""
        self._answer, self._sentence = None, ""
        file = Path(self._folder.name, "project.loom")
        loom.save(project, file)
        self._process.start(self.module, str(file), *options)

    def end(self) -> None:
        """Ask no longer."""
        self._process.kill()

    def close(self) -> None:
        """End, and leave nothing behind."""
        self.end()
        self._folder.cleanup()

    def hand_over(self, answer: Event) -> None:
        """Say what the process answered."""
        raise NotImplementedError

    def _take(self, said: Mapping[str, Any]) -> None:
        match message_of(said):
            case DataProgress() as progress:
                self.progressed.emit(progress.what, progress.share)
            case Failed() as failure:
                self._sentence = failure.message
            case Event() as answer:
                self._answer = answer

    def _finish(self, code: int) -> None:
        if self._answer is not None and not code:
            self.hand_over(self._answer)
            return
        why = self._process.complaint or f"the process ended with exit code {code}."
        self.failed.emit(self._sentence or f"{self.trouble}: {why}")
