"""The window's end of a training process: what is said arrives, and no way of dying goes unnoticed."""

import os
import time
from collections.abc import Callable, Iterator

import pytest

from studio.training.commands import Pause, Predict, Shutdown, Start, Stop
from studio.training.messages import Event, Log, WorkerDied
from studio.training.worker_client import Worker, how_it_ended
from tests.training.processes import gone


@pytest.fixture
def worker() -> Iterator[Worker]:
    worker = Worker(module="tests.training.echo_worker")
    yield worker
    worker.kill()


def events_until(worker: Worker, found: Callable[[Event], bool], *, seconds: float = 20) -> list[Event]:
    events: list[Event] = []
    until = time.monotonic() + seconds
    while time.monotonic() < until and not any(found(event) for event in events):
        worker.wait(0.1)
        events += worker.poll()
    return events


def is_log(event: Event) -> bool:
    return isinstance(event, Log)


def is_death(event: Event) -> bool:
    return isinstance(event, WorkerDied)


def test_a_long_command_arrives_whole_and_polling_never_waits(worker: Worker) -> None:
    words = "ä" * 3_000_000
    before = time.monotonic()
    worker.send(Start(words))
    worker.poll()
    assert time.monotonic() - before < 1
    assert events_until(worker, is_log) == [Log(words)]


def test_figures_and_pictures_arrive_through_shared_memory(worker: Worker) -> None:
    worker.send(Predict((4, 5, 6)))
    events_until(worker, is_log)
    records = worker.metrics.read()
    assert records.steps.tolist() == [4, 5, 6]
    picture = worker.pictures.read(1)
    assert picture is not None
    assert (picture.array.shape, picture.step, picture.about) == ((3, 4), 3, {"node": "C1"})


def test_a_killed_process_is_an_event_in_words_told_once(worker: Worker) -> None:
    worker.send(Stop(keep=True))
    (death,) = events_until(worker, is_death)
    assert isinstance(death, WorkerDied)
    assert "killed from outside" in death.message
    assert death.code == -9
    assert not worker.alive
    assert worker.poll() == []


def test_the_last_words_of_a_process_are_kept(worker: Worker) -> None:
    worker.send(Stop(keep=False))
    (death,) = events_until(worker, is_death)
    assert isinstance(death, WorkerDied)
    assert (death.code, death.output) == (3, "the last words")


def test_what_the_process_started_ends_with_it_even_where_it_kept_the_socket_open(worker: Worker) -> None:
    worker.send(Pause())
    (child,) = events_until(worker, is_log)
    assert isinstance(child, Log)
    worker.send(Stop(keep=True))
    assert any(isinstance(event, WorkerDied) for event in events_until(worker, is_death))
    assert gone(int(child.message))


def test_killing_ends_the_whole_group_and_is_no_surprise_afterwards(worker: Worker) -> None:
    worker.send(Pause())
    (child,) = events_until(worker, is_log)
    assert isinstance(child, Log)
    worker.kill()
    assert gone(int(child.message))
    assert worker.poll() == []
    worker.send(Start("to nobody"))


def test_a_process_that_was_asked_to_end_does_so_without_a_word(worker: Worker) -> None:
    worker.close()
    assert not worker.alive
    assert worker.poll() == []


def test_a_window_that_only_asks_to_end_hears_no_alarm(worker: Worker) -> None:
    worker.send(Shutdown())
    assert events_until(worker, lambda event: not worker.alive, seconds=3) == []


def test_waiting_is_known_by_a_descriptor_that_a_notifier_can_watch(worker: Worker) -> None:
    assert not worker.wait(0.0)
    worker.send(Start("words"))
    assert worker.wait(20)
    os.fstat(worker.fileno())


@pytest.mark.parametrize(
    ("code", "words"), [(0, "ended."), (3, "exit code 3"), (-9, "SIGKILL"), (-11, "native code"), (-250, "signal 250")]
)
def test_the_end_of_a_process_is_said_in_words(code: int, words: str) -> None:
    assert words in how_it_ended(code)
