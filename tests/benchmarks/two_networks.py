"""What a step of two networks and two optimizers costs beside the loop written by hand.

``python -m tests.benchmarks.two_networks``
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path
from time import perf_counter

import torch

from studio.engine.train import train
from studio.engine.trainer import Outside
from studio.training.memory import attach, shared_memory
from studio.training.messages import Finished
from studio.training.ring import RING_BYTES, RingWriter
from studio.training.slots import PICTURES_BYTES, SlotWriter
from tests.benchmarks.rivals import ByHand, points

ROUNDS, STEPS, BUDGET = 9, 1500, 50.0

Seconds = Callable[[], float]
"""Trains anew, and answers the seconds of a step."""


def by_hand(folder: Path, *, tuned: bool) -> Seconds:
    """The loop as everybody writes it; tuned, with the optimizer that ours chooses."""
    project, real = points(folder), torch.randn(4096, 2)

    def seconds() -> float:
        loop = ByHand(project, real, (8,), torch.device("cpu"), fused=tuned)
        start = perf_counter()
        loop.train(STEPS)
        return (perf_counter() - start) / STEPS

    return seconds


def ours(folder: Path) -> Seconds:
    """A training with a window that takes every live figure."""
    project = points(folder)
    (stage,) = project.training.stages
    stage = replace(stage, epochs=0, steps=STEPS)
    project = replace(project, training=replace(project.training, stages=(stage,)))
    ring, slots = (shared_memory(size)[0] for size in (RING_BYTES, PICTURES_BYTES))
    outside = Outside(lambda event: None, ring=RingWriter(attach(ring)), slots=SlotWriter(attach(slots)))
    numbers = count()

    def seconds() -> float:
        finished = train(project, device="cpu", out=folder / f"run {next(numbers)}", outside=outside).finished
        assert isinstance(finished, Finished)
        return int(str(project.training.batch)) / finished.samples_per_second

    return seconds


def main() -> None:
    """Run all ways in turn, round by round, and print what a step took and what ours adds."""
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ways = {
            "by hand": by_hand(folder, tuned=False),
            "by hand, tuned as ours": by_hand(folder, tuned=True),
            "ours, all live": ours(folder),
        }
        times: dict[str, list[float]] = {way: [] for way in ways}
        for _ in range(ROUNDS):
            for way, seconds in ways.items():
                times[way].append(seconds() * 1e6)
    print(f"{'GAN of points, batch 64':26} {'median us':>10} {'p95 us':>10} {'added us':>10} {'speed':>7}")
    for way, measured in times.items():
        late = sorted(measured)[int(0.95 * ROUNDS)]
        added = [statistics.median(m - h for m, h in zip(measured, hand, strict=True)) for hand in times.values()][:2]
        speed = statistics.median(h / m for m, h in zip(measured, times["by hand"], strict=True))
        print(f"{way:26} {statistics.median(measured):10.1f} {late:10.1f} {added[0]:10.1f} {speed:7.2f}")
    print(f"ours adds {added[1]:.1f} us to the loop tuned alike; at most {BUDGET:.0f}")


if __name__ == "__main__":
    main()
