"""Brings a window into the states that people meet with their runs, so that pictures can be taken of them."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Iterator
from dataclasses import replace

from studio.core.catalog import catalog
from studio.core.project import Project
from studio.gui.panels.runs import RunsPanel
from studio.gui.window import Window
from studio.training.messages import EpochEnded, Event, Failed, Finished, Started, StepDone
from studio.training.run import Run, runs_folder
from studio.training.shelf import SWEEP, write_note
from studio.training.summary import TRIAL
from tests import states
from tests.training.runs import MEASURES, add_checkpoint, run_with

PER_EPOCH, EPOCHS, BEGAN = 125, 8, 1_795_000_000.0


def learned(seed: int, rate: float = 0.5, *, epochs: int = EPOCHS) -> Iterator[Event]:
    """What a training tells whose loss falls, the faster the higher the rate, with noise."""
    chance = random.Random(seed)
    yield Started(
        "runs/run", "LeNet-5", "cpu (2 of 4 threads)", ("training",), ("loss",), MEASURES,
        {"train": 8000, "validation": 1000, "test": 1000}, {"LeNet-5": 61_706}, 64, PER_EPOCH, PER_EPOCH * EPOCHS,
        seed, "32-bit", at=BEGAN + 5000 * seed,
    )  # fmt: skip
    best = math.inf
    for number in range(1, epochs + 1):
        for step in range((number - 1) * PER_EPOCH + 5, number * PER_EPOCH, 10):
            loss = 2.3 * math.exp(-rate * step / PER_EPOCH) + 0.05 + chance.gauss(0, 0.03)
            yield StepDone(step, number, 0, {"loss": max(loss, 0.01)}, 0.006, 4100.0)
        loss = 2.2 * math.exp(-rate * number) + 0.06 + chance.gauss(0, 0.01)
        figures = {"loss": loss, "accuracy": 1 - loss / 4}
        yield EpochEnded(number, EPOCHS, 0, number * PER_EPOCH, figures, {"loss": loss}, 2.1, loss < best)
        best = min(best, loss)
    if epochs == EPOCHS:
        yield Finished(
            {"loss": best, "accuracy": 1 - best / 4}, "runs/run", 17.2, 4100.0, EPOCHS * PER_EPOCH, "complete"
        )


def wider(project: Project) -> Project:
    """LeNet-5 with more filters, one layer less, and another learning rate."""
    graph = project.graphs["LeNet-5"]
    graph = graph.put({"C1": graph.nodes["C1"].set(filters=12)}).remove(["Tanh"], heal=True)
    training = replace(project.training, stages=(replace(project.training.stages[0], learning_rate=0.02),), batch=32)
    return replace(project.with_graph("LeNet-5", graph), training=training)


def make_runs() -> None:
    """A sweep and some runs, once."""
    place, project = runs_folder(), catalog().make_project("lenet5")
    if place.exists():
        return
    for number, rate in enumerate((0.5, 0.8, 0.3, 1.1), 1):
        run = run_with(*learned(number, rate), folder=place / f"lenet-5-digits-{number}", project=project)
        for step, why in ((0, "start"), (375, "time"), (875, "best"), (1000, "stage")):
            add_checkpoint(run, step, why, 0.9 + step / 20_000, per_epoch=PER_EPOCH)
    write_note(run, "Twice the rate: learns at once")
    run_with(*learned(5, 0.9), folder=place / "wider", project=wider(project))
    stopped = run_with(*learned(6, 0.6, epochs=3), folder=place / "lenet-5-digits-5", project=project)
    add_checkpoint(stopped, 375, "stop", 0.93, per_epoch=PER_EPOCH)
    failed = "The loss is no number any more since step 212."
    run_with(*learned(7, 0.1, epochs=1), Failed(failed), folder=place / "too-fast", project=project)
    for number, rate in enumerate((0.4, 0.7, 0.2), 1):
        trial = run_with(
            *learned(7 + number, rate), folder=place / "lenet-5-sweep-1" / f"trial-{number}", project=project
        )
        values = {"values": {"learning_rate": 0.001 * 3**number, "batch": 16 * number}}
        (trial.folder / TRIAL).write_text(json.dumps(values))
    (place / "lenet-5-sweep-1" / SWEEP).write_text("{}")


def _panel(window: Window) -> RunsPanel:
    make_runs()
    states.digits(window)
    panel = window.workbench.panels["Runs"]
    assert isinstance(panel, RunsPanel)
    window.workbench.show_panel("Runs")
    panel.refresh()
    return panel


def table(window: Window) -> None:
    """The table with the trials of a sweep."""
    panel = _panel(window)
    panel._reader.found.connect(lambda _: panel.table.expandAll())


def overlaid(window: Window) -> None:
    """Three runs over each other."""
    _panel(window)
    window.workbench._overlay([Run(runs_folder() / f"lenet-5-digits-{number}") for number in (1, 2, 3)])
    window.workbench.show_panel("Curves")


def compared(window: Window) -> None:
    """Three runs side by side, one of a changed network."""
    _panel(window)
    names = ("lenet-5-digits-1", "wider", "lenet-5-digits-3")
    window.workbench.compare([Run(runs_folder() / name) for name in names])


def checkpoints(window: Window) -> None:
    """The checkpoints of a run."""
    _panel(window)
    window.opener.show_checkpoints(Run(runs_folder() / "lenet-5-digits-2"))  # type: ignore[attr-defined]
