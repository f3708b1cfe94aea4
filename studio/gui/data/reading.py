"""Has a dataset read in a process of its own, and hears which samples it gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import Signal

from studio.core.problem import ProjectError
from studio.core.project import Project
from studio.gui.pictures import Array
from studio.gui.project_process import ProjectProcess
from studio.training.answers import DataShown
from studio.training.messages import Event


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


class Reading(ProjectProcess):
    """One at a time; a new one ends the one before."""

    module = "studio.engine.looking"
    trouble = "The data could not be read"

    done = Signal(object)
    """What was Seen."""

    def start(self, project: Project, number: int, seed: int, *, download: bool = False) -> None:
        """Read this of the project's datasets; ``failed`` follows at once where that cannot begin."""
        options = ["--data", str(number), "--seed", str(seed), *(["--download"] if download else [])]
        try:
            self.ask(project, "--out", str(self._samples), *options)
        except ProjectError as error:
            self.failed.emit(str(error))

    def hand_over(self, answer: Event) -> None:
        assert isinstance(answer, DataShown)
        with np.load(self._samples) as arrays:
            seen = Seen(answer, dict(arrays))
        self.done.emit(seen)

    @property
    def _samples(self) -> Path:
        return Path(self._folder.name, "samples.npz")
