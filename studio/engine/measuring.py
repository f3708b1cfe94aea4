"""Finds out in a moment how fast a project would be trained here, by real steps on a few of its samples."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain, repeat
from pathlib import Path

import torch

from studio.compiler.objective import objectives_of_stage
from studio.core import loom
from studio.core.dataset import DataMissing, Dataset
from studio.core.problem import ProjectError
from studio.core.project import Project, Training
from studio.engine.build import Built, build
from studio.engine.checkpoint import random_state, seed_everything, set_random_state
from studio.engine.crew import Alone
from studio.engine.data.load import load
from studio.engine.data.parts import split
from studio.engine.device import channels_last, choose_device, describe, free_choice, set_threads
from studio.engine.evaluate import evaluate
from studio.engine.failures import is_out_of_memory
from studio.engine.feed import Data, datasets_of, held_out
from studio.engine.fitting import fitting_batch
from studio.engine.stage import Progress, StageRun, batch_size, begin_stage
from studio.training.answers import Measured
from studio.training.commands import Measure
from studio.training.run import data_folder

SECONDS = 0.7
"""How long steps are timed, and at most half of that again the measuring on held-out samples."""

FEW = 16
"""Batches whose samples are prepared for it."""

WORK, MOST_WORK = 5e9, 1e11
"""Multiply-adds of a timed step on a processor, about a tenth of a second; and of a step of one sample at most."""

BACKWARDS = 3
"""How many times as much work a step is as the way forward alone."""

Overtaken = Callable[[], bool]


def measure(question: Measure, *, overtaken: Overtaken) -> Measured | None:
    """The answer; None where something else was asked for meanwhile. A training that follows notices nothing of it."""
    with unnoticed():
        try:
            return _measured(question, overtaken)
        except Exception as error:
            return Measured(question.number, why_not=in_short(error))


def in_short(error: Exception) -> str:
    """Why a trial of a project came to nothing, in a sentence; a training would say more."""
    if isinstance(error, DataMissing):
        return "The data is not here yet."
    return str(error) if isinstance(error, ProjectError) else f"The network could not be run: {error}"


@contextmanager
def unnoticed() -> Iterator[None]:
    """What is done within leaves random numbers, threads and memory as they were."""
    before, threads = random_state(), torch.get_num_threads()
    try:
        yield
    finally:
        set_random_state(before)
        torch.set_num_threads(threads)
        gc.collect()
        if torch.cuda.is_available():
            torch.cuda.empty_cache()


def _measured(question: Measure, overtaken: Overtaken) -> Measured | None:
    """Set up all that a training sets up, on a few samples, and time it. Raises ProjectError."""
    project = loom.loads(question.project)
    device = choose_device(question.device)
    free_choice(False)
    seed_everything(project.training.seed)
    built = build(project)
    size, timed = batch_size(project), _timed_batch(built, project, device)
    if not timed:
        return Measured(question.number, why_not="One step takes too long to be measured in a moment.")
    trial = _Trial.of(_with_batch(built, timed), size, device, Path(question.data) if question.data else data_folder())
    try:
        if overtaken() or not (steps := trial.time_steps(overtaken)) or overtaken():
            return None
        step = steps * size / timed
        epoch = step * trial.steps + trial.time_held_out()
        memory, there = _memory(device)
        return Measured(question.number, step, epoch, describe(device), memory, there)
    except Exception as error:
        if not is_out_of_memory(error):
            raise
        fits = fitting_batch(trial.stage, trial.data)
        return Measured(question.number, device=describe(device), there=_memory(device)[1], fits=fits or -1)


@dataclass
class _Trial:
    """The first stage of a project on a few samples."""

    stage: StageRun
    data: Data
    device: torch.device
    seed: int
    steps: int
    """Steps of an epoch, were all samples there."""
    held_out: int
    """Samples that an epoch is measured on."""

    @classmethod
    def of(cls, built: Built, size: int, device: torch.device, folder: Path) -> _Trial:
        """``size`` is the batch of the project, while the project that was built may have a smaller one."""
        names = objectives_of_stage(built.project.training.stages[0])
        timed = batch_size(built.project)
        last = any(channels_last(network, device) for network in built.networks.values())
        for objective in built.objectives.values():
            objective.to(device)
            if last:
                objective.to(memory_format=torch.channels_last)
        datasets = datasets_of(built, list(names))
        data = {dataset: load(_few(dataset, timed * FEW), folder, device, _nobody) for dataset in datasets}
        parts = split(datasets[0], data[datasets[0]].samples)
        set_threads(max(built.diagnosis.graphs[name].multiply_adds for name in names) * size)
        stage = begin_stage(built, data, 0, device, Alone(), channels_last=last)
        if device.type == "cuda":
            torch.cuda.reset_peak_memory_stats(device)
        return cls(
            stage, data, device, built.project.training.seed, -(-len(parts.train) // size), len(parts.validation)
        )

    def time_steps(self, overtaken: Overtaken) -> float:
        """Seconds of a step, on average; 0 where something else was asked for. The first step is not counted."""
        stage, progress = self.stage, Progress()
        endless = chain.from_iterable(repeat(stage.feed))
        began, ends, times = 0.0, 0.0, 0
        while not times or time.monotonic() < ends:
            if overtaken():
                return 0.0
            batches = next(endless)
            stage.set_learning_rate(progress)
            for _, teaching in stage.due(progress.stage_step):
                teaching.step(teaching.columns(batches), measure=False)
            self._synchronise()
            progress.stage_step += 1
            if progress.stage_step == 1:
                began = time.monotonic()
                ends = began + SECONDS
            else:
                times += 1
        return (time.monotonic() - began) / times

    def time_held_out(self) -> float:
        """Seconds that measuring on the held-out samples takes after each epoch."""
        data = [self.data[dataset] for dataset in self.stage.datasets]
        there = len(data[0].validation)
        if not there:
            return 0.0
        began, seen = time.monotonic(), 0
        for batches in held_out(data, "validation", self.stage.at_once):
            evaluate(self.stage.teachings, [batches], seed=self.seed, device=self.device)
            seen += len(batches[0][0])
            if time.monotonic() - began > SECONDS / 2:
                break
        self._synchronise()
        return (time.monotonic() - began) / seen * self.held_out

    def _synchronise(self) -> None:
        if self.device.type == "cuda":
            torch.cuda.synchronize(self.device)


def _timed_batch(built: Built, project: Project, device: torch.device) -> int:
    """The batch that is timed: a processor is given a part of a large one; 0 where even that takes too long."""
    size = batch_size(project)
    if device.type != "cpu":
        return size
    names = objectives_of_stage(project.training.stages[0])
    work = BACKWARDS * sum(built.diagnosis.graphs[name].multiply_adds for name in names)
    least = min(size, 2)  # norms know no variance of one sample
    return min(size, max(least, int(WORK // max(1, work)))) if work * least <= MOST_WORK else 0


def _with_batch(built: Built, size: int) -> Built:
    training: Training = replace(built.project.training, batch=size)
    return replace(built, project=replace(built.project, training=training))


def _few(dataset: Dataset, count: int) -> Dataset:
    """The dataset with so many samples in each part at most."""
    few = type(dataset).of({**dataset.values(), "limit": min(dataset.limit or count, count)})
    assert isinstance(few, Dataset)
    return few


def _memory(device: torch.device) -> tuple[int, int]:
    """Bytes that were taken at most, and those that there are; 0 where PyTorch does not count them."""
    if device.type != "cuda":
        return 0, 0
    return torch.cuda.max_memory_reserved(device), torch.cuda.mem_get_info(device)[1]


def _nobody(_: str, __: float) -> None:
    """Data for a measurement is read without a word."""
