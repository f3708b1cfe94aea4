"""LeNet-5 trained with the window open and drawing, beside a loop alone: `python -m tests.benchmarks.beside_window`."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from studio.core.project import Stage
from tests.benchmarks.training_step import lenet
from tests.benchmarks.window_process import training_window

ROUNDS, EPOCHS = 5, 8

ALONE = """
import sys, tempfile
from pathlib import Path
import torch
from studio.engine.build import build
from studio.engine.data.load import load
from studio.engine.feed import datasets_of
from tests.benchmarks.training_step import by_hand, lenet

torch.set_num_threads(1)
case = lenet()
built = build(case.project)
(dataset,) = datasets_of(built, list(built.objectives))
part = load(dataset, Path(tempfile.gettempdir()), torch.device("cpu"), lambda what, share: None).train
way = by_hand(case, part, tuned=False)
way()
print(64 / sum(way() for _ in range(4)) * 4)
"""


def alone() -> float:
    """Samples a second of the loop written by hand, in a process with nothing beside it."""
    done = subprocess.run([sys.executable, "-c", ALONE], capture_output=True, text=True, check=True)
    return float(done.stdout)


def beside_window() -> float:
    """Samples a second of our training in steady state, as its events tell them, with the window open."""
    project = lenet().project
    stage = Stage(epochs=EPOCHS, restore_best=False)
    project = replace(project, training=replace(project.training, stages=(stage,)), goal=None)
    with tempfile.TemporaryDirectory() as folder, training_window(project, Path(folder)) as (_, run):
        while run.status().state == "running":
            time.sleep(0.5)
        lines = [json.loads(line) for line in run.events_file.read_text().splitlines()]
    return statistics.median(line["samples_per_second"] for line in lines if line["event"] == "step")


def main() -> None:
    ratios = []
    for _ in range(ROUNDS):
        hand, ours = alone(), beside_window()
        ratios.append(ours / hand)
        print(f"by hand, alone {hand:8.0f} samples/s   ours beside the window {ours:8.0f}   ratio {ratios[-1]:.2f}")
    print(f"median ratio {statistics.median(ratios):.2f}   budget 0.98")


if __name__ == "__main__":
    main()
