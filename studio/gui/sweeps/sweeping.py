"""The sweep of a window: the command line makes it in a process of its own, and its trials are heard of here."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from studio.core import loom
from studio.core.project import Project
from studio.gui.line_process import LineProcess
from studio.training.messages import DataProgress, Failed
from studio.training.sweeps.picking import Pick
from studio.training.sweeps.trials import Aim, Swept, Trial
from studio.training.sweeps.varying import Varied
from studio.training.wire import message_of

MODULE, FILE = "studio", "project.loom"
INTERRUPTED = "Stopped. The trials so far are kept, and the sweep can go on."
BROKEN = "The sweep ended before its time: {}"


@dataclass(frozen=True)
class Wanted:
    """What a person asks for."""

    varied: tuple[Varied, ...]
    aim: Aim
    trials: int
    jobs: int = 1
    pick: Pick = "tpe"
    prune: bool = True
    device: str = "auto"

    @property
    def options(self) -> list[str]:
        """The same for the command line."""
        vary = [part for each in self.varied for part in ("--vary", str(each))]
        numbers = ["--trials", str(self.trials), "--jobs", str(self.jobs), "--goal", self.aim.figure.name]
        how = ["--pick", self.pick, "--prune" if self.prune else "--no-prune", "--device", self.device]
        return [*vary, *numbers, *how, "--json"]


class Sweeping(QObject):
    """One sweep at a time; it goes on whatever the window shows meanwhile."""

    changed = Signal()
    """A trial began, came on or ended, or the process did."""
    ended = Signal()
    """It is over, or was stopped."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._process = LineProcess(self)
        self._process.told.connect(self._take)
        self._process.ended.connect(self._finish)
        self._place: tempfile.TemporaryDirectory[str] | None = None
        """Where the project lies that is searched."""
        self.wanted: Wanted | None = None
        self.trials: dict[int, Trial] = {}
        self.swept: Swept | None = None
        self.doing = ""
        """What is done before the first trial begins."""
        self.sentence = ""
        """Why it ended before its time; empty where it did not."""

    @property
    def is_running(self) -> bool:
        return self._process.is_running

    @property
    def folder(self) -> Path | None:
        """Where the runs are kept, once there are some."""
        return next((Path(trial.run).parent for trial in self.trials.values() if trial.run), None)

    @property
    def can_go_on(self) -> bool:
        """Whether it was stopped with trials left."""
        return not self.is_running and self.swept is None and self.folder is not None

    @property
    def best(self) -> Trial | None:
        """The best of the trials that came to their end."""
        ranked = self.wanted.aim.ranked(self.trials.values()) if self.wanted else []
        return ranked[0] if ranked and ranked[0].state == "complete" else None

    @property
    def share(self) -> float:
        """How much of it is over, from 0 to 1."""
        return sum(trial.is_over for trial in self.trials.values()) / self.wanted.trials if self.wanted else 0.0

    def start(self, project: Project, wanted: Wanted) -> None:
        """Make the trials of a project as it is now. Raises ProjectError where it cannot be handed over."""
        self._place = self._place or tempfile.TemporaryDirectory(prefix="layerloom-")
        loom.save(project, Path(self._place.name, FILE))
        self.wanted, self.trials = wanted, {}
        self._begin([])

    def go_on(self) -> None:
        """Make the trials that were left when it was stopped."""
        if self.folder is not None:
            self._begin(["--out", str(self.folder)])

    def stop(self) -> None:
        """Let the trials that run write a checkpoint, and end; ``ended`` follows."""
        self._process.interrupt()

    def close(self) -> None:
        """End, and leave nothing behind but the runs."""
        self._process.kill()
        if self._place is not None:
            self._place.cleanup()

    def _begin(self, more: list[str]) -> None:
        assert self.wanted is not None
        assert self._place is not None
        self.swept, self.sentence, self.doing = None, "", "Starting"
        self._process.start(MODULE, "sweep", str(Path(self._place.name, FILE)), *self.wanted.options, *more)
        self.changed.emit()

    def _take(self, said: Mapping[str, Any]) -> None:
        match message_of(said):
            case Trial() as trial:
                self.trials[trial.trial] = trial
            case Swept() as swept:
                self.swept = swept
            case DataProgress() as progress:
                self.doing = progress.what
            case Failed() as failure if "trial" not in said:
                self.sentence = failure.message
            case _:
                return
        self.changed.emit()

    def _finish(self, code: int) -> None:
        if self.swept is None and not self.sentence:
            why = self._process.complaint or f"its process ended with exit code {code}."
            self.sentence = INTERRUPTED if code == 130 else BROKEN.format(why)
        self.changed.emit()
        self.ended.emit()
