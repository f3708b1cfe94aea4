"""A stage under way: its objectives with their optimizers, its batches, its learning rate, and when it ends."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import torch

from studio.compiler.objective import objectives_of_stage
from studio.compiler.stage_rules import endless, uneven
from studio.core.dataset import Dataset
from studio.core.expressions import resolve, resolve_variables
from studio.core.problem import Mismatch, ProjectError
from studio.core.project import Project, Stage
from studio.engine.averaging import Averaging
from studio.engine.build import Built
from studio.engine.crew import Crew
from studio.engine.feed import Data, Feed, datasets_of
from studio.engine.forward import Forward
from studio.engine.learning import learning, set_modes
from studio.engine.teaching import Teaching
from studio.training.commands import ENDS
from studio.training.schedule import schedule


@dataclass
class Progress:
    """How far a training has come; a checkpoint keeps all of it. All but step and the last three is of the stage."""

    step: int = 0
    stage: int = 0
    stage_step: int = 0
    epoch: int = 0
    stage_seconds: float = 0.0
    best: float = math.inf
    best_step: int = 0
    best_checkpoint: str = ""
    stale: int = 0
    """Epochs since the best."""
    drops: int = 0
    """How often the learning rate was lowered because nothing improved."""
    rate: float = 0.0
    """Learning rate that a person set; 0 where it is the stage's own."""
    seconds: float = 0.0
    step_seconds: float = 0.0
    """Seconds in steps alone, without measuring and saving."""
    samples: int = 0

    def next_stage(self) -> Progress:
        """The beginning of the next stage."""
        return Progress(
            step=self.step,
            stage=self.stage + 1,
            seconds=self.seconds,
            step_seconds=self.step_seconds,
            samples=self.samples,
        )


