"""Losses that let each class count by the reciprocal of how often it occurs in the training part."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.utils.class_weight import compute_class_weight
from torch import nn
from torch.nn import functional as F

from nodes.data.point_sets import PointSets
from nodes.inputs import Input, Output
from nodes.linear import Linear
from nodes.loss import CrossEntropy
from nodes.modules.class_balance import BalancedCrossEntropy
from studio.core.builder import GraphBuilder, node_of
from studio.core.problem import ProjectError
from studio.core.project import Project, Stage, Training
from studio.core.shape import Shape
from studio.engine.build import build
from studio.engine.class_weights import class_counts, weigh_classes
from studio.engine.data.batches import Deferred, Part
from studio.engine.data.load import load
from studio.engine.data.prepare import Preparation
from studio.training.messages import ClassesWeighed
from tests.data.files import quiet

from .projects import trained

UNEVEN = PointSets(pattern="and", samples=400)
"""One corner of four is of class 1."""


def classifier(**loss: bool | str) -> Project:
    net = GraphBuilder()
    point = net.add(Input(kind="vector", sizes=(2,)))
    net.add(Output(), net.add(Linear(features=2), point), name="Scores")
    training = Training(batch=400, loss=node_of(CrossEntropy.of(loss)), stages=(Stage(epochs=2, learning_rate=0.1),))
    return Project("Uneven", {"Net": net.graph()}, data=node_of(UNEVEN), training=training)


def test_every_class_counts_by_the_reciprocal_of_its_count_in_the_training_part(tmp_path: Path) -> None:
    run, events = trained(classifier(reciprocal_counts=True), tmp_path)
    loaded = load(UNEVEN, tmp_path, torch.device("cpu"), quiet)
    (told,) = [event for event in events if isinstance(event, ClassesWeighed)]
    labels = loaded.train.columns[1].numpy()  # type: ignore[union-attr]
    expected = compute_class_weight("balanced", classes=np.arange(2), y=labels)
    assert told.counts == tuple(np.bincount(labels))
    assert told.weights == pytest.approx(tuple(expected))
    assert told.in_words().startswith("Cross entropy weighs each class by its count: 0 ")
    points, right = loaded.test.columns
    with torch.no_grad():
        loss = F.cross_entropy(run.network()(points), right, torch.tensor(expected).float())  # type: ignore[arg-type]
    assert run.metrics["loss"] == pytest.approx(float(loss), rel=1e-5)


def test_the_rare_class_is_learned_sooner_than_without(tmp_path: Path) -> None:
    rare = torch.tensor([[1.0, 1.0]])
    beliefs = []
    for at, counted in enumerate((False, True)):
        run, _ = trained(classifier(reciprocal_counts=counted), tmp_path, str(at))
        with torch.no_grad():
            beliefs.append(float(run.network()(rare).softmax(1)[0, 1]))
    assert beliefs[1] > beliefs[0] + 0.05


def test_a_class_that_does_not_occur_weighs_as_if_it_did_once(tmp_path: Path) -> None:
    project = classifier(reciprocal_counts=True)
    net = project.graphs["Net"]
    wide = project.with_graph("Net", net.put({"Linear": net.nodes["Linear"].set(features=3)}))
    _, events = trained(wide, tmp_path)
    (told,) = [event for event in events if isinstance(event, ClassesWeighed)]
    assert told.classes == ("0", "1", "2")
    assert told.counts[2] == 0
    assert told.weights[2] == pytest.approx(sum(told.counts) / 3)


def test_a_loss_inside_a_block_is_refused_in_words(tmp_path: Path) -> None:
    built = build(classifier())
    objective = nn.Module()
    objective.judge = nn.Sequential(BalancedCrossEntropy(2))
    with pytest.raises(ProjectError, match="A loss inside a block cannot count classes"):
        weigh_classes(replace(built, objectives={"Training": objective}), {})


@pytest.mark.parametrize("labels", [[0, 2, 2, 1, 2], [[0, 1], [255, 1], [1, 1], [0, -1], [2, 2]]])
def test_labels_of_samples_and_of_pixels_are_counted_in_memory_or_not(labels: Sequence[object]) -> None:
    array, rows, device = np.array(labels, np.int64), np.arange(5), torch.device("cpu")
    read = Deferred(array, rows, Preparation(Shape(("H", "W")[: array.ndim - 1], array.shape[1:], "int"), device))
    for column in (torch.tensor(array), read):
        counts = class_counts(Part((column,), rows, device), 0, 3)
        assert counts.tolist() == [int((array == number).sum()) for number in range(3)]
