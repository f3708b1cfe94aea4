"""How a training computes unless it is told otherwise: measured once for a network on this machine, and remembered."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from studio.compiler.objective import objectives_of_stage
from studio.engine.build import Built
from studio.engine.crew import Crew
from studio.engine.feed import Data
from studio.engine.stage import batch_size
from studio.engine.tuning import Tuning, most_threads, tune
from studio.training.messages import Tuned
from studio.training.run import layerloom_folder

MOST = 500
"""Networks that are remembered; the oldest are forgotten."""

LITTLE, MUCH = 2e6, 1e10
"""Multiply-adds of a batch for which one thread is always enough, and for which trying would take long: many steps of
about a second, on copies of large networks."""


def by_default(
    built: Built, data: Data, device: torch.device, usual: Tuning, crew: Crew, known: Tuned | None = None
) -> tuple[Tuning, list[Tuned]]:
    """``usual``, or with other threads or pixels in their other order where that is faster here; and what was measured.

    Whether two threads pay, and in which order several of them convolve faster, differs from network to network and
    from processor to processor, by a third either way. What was found is remembered: a choice that differs from one
    training to the next would change the last digits of its figures. ``known`` is what a run that goes on was told.
    """
    if device.type != "cpu" or most_threads() == 1 or crew.share[1] > 1 or not LITTLE <= _work(built) < MUCH:
        return usual, []
    name = _name(built, usual)
    remembered = _read()
    if known is None and name in remembered:
        known = Tuned(device.type, {}, chosen=remembered[name])
    tuning, told = tune(built, data, device, usual, crew, known, thorough=False)
    if known is None and told.speeds:
        _write({**remembered, name: told.chosen})
    tuning.apply()
    return tuning, [told]


def _work(built: Built) -> int:
    """Multiply-adds of a batch on its way forward."""
    return max(built.diagnosis.graphs[name].multiply_adds for name in built.objectives) * batch_size(built.project)


def _name(built: Built, usual: Tuning) -> str:
    """What tells this measurement from all others: the machine, the sources, and the batch."""
    names = objectives_of_stage(built.project.training.stages[0])
    sources = [built.objective_sources[name].text for name in names] + [each.text for each in built.sources]
    machine = [torch.__version__, torch.backends.cpu.get_cpu_capability(), most_threads()]
    about = [*machine, usual.threads, usual.channels_last, usual.precision, batch_size(built.project)]
    return hashlib.sha256(json.dumps([*about, *sources]).encode()).hexdigest()[:32]


def _file() -> Path:
    return layerloom_folder() / "fastest.json"


def _read() -> dict[str, tuple[str, ...]]:
    """What was chosen before, by name."""
    try:
        content: Any = json.loads(_file().read_bytes())
    except (OSError, ValueError):
        return {}
    entries = content.items() if isinstance(content, dict) else ()
    return {name: tuple(map(str, chosen)) for name, chosen in entries if isinstance(chosen, list)}


def _write(found: Mapping[str, tuple[str, ...]]) -> None:
    """Where that cannot be kept, the next training measures again."""
    path, kept = _file(), dict(list(found.items())[-MOST:])
    half = path.with_name(f"{path.name}.{os.getpid()}")
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        half.write_text(json.dumps(kept, indent=0), encoding="utf-8")
        half.replace(path)
