"""The folder of a run: its name, its events, its checkpoints, and what they tell about it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from studio.core.graph import Node
from studio.core.problem import ProjectError
from studio.core.project import Project
from studio.training.checkpoints import ABOUT, Checkpoint, checkpoints, prune
from studio.training.journal import Journal
from studio.training.messages import EpochEnded, Event, Failed, Finished, Log, Paused, Resumed, Started, StepDone
from studio.training.presence import FILE
from studio.training.run import Run, all_runs, runs_folder

PROJECT = Project("LeNet-5", data=Node("Digits"))


def started(step: int = 0) -> Started:
    return Started("run", "LeNet-5", "cpu", ("training",), ("loss",), {}, {}, {}, 64, 10, 20, 0, "32-bit", step, at=5.0)


def step(number: int) -> StepDone:
    return StepDone(number, 1, 0, {"loss": 1 / number}, 0.001, 100.0)


def run_with(*events: Event) -> Run:
    run = Run.create(PROJECT)
    journal = Journal(run.events_file)
    for event in events:
        journal.append(event)
    journal.close()
    return run


def test_runs_are_numbered_and_named_after_project_and_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LAYERLOOM_HOME", str(tmp_path))
    names = [Run.create(PROJECT).name for _ in range(3)]
    assert names == ["lenet-5-digits-1", "lenet-5-digits-2", "lenet-5-digits-3"]
    assert runs_folder() == tmp_path / "runs"
    assert {run.name for run in all_runs()} == set(names)


def test_a_name_that_is_no_folder_name_becomes_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAYERLOOM_HOME", str(tmp_path))
    run = Run.create(Project("../../etc: ✂️"))
    assert run.folder.parent == tmp_path / "runs"
    assert run.name == "etc-1"
    assert run.project() == Project("../../etc: ✂️")


def test_a_folder_that_holds_something_is_not_taken_for_a_run(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(ProjectError, match="not empty"):
        Run.create(PROJECT, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ProjectError, match="Choose another folder"):
        Run.create(PROJECT, tmp_path / "file" / "run")


def test_a_folder_without_a_project_is_no_run(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="is not a run"):
        Run.open(tmp_path)


def test_events_come_back_in_order() -> None:
    told = [started(), step(1), step(2), Log("a line")]
    run = run_with(*told)
    assert run.events() == told


def test_a_torn_last_line_is_passed_over_and_the_next_event_is_not_glued_to_it() -> None:
    run = run_with(started(), step(1))
    with run.events_file.open("ab") as file:
        file.write(b'{"event":"step","step":2,"epo')
    assert run.events() == [started(), step(1)]
    journal = Journal(run.events_file)
    journal.append(step(3))
    journal.close()
    assert run.events() == [started(), step(1), step(3)]


def test_a_tail_waits_for_the_end_of_a_line() -> None:
    run = run_with(started())
    tail = run.tail()
    assert tail.read() == [started()]
    whole = b'{"event":"log","message":"later","level":"info"}\n'
    with run.events_file.open("ab", buffering=0) as file:
        file.write(whole[:20])
        assert tail.read() == []
        file.write(whole[20:])
    assert tail.read() == [Log("later")]
    assert tail.read() == []


def test_a_tail_begins_anew_in_a_file_that_took_the_place_of_the_last() -> None:
    run, other = run_with(started(), step(1), step(2)), run_with(started(), step(5))
    tail = run.tail()
    assert len(tail.read()) == 3
    other.events_file.replace(run.events_file)
    assert tail.read() == [started(), step(5)]
    run.events_file.write_bytes(run.events_file.read_bytes().splitlines(keepends=True)[0])
    assert tail.read() == [started()]


def test_what_was_told_beyond_the_checkpoint_does_not_count_after_going_on_from_it() -> None:
    run = run_with(started(), step(1), step(2), step(3), started(2), step(3), step(4))
    assert [event.step for event in run.history() if isinstance(event, StepDone)] == [1, 2, 3, 4]


def epoch(number: int, accuracy: float) -> EpochEnded:
    return EpochEnded(number, 3, 0, 10 * number, {"accuracy": accuracy}, {}, 1.0)


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ((), "new"),
        ((started(), epoch(1, 0.5)), "interrupted"),
        ((started(), epoch(1, 0.5), Paused(10)), "interrupted"),
        ((started(), epoch(1, 0.5), Finished({"accuracy": 0.6}, "", 1, 1, 30, "all epochs")), "finished"),
        ((started(), Failed("The disk is full.")), "failed"),
    ],
)
def test_the_state_of_a_run_follows_from_its_events(events: tuple[Event, ...], state: str) -> None:
    assert run_with(*events).status().state == state


def test_a_run_that_somebody_writes_is_live_and_nobody_else_may_write_it() -> None:
    run = Run.create(PROJECT)
    journal = Journal(run.events_file)
    journal.append(started())
    journal.append(epoch(1, 0.5))
    assert run.is_live()
    assert run.status().state == "running"
    assert run.status().metrics == {"accuracy": 0.5}
    assert run.status().started == 5.0
    with pytest.raises(ProjectError, match="another process"):
        Journal(run.events_file)
    journal.append(Paused(12))
    assert run.status().state == "paused"
    journal.append(Resumed(12))
    journal.close()
    assert not run.is_live()


def test_a_run_of_another_machine_that_shows_signs_of_life_is_not_written() -> None:
    run = run_with(started())
    (run.folder / FILE).write_text('{"host": "gpu-box", "pid": 4, "since": 1795000000.0}')
    assert run.is_live()
    with pytest.raises(ProjectError, match=r"is being trained on gpu-box\. Wait for it, or stop it there\."):
        run.journal()


def test_a_process_that_was_killed_holds_no_run() -> None:
    run = Run.create(PROJECT)
    script = (
        "import pathlib, sys, time; from studio.training.journal import Journal; "
        "journal = Journal(pathlib.Path(sys.argv[1])); print('here', flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", script, run.events_file], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert run.is_live()
        process.kill()
    assert not run.is_live()
    Journal(run.events_file).close()


def write_checkpoint(folder: Path, number: int, why: str, *, stage: int = 0) -> None:
    checkpoint = Checkpoint(folder / f"step-{number:09d}", number, stage, 1, why, {"loss": 0.5})
    checkpoint.folder.mkdir()
    (checkpoint.folder / ABOUT).write_text(checkpoint.about())


def test_checkpoints_are_listed_by_step_and_unfinished_ones_are_not(tmp_path: Path) -> None:
    write_checkpoint(tmp_path, 20, "time")
    write_checkpoint(tmp_path, 3, "start")
    (tmp_path / "step-000000030").mkdir()
    (tmp_path / ".step-000000040").mkdir()
    assert [(c.step, c.why, c.metrics) for c in checkpoints(tmp_path)] == [
        (3, "start", {"loss": 0.5}),
        (20, "time", {"loss": 0.5}),
    ]


def test_pruning_keeps_the_start_the_best_of_each_stage_and_the_newest(tmp_path: Path) -> None:
    kinds = ["start", "time", "best", "time", "best", "time", "time", "pause"]
    for number, why in enumerate(kinds):
        write_checkpoint(tmp_path, number, why)
    write_checkpoint(tmp_path, 8, "best", stage=1)
    prune(tmp_path)
    assert [c.step for c in checkpoints(tmp_path)] == [0, 4, 5, 6, 7, 8]


def test_importing_what_the_window_needs_brings_neither_torch_nor_numpy_nor_qt() -> None:
    script = (
        "import sys, studio.training.worker_client, studio.training.run, studio.training.messages; "
        "print([name for name in ('torch', 'numpy', 'PySide6', 'pydantic', 'networkx') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=os.environ, check=True)
    assert done.stdout.strip() == "[]"
