"""Fast mode: measures a few real steps of each way to compute the same, on copies, and chooses before it trains."""

from __future__ import annotations

import gc
import os
import shutil
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, repeat
from typing import Any

import torch
from torch import nn

from studio.core.project import Precision, Project
from studio.engine.build import Built, build
from studio.engine.checkpoint import random_state, set_random_state
from studio.engine.compiling import Compiling, first_line
from studio.engine.crew import Alone, Crew
from studio.engine.device import free_choice, order_of_pixels
from studio.engine.feed import Data
from studio.engine.stage import Progress, StageRun, begin_stage
from studio.training.machine import cores
from studio.training.messages import Tuned

ROUNDS, SECONDS = 5, 0.15
"""How often two ways are timed in turn, and how long each time."""

WORTH, WORTH_DIGITS = 1.03, 1.2
"""How much faster a way must be to be chosen, in Fast mode each time it is timed: less is within the noise of a busy
machine. And one that computes with fewer digits."""

FIRST = "channels first"
"""The name of the change to pixels in rows, all of one channel before the next."""

SAME_DIGITS = frozenset(("threads", "channels_last"))
"""What of a Tuning changes no more than the last digits of a figure."""

LONG = 300.0
"""Seconds that a training must still take for a compiler, which needs up to a minute, to be tried."""


Change = tuple[str, Mapping[str, Any]]
"""A way to compute otherwise: its name in words, and what of a Tuning it changes."""


@dataclass(frozen=True)
class Tuning:
    """How a training computes. All but ``threads`` and ``compiled`` may change a figure in its last digits or more."""

    threads: int
    channels_last: bool
    precision: Precision
    free: bool = False
    """Whether a GPU may choose algorithms by speed and round factors to TF32."""
    compiled: bool = False

    def apply(self) -> None:
        """Set what is the whole process's."""
        torch.set_num_threads(self.threads)
        free_choice(self.free)

    def built(self, built: Built) -> Built:
        """The modules in this order of pixels, for a training in this precision."""
        for objective in built.objectives.values():
            objective.to(memory_format=order_of_pixels(self.channels_last))
        training = replace(built.project.training, precision=self.precision)
        return replace(built, project=replace(built.project, training=training))

    def crew(self, crew: Crew, tell: Callable[[str], None] | None = None) -> Crew:
        """The crew, or where objectives are to be compiled, one that does so."""
        return Compiling(tell) if self.compiled else crew


@dataclass
class _Trial:
    """The first stage of a project, on modules of its own, computed in one way."""

    tuning: Tuning
    stage: StageRun
    device: torch.device
    progress: Progress = field(default_factory=Progress)

    def __post_init__(self) -> None:
        self._batches = chain.from_iterable(repeat(self.stage.feed))

    @classmethod
    def of(cls, project: Project, data: Data, device: torch.device, tuning: Tuning) -> _Trial:
        """Ready to be timed: its first steps, with which much is made, are taken. Raises whatever does not work."""
        built = build(project)
        for objective in built.objectives.values():
            objective.to(device)
        crew = tuning.crew(Alone())
        stage = begin_stage(tuning.built(built), data, 0, device, crew, channels_last=tuning.channels_last)
        stage.begin()
        trial = cls(tuning, stage, device)
        tuning.apply()
        for _ in range(2 * max(teaching.every for teaching in stage.teachings.values())):
            trial._step()
        return trial

    def seconds(self) -> float:
        """Of a step, on average."""
        self.tuning.apply()
        self._synchronise()
        began, steps = time.perf_counter(), 0
        while not steps or time.perf_counter() - began < SECONDS:
            self._step()
            steps += 1
            self._synchronise()
        return (time.perf_counter() - began) / steps

    def _step(self) -> None:
        batches = next(self._batches)
        self.stage.set_learning_rate(self.progress)
        for _, teaching in self.stage.due(self.progress.stage_step):
            teaching.step(teaching.columns(batches), measure=False)
        self.progress.stage_step += 1

    def _synchronise(self) -> None:
        if self.device.type == "cuda":
            torch.cuda.synchronize(self.device)


