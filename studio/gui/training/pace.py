"""How far a training is and how long it will take, from what it tells."""

from __future__ import annotations

from dataclasses import dataclass

from studio.gui.training.plan import Plan
from studio.gui.training.state import State
from studio.gui.training.wording import clock, figures
from studio.training.messages import DataProgress, EpochEnded, Event, Finished, Paused, Resumed, Started, StepDone


@dataclass(frozen=True, slots=True)
class Texts:
    """A bar from 0 to 1 with what stands above it."""

    share: float = 0.0
    strong: str = ""
    left: str = ""
    right: str = ""


class Pace:
    """Reads steps and epochs; knows seconds a pass once one was measured."""

    def __init__(self) -> None:
        self._started: Started | None = None
        self._plan: Plan | None = None
        self._step = self._epoch = self._epochs = 0
        self._stage = self._epoch_began = 0
        """Of the present stage its number, and the step at which its present epoch began."""
        self._rate = 0.0
        self._data: DataProgress | None = None
        self._finished: Finished | None = None
        self._is_paused = False
        self.seconds_per_epoch = 0.0

    def take(self, event: Event) -> None:
        self._is_paused = isinstance(event, Paused) or (self._is_paused and not isinstance(event, Started | Resumed))
        if self._plan is not None:
            self._plan.take(event)
        match event:
            case Started():
                self._plan = Plan(event)
                self._started, self._finished, self._data = event, None, None
                self._step, self._rate = event.step, 0.0
                self._stage = -1
                self._enter(0, 1 + event.step // self._plan.epoch_steps(0))
            case StepDone():
                self._step, self._rate = event.step, event.samples_per_second
                self._enter(event.stage, event.epoch)
            case EpochEnded():
                self._step = event.step
                self._enter(event.stage, event.epoch + 1)
                self._epoch_began, self._epochs = event.step, event.epochs or self._epochs
                self.seconds_per_epoch = event.seconds
            case DataProgress():
                self._data = event
            case Finished():
                self._finished = event

    def texts(self, state: State) -> Texts:
        """What stands over the bar in this state."""
        if state is State.STARTING:
            share, what = (self._data.share, self._data.what) if self._data else (0.0, "Preparing the training")
            return Texts(share, "", what)
        if state is State.FINISHED and self._finished is not None:
            done = self._finished
            return Texts(1.0, "Finished", f"· {figures(done.metrics)}", clock(done.seconds))
        if self._started is None or state is State.IDLE:
            return Texts(0.0, "", "Not trained yet")
        return self._running(self._started, state)

    def _enter(self, stage: int, epoch: int) -> None:
        """This epoch of this stage, counted from 1, is under way."""
        if self._plan is None or (stage, epoch) == (self._stage, self._epoch):
            return
        self._epochs = self._epochs if stage == self._stage else self._plan.epochs(stage)
        self._stage, self._epoch = stage, epoch
        self._epoch_began = self._plan.begin(stage) + (epoch - 1) * self._plan.epoch_steps(stage)

    @property
    def _steps(self) -> int:
        """All steps of the training, 0 where nobody knows."""
        return self._plan.total if self._plan is not None else 0

    def _running(self, started: Started, state: State) -> Texts:
        per_epoch = self._plan.epoch_steps(self._stage) if self._plan is not None else 1
        share = self._step / self._steps if self._steps else 0.0
        at = min(self._epoch, self._epochs or self._epoch)
        strong = f"Epoch {at} of {self._epochs}" if self._epochs else f"Epoch {at}"
        within = per_epoch if self._epoch > at else min(max(self._step - self._epoch_began, 0), per_epoch)
        stage = f"{started.stages[self._stage]}, " if len(started.stages) > 1 else ""
        left = f"· {stage}step {within} of {per_epoch}"
        words = {State.DIED: "process ended", State.FAILED: "failed", State.PAUSED: "paused", State.PAUSING: "pausing"}
        going_on = "paused" if self._is_paused else self._left(started)
        return Texts(share, strong, left, words.get(state, going_on))

    def _left(self, started: Started) -> str:
        """Time left, from the rate of samples measured last."""
        if not (self._rate and self._steps):
            return ""
        return f"{clock(max(self._steps - self._step, 0) * started.batch / self._rate)} left"
