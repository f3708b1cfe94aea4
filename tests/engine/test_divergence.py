"""A loss that is no number any more: of which objective, since when, at which node, and what remains to go on from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from nodes.data.arrays import Arrays
from nodes.inputs import Input, Output
from nodes.linear import Linear
from nodes.loss import SquaredError
from studio.core.builder import GraphBuilder
from studio.core.project import Project, Stage, Training
from studio.engine.failures import TrainingFailed
from studio.engine.meter import Diverged, Meter
from studio.engine.train import fork
from studio.training.messages import Failed
from studio.training.run import Run
from tests.engine.projects import trained, two_networks, weights

RIVALS = Stage(
    objectives=("Teach First", "Teach Second"),
    learns=("Teach First: First", "Teach Second: Second"),
    average=0.9,
    epochs=2,
)


def failure_of(project: Project, tmp_path: Path) -> Failed:
    with pytest.raises(TrainingFailed) as caught:
        trained(project, tmp_path)
    return caught.value.failure


def test_of_two_objectives_that_is_named_which_threw_its_weights_out_of_bounds(tmp_path: Path) -> None:
    own: dict[str, Any] = {"Teach Second": {"optimizer": "sgd", "learning_rate": 1e39}}
    failure = failure_of(two_networks(replace(RIVALS, own=own)), tmp_path)
    # The first objective runs the other network too, and is computed first.
    assert failure.message.startswith("The loss of Teach First is no longer a finite number since step 2")
    assert "Teach Second had thrown the weights of Hidden in Second out of bounds" in failure.message
    assert failure.hint.startswith("Lower the learning rate of Teach Second (now 1e+39), or clip its gradient")
    assert (failure.graph, failure.node, failure.step) == ("Second", "Hidden", 2)


def test_weights_thrown_out_of_bounds_take_no_checkpoint_and_with_a_lower_rate_the_run_goes_on(tmp_path: Path) -> None:
    own: dict[str, Any] = {"Teach Second": {"optimizer": "sgd", "learning_rate": 1e39}}
    wild = two_networks(replace(RIVALS, own=own), checkpoint_seconds=0.0)  # one after each reading
    failure = failure_of(wild, tmp_path)
    assert "since step 2: Teach Second had thrown the weights of Hidden in Second" in failure.message
    run = Run.open(tmp_path / "run")
    assert [checkpoint.step for checkpoint in run.checkpoints()] == [0]
    calm = fork(run, project=two_networks(RIVALS), out=tmp_path / "calm", device="cpu")
    assert calm.finished is not None
    assert all(bool(weight.isfinite().all()) for weight in weights(calm, "Second").values())


def two_on_numbers(folder: Path) -> Project:
    """Two networks on two tables of numbers, one of which holds a number whose square is beyond all floats."""
    values = np.random.default_rng(0).normal(size=(200, 6)).astype("f4")
    values[57, :3] = 1e30
    net = GraphBuilder()
    start = net.add(Input(kind="vector", sizes=(6,)), name="Numbers")
    net.add(Output(), net.add(Linear(features=3), start, name="Scores"))
    graphs = dict.fromkeys(("First", "Second"), net.graph())
    for name, numbers in (("First", values[100:]), ("Second", values)):
        np.savez(folder / f"{name}.npz", x=numbers[:, 3:].repeat(2, 1), y=numbers[:, :3])
        source = {"file": str(folder / f"{name}.npz"), "task": "numbers", "test": 0.0, "validation": 0.0}
        objective = GraphBuilder(role="objective")
        data = objective.add(Arrays.of(source), name="Data")
        answer = objective.add_graph(name, name, graphs[name], data["input"])
        objective.add(SquaredError(), answer, data["target"], name="How far")
        graphs[f"Teach {name}"] = objective.graph()
    stage = replace(RIVALS, optimizer="sgd", learning_rate=1e-6, epochs=5)
    return Project(name="Two", graphs=graphs, training=Training(batch=4, stages=(stage,)))


def test_of_two_objectives_the_node_is_named_that_computed_the_first_such_value(tmp_path: Path) -> None:
    failure = failure_of(two_on_numbers(tmp_path), tmp_path)
    assert (failure.graph, failure.node) == ("Teach Second", "How far")
    assert failure.message.startswith(
        f"The loss of Teach Second is no longer a finite number since step {failure.step}"
    )


def test_of_several_losses_that_are_no_numbers_the_earliest_counts() -> None:
    meter = Meter(("one", "other"))
    for step, one, other in ((1, 1.0, 1.0), (2, 1.0, float("nan")), (3, float("inf"), float("nan"))):
        meter.add(step, "one", torch.tensor(one))
        meter.add(step, "other", torch.tensor(other))
    with pytest.raises(Diverged) as caught:
        meter.flush()
    assert (caught.value.step, caught.value.loss) == (2, "other")
