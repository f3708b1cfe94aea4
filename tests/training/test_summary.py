"""What a table says of runs, and what may be done with their folders."""

import json
import os
import platform
import shutil
import time
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from studio.core.problem import ProjectError
from studio.core.project import Stage, Training
from studio.training.journal import Journal
from studio.training.messages import Failed
from studio.training.presence import FILE, FRESH, Presence, announced, presence
from studio.training.run import Run
from studio.training.shelf import SWEEP, Shelf, delete, rename, shelved, write_note
from studio.training.summary import TRIAL, summarize
from tests.training.runs import PROJECT, append, epoch, run_with, started, step, whole


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAYERLOOM_HOME", str(tmp_path / "home"))


def test_a_run_is_summed_up_with_its_best_epoch_and_what_it_reached() -> None:
    stages = (Stage(name="coarse", learning_rate=0.1), Stage(name="fine"))
    run = run_with(*whole(), project=replace(PROJECT, training=Training(stages=stages), template="lenet5"))
    found = summarize(run)
    assert (found.project, found.template, found.state) == ("LeNet-5", "lenet5", "finished")
    assert (found.epoch, found.step, found.best_epoch) == (2, 20, 1)
    assert (found.best["accuracy"], found.final["accuracy"]) == (0.9, 0.8)
    assert (found.main_figure, found.learning_rates) == ("accuracy", (0.1, 0.001))
    assert (found.batch, found.seed, found.weights, found.seconds) == (64, 7, 61_706, 4.0)
    assert (found.device, found.started, found.precision) == ("cpu", 5.0, "32-bit")


def test_most_steps_are_passed_over_and_the_summary_is_that_of_all_of_them() -> None:
    run = run_with(*whole())
    assert [event.step for event in run.outline() if event.kind == "step"] == [10, 20]
    assert [event for event in run.outline() if event.kind != "step"] == [
        event for event in run.history() if event.kind != "step"
    ]


def test_an_unfinished_run_has_the_seconds_of_its_epochs_and_a_fork_says_where_it_began() -> None:
    checkpoint = "/another/machine/runs/first-3/checkpoints/step-000000010-best"
    found = summarize(run_with(started(10, checkpoint=checkpoint), step(11), epoch(2, 0.7)))
    assert (found.state, found.seconds, found.forked_from) == ("interrupted", 1.5, "first-3")
    own = run_with(started(), epoch(1, 0.7))
    append(own, started(10, checkpoint=str(own.checkpoint_folder / "step-000000010-best")))
    assert summarize(own).forked_from == ""


def test_damaged_files_and_empty_folders_are_summed_up_as_well() -> None:
    run = run_with()
    assert summarize(run).state == "new"
    run.project_file.write_text("{")
    append(run, started(), Failed("The disk is full."))
    found = summarize(run)
    assert (found.state, found.message, found.learning_rates) == ("failed", "The disk is full.", (0.001,))


def test_a_run_is_read_again_only_when_its_files_have_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    shelf, run = Shelf(), run_with(started(), epoch(1, 0.5))
    read: list[Run] = []
    monkeypatch.setattr("studio.training.shelf.summarize", lambda run: read.append(run) or summarize(run))
    assert [shelf.read(run).epoch for _ in range(3)] == [1, 1, 1]
    assert len(read) == 1
    append(run, epoch(2, 0.6))
    assert shelf.read(run).epoch == 2
    write_note(run, "the good one")
    assert shelf.read(run).note == "the good one"


def test_whether_a_process_goes_on_is_asked_anew_each_time() -> None:
    shelf, run = Shelf(), run_with(started(), epoch(1, 0.5))
    journal = Journal(run.events_file)
    assert shelf.read(run).state == "running"
    journal.close()
    assert shelf.read(run).state == "interrupted"


