"""How many steps a training will take, and which epochs they make: stages may end early, and read other data."""

from __future__ import annotations

from studio.training.messages import EndSet, Event, StageEnded, Started


class Plan:
    """Follows one training; of stages that ended before it went on here it assumes that they ended as planned."""

    def __init__(self, started: Started) -> None:
        self._steps = list(started.stage_steps) or [started.steps]
        self._epoch_steps = started.epoch_steps or (started.steps_per_epoch,)
        self._ended: dict[int, int] = {}
        """The steps at which stages ended."""

    def take(self, event: Event) -> bool:
        """Whether the event changed the plan."""
        before = self.total
        match event:
            case EndSet() if event.stage < len(self._steps):
                self._steps[event.stage] = event.stage_steps
            case StageEnded():
                self._ended[event.stage] = event.step
        return self.total != before

    @property
    def total(self) -> int:
        """All steps, 0 where nobody knows."""
        return self._ends()[-1]

    def begin(self, stage: int) -> int:
        """The step at which a stage begins, or began; 0 where nobody knows."""
        return self._ends()[stage - 1] if 0 < stage <= len(self._steps) else 0

    def epoch_steps(self, stage: int) -> int:
        """How many steps an epoch of a stage takes."""
        known = self._epoch_steps
        return max(known[min(stage, len(known) - 1)], 1)

    def epochs(self, stage: int) -> int:
        """How many epochs a stage has, the last one perhaps cut; 0 where nobody knows."""
        return -(-self._steps[stage] // self.epoch_steps(stage)) if stage < len(self._steps) else 0

    def epochs_at(self, step: int) -> float:
        """How many epochs so many steps make, those of each stage being passes over the data that it reads."""
        begin, epochs, last = 0, 0.0, len(self._steps) - 1
        for stage, end in enumerate(self._ends()):
            if stage == last or not end or step <= end:
                return epochs + (step - begin) / self.epoch_steps(stage)
            epochs += (end - begin) / self.epoch_steps(stage)
            begin = end
        return epochs

    def _ends(self) -> list[int]:
        """The step at which each stage ended, or will end; 0 where nobody knows."""
        ends: list[int] = []
        for stage, steps in enumerate(self._steps):
            is_known = steps and (not ends or ends[-1])
            ends.append(self._ended.get(stage, (ends[-1] if ends else 0) + steps if is_known else 0))
        return ends
