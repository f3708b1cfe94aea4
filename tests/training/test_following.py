"""A run that another process trains, as somebody hears of it who comes late."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from studio.training.following import Following, caught_up
from studio.training.journal import Tail
from studio.training.messages import Event, Log, Paused, Resumed, StageEnded, Started
from studio.training.run import Run
from tests.training.runs import append, epoch, finished, run_with, started, step


def told(events: Sequence[Event]) -> list[tuple[str, int]]:
    """Kind and step of each event."""
    return [(event.kind, getattr(event, "step", 0)) for event in events]


def test_who_comes_late_hears_a_start_at_the_step_that_was_reached_and_the_newest_of_each_kind() -> None:
    steps = [step(number) for number in range(1, 14)]
    events = [started(), *steps[:10], epoch(1, 0.9), StageEnded(0, "first", 10, 1, "all epochs"), *steps[10:]]
    start, *others = caught_up([*events, epoch(2, 0.8, best=False)])
    assert start == started(20)
    assert told(others) == [("epoch", 10), ("stage", 10), ("step", 13), ("epoch", 20)]


def test_of_steps_that_are_taken_again_and_of_a_pause_that_is_over_nothing_is_heard() -> None:
    events = [started(), step(1), step(2), epoch(1, 0.9), Paused(10), started(1), step(2)]
    assert told(caught_up(events)) == [("started", 2), ("step", 2)]
    assert told(caught_up([*events, Paused(2), Resumed(2), Paused(3)]))[2:] == [("resumed", 2), ("paused", 3)]


def test_before_a_training_begins_there_is_no_start() -> None:
    assert caught_up([Log("Reading")]) == [Log("Reading")]


def test_only_what_is_new_is_read_and_nothing_of_a_file_that_is_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    run = run_with(started(), step(1), step(2))
    reader = Following(run)
    assert told(reader.read()) == [("started", 2), ("step", 2)]
    read: list[int] = []
    whole = Tail.read
    monkeypatch.setattr(Tail, "read", lambda tail: read.append(1) or whole(tail))
    assert reader.read() == []
    assert read == []
    append(run, step(3), step(4))
    assert told(reader.read()) == [("step", 3), ("step", 4)]
    assert reader.read() == []
    assert read == [1]


def test_half_a_line_waits_for_its_other_half() -> None:
    run = run_with(started())
    reader = Following(run)
    reader.read()
    line = b'{"event":"paused","step":7,"reason":""}\n'
    with run.events_file.open("ab", buffering=0) as file:
        file.write(line[:15])
        assert reader.read() == []
        file.write(line[15:])
    assert reader.read() == [Paused(7)]


def test_a_training_that_goes_on_from_an_earlier_checkpoint_is_told_as_it_counts() -> None:
    run = run_with(started(), *(step(number) for number in range(1, 10)))
    reader = Following(run)
    reader.read()
    append(run, epoch(1, 0.9), started(4, checkpoint="step-4"), step(5))
    start, *others = reader.read()
    assert isinstance(start, Started)
    assert (start.step, start.checkpoint) == (5, "step-4")
    assert told(others) == [("step", 5)], "the epoch that ended later counts no more"
    append(run, step(6))
    assert told(reader.read()) == [("step", 6)]


def test_a_copy_that_is_brought_up_to_date_goes_on_where_it_ended(tmp_path: Path) -> None:
    run, copy = run_with(started(), step(1)), Run(tmp_path / "copy")
    copy.folder.mkdir()

    def synchronise() -> None:
        fresh = copy.folder / "fresh"
        fresh.write_bytes(run.events_file.read_bytes())
        fresh.replace(copy.events_file)

    synchronise()
    reader = Following(copy)
    assert told(reader.read()) == [("started", 1), ("step", 1)]
    append(run, step(2))
    synchronise()
    assert told(reader.read()) == [("step", 2)]


def test_a_file_that_was_cut_or_is_another_one_is_told_anew() -> None:
    run, other = run_with(started(), step(1), step(2)), run_with(started(), step(1), step(5), step(6))
    reader = Following(run)
    reader.read()
    lines = run.events_file.read_bytes().splitlines(keepends=True)
    run.events_file.write_bytes(b"".join(lines[:2]))
    assert told(reader.read()) == [("started", 1), ("step", 1)]
    other.events_file.replace(run.events_file)
    assert told(reader.read()) == [("started", 6), ("step", 6)]


def test_a_file_that_is_not_there_tells_nothing_until_it_comes() -> None:
    run = run_with(started())
    run.events_file.rename(run.folder / "away")
    reader = Following(run)
    assert reader.read() == []
    (run.folder / "away").rename(run.events_file)
    append(run, finished(0.9))
    assert told(reader.read()) == [("started", 20), ("finished", 20)]
