"""Finds a learning rate: real steps of a stage while its rate grows, and the rate at which the loss fell fastest."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, repeat
from pathlib import Path

import numpy as np
import torch

from studio.compiler.objective import objectives_of_stage
from studio.core import loom
from studio.core.problem import ProjectError
from studio.core.project import Project
from studio.engine.beginning import begin
from studio.engine.build import build
from studio.engine.checkpoint import seed_everything
from studio.engine.crew import Alone
from studio.engine.data.load import load
from studio.engine.device import channels_last, choose_device, free_choice, set_threads
from studio.engine.feed import datasets_of
from studio.engine.measuring import Overtaken, in_short, unnoticed
from studio.engine.stage import StageRun, batch_size, begin_stage
from studio.engine.taking import take
from studio.training.answers import OVERTAKEN, RatesTried
from studio.training.commands import TryRates
from studio.training.run import data_folder

STEPS_PER_POWER = 20
"""Steps in which the rate grows ten times as large."""

KEPT = 0.9
"""What the running mean of the losses keeps of itself at each step."""

TOO_HIGH = 4
"""The loss has left all bounds where it is so many times the lowest."""

FIRST, LAST = 10, 5
"""Steps at both ends that are not looked at: the mean knows too little yet, and the loss rises already."""

EVERY = 0.1
"""Seconds between two answers."""


def try_rates(asked: TryRates, tell: Callable[[RatesTried], None], *, overtaken: Overtaken) -> RatesTried:
    """The answer, ``tell`` hears of it meanwhile. A training that follows notices nothing of it.

    Smith 2017, Cyclical learning rates for training neural networks. A stage behind others begins with the weights
    with which the project begins, as nobody has trained the stages before it. Of several objectives the losses are
    added up; where they work against each other, the sum says little.
    """
    with unnoticed():
        try:
            return _tried(asked, tell, overtaken)
        except Exception as error:
            return RatesTried(asked.number, over=True, why_not=in_short(error))


def _tried(asked: TryRates, tell: Callable[[RatesTried], None], overtaken: Overtaken) -> RatesTried:
    project = loom.loads(asked.project)
    if not 0 <= asked.stage < len(project.training.stages):
        raise ProjectError(f"There is no stage {asked.stage + 1}: the project has {len(project.training.stages)}.")
    stage = _stage(project, asked)
    rates: list[float] = []
    losses: list[float] = []
    told = time.monotonic()
    grown = np.geomspace(asked.lowest, asked.highest, steps_for(asked))
    for rate, loss in _steps(stage, [float(f"{rate:.3g}") for rate in grown]):
        if overtaken():
            return RatesTried(asked.number, over=True, why_not=OVERTAKEN)
        rates.append(rate)
        losses.append(loss)
        means = smoothed(losses)
        if not math.isfinite(loss) or means[-1] - min(means) > (TOO_HIGH - 1) * abs(min(means)):
            break
        if time.monotonic() - told > EVERY:
            told = time.monotonic()
            tell(RatesTried(asked.number, tuple(rates), tuple(means), len(grown)))
    means = [mean for mean in smoothed(losses) if math.isfinite(mean)]
    rates = rates[: len(means)]
    if not means:
        return RatesTried(asked.number, over=True, why_not="The loss is not a number from the first step on.")
    return RatesTried(asked.number, tuple(rates), tuple(means), len(grown), steepest(rates, means), over=True)


def steps_for(asked: TryRates) -> int:
    """Steps from the lowest rate to the highest. Raises ProjectError where the one is not below the other."""
    if not 0 < asked.lowest < asked.highest < math.inf:
        raise ProjectError(f"There is no rate between {asked.lowest:g} and {asked.highest:g} to be tried.")
    return max(2, round(STEPS_PER_POWER * math.log10(asked.highest / asked.lowest)))


def smoothed(losses: Sequence[float]) -> list[float]:
    """The running mean at each step, rid of its bias towards the zero that it starts from."""
    mean, means = 0.0, list[float]()
    for number, loss in enumerate(losses, 1):
        mean = KEPT * mean + (1 - KEPT) * loss
        means.append(mean / (1 - KEPT**number))
    return means


def steepest(rates: Sequence[float], losses: Sequence[float]) -> float:
    """The rate at which these losses fall fastest by the logarithm of the rate; 0 where they never fall."""
    if len(rates) < FIRST + LAST + 2:
        return 0.0
    slopes = np.gradient(np.asarray(losses), np.log10(np.asarray(rates)))[FIRST:-LAST]
    at = int(slopes.argmin())
    return float(f"{rates[FIRST + at]:.2g}") if slopes[at] < 0 else 0.0


def _stage(project: Project, asked: TryRates) -> StageRun:
    """The stage at its beginning, on all its data. Raises ProjectError."""
    device = choose_device(asked.device)
    free_choice(False)
    seed_everything(project.training.seed)
    built = build(project)
    folder = Path(asked.data) if asked.data else data_folder()
    begin(project, built.networks, _nobody, download=False)
    last = any(channels_last(network, device) for network in built.networks.values())
    for objective in built.objectives.values():
        objective.to(device)
    stage = project.training.stages[asked.stage]
    names = objectives_of_stage(stage)
    data = {each: load(each, folder, device, _nobody) for each in datasets_of(built, [*names, *stage.measures])}
    set_threads(max(built.diagnosis.graphs[name].multiply_adds for name in names) * batch_size(project))
    running = begin_stage(built, data, asked.stage, device, Alone(), channels_last=last)
    take(built, stage)
    running.begin()
    return running


def _steps(stage: StageRun, rates: Sequence[float]) -> Iterator[tuple[float, float]]:
    """Each rate with the loss of its step, which is that of the weights before it."""
    batches = chain.from_iterable(repeat(stage.feed))
    for number, rate in enumerate(rates):
        batch, total = next(batches), torch.zeros(())
        for _, teaching in stage.due(number):
            teaching.set_learning_rate(rate)
            values = teaching.step(teaching.columns(batch), measure=False)
            total = total + values["loss"].detach().cpu()
        yield rate, float(total)


def _nobody(_: str, __: float) -> None:
    """Data for a trial is read without a word."""
