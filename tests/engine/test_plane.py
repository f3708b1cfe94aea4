"""What a network answers between points of the plane is what torch computes there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from nodes.data.point_sets import PointSets
from nodes.inputs import Input, Output
from nodes.linear import Linear
from nodes.loss import BinaryCrossEntropy, CrossEntropy, SquaredError
from studio.core.builder import GraphBuilder, node_of
from studio.core.catalog import catalog
from studio.core.node_class import Loss
from studio.core.project import Project, Stage, Training
from studio.engine.train import Trained, train
from studio.engine.trainer import Outside
from studio.training.commands import Watch
from studio.training.memory import attach, shared_memory
from studio.training.messages import Event, Log
from studio.training.options import with_options
from studio.training.slots import PICTURES_BYTES, Picture, SlotReader, SlotWriter
from tests.engine.projects import classifier


def linear(data: PointSets, features: int, loss: Loss) -> Project:
    """One linear layer between points and a loss."""
    net = GraphBuilder()
    net.add(Output(), net.add(Linear(features=features), net.add(Input(kind="vector", sizes=(2,)))))
    training = Training(loss=node_of(loss), stages=(Stage(epochs=2, learning_rate=0.05, restore_best=False),))
    return Project(name="Linear", graphs={"Net": net.graph()}, data=node_of(data), training=training)


def watched(project: Project, folder: Path) -> tuple[Trained, Picture | None, list[Event]]:
    """A training with the plane in a slot that is filled at the beginning and at the end alone."""
    handle, memory = shared_memory(PICTURES_BYTES)
    events: list[Event] = []
    outside, slots = Outside(events.append, slots=SlotWriter(attach(handle))), SlotReader(memory)
    outside.inbox.put(Watch(3, next(iter(project.networks)), "", every=1_000_000, look_at="plane"))
    return train(project, out=folder / "run", device="cpu", outside=outside), slots.read(3), events


def by_torch(run: Trained, plane: Picture) -> Tensor:
    """The network's answers at the middle of every cell, one point after the other."""
    left, right, bottom, top = plane.about["bounds"]
    _, rows, columns = plane.array.shape
    middles = [
        (left + (column + 0.5) * (right - left) / columns, bottom + (row + 0.5) * (top - bottom) / rows)
        for row in range(rows)
        for column in range(columns)
    ]
    with torch.no_grad():
        answer: Tensor = run.network().eval()(torch.tensor(middles))
    return answer.reshape(rows, columns, -1)


def yes_or_no(yes: Tensor) -> Tensor:
    return torch.cat([1 - yes, yes], -1)


AND = with_options(catalog().make_project("perceptron", settings={"hidden": (4,)}), epochs=5)
OF_THREE = PointSets(pattern="spirals", groups=3, samples=200)
OF_TWO = PointSets(pattern="moons", samples=200, task="numbers")


@pytest.mark.parametrize(
    ("project", "chances"),
    [
        (AND, yes_or_no),
        (linear(OF_THREE, 3, CrossEntropy()), lambda scores: scores.softmax(-1)),
        (linear(OF_TWO, 1, BinaryCrossEntropy()), lambda scores: yes_or_no(scores.sigmoid())),
        (linear(replace(OF_THREE, task="numbers"), 3, SquaredError()), lambda answers: answers.clamp(0, 1)),
    ],
    ids=["numbers", "classes", "scores of yes", "1-of-n"],
)
def test_the_plane_holds_class_and_probability_that_torch_computes(project: Project, chances, tmp_path: Path) -> None:
    run, plane, _ = watched(project, tmp_path)
    assert plane is not None
    best = chances(by_torch(run, plane)).max(-1)
    chosen, sure = plane.array
    np.testing.assert_allclose(sure, best.values, rtol=1e-4, atol=1e-5)
    decided = chances(by_torch(run, plane)).topk(2).values.diff(dim=-1).abs()[..., 0] > 1e-4
    np.testing.assert_array_equal(chosen[decided], best.indices[decided])
    assert decided.float().mean() > 0.5
    assert len(np.unique(chosen)) > 1


def test_the_plane_reaches_a_little_beyond_the_held_out_points(tmp_path: Path) -> None:
    _, plane, _ = watched(linear(OF_TWO, 1, BinaryCrossEntropy()), tmp_path)
    assert plane is not None
    left, right, bottom, top = plane.about["bounds"]
    assert -1.6 < left < -0.8
    assert 1.8 < right < 2.6
    assert -1.2 < bottom < -0.3
    assert 0.8 < top < 1.7


def test_a_network_that_reads_no_points_has_no_plane_and_it_is_said_once(tmp_path: Path) -> None:
    _, plane, events = watched(classifier(), tmp_path)
    assert plane is None
    warnings = [event.message for event in events if isinstance(event, Log) and event.level == "warning"]
    assert warnings == ["There is nothing to show of the answers of 'Net'."]