@dataclass
class StageRun:
    """One stage of a project on a device."""

    stage: Stage
    teachings: Mapping[str, Teaching]
    datasets: Sequence[Dataset]
    feed: Feed
    batch: int
    """Samples of a step."""
    processes: int = 1
    """Those that train together, each with batches of this size."""
    measures: Mapping[str, Forward] = field(default_factory=dict)
    """Objectives that only measure and show."""
    averaging: Averaging | None = None
    finished: bool = False
    """Whether a person wants the stage to end now."""
    end: Mapping[str, Any] = field(default_factory=dict)
    """Settings of the stage that a person changed since it began, all of them about when it ends."""
    steps: int = field(init=False)
    """All steps of the stage; 0 where only time or patience ends it."""
    _every: Sequence[tuple[str, Teaching]] = field(init=False)

    def __post_init__(self) -> None:
        self._every = tuple(self.teachings.items())
        self._always = len(self._every) == 1 or all(teaching.every == 1 for teaching in self.teachings.values())
        self._planned = tuple(getattr(self.stage, name) for name in ENDS)
        self._plan()

    def _plan(self) -> None:
        """Plan the steps up to the stage's end, and the learning rate at each. Raises ProjectError."""
        if message := endless(self.stage):
            raise ProjectError(message)
        self.steps = steps_of(self.stage, len(self.feed))
        self._factor = schedule(self.stage, steps_per_epoch=len(self.feed), steps=self.steps)
        self._constant = self.stage.schedule in ("constant", "plateau") and not self.stage.warm_up
        self._rate = math.nan

    def let_end(self, end: Mapping[str, Any]) -> None:
        """Let the stage end otherwise, its schedule stretched or shortened with it. Raises ProjectError, unchanged."""
        before = self.stage
        try:
            self.stage = Stage.of({**before.values(), **end})
            self._plan()
        except (Mismatch, ProjectError) as error:
            self.stage = before
            self._plan()
            raise ProjectError(str(error)) from None
        self.end = end

    @property
    def at_once(self) -> int:
        """Samples that are computed at once, fewer than those of a step where that averages over several batches."""
        return -(-self.batch // self.stage.accumulate)

    def due(self, step: int) -> Sequence[tuple[str, Teaching]]:
        """The objectives that run at a step of the stage, counted from 0."""
        if self._always:
            return self._every
        return [(name, teaching) for name, teaching in self._every if step % teaching.every == 0]

    def learning_rate(self, progress: Progress) -> float:
        rate = (progress.rate or self.stage.learning_rate) * self.stage.drop_to**progress.drops
        return rate if self._constant else rate * self._factor(progress.stage_step)

    def set_learning_rate(self, progress: Progress) -> None:
        """Let the next step run at the rate of the schedule."""
        rate = self.learning_rate(progress)
        if rate != self._rate:
            self._rate = rate
            for teaching in self.teachings.values():
                teaching.set_learning_rate(rate)

    def begin(self) -> None:
        """Set up what a checkpoint has not brought back: what is pruned, and the mean of the weights."""
        for teaching in self.teachings.values():
            teaching.begin()
        if self.averaging is not None:
            self.averaging.begin()

    def averaged(self) -> AbstractContextManager[None]:
        """A context in which the networks are what the stage is to result in: the mean of their weights, if any."""
        return self.averaging.in_place() if self.averaging is not None else nullcontext()

    def is_looked_at(self, progress: Progress) -> bool:
        """Whether what only measures and shows is due at the end of this epoch."""
        return progress.epoch % self.stage.measure_every == 0 or bool(self.ended(progress))

    def is_cut(self, progress: Progress) -> bool:
        """Whether the stage ends here, even within an epoch."""
        stage = self.stage
        late = self._is_late(progress) or 0 < stage.steps <= progress.stage_step
        # Within an epoch so many are only over where a person has just changed their number.
        return late or self.finished or 0 < stage.epochs <= progress.epoch

    def ended(self, progress: Progress) -> str:
        """Why the stage is over, asked between epochs; empty where it is not."""
        stage = self.stage
        if self.finished:
            return "finished by hand"
        if stage.steps and progress.stage_step >= stage.steps:
            return "all steps"
        if self._is_late(progress):
            return "the time was up"
        if stage.epochs and progress.epoch >= stage.epochs:
            return "all epochs"
        return f"no improvement for {stage.patience} epochs" if 0 < stage.patience <= progress.stale else ""

    def _is_late(self, progress: Progress) -> bool:
        return 0 < 60 * self.stage.minutes <= progress.stage_seconds

    def state(self) -> dict[str, Any]:
        teachings = {name: teaching.state() for name, teaching in self.teachings.items()}
        average = self.averaging.state() if self.averaging is not None else None
        end = {"planned": self._planned, "set": dict(self.end)}
        return {"teachings": teachings, "feed": self.feed.state(), "average": average, "end": end}

    def restore(self, state: Mapping[str, Any]) -> None:
        for name, teaching in self.teachings.items():
            teaching.restore(state["teachings"][name])
        self.feed.restore(state["feed"])
        if self.averaging is not None and state.get("average"):
            self.averaging.restore(state["average"])
        end = state.get("end", {"planned": (), "set": {}})
        if end["set"] and tuple(end["planned"]) == self._planned:  # else the project says otherwise since
            self.let_end(end["set"])
        self._rate = math.nan


def begin_stage(
    built: Built, data: Data, number: int, device: torch.device, crew: Crew, *, channels_last: bool
) -> StageRun:
    """The stage of this number, at its beginning. Raises ProjectError where it cannot be trained so."""
    project = built.project
    stage = project.training.stages[number]
    names = objectives_of_stage(stage)
    if message := endless(stage) or uneven(stage):
        raise ProjectError(message)
    datasets = datasets_of(built, names)
    batch = step_share(project, stage, len(data[datasets[0]].train), crew.share[1])
    taught = {name: learning(built, stage, name) for name in names}
    set_modes(built, stage, taught)
    # Every stage draws an order of its own.
    feed = Feed([data[dataset] for dataset in datasets], batch, project.training.seed + 1000 * number, crew.share)
    make = partial(
        Teaching, built, stage, channels_last=channels_last, wrap=partial(crew.wrap, weight=lambda: feed.weight)
    )
    teachings = {
        name: make(name, taught[name], device, datasets, every=every)
        for name, every in zip(names, stage.every or (1,) * len(names), strict=True)
    }
    measures = {
        name: Forward(built, name, device, datasets_of(built, [name]), channels_last=channels_last)
        for name in stage.measures
    }
    learned = {id(weight): weight for teaching in teachings.values() for weight in teaching.weights}
    averaging = Averaging(stage.average, list(learned.values())) if stage.average else None
    return StageRun(stage, teachings, datasets, feed, batch, crew.share[1], measures, averaging)


def steps_of(stage: Stage, steps_per_epoch: int) -> int:
    """All steps of a stage, 0 where only time or patience ends it."""
    ends = [count for count in (stage.epochs * steps_per_epoch, stage.steps) if count]
    return min(ends, default=0)


def step_share(project: Project, stage: Stage, samples: int, processes: int = 1) -> int:
    """Samples of a step for each of so many processes, all there are for gradient descent. Raises ProjectError."""
    if stage.optimizer == "gradient-descent":
        return -(-samples // processes)
    return batch_share(project, processes) * stage.accumulate


def batch_share(project: Project, processes: int) -> int:
    """Samples of a batch for each of so many processes. Raises ProjectError where they cannot share it evenly."""
    size = batch_size(project)
    if size % processes:
        fitting = max(1, round(size / processes)) * processes
        raise ProjectError(
            f"{processes} devices cannot share a batch of {size:,} samples evenly. Make it {fitting:,}, for instance."
        )
    return size // processes


def batch_size(project: Project) -> int:
    """Samples of a batch. Raises ProjectError where the expression for it gives no such number."""
    size = resolve(project.training.batch, resolve_variables(project.variables))
    if not isinstance(size, int) or size < 1:
        raise ProjectError(f"The batch should be a whole number from 1 on; it is {size!r:.40}.")
    return size
