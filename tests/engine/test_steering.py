"""A person changes when a stage ends while it runs, and it is as if the stage had said so from there on."""

from __future__ import annotations

import math
from pathlib import Path
from queue import SimpleQueue

import pytest

from studio.core.project import Project, Stage
from studio.engine.train import fork, train
from studio.engine.trainer import Outside
from studio.training.commands import Command, FinishStage, SaveCheckpoint, SetEnd
from studio.training.messages import CheckpointSaved, EndSet, Event, Log, Paused, StageEnded, StepDone
from studio.training.run import Run
from tests.engine.projects import classifier, same, weights

STEPS_PER_EPOCH = 10


def steered(project: Project, folder: Path, *orders: Command) -> list[Event]:
    """What a training tells that is given these orders at its first step."""
    inbox: SimpleQueue[Command] = SimpleQueue()
    told: list[Event] = []
    for order in orders:
        inbox.put(order)
    train(project, out=folder, device="cpu", outside=Outside(told.append, inbox))
    return told


def ended(told: list[Event]) -> list[tuple[int, str]]:
    """Step and reason of every stage's end."""
    return [(event.step, event.reason) for event in told if isinstance(event, StageEnded)]


@pytest.mark.parametrize(
    ("order", "end"),
    [
        (SetEnd(epochs=2), (2 * STEPS_PER_EPOCH, "all epochs")),
        (SetEnd(steps=7), (7, "all steps")),
        (SetEnd(epochs=40, steps=25), (25, "all steps")),
        (SetEnd(minutes=1e-9), (1, "the time was up")),
        (SetEnd(patience=2, min_delta=1e9), (3 * STEPS_PER_EPOCH, "no improvement for 2 epochs")),
        (FinishStage(), (1, "finished by hand")),
    ],
)
def test_a_stage_ends_as_it_was_told_while_it_ran(tmp_path: Path, order: Command, end: tuple[int, str]) -> None:
    project = classifier(stages=(Stage(name="long", epochs=400, restore_best=False), Stage(name="after", steps=3)))
    told = steered(project, tmp_path / "run", order)
    assert ended(told) == [end, (end[0] + 3, "all steps")]
    for event in told:
        if isinstance(event, EndSet):
            assert isinstance(order, SetEnd)
            assert (event.step, event.stage, event.epochs, event.steps) == (1, 0, order.epochs, order.steps)


def test_fewer_epochs_than_are_over_end_the_stage_within_the_epoch(tmp_path: Path) -> None:
    inbox: SimpleQueue[Command] = SimpleQueue()
    told: list[Event] = []

    def tell(event: Event) -> None:
        told.append(event)
        if event.kind == "epoch" and len([each for each in told if each.kind == "epoch"]) == 3:
            inbox.put(SetEnd(epochs=2))

    train(classifier(stages=(Stage(epochs=50),)), out=tmp_path / "run", device="cpu", outside=Outside(tell, inbox))
    assert ended(told) == [(3 * STEPS_PER_EPOCH + 1, "all epochs")]


def test_the_schedule_is_stretched_with_its_stage(tmp_path: Path) -> None:
    stage = Stage(epochs=2, schedule="cosine", learning_rate=0.1, restore_best=False)
    told = steered(classifier(stages=(stage,)), tmp_path / "run", SetEnd(epochs=60))
    (changed,) = (event for event in told if isinstance(event, EndSet))
    assert changed.stage_steps == 60 * STEPS_PER_EPOCH
    steps = [event for event in told if isinstance(event, StepDone) and event.step > 1]
    assert steps
    for event in steps:  # a step event tells the rate of the step that comes next
        expected = 0.05 * (1 + math.cos(math.pi * min(event.step / changed.stage_steps, 1.0)))
        assert event.learning_rate == pytest.approx(expected)


def test_what_would_never_end_or_has_no_end_for_its_schedule_is_said_and_nothing_changes(tmp_path: Path) -> None:
    stage = Stage(epochs=2, schedule="cosine", restore_best=False)
    told = steered(
        classifier(stages=(stage,)), tmp_path / "run", SetEnd(), SetEnd(minutes=5), SetEnd(epochs=-3), FinishStage()
    )
    sentences = [event.message for event in told if isinstance(event, Log)]
    assert len(sentences) == 3
    assert "would never end" in sentences[0]
    assert "has a schedule 'cosine': say after how many epochs or steps it ends." in sentences[1]
    assert all(sentence.endswith("It ends as before.") for sentence in sentences)
    assert not any(isinstance(event, EndSet | Paused) for event in told)
    assert ended(told) == [(1, "finished by hand")]


def test_a_changed_end_is_that_of_what_goes_on_from_a_checkpoint_but_not_where_the_project_says_otherwise(
    tmp_path: Path,
) -> None:
    stage = Stage(epochs=50, schedule="cosine", restore_best=False)
    project = classifier(stages=(stage,))
    told = steered(project, tmp_path / "changed", SetEnd(epochs=3), SaveCheckpoint())
    at = next(event.step for event in told if isinstance(event, CheckpointSaved) and event.step)
    branch = fork(Run(tmp_path / "changed"), at=at, out=tmp_path / "branch", device="cpu")
    assert branch.finished is not None
    assert branch.finished.step == 3 * STEPS_PER_EPOCH
    assert same(weights(branch), weights(Run(tmp_path / "changed")))
    longer = classifier(stages=(Stage(epochs=5, restore_best=False),))
    other = fork(Run(tmp_path / "changed"), at=at, project=longer, out=tmp_path / "other", device="cpu")
    assert other.finished is not None
    assert other.finished.step == 5 * STEPS_PER_EPOCH
