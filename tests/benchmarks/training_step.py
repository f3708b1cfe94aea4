"""What a training step costs beside the loop written by hand: `python -m tests.benchmarks.training_step`."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from nodes.activation import ReLU
from nodes.data.arrays import Arrays
from nodes.inputs import Input, Output
from nodes.linear import Linear
from nodes.loss import Accuracy, CrossEntropy
from studio.core.builder import GraphBuilder, node_of
from studio.core.catalog import catalog
from studio.core.project import Project, Stage, Training
from studio.engine.build import build, build_network
from studio.engine.data.batches import Part
from studio.engine.data.load import load
from studio.engine.feed import datasets_of
from studio.engine.train import train
from studio.engine.trainer import Outside
from studio.training.commands import Watch
from studio.training.memory import attach, shared_memory
from studio.training.messages import Finished
from studio.training.ring import RING_BYTES, RingWriter
from studio.training.slots import PICTURES_BYTES, SlotWriter

ROUNDS = 7
Seconds = Callable[[], float]
"""Trains anew, and answers the seconds of a step."""


@dataclass(frozen=True)
class Case:
    """A project, the steps of one round, and what a window would watch of it."""

    name: str
    project: Project
    steps: int
    watched: tuple[str, str]


def tiny(folder: Path) -> Case:
    """The perceptron 32-16-10 at 8 samples a step: next to nothing to compute."""
    values = np.random.default_rng(0)
    inputs, labels = values.normal(size=(4096, 32)).astype("f4"), values.integers(0, 10, 4096)
    np.savez(folder / "tiny.npz", x=inputs, y=labels)
    net = GraphBuilder()
    hidden = net.add(Linear(features=16), net.add(Input(kind="vector", sizes=(32,))), name="Hidden")
    net.add(Output(), net.add(Linear(features=10), net.chain(hidden, ReLU())))
    project = Project(
        name="Tiny",
        graphs={"Tiny": net.graph()},
        data=node_of(Arrays(file=str(folder / "tiny.npz"))),
        training=Training(batch=8, loss=node_of(CrossEntropy()), metrics=(node_of(Accuracy()),)),
    )
    return Case("tiny 32-16-10, batch 8", project, 4000, ("Tiny", "Hidden"))


def lenet() -> Case:
    project = catalog().make_project("lenet5")
    assert project.data is not None
    still = replace(project.data, settings={"pad": 2, "normalise": "z-score"})
    project = replace(project, data=still, training=replace(project.training, batch=64))
    return Case("LeNet-5, batch 64", project, 200, ("LeNet-5", "C1"))


def by_hand(case: Case, part: Part, *, tuned: bool) -> Seconds:
    """The loop as everybody writes it; tuned, with the optimizer and the order of pixels that ours chooses."""
    inputs, labels = (column for column in part.columns if isinstance(column, Tensor))
    size = int(str(case.project.training.batch))

    def seconds() -> float:
        network = build_network(case.project)
        if tuned:
            network = network.to(memory_format=torch.channels_last)
        optimizer = torch.optim.Adam(network.parameters(), 0.001, fused=tuned or None)
        return timed(network, optimizer, inputs, labels)

    def timed(network: nn.Module, optimizer: torch.optim.Optimizer, inputs: Tensor, labels: Tensor) -> float:
        step, start = 0, time.perf_counter()
        for _ in count():
            order = torch.randperm(len(inputs))
            for begin in range(0, len(inputs), size):
                some = order[begin : begin + size]
                loss = F.cross_entropy(network(inputs[some]), labels[some])
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                step += 1
                if step == case.steps:
                    return (time.perf_counter() - start) / step
        raise AssertionError

    return seconds


def ours(case: Case, folder: Path) -> Seconds:
    """A training with a window that takes every live figure and watches a node ten times a second."""
    stage = Stage(epochs=0, steps=case.steps, restore_best=False)
    project = replace(case.project, training=replace(case.project.training, stages=(stage,)), goal=None)
    ring, slots = (shared_memory(size)[0] for size in (RING_BYTES, PICTURES_BYTES))
    writer, pictures, numbers = RingWriter(attach(ring)), SlotWriter(attach(slots)), count()

    def seconds() -> float:
        outside = Outside(lambda event: None, ring=writer, slots=pictures)
        outside.inbox.put(Watch(0, *case.watched))
        finished = train(project, device="cpu", out=folder / f"{next(numbers)}", outside=outside).finished
        assert isinstance(finished, Finished)
        return int(str(project.training.batch)) / finished.samples_per_second

    return seconds


def measure(case: Case, folder: Path) -> None:
    """Run all ways in turn, round by round, and print what a step took."""
    torch.set_num_threads(1)
    built = build(case.project)
    (dataset,) = datasets_of(built, list(built.objectives))
    part = load(dataset, folder, torch.device("cpu"), lambda what, share: None).train
    ways = {
        "by hand": by_hand(case, part, tuned=False),
        "by hand, tuned as ours": by_hand(case, part, tuned=True),
        "ours, all live": ours(case, folder / case.name[:4]),
    }
    (folder / case.name[:4]).mkdir()
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            times[name].append(way() * 1e6)
    print(f"{case.name:26} {'median us':>10} {'p95 us':>10} {'added us':>10} {'speed':>7}")
    hand = times["by hand"]
    for name, measured in times.items():
        late = sorted(measured)[int(0.95 * ROUNDS)]
        added = statistics.median(one - other for one, other in zip(measured, hand, strict=True))
        speed = statistics.median(other / one for one, other in zip(measured, hand, strict=True))
        print(f"{name:26} {statistics.median(measured):10.1f} {late:10.1f} {added:10.1f} {speed:7.2f}")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for case in (tiny(Path(folder)), lenet()):
            measure(case, Path(folder))


if __name__ == "__main__":
    main()
