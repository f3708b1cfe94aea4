"""A run is a folder: the project as it was trained, the events, the checkpoints and the previews."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from studio.core.loom import load, save
from studio.core.opening import IN_RUN
from studio.core.problem import ProjectError
from studio.core.project import Project
from studio.training.checkpoints import Checkpoint, checkpoints
from studio.training.journal import Journal, Tail, is_being_written, unreadable
from studio.training.messages import (
    EpochEnded,
    Event,
    Failed,
    Figures,
    Finished,
    Paused,
    Previewed,
    Resumed,
    Started,
    StepDone,
    WorkerDied,
)
from studio.training.presence import FRESH, Presence, presence

State = Literal["new", "running", "paused", "finished", "failed", "interrupted"]


@dataclass(frozen=True)
class Status:
    """Where a run stands, as its events tell it."""

    state: State = "new"
    step: int = 0
    epoch: int = 0
    started: float = 0.0
    metrics: Figures = field(default_factory=dict)
    message: str = ""


@dataclass(frozen=True)
class Run:
    """One training as a folder; reading it never needs the process that writes it."""

    folder: Path

    @classmethod
    def create(cls, project: Project, folder: Path | None = None) -> Run:
        """A new run folder holding the project. Raises ProjectError where one is in the way or cannot be made."""
        folder = folder.absolute() if folder else None
        try:
            folder = _made(folder) if folder else next_folder(runs_folder(), stem_of(project))
            run = cls(folder)
            save(project, run.project_file)
            for part in (run.checkpoint_folder, run.previews):
                part.mkdir()
        except FileExistsError:
            raise ProjectError(f"{folder} is there already and not empty. Choose another folder for the run.") from None
        except OSError as error:
            reason = error.strerror or error
            raise ProjectError(
                f"No run can be kept in {folder or runs_folder()}: {reason}. Choose another folder."
            ) from None
        return run

    @classmethod
    def open(cls, folder: Path) -> Run:
        """The run in this folder. Raises ProjectError where there is none."""
        run = cls(folder.absolute())
        if not run.project_file.is_file():
            raise ProjectError(f"{folder} is not a run: it holds no {run.project_file.name}.")
        return run

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def project_file(self) -> Path:
        return self.folder / IN_RUN

    @property
    def events_file(self) -> Path:
        return self.folder / "events.jsonl"

    @property
    def checkpoint_folder(self) -> Path:
        return self.folder / "checkpoints"

    @property
    def previews(self) -> Path:
        return self.folder / "previews"

    def project(self) -> Project:
        """The project as it was trained. Raises ProjectError where the file is damaged."""
        return load(self.project_file)

    def events(self) -> list[Event]:
        """Everything that was told so far, oldest first."""
        return self.tail().read()

    def history(self) -> list[Event]:
        """The events that count: where the run went on from a checkpoint, what was told of later steps is left out."""
        return counting(self.events())

    def outline(self) -> list[Event]:
        """The history without most steps: what tells all but the curves, and is read in a millisecond."""
        return counting(self.tail().outline())

    def damage(self) -> str:
        """What of its events is lost, as a sentence; empty where all can be read."""
        lost = unreadable(self.events_file)
        lines = "One line" if lost == 1 else f"{lost:,} lines"
        return f"{lines} of {self.events_file} cannot be read: the curves lack what was told there." if lost else ""

    def tail(self) -> Tail:
        """A reader that follows the events while they are written."""
        return Tail(self.events_file)

    def journal(self) -> Journal:
        """The writing end of the events. Raises ProjectError where another process trains here, on whatever machine."""
        writer = self._far_writer()
        if writer is not None:
            raise ProjectError(
                f"{self.name} is being trained on {writer.host}. Wait for it, or stop it there. "
                f"Where it was killed, that is known {FRESH:.0f} seconds after its last sign of life."
            )
        return Journal(self.events_file)

    def checkpoints(self) -> list[Checkpoint]:
        """The complete checkpoints, oldest first."""
        return checkpoints(self.checkpoint_folder)

    def newest(self) -> Checkpoint | None:
        """The checkpoint from which a run that was interrupted goes on."""
        return next(reversed(self.checkpoints()), None)

    def is_live(self) -> bool:
        """Whether a process is writing here: one of this machine has locked the events, others show signs of life."""
        return is_being_written(self.events_file) or self._far_writer() is not None

    def _far_writer(self) -> Presence | None:
        """The process of another machine that trains here."""
        writer = presence(self.folder)
        return writer if writer is not None and not writer.is_here and writer.is_fresh() else None

    def status(self) -> Status:
        """Where the run stands; it was interrupted where nobody writes it though it never ended."""
        status = status_after(self.outline())
        if status.state in ("running", "paused") and not self.is_live():
            return Status("interrupted", status.step, status.epoch, status.started, status.metrics)
        return status


def layerloom_folder() -> Path:
    """Where runs and downloaded data lie: LAYERLOOM_HOME, or the place that the system has for such things."""
    from platformdirs import user_data_path

    chosen = os.environ.get("LAYERLOOM_HOME")
    return Path(chosen).expanduser() if chosen else user_data_path("layerloom", appauthor=False)


def runs_folder() -> Path:
    return layerloom_folder() / "runs"


def data_folder() -> Path:
    """Where downloaded data lies, unless the person names another place."""
    return layerloom_folder() / "data"


def all_runs(folder: Path | None = None) -> list[Run]:
    """The runs in a folder, newest first."""
    place = folder or runs_folder()
    found = [Run(path) for path in place.iterdir() if (path / IN_RUN).is_file()] if place.is_dir() else []
    return sorted(found, key=lambda run: run.project_file.stat().st_mtime, reverse=True)


def stem_of(project: Project) -> str:
    """``lenet-5-digits``: the project's name and its data's, as a folder may be called."""
    name, data = (_slug(text) for text in (project.name, project.data.type if project.data else ""))
    return "-".join(part for part in (name, "" if name.endswith(data) else data) if part)[:60] or "run"


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(folder)
    return folder


def next_folder(place: Path, stem: str) -> Path:
    """The first free ``stem-1``, ``stem-2``; making it is what claims it."""
    place.mkdir(parents=True, exist_ok=True)
    for folder in _numbered(place, stem):
        try:
            folder.mkdir()
        except FileExistsError:
            continue
        return folder
    raise AssertionError("the numbers never end")


def _numbered(place: Path, stem: str) -> Iterator[Path]:
    taken = [re.fullmatch(re.escape(stem) + r"-(\d{1,9})", path.name) for path in place.iterdir()]
    number = max((int(match[1]) for match in taken if match), default=0)
    while True:
        number += 1
        yield place / f"{stem}-{number}"


def counting(events: Iterable[Event]) -> list[Event]:
    """The events that count: those of steps that were taken back, to go on from a checkpoint before them, do not."""
    kept: list[Event] = []
    for event in events:
        if isinstance(event, Started):
            kept = [e for e in kept if not (isinstance(e, StepDone | EpochEnded | Previewed) and e.step > event.step)]
        kept.append(event)
    return kept


def status_after(events: Iterable[Event]) -> Status:
    """Where a run stands that told these events, if its process goes on."""
    status = Status()
    for event in events:
        status = _after(status, event)
    return status


def _after(status: Status, event: Event) -> Status:
    """The status once this event has happened."""
    match event:
        case Started():
            return Status("running", event.step, status.epoch, status.started or event.at, status.metrics)
        case StepDone() | EpochEnded():
            metrics = event.metrics if isinstance(event, EpochEnded) else status.metrics
            return Status("running", event.step, event.epoch, status.started, metrics)
        case Paused():
            return Status("paused", event.step, status.epoch, status.started, status.metrics, event.reason)
        case Resumed():
            return Status("running", event.step, status.epoch, status.started, status.metrics)
        case Finished():
            return Status("finished", event.step, status.epoch, status.started, event.metrics, event.reason)
        case Failed():
            return Status("failed", status.step, status.epoch, status.started, status.metrics, event.message)
        case WorkerDied():
            return Status("interrupted", status.step, status.epoch, status.started, status.metrics, event.message)
    return status
