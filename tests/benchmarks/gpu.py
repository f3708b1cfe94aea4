"""Trains DCGAN and ResNet-18 on a GPU as they are, beside the loop written by hand: `python -m tests.benchmarks.gpu`.

Prints samples a second of both, and losses of the first steps on the processor and on the GPU.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import torch

import studio
from studio.core.dataset import VARIED
from studio.core.project import Project, Stage
from studio.engine import tuning
from studio.engine.train import train
from studio.engine.trainer import Outside
from studio.training.messages import EpochEnded, Event, Tuned
from tests.benchmarks.by_hand import ByHand, ours
from tests.benchmarks.rivals import dcgan

FIRST = 3
"""Steps whose losses are compared."""


def projects(folder: Path, *, width: int, batch: int) -> dict[str, Project]:
    """DCGAN as published on drawn noise, and ResNet-18 of that width on digits, which nobody varies by hand either."""
    residual = studio.open_project("resnet", depth=18, width=width)
    assert residual.data is not None
    still = {name: value for name, value in residual.data.settings.items() if name not in VARIED}
    residual = replace(residual, data=replace(residual.data, settings=still))
    residual = replace(residual, training=replace(residual.training, batch=batch))
    return {"dcgan": dcgan(folder, width=width, batch=batch), "resnet18": residual}


def measure(name: str, project: Project, folder: Path, options: argparse.Namespace) -> None:
    """Train by turns by hand and with the engine, and print medians and their ratio."""
    device, steps = torch.device(options.device), options.steps
    ways = {
        "by hand": lambda count: ByHand(project, folder, device).samples_per_second(count),
        "ours": lambda count: ours(project, folder, count, device=options.device),
        "ours, fast": lambda count: ours(
            project, folder, count, device=options.device, fast=True, outside=Outside(say_what_was_chosen)
        ),
    }
    speeds: dict[str, list[float]] = {way: [] for way in ways}
    for number in range(1 + options.rounds):
        for way, speed in ways.items():
            found = speed(steps if number else max(2, steps // 5))
            speeds[way] += [found] if number else []  # the first round warms up
    for way, found in speeds.items():
        ratio = statistics.median(mine / hand for mine, hand in zip(found, speeds["by hand"], strict=True))
        print(f"{name:10}{way:12}{statistics.median(found):12,.1f} samples/s{ratio:8.3f}", flush=True)


def say_what_was_chosen(event: Event) -> None:
    if isinstance(event, Tuned):
        print(event.in_words(), flush=True)


def first_losses(project: Project, folder: Path, device: str) -> list[float]:
    """The losses of the first steps, each step an epoch of one batch."""
    found: list[float] = []

    def told(event: Event) -> None:
        if isinstance(event, EpochEnded):
            found.append(next(iter(event.training.values())))

    one: Stage = replace(project.training.stages[0], epochs=0, steps=1, restore_best=False)
    several = replace(project.training, stages=(one,) * FIRST)
    train(replace(project, training=several, goal=None), device=device, out=folder, outside=Outside(told))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.gpu")
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--steps", type=int, default=150)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--width", type=int, default=64)
    parser.add_argument("--batch", type=int, default=240, help="one that leaves no smaller last batch")
    parser.add_argument("--compile", action="store_true", help="let Fast mode try torch.compile, however short it is")
    options = parser.parse_args()
    tuning.LONG = 0.0 if options.compile else tuning.LONG
    began = time.monotonic()
    print(f"torch {torch.__version__}, {torch.cuda.get_device_name() if options.device == 'cuda' else options.device}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for title, project in projects(folder, width=options.width, batch=options.batch).items():
            for number, device in enumerate(("cpu", options.device)):
                losses = first_losses(project, folder / f"{title} {number}", device)
                print(f"{title:10}{device:10}first losses {', '.join(f'{loss:.5f}' for loss in losses)}", flush=True)
            measure(title, project, folder, options)
    print(f"{time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
