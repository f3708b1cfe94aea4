"""Samples a second with defaults beside the loop written by hand: `python -m tests.benchmarks.defaults [TEMPLATE ...]`.

Nothing is tuned in that loop: it has PyTorch's own threads, order of pixels and optimizer.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

import torch

import studio
from studio.core.catalog import catalog
from studio.core.problem import ProjectError
from studio.core.project import Project
from tests.benchmarks.by_hand import ByHand, ours

ROUNDS, SECONDS = 3, 1.0
"""How often both train in turn, and about how long each time."""

LEAST, CONVOLUTIONAL = 0.98, 1.15


def main(names: list[str]) -> None:
    print(f"{'template':34}{'by hand /s':>12}{'ours /s':>12}{'ratio':>8}   at least {LEAST}")
    for name in names or list(catalog().templates):
        try:
            by_hand, mine, ratio = compared(studio.open_project(name))
        except (ProjectError, RuntimeError, TypeError) as error:
            print(f"{name:34} not compared: {str(error).splitlines()[0][:80]}", flush=True)
            continue
        print(f"{name:34}{by_hand:12,.0f}{mine:12,.0f}{ratio:8.2f}", flush=True)


def compared(project: Project) -> tuple[float, float, float]:
    """Medians of samples a second by hand and with the engine, and the median of their ratios."""
    pairs: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory() as name:
        folder, cpu = Path(name), torch.device("cpu")
        loop = ByHand(project, folder, cpu)
        loop.samples_per_second(3)  # the first steps, with which much is made, are slow
        steps = max(3, round(SECONDS * loop.samples_per_second(3) / loop.size))
        for _ in range(ROUNDS):
            hand = ByHand(project, folder, cpu).samples_per_second(steps)
            pairs.append((hand, ours(project, folder, steps, device="cpu")))
    hands, mine = zip(*pairs, strict=True)
    return statistics.median(hands), statistics.median(mine), statistics.median(m / h for h, m in pairs)


if __name__ == "__main__":
    main(sys.argv[1:])