def tune(
    built: Built,
    data: Data,
    device: torch.device,
    usual: Tuning,
    crew: Crew,
    known: Tuned | None = None,
    *,
    thorough: bool = True,
) -> tuple[Tuning, Tuned]:
    """The fastest way found, each change kept only where it pays on top of those before, and what was measured.

    ``known`` is what was measured before on such a device: a run that goes on computes as it did. Of several processes
    the first measures, and all do as it chose. Neither weights nor random numbers notice. Not ``thorough``, only
    threads and the order of pixels are tried.
    """
    changes = [each for each in _changes(built, device, usual, crew) if thorough or SAME_DIGITS.issuperset(each[1])]
    told = known if known is not None and known.device == device.type else None
    if told is None:
        told = (
            _unnoticed(built, data, device, usual, changes, thorough=thorough) if crew.leads else Tuned(device.type, {})
        )
    best = usual
    for (_, change), chosen in zip(changes, _agreed([name for name, _ in changes], told, crew), strict=True):
        best = replace(best, **change) if chosen else best
    return best, told


def _agreed(names: Sequence[str], told: Tuned, crew: Crew) -> list[bool]:
    """Which of the changes the first process chose."""
    return [total > 0 for total in crew.totals([float(crew.leads and name in told.chosen) for name in names])]


def _unnoticed(
    built: Built, data: Data, device: torch.device, usual: Tuning, changes: Sequence[Change], *, thorough: bool
) -> Tuned:
    """Measure, and leave random numbers and memory as they were."""
    before = random_state()
    try:
        return _measured(built, data, device, usual, changes, thorough=thorough)
    finally:
        usual.apply()
        set_random_state(before)
        gc.collect()
        if torch.cuda.is_available():
            torch.cuda.empty_cache()


def _measured(
    built: Built, data: Data, device: torch.device, usual: Tuning, changes: Sequence[Change], *, thorough: bool
) -> Tuned:
    """Try one change after the other on top of those that paid."""
    speeds: dict[str, float] = {}
    failed: dict[str, str] = {}
    chosen: list[str] = []
    try:
        best = _Trial.of(built.project, data, device, usual)
        whole = best.stage.steps * best.seconds() if best.stage.steps else LONG
    except Exception as error:  # the training itself will say what is wrong
        return Tuned(device.type, {}, {"anything": first_line(error)})
    for name, change in changes:
        if "compiled" in change and whole < LONG:
            failed[name] = f"the training takes less than {LONG / 60:.0f} minutes"
            continue
        try:
            trial = _Trial.of(built.project, data, device, replace(best.tuning, **change))
            ratios = _ratios(best, trial)
        except Exception as error:  # what one way cannot compute, another can
            failed[name] = first_line(error)
            continue
        speeds[name] = statistics.median(ratios)
        least = min(ratios) if thorough else speeds[name]
        if least > (WORTH_DIGITS if "precision" in change else WORTH):
            best = trial
            chosen.append(name)
    return Tuned(device.type, speeds, failed, tuple(chosen))


def _ratios(before: _Trial, after: _Trial) -> list[float]:
    """How many times as fast, timed by turns, so that what else the machine does meets both."""
    return [before.seconds() / after.seconds() for _ in range(ROUNDS)]


def _changes(built: Built, device: torch.device, usual: Tuning, crew: Crew) -> Iterator[Change]:
    """What can be tried here, by its name in words."""
    if device.type == "cpu" and crew.share[1] == 1:
        for count in sorted({1, most_threads()} - {usual.threads}):
            yield f"{count} thread{'s' * (count > 1)}", {"threads": count}
    if device.type == "cuda":
        yield "the GPU's own choice of algorithms, with TF32", {"free": True}
    slides = (nn.Conv2d, nn.ConvTranspose2d)
    other = FIRST if usual.channels_last else "channels last"
    if any(isinstance(module, slides) for network in built.networks.values() for module in network.modules()):
        yield other, {"channels_last": not usual.channels_last}
    if usual.precision == "32-bit" and _computes_bfloat16(device):
        yield "bf16-mixed", {"precision": "bf16-mixed"}
    if crew.share[1] == 1 and _has_compiler(device):
        yield "torch.compile", {"compiled": True}


def most_threads() -> int:
    """As many threads as a step may use."""
    return int(os.environ.get("OMP_NUM_THREADS") or cores())


def _computes_bfloat16(device: torch.device) -> bool:
    """Whether the device has instructions of its own for such numbers; else they are many times slower."""
    if device.type == "cuda":
        return torch.cuda.get_device_capability(device) >= (8, 0)
    return device.type == "cpu" and bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())


def _has_compiler(device: torch.device) -> bool:
    """Whether what torch.compile writes could be compiled: by Triton, or by a compiler of C++."""
    if device.type == "cuda":
        from torch.utils._triton import has_triton

        return bool(has_triton())
    return device.type == "cpu" and any(shutil.which(name) for name in (os.environ.get("CXX", "g++"), "clang++"))
