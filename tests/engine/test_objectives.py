"""Objectives as graphs: networks against each other, what only measures, previews, means, batches in parts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from nodes.activation import ReLU
from nodes.constants import Constant, Noise
from nodes.data.point_sets import PointSets
from nodes.inputs import Input, Output
from nodes.linear import Linear
from nodes.loss import BinaryCrossEntropy, SquaredError
from nodes.norm import BatchNorm1d
from nodes.number_metric import MeanAbsoluteError
from nodes.objective import Detach, Preview
from studio.compiler.check import check
from studio.core.builder import GraphBuilder, node_of
from studio.core.graph import Graph
from studio.core.project import Project, Stage, Training
from studio.engine.failures import TrainingFailed
from studio.engine.train import fork
from studio.training.messages import EpochEnded, Previewed, Started
from studio.training.options import with_options
from tests.engine.projects import classifier, same, trained, weights

DATA = PointSets(pattern="moons", samples=200, test=0.2)
LEARNS = ("Critic's: Critic", "Generator's: Generator")
BOTH = Stage(objectives=("Critic's", "Generator's"), learns=LEARNS, epochs=2, restore_best=False)


def network(inputs: int, outputs: int) -> Graph:
    net = GraphBuilder()
    values = net.add(Input(kind="vector", sizes=(inputs,)), name="In")
    hidden = net.add(BatchNorm1d(), net.add(Linear(features=8), values, name="Hidden"), name="Norm")
    net.add(Output(), net.add(Linear(features=outputs), net.chain(hidden, ReLU()), name="Last"), name="Out")
    return net.graph()


def adversaries(*stages: Stage, **training: Any) -> Project:
    """A generator of points and its critic, and an objective that only looks at what is generated."""
    graphs = {"Generator": network(4, 2), "Critic": network(2, 1)}
    project = Project(name="Adversaries", graphs=graphs, data=node_of(DATA))
    for name in ("Critic's", "Generator's", "Look"):
        net = GraphBuilder("objective")
        data = net.add(DATA, name="Data")
        noise = net.add(Noise(sizes=(4,)), data["point"])
        made = net.add_graph("Generator", "Generator", graphs["Generator"], noise)
        if name == "Look":
            net.add(Preview(), made, name="Points")
            net.add(MeanAbsoluteError(), made, data["point"])
        else:
            _judged(net, graphs["Critic"], data, made, of_critic=name == "Critic's")
        project = project.with_graph(name, net.graph())
    return replace(project, training=Training(batch=16, stages=stages or (BOTH,), **training))


def _judged(net: GraphBuilder, critic: Graph, data: Any, made: Any, *, of_critic: bool) -> None:
    wanted = [(net.add(Detach(), made) if of_critic else made, 0.0 if of_critic else 1.0)]
    for points, value in (*wanted, *([(data["point"], 1.0)] if of_critic else [])):
        scores = net.add_graph("Critic", "Critic", critic, points)
        target = net.add(Constant(kind="vector", sizes=(1,), value=value), scores)
        net.add(BinaryCrossEntropy(), scores, target)


def test_what_the_critic_learns_leaves_the_generator_as_it_is_and_the_reverse(tmp_path: Path) -> None:
    for taught, left in (("Critic's", "Generator"), ("Generator's", "Critic")):
        whole = adversaries(replace(BOTH, steps=1))
        rare = adversaries(replace(BOTH, steps=5, epochs=0, every=(1, 6) if taught == "Critic's" else (6, 1)))
        once, often = trained(whole, tmp_path, f"{taught} once")[0], trained(rare, tmp_path, taught)[0]
        assert same(weights(once, left), weights(often, left)), "statistics of norms included"
        other = {"Generator": "Critic", "Critic": "Generator"}[left]
        assert not same(weights(once, other), weights(often, other))


def test_an_objective_without_a_loss_measures_and_shows_at_the_end_of_an_epoch(tmp_path: Path) -> None:
    run, events = trained(adversaries(replace(BOTH, measures=("Look",), measure_every=2, epochs=3)), tmp_path)
    epochs = [event for event in events if isinstance(event, EpochEnded)]
    assert ["Look: mean_absolute_error" in event.metrics for event in epochs] == [False, True, True]
    assert "Look: loss" not in run.metrics
    shown = [event for event in events if isinstance(event, Previewed)]
    assert [event.epoch for event in shown][:2] == [2, 3]
    assert {(event.names, event.shapes) for event in shown} == {(("Points",), ("D",))}
    points = np.load(run.run.folder / shown[0].files[0])
    assert points.shape == (16, 2)
    assert not np.allclose(points, np.load(run.run.folder / shown[1].files[0])), "the generator has learned meanwhile"


def test_previews_that_are_called_alike_in_two_objectives_lie_in_files_of_their_own(tmp_path: Path) -> None:
    project = adversaries(replace(BOTH, measures=("Look", "Look again"), epochs=1))
    net = GraphBuilder("objective")
    net.add(Preview(), net.add(DATA, name="Data")["point"], name="Points")
    run, events = trained(project.with_graph("Look again", net.graph()), tmp_path)
    made, real, *_ = [event for event in events if isinstance(event, Previewed)]
    assert (made.step, made.names) == (real.step, real.names)
    assert made.files != real.files
    arrays = [np.load(run.run.folder / event.files[0]) for event in (made, real)]
    assert not np.array_equal(*arrays)


def test_noise_is_the_same_at_every_look_and_differs_while_training(tmp_path: Path) -> None:
    rests = Stage(objectives=("Critic's",), learns=("Critic",), measures=("Look",), epochs=2)
    run, events = trained(adversaries(rests), tmp_path)
    first, second, *_ = [event for event in events if isinstance(event, Previewed)]
    files = [run.run.folder / event.files[0] for event in (first, second)]
    assert np.array_equal(*map(np.load, files)), "the generator rests, so the same noise gives the same points"
    epochs = [event.training["Critic's: loss"] for event in events if isinstance(event, EpochEnded)]
    assert epochs[0] != epochs[1]


def test_nothing_can_learn_from_an_objective_without_a_loss(tmp_path: Path) -> None:
    with pytest.raises(TrainingFailed, match="'Look', which has no loss"):
        trained(adversaries(Stage(objectives=("Look",), epochs=1)), tmp_path)


def test_every_objective_learns_in_its_own_way(tmp_path: Path) -> None:
    still = adversaries(replace(BOTH, own={"Generator's": {"optimizer": "sgd", "learning_rate": 1e-30}}))
    run, _ = trained(still, tmp_path, "still")
    start = trained(adversaries(replace(BOTH, steps=1, learning_rate=1e-30)), tmp_path, "start")[0]
    names = ["hidden.weight", "last.weight"]
    assert same(weights(run, "Generator"), weights(start, "Generator"), names)
    assert not same(weights(run, "Critic"), weights(start, "Critic"), names)


def test_a_node_with_a_rate_of_its_own_learns_at_that_rate(tmp_path: Path) -> None:
    stage = Stage(epochs=1, optimizer="sgd", learning_rate=0.1, own={"Net/Scores": {"learning_rate": 1e-30}})
    run, _ = trained(classifier(stages=(stage,)), tmp_path)
    none, _ = trained(classifier(stages=(replace(stage, own={}, learning_rate=1e-30),)), tmp_path, "none")
    assert same(weights(run), weights(none), ["scores."])
    assert not same(weights(run), weights(none), ["hidden."])


@pytest.mark.parametrize(
    ("own", "words"),
    [
        ({"Net/Scores": {"learning_rate": -1.0}}, "greater than 0"),
        ({"Net/Scores": {"speed": 1.0}}, "has no setting 'speed'"),
        ({"Net/Scores": {"optimizer": "sgd"}}, "Rule and clipping are an objective's"),
        ({"Nothing": {"learning_rate": 1.0}}, "nothing of that name"),
    ],
)
def test_settings_of_a_part_that_make_no_sense_are_refused_in_words(
    own: dict[str, dict[str, Any]], words: str, tmp_path: Path
) -> None:
    with pytest.raises(TrainingFailed, match=words):
        trained(classifier(stages=(Stage(own=own),)), tmp_path)


def test_a_batch_in_parts_gives_the_gradient_of_the_whole(tmp_path: Path) -> None:
    """Without what looks at a whole batch, such as norms, and without chance."""
    stage = Stage(epochs=2, optimizer="sgd", learning_rate=0.1)
    whole, _ = trained(straight(stage, batch=32), tmp_path, "whole")
    parts, told = trained(straight(replace(stage, accumulate=4), batch=8), tmp_path, "parts")
    for one, other in zip(weights(whole).values(), weights(parts).values(), strict=True):
        torch.testing.assert_close(one, other)
    (started,) = (event for event in told if isinstance(event, Started))
    assert (started.batch, started.steps) == (32, 2 * 5)


def straight(stage: Stage, *, batch: int) -> Project:
    net = GraphBuilder()
    point = net.add(Input(kind="vector", sizes=(2,)), name="Point")
    net.add(Output(), net.add(Linear(features=1), point, name="Line"), name="Out")
    data = PointSets(pattern="moons", samples=220, test=0.2, task="numbers")
    training = Training(batch=batch, loss=node_of(SquaredError()), stages=(stage,))
    return Project(graphs={"Net": net.graph()}, data=node_of(data), training=training)


def test_the_mean_of_the_weights_is_what_a_stage_results_in(tmp_path: Path) -> None:
    stage = Stage(epochs=1, steps=3, optimizer="sgd", learning_rate=0.1, average=0.9, restore_best=False)
    mean = None
    for steps in range(4):
        run, _ = trained(straight(replace(stage, average=0.0, steps=steps or 1), batch=8), tmp_path, f"{steps}")
        learned = {key: value.double() for key, value in weights(run).items()}
        if steps == 0:
            start = straight(replace(stage, average=0.0, steps=1, learning_rate=1e-30), batch=8)
            learned = {key: value.double() for key, value in weights(trained(start, tmp_path, "start")[0]).items()}
        keep = min(0.9, steps / (9 + steps))
        mean = learned if mean is None else {key: keep * mean[key] + (1 - keep) * learned[key] for key in mean}
    averaged, _ = trained(straight(stage, batch=8), tmp_path, "averaged")
    assert mean is not None
    for key, value in weights(averaged).items():
        torch.testing.assert_close(value.double(), mean[key], rtol=1e-6, atol=1e-7)


def test_two_optimizers_and_a_mean_go_on_from_a_checkpoint_as_if_nothing_had_been(tmp_path: Path) -> None:
    stage = replace(BOTH, average=0.9, epochs=4, own={"Critic's": {"optimizer": "rmsprop"}}, measures=("Look",))
    unbroken, _ = trained(adversaries(stage, checkpoint_seconds=0.0), tmp_path, "unbroken")
    early = next(each for each in unbroken.run.checkpoints() if 0 < each.step < unbroken.run.status().step)
    forked = fork(unbroken.run, out=tmp_path / "fork", at=early.step, device="cpu")
    for name in ("Generator", "Critic"):
        assert same(weights(unbroken, name), weights(forked, name))
    assert unbroken.metrics == forked.metrics


def test_a_stage_takes_what_another_part_has_learned(tmp_path: Path) -> None:
    graphs = {"First": network(2, 1), "Second": network(2, 1)}
    project = Project(graphs=graphs, data=node_of(DATA))
    for name, graph in graphs.items():
        net = GraphBuilder("objective")
        data = net.add(PointSets(pattern="moons", samples=200, test=0.2, task="numbers"), name="Data")
        net.add(SquaredError(), net.add_graph(name, name, graph, data["point"]), data["label"])
        project = project.with_graph(f"Teach {name}", net.graph())
    first = Stage(objectives=("Teach First",), epochs=1)
    takes = {"Second/Hidden": "First/Hidden", "Second/Norm": "First/Norm"}
    second = Stage(objectives=("Teach Second",), epochs=1, learns=("Second/Last",), takes=takes)
    project = replace(project, training=Training(batch=16, stages=(first, second)))
    run, _ = trained(project, tmp_path)
    assert same(weights(run, "Second"), weights(run, "First"), ["hidden.", "norm."])
    assert not same(weights(run, "Second"), weights(run, "First"), ["last."])


def test_what_cannot_be_taken_is_said_with_both_shapes(tmp_path: Path) -> None:
    stage = Stage(epochs=1, takes={"Net/Scores": "Net/Hidden"})
    with pytest.raises(TrainingFailed, match=r"Net/Scores cannot take the weights of Net/Hidden: 24×64 does not fit"):
        trained(classifier(stages=(stage,)), tmp_path)


def test_options_of_the_command_line_leave_what_parts_have_of_their_own() -> None:
    project = with_options(adversaries(replace(BOTH, own={"Generator's": {"learning_rate": 0.5}})), epochs=7)
    assert project.training.stages[0].own == {"Generator's": {"learning_rate": 0.5}}
    assert not check(project).problems
