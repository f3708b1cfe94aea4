"""Whether a window that stands still slows its training down: `python -m tests.benchmarks.window_suspended`."""

from __future__ import annotations

import json
import os
import signal
import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from studio.core.catalog import catalog
from studio.core.project import Project, Stage
from studio.training.run import Run
from tests.benchmarks.window_process import training_window

SECONDS = 10.0
ROUNDS = 7


def project() -> Project:
    """LeNet-5 without an end; an epoch so long that no measuring lies in between."""
    made = catalog().make_project("lenet5")
    stage = Stage(epochs=0, minutes=60, restore_best=False)
    return replace(made, training=replace(made.training, stages=(stage,), checkpoint_seconds=1e6), goal=None)


def steps_per_second(run: Run, begin: float, end: float) -> float:
    """The speed of the training between two moments, as its own file tells it."""
    lines = (json.loads(line) for line in run.events_file.read_text().splitlines())
    steps = [(line["time"], line["step"]) for line in lines if line["event"] == "step" and begin <= line["time"] <= end]
    (first, from_step), (last, to_step) = steps[0], steps[-1]
    return float((to_step - from_step) / (last - first))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        with training_window(project(), Path(folder)) as (window, run):
            moments = suspended_in_turn(window)
        ratios = []
        for start, stopped, continued, end in moments:
            beside = (steps_per_second(run, start, stopped) + steps_per_second(run, continued, end)) / 2
            alone = steps_per_second(run, stopped, continued)
            ratios.append(alone / beside)
            print(f"window running {beside:8.1f} steps/s, suspended {alone:8.1f} steps/s, ratio {ratios[-1]:.3f}")
        print(f"median ratio {statistics.median(ratios):.3f}")


def suspended_in_turn(window: int) -> list[tuple[float, float, float, float]]:
    """Stop and continue the window; the moments of each round."""
    moments = []
    for _ in range(ROUNDS):
        start = time.time()
        time.sleep(SECONDS / 2)
        os.kill(window, signal.SIGSTOP)
        stopped = time.time()
        time.sleep(SECONDS)
        os.kill(window, signal.SIGCONT)
        continued = time.time()
        time.sleep(SECONDS / 2)
        moments.append((start, stopped, continued, time.time()))
    return moments


if __name__ == "__main__":
    main()
