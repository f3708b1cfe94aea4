"""Figures of a part: means over its samples, and those that are no mean of its batches."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from sklearn.metrics import f1_score, root_mean_squared_error
from torch import Tensor, nn

from nodes.adversarial import PointsBetween
from nodes.adversarial_loss import GradientPenalty
from nodes.class_metric import F1
from nodes.data.point_sets import PointSets
from nodes.inputs import Input, Output
from nodes.linear import Linear
from nodes.modules.macro_score import MacroScore
from nodes.modules.root_mean_square import RootMeanSquare
from nodes.number_metric import MeanAbsoluteError, RootMeanSquareError
from studio.core.builder import GraphBuilder, node_of
from studio.core.catalog import catalog
from studio.core.dataset import Dataset
from studio.core.node_class import Metric
from studio.core.project import Project, Stage, Training
from studio.engine.data.load import load
from studio.engine.evaluate import tallies
from studio.engine.train import train
from tests.data.files import quiet


def measured(project: Project, folder: Path, *metrics: Metric) -> tuple[dict[str, float], Tensor, Tensor]:
    """Figures on the test part after an epoch, in batches that do not come out even; the answers and the targets."""
    stages = (Stage(epochs=1, learning_rate=0.01),)
    training = replace(project.training, batch=23, metrics=tuple(map(node_of, metrics)), stages=stages)
    trained = train(replace(project, training=training, goal=None), out=folder / "run", device="cpu")
    assert project.data is not None
    dataset = catalog().datasets[project.data.type].of(project.data.settings)
    assert isinstance(dataset, Dataset)
    inputs, targets = load(dataset, folder, torch.device("cpu"), quiet).test.columns
    assert isinstance(inputs, Tensor)
    assert isinstance(targets, Tensor)
    with torch.no_grad():
        return dict(trained.metrics), trained.network()(inputs), targets


def test_errors_of_numbers_are_those_of_all_samples_at_once(tmp_path: Path) -> None:
    project = catalog().make_project("perceptron", settings={"hidden": (3,)})
    project = replace(project, data=project.data and project.data.set(samples=200))
    figures, answers, targets = measured(project, tmp_path, RootMeanSquareError(), MeanAbsoluteError())
    assert figures["root_mean_square_error"] == pytest.approx(root_mean_squared_error(targets, answers), rel=1e-5)
    assert figures["mean_absolute_error"] == pytest.approx(float((answers - targets).abs().mean()), rel=1e-5)


def test_the_f1_of_a_part_is_that_of_scikit_learn(tmp_path: Path) -> None:
    project = catalog().make_project("mlp", settings={"data": "small-digits", "hidden": ()})
    figures, scores, labels = measured(project, tmp_path, F1())
    assert figures["f1"] == pytest.approx(f1_score(labels, scores.argmax(1), average="macro"), rel=1e-5)


def test_the_slope_of_a_critic_is_measured_too(tmp_path: Path) -> None:
    data = PointSets(samples=200, task="numbers")
    critic, objective = GraphBuilder(), GraphBuilder(role="objective")
    critic.add(Output(), critic.add(Linear(features=1), critic.add(Input(kind="vector", sizes=(2,)), name="Point")))
    samples = objective.add(data, name="Data")["point"]
    points = objective.add(PointsBetween(), samples, samples)
    scores = objective.add_graph("Critic", "Critic", critic.graph(), points)
    objective.add(GradientPenalty(), scores, points)
    graphs = {"Critic": critic.graph(), "Hold": objective.graph()}
    stage = Stage(objectives=("Hold",), optimizer="sgd", learning_rate=0.001, epochs=1)
    trained = train(Project("Slope", graphs, training=Training(stages=(stage,))), out=tmp_path / "run", device="cpu")
    (weight,) = (tensor for name, tensor in trained.network().named_parameters() if "weight" in name)
    expected = float((weight.detach().norm() - 1) ** 2)
    assert expected > 0.01
    assert trained.metrics["loss"] == pytest.approx(expected, rel=1e-4)


def test_what_several_processes_counted_can_be_added_up() -> None:
    answers, targets = torch.randn(40, 3), torch.randn(40, 3)
    labels, guesses = torch.randint(4, (40,)), torch.randint(4, (40,))
    for one, other, both, columns in (
        (*(RootMeanSquare() for _ in range(3)), (answers, targets)),
        (*(MacroScore(4, "f1") for _ in range(3)), (guesses, labels)),
    ):
        for module, rows in ((one, slice(0, 7)), (other, slice(7, 40)), (both, slice(0, 40))):
            module.eval()(*(column[rows] for column in columns))
        for mine, theirs in zip(one.buffers(), other.buffers(), strict=True):
            mine += theirs
        assert float(one.compute()) == pytest.approx(float(both.compute()), rel=1e-6)


def test_a_step_of_training_counts_nothing() -> None:
    objective = nn.Module()
    objective.judge = RootMeanSquare().train()
    objective.judge(torch.zeros(2), torch.ones(2))
    (tally,) = tallies(objective).values()
    assert not any(counts.any() for counts in tally.buffers())
