"""How many steps a training will have taken, which stages that end early or late change."""

from __future__ import annotations

from studio.training.messages import EndSet, Event, StageEnded, Started


class Plan:
    """Follows one training; of stages that ended before it went on here it assumes that they ended as planned."""

    def __init__(self, started: Started) -> None:
        self._steps = list(started.stage_steps) or [started.steps]
        self._epoch_steps = started.epoch_steps or (started.steps_per_epoch,)
        self._shift = 0
        """Steps that the stages which are over took more than planned."""

    def take(self, event: Event) -> bool:
        """Whether the event changed the plan."""
        before = self.total
        match event:
            case EndSet() if event.stage < len(self._steps):
                self._steps[event.stage] = event.stage_steps
            case StageEnded() if event.stage < len(self._steps):
                taken = self._steps[: event.stage + 1]
                self._steps[event.stage] = taken[-1] or event.step - sum(taken) - self._shift
                self._shift = event.step - sum(self._steps[: event.stage + 1])
        return self.total != before

    @property
    def total(self) -> int:
        """All steps, 0 where nobody knows."""
        return sum(self._steps) + self._shift if all(self._steps) else 0

    def begin(self, stage: int) -> int:
        """The step at which a stage begins, or began."""
        return sum(self._steps[:stage]) + self._shift

    def epoch_steps(self, stage: int) -> int:
        """How many steps an epoch of a stage takes."""
        known = self._epoch_steps
        return max(known[min(stage, len(known) - 1)], 1)

    def epochs(self, stage: int) -> int:
        """How many epochs a stage has, the last one perhaps cut; 0 where nobody knows."""
        return -(-self._steps[stage] // self.epoch_steps(stage)) if stage < len(self._steps) else 0
