"""Finds out in a process of its own what of a source of weights fits a network, and fetches it where that is wanted."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from studio.core import loom
from studio.core.problem import ProjectError
from studio.core.project import Project
from studio.gui.line_process import LineProcess
from studio.training.messages import DataProgress, Failed, WeightsLoaded
from studio.training.options import with_weights
from studio.training.wire import message_of

MODULE = "studio.engine.beginning"


class Comparison(QObject):
    """One at a time; a new one ends the one before."""

    progressed = Signal(str, float)
    """What is being fetched, and the share that is here."""
    done = Signal(object, bool)
    """A WeightsLoaded, and whether it was fetched for it."""
    failed = Signal(str)
    """Why there is nothing to use."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._folder = tempfile.TemporaryDirectory(prefix="layerloom-")
        self._process = LineProcess(self)
        self._process.told.connect(self._take)
        self._process.ended.connect(self._finish)
        self._found: WeightsLoaded | None = None
        self._sentence = ""
        self._fetching = False

    @property
    def is_running(self) -> bool:
        return self._process.is_running

    def start(self, project: Project, network: str, source: str, *, fetch: bool = False) -> None:
        """Compare; ``failed`` follows at once where that cannot begin."""
        self._found, self._sentence, self._fetching = None, "", fetch
        file = Path(self._folder.name, "project.loom")
        try:
            loom.save(begun_with(project, {network: source}), file)
        except ProjectError as error:
            self.failed.emit(str(error))
            return
        self._process.start(MODULE, str(file), *(["--download"] if fetch else []))

    def end(self) -> None:
        """Compare no longer."""
        self._process.kill()

    def close(self) -> None:
        """End, and leave nothing behind."""
        self.end()
        self._folder.cleanup()

    def _take(self, said: Mapping[str, Any]) -> None:
        match message_of(said):
            case DataProgress() as progress:
                self.progressed.emit(progress.what, progress.share)
            case WeightsLoaded() as found:
                self._found = found
            case Failed() as failure:
                self._sentence = failure.message

    def _finish(self, code: int) -> None:
        if self._found is not None and not code:
            self.done.emit(self._found, self._fetching)
            return
        why = self._process.complaint or f"the process ended with exit code {code}."
        self.failed.emit(self._sentence or f"The weights could not be compared: {why}")


def begun_with(project: Project, sources: Mapping[str, str]) -> Project:
    """The project whose networks begin with these sources, and all others with fresh weights."""
    bare = replace(project, training=replace(project.training, weights={}))
    return with_weights(bare, [f"{network}={source}" for network, source in sources.items()])