def test_runs_are_found_in_sweeps_and_in_folders_that_were_opened(tmp_path: Path) -> None:
    alone, sweep = tmp_path / "alone", tmp_path / "home" / "runs" / "sweep-1"
    run_with(folder=alone)
    run_with(folder=sweep / "trial-1")
    run_with(folder=sweep / "trial-2")
    (sweep / SWEEP).write_text("{}")
    (sweep / "trial-2" / TRIAL).write_text(json.dumps({"values": {"width": 8}}))
    run_with(folder=tmp_path / "home" / "runs" / "other" / "hidden-1")
    found = shelved([tmp_path / "home" / "runs", alone, alone, tmp_path / "missing"])
    assert sorted((each.run.name, each.sweep) for each in found) == [
        ("alone", ""), ("trial-1", "sweep-1"), ("trial-2", "sweep-1"),
    ]  # fmt: skip
    assert {each.sweep for each in shelved([sweep])} == {"sweep-1"}
    assert summarize(Run(sweep / "trial-2")).varied == {"width": 8}


def test_a_run_is_renamed_with_its_folder(tmp_path: Path) -> None:
    run, other = run_with(folder=tmp_path / "a"), run_with(folder=tmp_path / "b")
    for name, why in (("b", "already"), ("", "called"), ("x/y", "called"), (".hidden", "called")):
        with pytest.raises(ProjectError, match=why):
            rename(run, name)
    assert rename(run, " best so far ").folder == tmp_path / "best so far"
    assert not run.folder.exists()
    assert other.folder.exists()


def test_deleting_a_run_leaves_what_is_not_of_it(tmp_path: Path) -> None:
    run, kept = run_with(*whole(), folder=tmp_path / "a"), run_with(folder=tmp_path / "b")
    (kept.folder / "thesis.txt").write_text("years of work")
    assert delete(run)
    assert not run.folder.exists()
    assert not delete(kept)
    assert [path.name for path in kept.folder.iterdir()] == ["thesis.txt"]
    assert shelved([tmp_path]) == []


def test_a_run_that_is_being_trained_is_neither_deleted_nor_renamed(tmp_path: Path) -> None:
    run = run_with(started(), folder=tmp_path / "a")
    journal = Journal(run.events_file)
    for act in (delete, lambda run: rename(run, "b")):
        with pytest.raises(ProjectError, match="Stop it first"):
            act(run)
    journal.close()
    assert delete(run)


def test_a_process_says_that_it_trains_for_as_long_as_it_does(tmp_path: Path) -> None:
    with announced(tmp_path):
        found = presence(tmp_path)
        assert found is not None
        assert (found.pid, found.is_here, found.is_fresh()) == (os.getpid(), True, True)
    assert presence(tmp_path) is None


def test_signs_of_life_come_again_and_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studio.training.presence.EVERY", 0.01)
    with announced(tmp_path):
        os.utime(tmp_path / FILE, (1.0, 1.0))
        until = time.monotonic() + 10
        while (found := presence(tmp_path)) is None or found.seen == 1.0:
            assert time.monotonic() < until
            time.sleep(0.01)
        assert found.is_fresh()


def test_a_run_of_another_machine_is_live_while_it_shows_signs_of_life(tmp_path: Path) -> None:
    run = run_with(started(), epoch(1, 0.5), folder=tmp_path / "run")
    file = run.folder / FILE
    file.write_text(json.dumps({"host": "another-machine", "pid": 4, "since": 5.0}))
    assert run.is_live()
    assert run.status().state == "running"
    long_ago = time.time() - FRESH - 1
    os.utime(file, (long_ago, long_ago))
    assert run.status().state == "interrupted"


def test_a_note_that_a_killed_process_left_on_this_machine_is_not_believed(tmp_path: Path) -> None:
    run = run_with(started(), folder=tmp_path / "run")
    with announced(run.folder):
        shutil.copy(run.folder / FILE, tmp_path / "left")
    shutil.copy(tmp_path / "left", run.folder / FILE)
    assert not run.is_live()
    (run.folder / FILE).write_text("[]")
    assert presence(run.folder) is None


def test_a_presence_says_where_and_since_when() -> None:
    then = datetime(2026, 11, 25, 14, 2)
    here, there = (Presence(host, 4, then.timestamp()) for host in (platform.node(), "gpu-box"))
    assert here.in_words(then.date()) == "on this computer, since 14:02"
    assert there.in_words(date(2026, 11, 26)) == "on gpu-box, since 25 Nov 14:02"


def test_an_old_presence_is_not_fresh() -> None:
    assert Presence("there", 1, 0.0, seen=100.0).is_fresh(now=159.0)
    assert not Presence("there", 1, 0.0, seen=100.0).is_fresh(now=161.0)
