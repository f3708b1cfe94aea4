"""Has a dataset read in a process of its own, and hears which samples it gives."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal

from studio.core import loom
from studio.core.problem import ProjectError
from studio.core.project import Project
from studio.gui.line_process import LineProcess
from studio.gui.pictures import Array
from studio.training.messages import DataProgress, DataShown, Failed
from studio.training.wire import message_of

MODULE = "studio.engine.looking"


@dataclass(frozen=True)
class Page:
    """Some samples of a part with what belongs to each of them."""

    about: DataShown
    rows: Array
    samples: Array
    """Images as bytes (N, C, H, W), or values (N, …)."""
    labels: Array | None
    targets: Array | None
    """(N, D)."""


@dataclass(frozen=True)
class Seen:
    """What a dataset holds, and the arrays that DataShown describes."""

    about: DataShown
    arrays: Mapping[str, Array]

    @property
    def varies(self) -> bool:
        """Whether samples are varied while training."""
        return "varied" in self.arrays

    def page(self, part: str, start: int, count: int, *, varied: bool = False) -> Page:
        """So many samples of a part from this one on, varied as while training where that is asked for."""
        some = slice(start, start + count)
        labels, targets = (self.arrays.get(f"{part} {what}") for what in ("labels", "targets"))
        return Page(
            self.about,
            self.arrays[f"{part} rows"][some],
            self.arrays["varied" if varied else part][some],
            None if labels is None else labels[some],
            None if targets is None else targets[some],
        )


class Reading(QObject):
    """One at a time; a new one ends the one before."""

    progressed = Signal(str, float)
    """What is being done, and the share that is done."""
    done = Signal(object)
    """What was Seen."""
    failed = Signal(str)
    """Why there is nothing to see."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._folder = tempfile.TemporaryDirectory(prefix="layerloom-")
        self._process = LineProcess(self)
        self._process.told.connect(self._take)
        self._process.ended.connect(self._finish)
        self._about: DataShown | None = None
        self._sentence = ""

    @property
    def is_running(self) -> bool:
        return self._process.is_running

    def start(self, project: Project, number: int, seed: int, *, download: bool = False) -> None:
        """Read this of the project's datasets; ``failed`` follows at once where that cannot begin."""
        self._about, self._sentence = None, ""
        file = Path(self._folder.name, "project.loom")
        try:
            loom.save(project, file)
        except ProjectError as error:
            self.failed.emit(str(error))
            return
        options = ["--data", str(number), "--seed", str(seed), *(["--download"] if download else [])]
        self._process.start(MODULE, str(file), "--out", str(self._samples), *options)

    def close(self) -> None:
        """Read no longer, and leave nothing behind."""
        self._process.kill()
        self._folder.cleanup()

    @property
    def _samples(self) -> Path:
        return Path(self._folder.name, "samples.npz")

    def _take(self, said: Mapping[str, Any]) -> None:
        match message_of(said):
            case DataProgress() as progress:
                self.progressed.emit(progress.what, progress.share)
            case DataShown() as about:
                self._about = about
            case Failed() as failure:
                self._sentence = failure.message

    def _finish(self, code: int) -> None:
        if self._about is not None and not code:
            with np.load(self._samples) as arrays:
                seen = Seen(self._about, dict(arrays))
            self.done.emit(seen)
            return
        why = self._process.complaint or f"the process ended with exit code {code}."
        self.failed.emit(self._sentence or f"The data could not be read: {why}")
