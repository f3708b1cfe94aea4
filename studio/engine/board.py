"""Writes what a training tells into TensorBoard's files: live, or of a run that is over from its events."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.core.problem import ProjectError
from studio.training.messages import (
    EpochEnded,
    Event,
    Failed,
    Figures,
    Finished,
    Previewed,
    StageEnded,
    Started,
    StepDone,
)
from studio.training.run import Run
from studio.training.sweeps.trials import DISCARDED
from studio.training.sweeps.varying import present_values
from studio.training.wire import tell

FOLDER = "tensorboard"
MISSING = (
    "Files for TensorBoard need its package, which is not installed. "
    "Install it with: pip install 'layerloom[tensorboard]'."
)
FLUSH_SECONDS = 5
"""After which TensorBoard sees what was written."""
WAITING = 1000
"""Values that may wait to be written; with more of them a step would wait for the disk."""


class Board:
    """Told every event of a run, it writes the same curves whether that is live or afterwards.

    A figure is called as in the events, with where it is from behind it: ``loss/steps`` while steps are made, and
    ``loss/training``, ``loss/validation`` and ``loss/test``. Where a run goes on from a checkpoint, what was written of
    later steps counts no more.
    """

    def __init__(self, run: Run) -> None:
        """Raises ProjectError where TensorBoard is not installed."""
        try:
            from torch.utils.tensorboard import SummaryWriter
        except ImportError:
            raise ProjectError(MISSING) from None
        self._run, self._new = run, SummaryWriter
        self._writer: Any = None
        self._measures: frozenset[str] = frozenset()

    def take(self, event: Event) -> None:
        """Write what the event tells, if it is anything that TensorBoard shows."""
        # A disk that refuses is said of the events, which lie beside.
        with contextlib.suppress(OSError):
            if isinstance(event, Started):
                self._begin(event)
            elif self._writer is not None:
                self._write(event)

    def _write(self, event: Event) -> None:
        match event:
            case StepDone():
                self._step(event)
            case EpochEnded():
                self._figures(event.metrics, "validation", event.step)
                self._figures(event.training, "training", event.step)
                self._figures(event.squares, "sum of squared weights", event.step)
            case StageEnded():
                self._figures(event.metrics, "test", event.step)
            case Finished() if event.reason != DISCARDED:
                self._figures(event.metrics, "test", event.step)
            case Previewed():
                self._show(event)

    def close(self) -> None:
        """Write what waits."""
        with contextlib.suppress(OSError):
            if self._writer is not None:
                self._writer.close()

    def _begin(self, event: Started) -> None:
        """Begin a file, with the settings of the training beside what it measures."""
        from torch.utils.tensorboard.summary import hparams

        self.close()
        self._measures = frozenset(event.measures)
        self._writer = self._new(
            str(self._run.folder / FOLDER), purge_step=event.step + 1, max_queue=WAITING, flush_secs=FLUSH_SECONDS
        )
        settings = present_values(self._run.project())
        told = {name: value for name, value in settings.items() if isinstance(value, bool | int | float | str)}
        described = hparams(told, {f"{name}/validation": None for name in event.measures})  # type: ignore[no-untyped-call]
        for part in described:
            self._writer.file_writer.add_summary(part)

    def _step(self, event: StepDone) -> None:
        for name, value in event.values.items():
            self._writer.add_scalar(f"{name}/steps" if name in self._measures else name, value, event.step)
        self._writer.add_scalar("learning rate", event.learning_rate, event.step)
        self._writer.add_scalar("samples per second", event.samples_per_second, event.step)

    def _figures(self, figures: Figures, part: str, step: int) -> None:
        for name, value in figures.items():
            self._writer.add_scalar(f"{name}/{part}", value, step)

    def _show(self, event: Previewed) -> None:
        for name, file, axes in zip(event.names, event.files, event.shapes, strict=True):
            # A copied folder may lack what was shown, and no preview is worth a training.
            with contextlib.suppress(OSError, ValueError):
                pictures = pictures_of(np.load(self._run.folder / file, allow_pickle=False), axes.split())
                if pictures is not None:
                    self._writer.add_images(f"{event.objective}/{name}", pictures, event.step, dataformats="NCHW")


def pictures_of(values: NDArray[np.float32], axes: Sequence[str]) -> NDArray[np.uint8] | None:
    """Samples (N, …) as pictures (N, 1 or 3, H, W), all in one scale; of a film the last frame. None for other axes."""
    if axes[:1] == ["S"]:
        values, axes = values[:, -1], axes[1:]
    if axes not in (["H", "W"], ["C", "H", "W"]):
        return None
    values = values if "C" in axes else values[:, None]
    if values.shape[1] not in (1, 3):
        values = values.mean(1, keepdims=True)
    finite = values[np.isfinite(values)]
    low, high = (finite.min(), finite.max()) if finite.size else (0.0, 1.0)
    shades: NDArray[np.float32] = np.nan_to_num((values - low) * (255 / (high - low or 1.0)))
    return shades.clip(0, 255).astype(np.uint8)


def write_afterwards(run: Run) -> Path:
    """Write the files of a run from its events; the folder they are in. Raises ProjectError."""
    board = Board(run)
    for event in run.events():
        board.take(event)
    board.close()
    return run.folder / FOLDER


def main() -> int:
    """Write the files of the run that the command line names; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m studio.engine.board")
    parser.add_argument("run", type=Path)
    try:
        write_afterwards(Run.open(parser.parse_args().run))
    except ProjectError as error:
        tell(Failed(str(error)))
        return 1
    return 0


if __name__ == "__main__":
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    sys.exit(main())
