"""The checkpoints of a run as they lie on disk: which there are, of which step, and which may go."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

ABOUT = "checkpoint.json"
KEPT = 2
"""Checkpoints written only because time had passed: so many of the newest stay."""


@dataclass(frozen=True)
class Checkpoint:
    """A folder with the weights and all else that going on needs; complete, or it would not have this name.

    ``why`` is start, time, best, stage, pause, stop or asked.
    """

    folder: Path
    step: int
    stage: int
    epoch: int
    why: str
    metrics: Mapping[str, float] = field(default_factory=dict)
    at: float = 0.0
    """When it was written, in seconds since 1970."""

    def weights(self, network: str) -> Path:
        """The safetensors file of a network, named by its identifier."""
        return self.folder / f"{network}.safetensors"

    @property
    def state(self) -> Path:
        """Optimizers, order of the samples and random numbers."""
        return self.folder / "state.pt"

    def about(self) -> str:
        """The text of its description."""
        content = {key: value for key, value in asdict(self).items() if key != "folder"}
        return json.dumps(content, indent=1)


def checkpoint_name(step: int, why: str) -> str:
    """Name of a checkpoint's folder."""
    return f"step-{step:09d}-{why}"


def checkpoints(folder: Path) -> list[Checkpoint]:
    """The complete checkpoints in a folder by step; anything else in it is passed over."""
    found = [read for path in sorted(folder.glob("step-*")) if (read := _read(path))]
    return sorted(found, key=lambda checkpoint: (checkpoint.step, checkpoint.at))


def open_checkpoint(folder: Path) -> Checkpoint | None:
    """The checkpoint in this folder, None where there is none."""
    return _read(folder)


def prune(folder: Path) -> None:
    """Delete what a newer one has made needless: older checkpoints by time, and all bests but the last of a stage."""
    found = checkpoints(folder)
    by_time = [checkpoint for checkpoint in found if checkpoint.why == "time"]
    best = {checkpoint.stage: checkpoint for checkpoint in found if checkpoint.why == "best"}
    beaten = [checkpoint for checkpoint in found if checkpoint.why == "best" and checkpoint != best[checkpoint.stage]]
    for checkpoint in [*by_time[:-KEPT], *beaten]:
        if checkpoint != found[-1]:
            shutil.rmtree(checkpoint.folder, ignore_errors=True)


def _read(path: Path) -> Checkpoint | None:
    try:
        content: dict[str, Any] = json.loads((path / ABOUT).read_text(encoding="utf-8"))
        return Checkpoint(folder=path, **content)
    except (OSError, ValueError, TypeError):
        return None
