"""What a training learns, stage by stage: only what is taught, and the same for the same seed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from nodes.combine import Flatten
from nodes.inputs import Input, Output
from nodes.linear import Linear
from studio.core.builder import GraphBuilder
from studio.core.problem import ProjectError
from studio.core.project import Goal, Project, Stage
from studio.engine.build import build_network
from studio.engine.checkpoint import seed_everything
from studio.engine.failures import TrainingFailed
from studio.engine.meter import Meter
from studio.training.messages import EpochEnded, Event, Finished, Log, StageEnded, Started, StepDone
from studio.training.options import with_options
from tests.engine.projects import classifier, same, trained, two_networks, weights


def test_a_training_learns_digits_and_says_how_well(tmp_path: Path) -> None:
    project = replace(classifier(stages=(Stage(epochs=15, learning_rate=0.01),)), goal=Goal("accuracy", ">=", 0.8, 60))
    run, events = trained(project, tmp_path)
    started = next(event for event in events if isinstance(event, Started))
    finished = events[-1]
    assert isinstance(finished, Finished)
    assert started.weights == {"Net": 64 * 24 + 24 + 2 * 24 + 24 * 10 + 10}
    assert started.samples == {"train": 320, "validation": 144, "test": 320}
    assert (started.steps_per_epoch, started.steps) == (10, 150)
    assert finished.metrics["accuracy"] > 0.8
    measured = finished.metrics["accuracy"]
    assert finished.goal == {"metric": "accuracy", "op": ">=", "value": 0.8, "measured": measured, "reached": True}
    assert run.metrics == finished.metrics
    assert run.run.status().state == "finished"


def test_the_figures_of_the_end_are_those_of_the_network_that_is_kept(tmp_path: Path) -> None:
    from nodes.data.small_digits import SmallDigits
    from studio.engine.data.load import load

    run, _ = trained(classifier(), tmp_path)
    test = load(SmallDigits(limit=320), tmp_path, torch.device("cpu"), lambda what, share: None).test
    images, labels = test.take(torch.arange(len(test)))
    scores = run.network()(images)
    assert run.metrics["accuracy"] == pytest.approx((scores.argmax(1) == labels).float().mean().item())
    assert run.metrics["loss"] == pytest.approx(torch.nn.functional.cross_entropy(scores, labels).item(), rel=1e-5)


def figures(events: list[Event]) -> list[object]:
    """Everything measured that does not depend on the clock."""
    epochs = [(e.epoch, e.metrics, e.training, e.best) for e in events if isinstance(e, EpochEnded)]
    return [*epochs, *(e.metrics for e in events if isinstance(e, Finished))]


def test_the_same_seed_gives_the_same_figures_twice_and_another_seed_others(tmp_path: Path) -> None:
    first, told = trained(classifier(), tmp_path, "first")
    second, told_again = trained(classifier(), tmp_path, "second")
    third, told_otherwise = trained(with_options(classifier(), seed=1), tmp_path, "third")
    assert same(weights(first), weights(second))
    assert figures(told) == figures(told_again)
    assert figures(told) != figures(told_otherwise)
    assert not same(weights(first), weights(third))


def test_options_reach_every_stage() -> None:
    project = with_options(classifier(stages=(Stage(), Stage())), epochs=7, seed=3, precision="bf16-mixed")
    assert [stage.epochs for stage in project.training.stages] == [7, 7]
    assert (project.training.seed, project.training.precision) == (3, "bf16-mixed")


def fresh(project: Project, name: str = "Net") -> dict[str, torch.Tensor]:
    """The weights with which a training of the project begins."""
    seed_everything(project.training.seed)
    networks = {each: build_network(project, each) for each in project.networks}
    return dict(networks[name].state_dict())


def test_what_a_stage_does_not_teach_stays_to_the_last_bit(tmp_path: Path) -> None:
    project = classifier(stages=(Stage(epochs=2, learns=("Net/Scores",)),))
    run, _ = trained(project, tmp_path)
    before, after = fresh(project), weights(run)
    assert same(before, after, ["hidden.", "batchnorm1d.", "batch_norm"])
    assert not same(before, after, ["scores."])


def test_a_later_stage_begins_where_the_one_before_ended(tmp_path: Path) -> None:
    head, whole = Stage(name="head", epochs=1, learns=("Net/Scores",)), Stage(name="whole", epochs=1)
    run, events = trained(classifier(stages=(head, whole)), tmp_path)
    ended = [event for event in events if isinstance(event, StageEnded)]
    assert [(event.stage, event.name, event.step, event.reason) for event in ended] == [
        (0, "head", 10, "all epochs"),
        (1, "whole", 20, "all epochs"),
    ]
    only_head, told = trained(classifier(stages=(head,)), tmp_path, "head")
    (alone,) = [event for event in told if isinstance(event, Finished)]
    assert ended[0].metrics == pytest.approx(alone.metrics), "what it reached on the test part, as if it were the last"
    assert not ended[1].metrics, "which the end of the training tells"
    assert not same(weights(only_head), weights(run), ["hidden."])
    assert run.run.status().step == 20


def test_gradient_descent_looks_at_all_examples_before_each_step(tmp_path: Path) -> None:
    stage = Stage(optimizer="gradient-descent", learning_rate=0.1, epochs=3)
    run, events = trained(without_chance(stage), tmp_path)
    assert [event.step for event in events if isinstance(event, EpochEnded)] == [1, 2, 3]
    (started,) = (event for event in events if isinstance(event, Started))
    assert (started.batch, started.steps_per_epoch, started.steps) == (started.samples["train"], 1, 3)
    assert run.metrics["loss"] < 2.3


def test_l_bfgs_searches_along_each_step(tmp_path: Path) -> None:
    plain = without_chance(Stage(optimizer="gradient-descent", learning_rate=0.1, epochs=3))
    searching = without_chance(Stage(optimizer="lbfgs", learning_rate=1.0, epochs=3), batch=320)
    first, second = trained(plain, tmp_path, "plain")[0], trained(searching, tmp_path, "searching")[0]
    assert second.metrics["loss"] < first.metrics["loss"]


def test_the_rate_drops_where_nothing_improves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studio.engine.session.OFTEN", 0.0)
    monkeypatch.setattr(Meter, "due", lambda _: True)  # tell every step
    stage = Stage(schedule="plateau", drop_every=2, drop_to=0.5, min_delta=100.0, learning_rate=0.01, epochs=6)
    _, events = trained(classifier(stages=(stage,)), tmp_path)
    rates = dict.fromkeys(event.learning_rate for event in events if isinstance(event, StepDone))
    assert list(rates) == pytest.approx([0.01, 0.005, 0.0025])


def without_chance(stage: Stage, **training: Any) -> Project:
    """A network of layers alone, so that a loss is a function of the weights."""
    project = classifier(stages=(stage,), **training)
    net = GraphBuilder()
    image = net.add(Input(kind="image", sizes=(1, 8, 8)), name="Image")
    net.add(Output(), net.chain(net.add(Flatten(), image), Linear(features=10)), name="Scores")
    return project.with_graph("Net", net.graph())


def test_two_objectives_of_a_stage_touch_only_what_they_teach(tmp_path: Path) -> None:
    learns = ("Teach First: First", "Teach Second: Second")
    stage = Stage(objectives=("Teach First", "Teach Second"), learns=learns, steps=6, epochs=0, every=(1, 7))
    project = two_networks(stage)
    run, _ = trained(project, tmp_path)
    once = two_networks(replace(stage, steps=1))
    short, _ = trained(once, tmp_path, "short")
    # The second objective ran at the first step only; what it teaches rests from then on, though the first uses it.
    assert same(weights(run, "Second"), weights(short, "Second"))
    assert not same(weights(run, "First"), weights(short, "First"))
    assert not same(fresh(project, "Second"), weights(run, "Second"))


def test_figures_of_several_objectives_bear_their_names(tmp_path: Path) -> None:
    stage = Stage(objectives=("Teach First", "Teach Second"), epochs=1)
    run, _ = trained(two_networks(stage), tmp_path)
    assert {"Teach First: loss", "Teach Second: loss", "Teach First: loss_of_first"} <= run.metrics.keys()
    first = run.metrics["Teach First: loss_of_first"] + run.metrics["Teach First: loss_of_second"]
    assert run.metrics["Teach First: loss"] == pytest.approx(first, rel=1e-5)


def test_early_stopping_ends_the_stage_and_brings_the_best_epoch_back(tmp_path: Path) -> None:
    stage = Stage(epochs=60, optimizer="sgd", learning_rate=3.0, patience=2)
    run, events = trained(classifier(stages=(stage,)), tmp_path)
    epochs = [event for event in events if isinstance(event, EpochEnded)]
    (ended,) = [event for event in events if isinstance(event, StageEnded)]
    best = min(epochs, key=lambda event: event.metrics["loss"])
    assert ended.reason == "no improvement for 2 epochs"
    assert (ended.restored, ended.epoch) == (best.step, best.epoch + 2)
    assert [event.epoch for event in epochs if event.best][-1] == best.epoch
    until_best, _ = trained(classifier(stages=(replace(stage, epochs=best.epoch, patience=0),)), tmp_path, "best")
    assert same(weights(run), weights(until_best))


def test_without_restoring_the_last_epoch_stays(tmp_path: Path) -> None:
    stage = Stage(epochs=4, optimizer="sgd", learning_rate=3.0, restore_best=False)
    run, events = trained(classifier(stages=(stage,)), tmp_path)
    (ended,) = [event for event in events if isinstance(event, StageEnded)]
    assert ended.restored is None
    assert {c.why for c in run.run.checkpoints()} == {"start", "stage"}


def test_a_stage_ends_after_its_steps_even_within_an_epoch(tmp_path: Path) -> None:
    _, events = trained(classifier(stages=(Stage(epochs=5, steps=13),)), tmp_path)
    (ended,) = [event for event in events if isinstance(event, StageEnded)]
    assert (ended.step, ended.epoch, ended.reason) == (13, 2, "all steps")


def test_a_stage_ends_when_its_minutes_are_up(tmp_path: Path) -> None:
    _, events = trained(classifier(stages=(Stage(epochs=0, minutes=0.01),)), tmp_path)
    (ended,) = [event for event in events if isinstance(event, StageEnded)]
    assert ended.reason == "the time was up"
    assert ended.step > 0


@pytest.mark.parametrize(
    ("stage", "words"),
    [
        (Stage(epochs=0), "would never end"),
        (Stage(epochs=0, minutes=1, schedule="cosine"), "after how many epochs or steps"),
        (Stage(learns=("Nobody",)), "nothing of that name"),
        (Stage(learns=("Net/Image",)), "nothing of that name"),
        (Stage(every=(1, 2)), "how often"),
    ],
)
def test_a_stage_that_makes_no_sense_is_refused_in_words(stage: Stage, words: str, tmp_path: Path) -> None:
    with pytest.raises(TrainingFailed, match=words) as caught:
        trained(classifier(stages=(stage,)), tmp_path)
    assert isinstance(caught.value.__cause__, ProjectError)


def test_a_project_that_cannot_run_says_why(tmp_path: Path) -> None:
    with pytest.raises(TrainingFailed, match="No loss is chosen"):
        trained(replace(classifier(), training=replace(classifier().training, loss=None)), tmp_path)


def test_live_figures_are_told_while_training(tmp_path: Path) -> None:
    _, events = trained(classifier(stages=(Stage(epochs=2, clip=0.1),)), tmp_path)
    steps = [event for event in events if isinstance(event, StepDone)]
    assert {"loss", "accuracy", "gradient norm"} == steps[0].values.keys()
    assert steps[0].learning_rate == 0.001
    assert steps[0].samples_per_second > 0
    assert not [event for event in events if isinstance(event, Log) and event.level == "warning"]


def test_low_precision_trains_too(tmp_path: Path) -> None:
    run, _ = trained(with_options(classifier(), precision="bf16-mixed"), tmp_path)
    full, _ = trained(classifier(), tmp_path, "full")
    assert not same(weights(run), weights(full))
    assert weights(run)["hidden.weight"].dtype == torch.float32
    with pytest.raises(TrainingFailed, match="does not train in 16-mixed"):
        trained(with_options(classifier(), precision="16-mixed"), tmp_path, "half")


def test_the_steps_of_a_training_are_those_of_each_stage_with_the_data_it_reads(tmp_path: Path) -> None:
    many = Stage(objectives=("Teach First",), learns=("First",), epochs=2)
    few = Stage(objectives=("Teach Second",), learns=("Second",), epochs=3)
    project = two_networks(many, few)
    second = project.graphs["Teach Second"]
    second = second.put({"Data": second.nodes["Data"].set(learn_from=64)})
    _, events = trained(project.with_graph("Teach Second", second), tmp_path)
    (started,) = (event for event in events if isinstance(event, Started))
    (finished,) = (event for event in events if isinstance(event, Finished))
    assert (started.samples["train"], started.steps_per_epoch) == (320, 10)
    assert started.epoch_steps == (10, 2)
    assert started.steps == finished.step == 2 * 10 + 3 * 2
