"""The training loop."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from torch import Tensor

from studio.engine.meter import Meter
from studio.engine.stage import Progress, StageRun


class Around(Protocol):
    """What happens around the steps."""

    progress: Progress
    meter: Meter

    def asked(self) -> bool:
        """Whether a person wants something."""

    def obey(self) -> None: ...

    def read(self, values: Mapping[str, Mapping[str, Tensor]]) -> None: ...

    def end_epoch(self) -> None: ...


def train_stage(stage: StageRun, around: Around) -> str:
    """Train until the stage is over, and say why it is. What a person asks for happens between two steps."""
    progress, meter, processes = around.progress, around.meter, stage.processes
    while not (reason := stage.ended(progress)):
        for batches in stage.feed:
            stage.set_learning_rate(progress)
            reading = meter.due()
            values = {}
            for name, teaching in stage.due(progress.stage_step):
                values[name] = teaching.step(teaching.columns(batches), measure=reading)
                meter.add(progress.step + 1, teaching.series, values[name]["loss"])
            if stage.averaging is not None:
                stage.averaging.update()
            progress.step += 1
            progress.stage_step += 1
            progress.samples += len(batches[0][0]) * processes
            if reading:
                around.read(values)
            if around.asked():
                around.obey()
            if stage.is_cut(progress):
                break
        around.end_epoch()
    return reason
