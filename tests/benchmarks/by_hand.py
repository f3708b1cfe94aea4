"""The loop that everybody writes, around the modules of any project: what the engine is measured against."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

import torch
from torch import Tensor

from studio.compiler.objective import objectives_of_stage
from studio.core.project import Project
from studio.engine.build import build
from studio.engine.data.load import load
from studio.engine.device import free_choice
from studio.engine.feed import columns_of, datasets_of
from studio.engine.learning import learning, optimization, own_groups, set_modes
from studio.engine.optimizers import make_optimizer
from studio.engine.stage import step_share
from studio.engine.train import train
from studio.training.messages import Finished

THREADS = torch.get_num_threads()
"""As many as PyTorch takes by itself."""

PLAIN = "plain"
"""Stands for no device that an optimizer has one kernel for."""


class ByHand:
    """The first stage of a project in plain PyTorch: for each objective zero_grad, backward and step.

    Nothing is tuned: PyTorch's own threads, order of pixels and optimizer.
    """

    def __init__(self, project: Project, folder: Path, device: torch.device) -> None:
        torch.manual_seed(project.training.seed)
        torch.set_num_threads(THREADS)
        free_choice(False)  # fast mode may have left it to this process
        self._device = device
        built, stage = build(project), project.training.stages[0]
        names = objectives_of_stage(stage)
        datasets = datasets_of(built, names)
        parts = [load(dataset, folder, device, lambda what, share: None).train for dataset in datasets]
        self._columns = [[column for column in part.columns if isinstance(column, Tensor)] for part in parts]
        self.size = step_share(project, stage, len(parts[0]))
        taught = {name: learning(built, stage, name) for name in names}
        set_modes(built, stage, taught)
        self._taught = []
        for name in names:
            module = built.objectives[name].to(device)
            how = optimization(stage, name)
            optimizer = make_optimizer(how, taught[name].weights, PLAIN, own_groups(built, stage, taught[name], name))
            self._taught.append((module, optimizer, columns_of(built, name, datasets, channels_last=False)))

    def samples_per_second(self, steps: int) -> float:
        """Train so many steps."""
        batches, start = self._batches(), perf_counter()
        for _ in range(steps):
            batch = next(batches)
            for module, optimizer, pick in self._taught:
                optimizer.zero_grad()
                loss = module(**pick(batch))["loss"]
                loss.backward()
                optimizer.step()
        if self._device.type == "cuda":
            torch.cuda.synchronize(self._device)
        return steps * self.size / (perf_counter() - start)

    def _batches(self) -> Iterator[list[tuple[Tensor, ...]]]:
        """Whole batches of each dataset, each shuffled anew when it has been seen."""
        return map(list, zip(*(self._endless(columns) for columns in self._columns), strict=True))

    def _endless(self, columns: list[Tensor]) -> Iterator[tuple[Tensor, ...]]:
        size = min(self.size, len(columns[0]))
        while True:
            order = torch.randperm(len(columns[0]), device=self._device)
            for begin in range(0, len(order) - size + 1, size):
                yield tuple(column[order[begin : begin + size]] for column in columns)


def ours(project: Project, folder: Path, steps: int, *, device: str, **options: Any) -> float:
    """Samples a second of the engine with all live figures on, in a training of so many steps."""
    stage = replace(project.training.stages[0], epochs=0, steps=steps, minutes=0.0, restore_best=False)
    training = replace(project.training, stages=(stage,), checkpoint_seconds=1e9)
    run = train(replace(project, training=training, goal=None), device=device, out=folder / "run", **options)
    shutil.rmtree(run.run.folder)
    assert isinstance(run.finished, Finished)
    return run.finished.samples_per_second
