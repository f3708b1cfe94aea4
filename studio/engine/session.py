"""A training under way: what happens around its steps, its epochs and its stages."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor

from studio.compiler.figures import LOSS, Figure
from studio.engine.build import Built
from studio.engine.class_counting import ClassCounting
from studio.engine.crew import Alone, Crew
from studio.engine.data.load import PartName
from studio.engine.evaluate import counted, evaluate
from studio.engine.feed import Data, held_out
from studio.engine.figures import judged, named, squares_of
from studio.engine.forward import Forward
from studio.engine.keeper import Keeper, Resumption
from studio.engine.loop import train_stage
from studio.engine.meter import Mean, Meter
from studio.engine.orders import Dismissed, Orders, Stopped
from studio.engine.previews import keep_previews
from studio.engine.stage import Progress, StageRun, begin_stage
from studio.engine.taking import take
from studio.engine.teaching import GRADIENT
from studio.training.checkpoints import checkpoint_name
from studio.training.messages import CheckpointSaved, EpochEnded, Event, Finished, Log, StageEnded, StepDone

RATE = "learning rate"

OFTEN, RARELY = 0.1, 1 / 600
"""Seconds between two step events at first, and later as a part of the time so far: a long run's file stays small."""


@dataclass
class Session:
    """Everything that a training consists of; ``run`` takes it to its end."""

    built: Built
    data: Data
    device: torch.device
    keeper: Keeper
    meter: Meter
    figures: Mapping[tuple[str, str], Figure]
    orders: Orders
    tell: Callable[[Event], None]
    channels_last: bool = False
    progress: Progress = field(default_factory=Progress)
    metrics: dict[str, float] = field(default_factory=dict)
    """Figures on held-out samples as they were measured last."""
    stage: StageRun | None = None
    crew: Crew = field(default_factory=Alone)

    def __post_init__(self) -> None:
        self.counting = ClassCounting(self.built)
        self._clock = time.monotonic()
        self._saved, self._epoch_began, self._told_at = 0.0, 0.0, -OFTEN
        self._told_seconds, self._told_samples = 0.0, 0

    def run(self, resumption: Resumption | None) -> Finished | None:
        """Train all stages that are left; None where the training was only interrupted. Raises what else ends it."""
        self._clock = time.monotonic()
        self._told_samples, self._told_seconds = self.progress.samples, self.progress.step_seconds
        self._saved = self._epoch_began = self.progress.seconds
        try:
            while self.progress.stage < len(self.built.project.training.stages):
                self._begin_stage(resumption)
                resumption = None
                assert self.stage is not None
                self._end_stage(self.stage, train_stage(self.stage, self))
        except Stopped as stopped:
            return self._finished("stopped" if stopped.keep else "discarded")
        except Dismissed:
            self.save("stop")
            return None
        return self._finished("complete")

    def asked(self) -> bool:
        return not self.orders.inbox.empty()

    def obey(self) -> None:
        """Do what a person asked for since the last step. Raises Stopped, Dismissed."""
        self._tick(stepping=True)
        self.orders.obey(self)
        self._clock = time.monotonic()

    def read(self, values: Mapping[str, Mapping[str, Tensor]]) -> None:
        """Ten times a second: read the losses and the figures of the step just made, show what is watched, save."""
        assert self.stage is not None
        self._tick(stepping=True)
        losses = {self.figures[name, LOSS].name for name in values}
        figures = {name: value for name, value in named(self.figures, values).items() if name not in losses}
        figures[RATE] = self.stage.learning_rate(self.progress)
        for each in values.values():
            figures.update({GRADIENT: each[GRADIENT]} if GRADIENT in each else {})
        self._tell_step(self.meter.read(self.progress.step, figures))
        self.orders.show(self.progress.step)
        if self.progress.seconds - self._saved > self.built.project.training.checkpoint_seconds:
            self.save("time")

    def end_epoch(self) -> None:
        """Measure on the validation part, remember the best epoch, and tell."""
        stage, progress = self.stage, self.progress
        assert stage is not None
        self.meter.flush()
        self._tick(stepping=True)
        training = self.meter.end_epoch()
        progress.epoch += 1
        self.metrics = self._measured(stage, "validation", look=stage.is_looked_at(progress))
        best = self._is_best(stage)
        self._tick(stepping=False)
        seconds, self._epoch_began = progress.seconds - self._epoch_began, progress.seconds
        epochs = stage.stage.epochs
        self.tell(
            EpochEnded(
                progress.epoch,
                epochs,
                progress.stage,
                progress.step,
                self.metrics,
                training,
                seconds,
                best,
                self.counting.told(self.data),
                squares_of(self.built.networks),
            )
        )
        if best and stage.stage.restore_best:
            self.save("best")
        self.orders.predict(progress.step)

    def save(self, why: str) -> None:
        """Write a checkpoint. Where the disk refuses, wait for the person; raises OSError where there is none."""
        self.meter.flush()
        while True:
            try:
                checkpoint = self.keeper.save(self.progress, self.stage, self.meter, why, self.metrics)
                break
            except OSError as error:
                self.orders.wait_for_disk(error, self)
        self._saved = self.progress.seconds
        self.tell(CheckpointSaved(str(checkpoint.folder), checkpoint.step, why))

    def _begin_stage(self, resumption: Resumption | None) -> None:
        """Set up the present stage, at its beginning or where a checkpoint left it."""
        self.stage = self.make_stage(self.progress.stage)
        if self.progress.stage_step == 0:
            take(self.built, self.stage.stage)
        self.orders.objectives = tuple(self.stage.teachings)
        if resumption is not None and not resumption.take_up(self.stage, self.meter):
            self.tell(
                Log("The project has changed since this checkpoint: the weights that fit go on, all else is new.")
            )
        self.stage.begin()
        self._save_first("start")
        self._tick(stepping=False)

    def make_stage(self, number: int, crew: Crew | None = None) -> StageRun:
        """The stage of this number at its beginning. Raises ProjectError."""
        last = self.channels_last
        return begin_stage(self.built, self.data, number, self.device, crew or self.crew, channels_last=last)

    def _end_stage(self, stage: StageRun, reason: str) -> None:
        """Put the weights of the best epoch back, and go on to the next stage."""
        progress, ended = self.progress, stage.stage
        self.orders.show(progress.step, is_last=True)
        worse = progress.best_checkpoint and progress.best_step != progress.step
        restored = progress.best_step if worse and ended.restore_best and self.keeper.load_best(progress) else None
        if restored is None and stage.averaging is not None:
            stage.averaging.settle()
        reached: dict[str, float] = {}
        if progress.stage + 1 < len(self.built.project.training.stages):
            # a stage anew measures the weights as they are now, and not those that an averaging remembers
            reached = self._measured(self.make_stage(progress.stage), "test", look=False)
        self.tell(StageEnded(progress.stage, ended.name, progress.step, progress.epoch, reason, restored, reached))
        self.progress, self.stage = progress.next_stage(), None
        self.save("stage")

    def _finished(self, reason: str) -> Finished:
        """Measure on the test part; the end as an event."""
        if reason == "stopped":
            self.save("stop")
        self._save_first("stage")
        if reason != "discarded":
            stage = self.stage or self.make_stage(len(self.built.project.training.stages) - 1)
            self.metrics = self._measured(stage, "test") or self._measured(stage, "validation")
        self._tick(stepping=False)
        progress, newest = self.progress, self.keeper.run.newest()
        speed = progress.samples / progress.step_seconds if progress.step_seconds else 0.0
        return Finished(
            self.metrics,
            str(self.keeper.run.folder),
            progress.seconds,
            speed,
            progress.step,
            reason,
            str(newest.folder) if newest else "",
            judged(self.built.project.goal, self.metrics),
            self.counting.told(self.data),
        )

    def _save_first(self, why: str) -> None:
        """Write a checkpoint where a run has none: so has one that branched off where nothing was left to train."""
        bare = self.crew.leads and self.keeper.run.newest() is None
        if any(self.crew.totals([bare])):
            self.save(why)

    def _measured(self, stage: StageRun, part: PartName, *, look: bool = True) -> dict[str, float]:
        """Figures of the stage's objectives on a part, with those that only measure where a ``look`` is due.

        None where the part is empty. What objectives show of it is kept beside.
        """
        self.crew.align([each.objective for each in (*stage.teachings.values(), *stage.measures.values())])
        with stage.averaged():
            figures = self._seen(stage, stage.teachings, part, self.counting, show=look)
            self.counting.add_up(stage.teachings, self.crew)
            for name, each in stage.measures.items() if look else ():
                figures |= self._seen(stage, {name: each}, part, None, show=True)
        return figures

    def _seen(
        self,
        stage: StageRun,
        objectives: Mapping[str, Forward],
        part: PartName,
        counting: ClassCounting | None,
        *,
        show: bool,
    ) -> dict[str, float]:
        """Figures of these objectives, which read the same data, of all processes together."""
        datasets = next(iter(objectives.values())).datasets
        batches = held_out([self.data[dataset] for dataset in datasets], part, stage.at_once, self.crew.share)
        seed = self.built.project.training.seed
        seen = evaluate(objectives, batches, seed=seed, device=self.device, counting=counting, show=show)
        self._keep(seen.shown)
        keys = [key for key in self.figures if key[0] in objectives]
        mine = [seen.means.get(key, Mean()) for key in keys]
        sums = self.crew.totals([number for mean in mine for number in (mean.total, mean.count)])
        of_all = [Mean(*pair) for pair in zip(sums[::2], sums[1::2], strict=True)]
        figures = {key: mean.value for key, mean in zip(keys, of_all, strict=True) if mean.count}
        figures.update(counted(objectives, self.crew.totals) if figures else {})
        return {self.figures[key].name: value for key, value in figures.items()}

    def _keep(self, shown: Mapping[str, Mapping[str, Tensor]]) -> None:
        """Write previews into the run's folder, and tell. They are not worth a run: where the disk refuses, say so."""
        progress = self.progress
        for objective, values in shown.items():
            if not values or not self.crew.leads:
                continue
            at = {"step": progress.step, "epoch": progress.epoch, "stage": progress.stage}
            try:
                self.tell(keep_previews(self.keeper.run.folder, self.built, objective, values, **at))
            except OSError as error:
                self.tell(Log(f"Previews cannot be kept: {error.strerror or error}.", "warning"))

    def _is_best(self, stage: StageRun) -> bool:
        """Whether the validation loss of the first objective is lower than ever in this stage."""
        progress = self.progress
        loss = self.metrics.get(next(iter(stage.teachings.values())).series)
        if loss is None:
            return False
        if not loss < progress.best - stage.stage.min_delta:
            progress.stale += 1
            if stage.stage.schedule == "plateau" and progress.stale % stage.stage.drop_every == 0:
                progress.drops += 1
            return False
        progress.best, progress.best_step, progress.stale = loss, progress.step, 0
        progress.best_checkpoint = checkpoint_name(progress.step, "best") if stage.stage.restore_best else ""
        return True

    def _tick(self, *, stepping: bool) -> None:
        """Count the time since the last call, as part of the steps or of what lies between them."""
        now, progress = time.monotonic(), self.progress
        passed, self._clock = now - self._clock, now
        progress.seconds, progress.stage_seconds, progress.step_seconds = self.crew.meet(
            (
                progress.seconds + passed,
                progress.stage_seconds + passed,
                progress.step_seconds + (passed if stepping else 0.0),
            )
        )

    def _tell_step(self, values: Mapping[str, float]) -> None:
        progress = self.progress
        if progress.seconds - self._told_at < max(OFTEN, RARELY * progress.seconds):
            return
        passed = progress.step_seconds - self._told_seconds
        speed = (progress.samples - self._told_samples) / passed if passed else 0.0
        self._told_at, self._told_seconds = progress.seconds, progress.step_seconds
        self._told_samples = progress.samples
        rate = values[RATE]
        shown = {name: value for name, value in values.items() if name != RATE}
        self.tell(StepDone(progress.step, progress.epoch + 1, progress.stage, shown, rate, speed))
