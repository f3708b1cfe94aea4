"""Keeps what objectives show in the run's folder: an array of samples for each preview, at every look."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from studio.core.names import identifier
from studio.engine.build import Built
from studio.training.messages import Previewed

MOST = 64
"""Samples of a preview that are kept."""


def keep_previews(
    folder: Path, built: Built, objective: str, shown: Mapping[str, Tensor], *, step: int, epoch: int, stage: int
) -> Previewed:
    """Write what an objective shows, by key, (batch, ...) each, into the run in this folder. Raises OSError."""
    source = built.objective_sources[objective]
    files = []
    others = {key for name, other in built.objective_sources.items() if name != objective for key in other.previews}
    for key, values in shown.items():
        # Names are unique within an objective alone.
        stem = f"{identifier(objective)}.{key}" if key in others else key
        file = Path("previews") / f"{step:08d}" / f"{stem}.npy"
        _write(folder / file, values[:MOST])
        files.append(file.as_posix())
    pairs = [source.previews[key] for key in shown]
    names, axes = tuple(name for name, _ in pairs), tuple(each for _, each in pairs)
    return Previewed(step, epoch, stage, objective, names, tuple(files), axes)


def _write(path: Path, values: Tensor) -> None:
    """The file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    writing = path.with_suffix(".writing")
    with writing.open("wb") as file:
        np.save(file, values.detach().to("cpu", torch.float32).numpy(), allow_pickle=False)
    os.replace(writing, path)
