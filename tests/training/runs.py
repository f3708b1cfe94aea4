"""Runs as a training would have left them, written in a moment."""

from __future__ import annotations

from pathlib import Path

from studio.core.graph import Node
from studio.core.project import Project
from studio.training.checkpoints import ABOUT, Checkpoint, checkpoint_name
from studio.training.journal import Journal
from studio.training.messages import EpochEnded, Event, Finished, Started, StepDone
from studio.training.run import Run

PROJECT = Project("LeNet-5", data=Node("Digits"))
MEASURES = {
    "loss": {"title": "Loss", "percent": False, "higher_is_better": False},
    "accuracy": {"title": "Accuracy", "percent": True, "higher_is_better": True},
}


def started(step: int = 0, *, checkpoint: str = "", at: float = 5.0) -> Started:
    """The beginning of a training of 2 epochs with 10 steps each."""
    return Started(
        "elsewhere/run", "LeNet-5", "cpu", ("training",), ("loss",), MEASURES, {"train": 640, "validation": 64},
        {"LeNet-5": 61_706}, 64, 10, 20, 7, "32-bit", step, at, checkpoint,
    )  # fmt: skip


def step(number: int) -> StepDone:
    return StepDone(number, 1 + (number - 1) // 10, 0, {"loss": 1 / number}, 0.001, 100.0)


def epoch(number: int, accuracy: float, *, best: bool = True) -> EpochEnded:
    figures = {"loss": 1 - accuracy, "accuracy": accuracy}
    return EpochEnded(number, 2, 0, 10 * number, figures, {"loss": 1 - accuracy}, 1.5, best)


def finished(accuracy: float, reason: str = "complete") -> Finished:
    return Finished({"loss": 1 - accuracy, "accuracy": accuracy}, "elsewhere/run", 4.0, 320.0, 20, reason)


def whole(accuracy: float = 0.9) -> list[Event]:
    """A training that came to its end; its first epoch was the best."""
    steps = [step(number) for number in range(1, 21)]
    return [
        started(),
        *steps[:10],
        epoch(1, accuracy),
        *steps[10:],
        epoch(2, accuracy - 0.1, best=False),
        finished(0.8),
    ]


def run_with(*events: Event, folder: Path | None = None, project: Project = PROJECT) -> Run:
    """A run that told these events."""
    run = Run.create(project, folder)
    append(run, *events)
    return run


def append(run: Run, *events: Event) -> None:
    """Tell more, as a process that ends afterwards."""
    journal = Journal(run.events_file)
    for event in events:
        journal.append(event)
    journal.close()


def add_checkpoint(run: Run, at_step: int, why: str, accuracy: float = 0.5, *, per_epoch: int = 10) -> Checkpoint:
    """A checkpoint without weights."""
    folder = run.checkpoint_folder / checkpoint_name(at_step, why)
    made = Checkpoint(
        folder, at_step, 0, at_step // per_epoch, why, {"loss": 1 - accuracy, "accuracy": accuracy}, 1_795_000_000.0
    )
    folder.mkdir()
    (folder / ABOUT).write_text(made.about())
    return made
