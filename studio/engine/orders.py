"""What a person asks of a training while it runs, done between two steps."""

from __future__ import annotations

import errno
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

from studio.core.problem import ProjectError
from studio.engine.crew import Inbox
from studio.engine.descending import descend
from studio.engine.passage import show_passages
from studio.engine.plane import show_planes
from studio.engine.predicting import predicted
from studio.engine.probe import Probe
from studio.engine.stage import Progress, StageRun
from studio.training.commands import (
    Command,
    Descend,
    FinishStage,
    Pause,
    Predict,
    Resume,
    SaveCheckpoint,
    SetEnd,
    SetLearningRate,
    Shutdown,
    Stop,
    Unwatch,
    Watch,
)
from studio.training.messages import EndSet, Event, LearningRateSet, Log, Paused, Resumed
from studio.training.slots import SlotWriter


class Stopped(Exception):
    """A person ended the training; kept, the weights are saved and measured."""

    def __init__(self, *, keep: bool) -> None:
        super().__init__(keep)
        self.keep = keep


class Dismissed(Exception):
    """The process shall end; the training is saved and can go on another time."""


class Steered(Protocol):
    """A training, as far as orders reach into it."""

    @property
    def progress(self) -> Progress: ...

    @property
    def stage(self) -> StageRun | None: ...

    def save(self, why: str) -> None: ...


@dataclass
class Orders:
    """Takes commands from an inbox; where nobody watches, nobody could go on after a pause.

    Only the first of several processes has the ``slots`` into which pictures go.
    """

    inbox: Inbox
    tell: Callable[[Event], None]
    probe: Probe
    objectives: Sequence[str] = ()
    """Those of the present stage."""
    slots: SlotWriter | None = None
    is_watched: bool = False
    watches: dict[int, Watch] = field(default_factory=dict)
    shown: dict[int, int] = field(default_factory=dict)
    """Step of the last picture by slot."""
    asked: Predict | None = None

    def obey(self, training: Steered) -> None:
        """Do everything that was asked for. Raises Stopped, Dismissed."""
        while not self.inbox.empty():
            self._obey(self.inbox.get(), training)

    def show(self, step: int, *, is_last: bool = False) -> None:
        """Put pictures of what is watched, and due, into their slots; of all that is watched where a stage ends."""
        slots, watches = self.slots, self.watches.items()
        due = [each for slot, each in watches if is_last or step - self.shown.get(slot, -each.every) >= each.every]
        if slots is None or not due:
            return
        planes = [watch for watch in due if watch.look_at == "plane"]
        passages = [watch for watch in due if watch.look_at == "passage"]
        others = [watch for watch in due if watch.look_at not in ("plane", "passage")]
        nothing = [*self.probe.show(others, slots, step), *show_planes(self.probe, planes, slots, step)]
        for watch in (*nothing, *show_passages(self.probe, passages, slots, step)):
            self.watches.pop(watch.slot, None)
            what = f"of {watch.node!r} in" if watch.node else "of the answers of"
            self.tell(Log(f"There is nothing to show {what} {watch.graph!r}.", "warning"))
        self.shown.update({watch.slot: step for watch in due})

    def predict(self, step: int) -> None:
        """Tell what the network makes of the samples asked for."""
        if self.asked is not None and self.asked.samples and self.slots is not None and self.objectives:
            self.tell(predicted(self.probe, self.asked, self.slots, step, self.objectives))

    def wait_for_disk(self, error: OSError, training: Steered) -> None:
        """Wait until a person has made room. Raises the error where nobody watches."""
        if not self.is_watched:
            raise error
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        reason = "The disk is full." if full else f"The checkpoint cannot be written: {error.strerror or error}."
        self._wait(training, f"{reason} Nothing is lost: make room, then resume.")

    def _obey(self, command: Command, training: Steered) -> None:
        step = training.progress.step
        match command:
            case Pause():
                training.save("pause")
                self._wait(training, "")
            case Stop(keep=keep):
                raise Stopped(keep=keep)
            case Shutdown():
                raise Dismissed
            case Watch(slot=slot):
                self.watches[slot] = command
                self.shown.pop(slot, None)
                self.show(step)
            case Unwatch(slot=slot):
                self.watches.pop(slot, None)
            case Predict():
                self.asked = command
                self.predict(step)
            case SetLearningRate(value=rate):
                training.progress.rate = rate
                self.tell(LearningRateSet(step, rate))
                training.save("asked")
            case SetEnd():
                self._let_end(training, asdict(command))
            case FinishStage() if training.stage is not None:
                training.stage.finished = True
            case Descend():
                self.tell(descend(command))
            case SaveCheckpoint():
                training.save("asked")

    def _let_end(self, training: Steered, end: Mapping[str, Any]) -> None:
        stage, progress = training.stage, training.progress
        if stage is None:
            return
        try:
            stage.let_end(end)
        except ProjectError as error:
            self.tell(Log(f"{error} It ends as before.", "warning"))
            return
        self.tell(EndSet(progress.step, progress.stage, **end, stage_steps=stage.steps))
        training.save("asked")

    def _wait(self, training: Steered, reason: str) -> None:
        """Wait for Resume; all else that is asked for is done meanwhile."""
        self.tell(Paused(training.progress.step, reason))
        while not isinstance(command := self.inbox.get(), Resume):
            if not isinstance(command, Pause):
                self._obey(command, training)
        self.tell(Resumed(training.progress.step))
