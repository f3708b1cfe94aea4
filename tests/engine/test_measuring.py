"""How fast a project would be trained: found out in a moment, and without a trace in the training that follows."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from nodes.data.cifar10 import CIFAR10
from nodes.data.small_digits import SmallDigits
from studio.core import loom
from studio.core.builder import node_of
from studio.core.project import Project, Stage
from studio.engine import measuring
from studio.engine.measuring import measure
from studio.training.answers import Measured
from studio.training.commands import Measure, Start
from studio.training.messages import EpochEnded, Finished, Ready, Started
from studio.training.run import Run
from studio.training.worker_client import Worker
from tests.engine.projects import classifier, same, trained, two_networks, weights


def never() -> bool:
    return False


def measured(project: Project, overtaken: Callable[[], bool] = never, device: str = "cpu") -> Measured | None:
    return measure(Measure(7, loom.dumps(project), device), overtaken=overtaken)


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """One step tells enough here."""
    monkeypatch.setattr(measuring, "SECONDS", 0.0)


def test_the_seconds_of_an_epoch_are_those_of_its_steps_and_of_measuring() -> None:
    answer = measured(classifier())
    assert answer is not None
    assert (answer.number, answer.why_not, answer.fits) == (7, "", 0)
    assert answer.step_seconds > 0
    # 320 samples of small digits in batches of 32, and held-out samples after them
    assert answer.epoch_seconds > 10 * answer.step_seconds
    assert answer.device.startswith("cpu")


def test_an_epoch_has_as_many_steps_as_the_samples_ask_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring._Trial, "time_steps", lambda *_: 0.5)
    monkeypatch.setattr(measuring._Trial, "time_held_out", lambda _: 0.25)
    answer = measured(classifier(batch=32))
    assert answer is not None
    assert (answer.step_seconds, answer.epoch_seconds) == (0.5, 0.5 * 10 + 0.25)


def test_a_large_batch_is_timed_by_a_part_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "WORK", 100_000)
    monkeypatch.setattr(measuring._Trial, "time_steps", lambda trial, _: float(trial.stage.batch))
    monkeypatch.setattr(measuring._Trial, "time_held_out", lambda _: 0.0)
    answer = measured(classifier(batch=64))
    assert answer is not None
    assert answer.step_seconds == 64.0


def test_what_takes_too_long_is_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "MOST_WORK", 10.0)
    answer = measured(classifier())
    assert answer is not None
    assert answer.why_not == "One step takes too long to be measured in a moment."
    assert answer.epoch_seconds == 0


def test_several_objectives_are_timed_together() -> None:
    stage = Stage(objectives=("Teach First", "Teach Second"), learns=("Teach First: First", "Teach Second: Second"))
    answer = measured(two_networks(stage))
    assert answer is not None
    assert answer.why_not == ""


@pytest.mark.parametrize("checks", [0, 1, 2])
def test_it_ends_when_something_else_is_asked_for(checks: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "SECONDS", 60.0)
    asked: list[bool] = []

    def overtaken() -> bool:
        asked.append(True)
        return len(asked) > checks

    assert measured(classifier(), overtaken) is None
    assert len(asked) == checks + 1


def test_data_that_is_not_here_is_not_fetched(home: Path) -> None:
    project = replace(classifier(), data=node_of(CIFAR10()))
    answer = measure(Measure(1, loom.dumps(project), "cpu", str(home)), overtaken=never)
    assert answer is not None
    assert answer.why_not
    assert list(home.rglob("*cifar*")) == []


def test_a_project_with_problems_says_so() -> None:
    answer = measured(replace(classifier(), data=None))
    assert answer is not None
    assert "data" in answer.why_not


def test_a_network_that_does_not_run_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object) -> float:
        raise RuntimeError("mat1 and mat2 shapes cannot be multiplied")

    monkeypatch.setattr(measuring._Trial, "time_steps", breaks)
    answer = measured(classifier())
    assert answer is not None
    assert answer.why_not == "The network could not be run: mat1 and mat2 shapes cannot be multiplied"


def test_without_enough_memory_it_says_which_batch_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    def is_full(*_: object) -> float:
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(measuring._Trial, "time_steps", is_full)
    answer = measured(classifier(batch=64))
    assert answer is not None
    assert (answer.fits, answer.epoch_seconds) == (32, 0.0)


def test_a_training_after_it_is_the_same_to_the_last_bit(tmp_path: Path) -> None:
    project = replace(classifier(), data=node_of(SmallDigits(limit=320, noise=0.1)))
    alone, told_alone = trained(project, tmp_path, "alone")
    assert measured(project) is not None
    after, told_after = trained(project, tmp_path, "after")
    figures = [
        [(e.metrics, e.training) for e in told if isinstance(e, EpochEnded)] for told in (told_alone, told_after)
    ]
    assert figures[0] == figures[1]
    assert len(figures[0]) == 3
    assert same(weights(alone), weights(after))


def test_random_numbers_and_threads_are_as_before() -> None:
    torch.manual_seed(3)
    before, threads = torch.get_rng_state(), torch.get_num_threads()
    measured(classifier())
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.get_num_threads() == threads


@pytest.fixture
def worker() -> Iterator[Worker]:
    worker = Worker()
    yield worker
    worker.close()


def until(worker: Worker, wanted: type) -> list[object]:
    """Everything that is told up to an event of this kind."""
    told: list[object] = []
    while not any(isinstance(event, wanted) for event in told):
        assert worker.wait(120.0), told
        told += worker.poll()
    return told


@pytest.mark.slow
def test_a_process_that_waits_measures_and_then_trains(worker: Worker, tmp_path: Path) -> None:
    project = classifier(stages=(Stage(epochs=1),))
    until(worker, Ready)
    worker.send(Measure(5, loom.dumps(project), "cpu"))
    (answer,) = (event for event in until(worker, Measured) if isinstance(event, Measured))
    assert (answer.number, answer.why_not) == (5, "")
    run = Run.create(project, tmp_path / "run")
    worker.send(Measure(6, loom.dumps(project), "cpu"))
    worker.send(Start(str(run.folder), device="cpu"))
    told = until(worker, Finished)
    assert any(isinstance(event, Started) for event in told)
    assert not any(isinstance(event, Measured) for event in told), "a training does not wait for it"
