"""Going on: killed, paused, stopped, forked, a training ends with the weights it would have had anyway, bit for bit."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from studio.core.problem import ProjectError
from studio.core.project import Project, Stage
from studio.engine.checkpoint import read_state
from studio.engine.failures import TrainingFailed
from studio.engine.train import checkpoint_of, fork, go_on, train
from studio.engine.trainer import Outside, run_training
from studio.training.checkpoints import checkpoints
from studio.training.commands import Command, Pause, Resume, SaveCheckpoint, SetLearningRate, Shutdown, Start, Stop
from studio.training.messages import (
    CheckpointSaved,
    EpochEnded,
    Event,
    Finished,
    LearningRateSet,
    Paused,
    Resumed,
    StageEnded,
    StepDone,
    WorkerDied,
)
from studio.training.run import Run
from studio.training.worker_client import Worker
from tests.engine.projects import classifier, drawn_network, same, trained, two_networks, weights
from tests.training.hearing import is_a, until
from tests.training.processes import gone

pytestmark = pytest.mark.slow

STAGES = (
    Stage(name="first", epochs=60, schedule="cosine", warm_up=0.1, restore_best=False),
    Stage(name="second", epochs=60, optimizer="momentum", learning_rate=0.01),
)
LONG = classifier(stages=STAGES, checkpoint_seconds=0.05)
THREADS = {"OMP_NUM_THREADS": "1"}


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, torch.Tensor]:
    """The final weights of the long training that nothing interrupts."""
    return weights(trained(LONG, tmp_path_factory.mktemp("unbroken"))[0])


@pytest.fixture(scope="module")
def shared() -> Iterator[Worker]:
    """One process for all tests in which it survives: each costs the seconds of importing torch."""
    worker = Worker(THREADS)
    yield worker
    worker.kill()


def begin(worker: Worker, folder: Path, project: Project = LONG) -> Run:
    run = Run.create(project, folder)
    worker.send(Start(str(run.folder), device="cpu"))
    return run


def in_the_middle(event: Event) -> bool:
    """A checkpoint written because time had passed, somewhere within an epoch."""
    return isinstance(event, CheckpointSaved) and event.why == "time" and event.step % 10 != 0


def test_a_killed_training_goes_on_to_the_very_same_weights(tmp_path: Path, unbroken: dict[str, torch.Tensor]) -> None:
    worker = Worker(THREADS)
    try:
        run = begin(worker, tmp_path / "run")
        until(worker, in_the_middle)
        os.kill(worker.pid, signal.SIGKILL)
        (death,) = [event for event in until(worker, is_a(WorkerDied)) if isinstance(event, WorkerDied)]
        assert "SIGKILL" in death.message
    finally:
        worker.kill()
    assert run.status().state == "interrupted"
    newest = run.newest()
    assert newest is not None
    assert 0 < newest.step < 4000
    (run.checkpoint_folder / ".writing-1").mkdir(exist_ok=True)  # as when it dies while it writes
    resumed = go_on(run, device="cpu")
    assert same(weights(resumed), unbroken)
    assert not list(run.checkpoint_folder.glob(".writing*"))
    steps = [event.step for event in run.history() if isinstance(event, StepDone)]
    assert steps == sorted(set(steps))


def test_a_paused_training_goes_on_to_the_very_same_weights(
    shared: Worker, tmp_path: Path, unbroken: dict[str, torch.Tensor]
) -> None:
    run = begin(shared, tmp_path / "run")
    until(shared, is_a(StepDone))
    shared.send(Pause())
    until(shared, is_a(Paused))
    assert run.status().state == "paused"
    paused_at = run.status().step
    time.sleep(0.3)
    assert not any(isinstance(event, StepDone) for event in shared.poll())
    shared.send(Resume())
    events = until(shared, is_a(Finished))
    assert [event.step for event in events if isinstance(event, Resumed)] == [paused_at]
    assert same(weights(run), unbroken)


def test_a_process_that_is_asked_to_end_saves_first(tmp_path: Path, unbroken: dict[str, torch.Tensor]) -> None:
    worker = Worker(THREADS)
    run = begin(worker, tmp_path / "run")
    until(worker, is_a(StepDone))
    worker.close()
    newest = run.newest()
    assert newest is not None
    assert newest.why == "stop"
    assert run.status().state == "interrupted"
    assert same(weights(go_on(run, device="cpu")), unbroken)


def test_stopped_and_kept_a_training_is_measured_and_its_weights_stay(shared: Worker, tmp_path: Path) -> None:
    run = begin(shared, tmp_path / "run")
    until(shared, is_a(StepDone))
    shared.send(Stop(keep=True))
    finished = until(shared, is_a(Finished))[-1]
    assert isinstance(finished, Finished)
    assert finished.reason == "stopped"
    assert 0 < finished.step < 1200
    assert finished.metrics.keys() == {"loss", "accuracy"}
    assert weights(run)
    assert run.status().state == "finished"


def test_stopped_and_not_kept_nothing_more_is_done(shared: Worker, tmp_path: Path) -> None:
    run = begin(shared, tmp_path / "run")
    until(shared, is_a(StepDone))
    shared.send(Stop(keep=False))
    finished = until(shared, is_a(Finished))[-1]
    assert isinstance(finished, Finished)
    assert finished.reason == "discarded"
    assert "stop" not in {checkpoint.why for checkpoint in run.checkpoints()}


def test_the_learning_rate_can_be_changed_while_it_trains(shared: Worker, tmp_path: Path) -> None:
    begin(shared, tmp_path / "run", classifier(stages=(Stage(epochs=400),)))
    until(shared, is_a(StepDone))
    shared.send(SetLearningRate(0.5))
    shared.send(SaveCheckpoint())
    until(shared, is_a(LearningRateSet))
    told = until(shared, is_a(StepDone))[-1]
    assert isinstance(told, StepDone)
    assert told.learning_rate == 0.5
    shared.send(Stop(keep=False))
    until(shared, is_a(Finished))


def test_a_fork_goes_its_own_way_from_a_checkpoint(tmp_path: Path, unbroken: dict[str, torch.Tensor]) -> None:
    run, _ = trained(LONG, tmp_path, "trunk")
    at = next(checkpoint.step for checkpoint in run.run.checkpoints() if 0 < checkpoint.step < 1200)
    alike = fork(run.run, at=at, out=tmp_path / "alike", device="cpu")
    assert same(weights(alike), unbroken)
    faster = replace(LONG.training, stages=(STAGES[0], replace(STAGES[1], learning_rate=0.1)))
    changed = fork(run.run, at=at, project=replace(LONG, training=faster), out=tmp_path / "changed", device="cpu")
    assert not same(weights(changed), unbroken)
    assert same(weights(run), unbroken)


def test_a_fork_learns_by_its_own_settings_and_not_by_those_of_the_checkpoint(tmp_path: Path) -> None:
    plain = Stage(epochs=3, restore_best=False)
    run, _ = trained(classifier(stages=(plain,), checkpoint_seconds=0.0), tmp_path, "trunk")
    decay, other = (
        classifier(stages=(stage,)) for stage in (replace(plain, weight_decay=0.5), replace(plain, optimizer="sgd"))
    )
    at = max(checkpoint.step for checkpoint in run.run.checkpoints() if checkpoint.step < 30)
    assert at > 0
    alike = fork(run.run, at=at, out=tmp_path / "alike", device="cpu")
    assert not same(weights(fork(run.run, at=at, project=decay, out=tmp_path / "decay", device="cpu")), weights(alike))
    events: list[Event] = []
    branch = fork(run.run, at=at, project=other, out=tmp_path / "other", device="cpu", outside=Outside(events.append))
    assert branch.finished is not None
    assert any("has changed since" in str(event) for event in events)


def test_a_fork_of_a_changed_network_takes_the_weights_that_fit(tmp_path: Path) -> None:
    run, _ = trained(classifier(), tmp_path, "trunk")
    wider = replace(classifier(), graphs={"Net": drawn_network(features=30)})
    events: list[Event] = []
    branch = fork(run.run, at=0, project=wider, out=tmp_path / "wide", device="cpu", outside=Outside(events.append))
    assert weights(branch)["hidden.weight"].shape == (30, 64)
    assert any("has changed since" in str(event) for event in events)


def test_a_run_without_a_checkpoint_or_with_a_damaged_one_is_said(tmp_path: Path) -> None:
    run, _ = trained(classifier(), tmp_path)
    with pytest.raises(ProjectError, match=r"no checkpoint of step 7; it has: 0, 30\."):
        checkpoint_of(run.run, 7)
    for checkpoint in checkpoints(run.run.checkpoint_folder):
        checkpoint.weights("net").write_bytes(b"nonsense")
    with pytest.raises(TrainingFailed, match="damaged"):
        go_on(run.run, device="cpu")


def test_a_training_that_has_ended_resumes_to_its_end(tmp_path: Path) -> None:
    run, _ = trained(classifier(), tmp_path)
    again = go_on(run.run, device="cpu")
    assert again.metrics == run.metrics
    assert same(weights(again), weights(run))


def test_a_fork_where_nothing_is_left_to_train_has_the_weights_all_the_same(tmp_path: Path) -> None:
    run, _ = trained(classifier(), tmp_path, "trunk")
    branch = fork(run.run, out=tmp_path / "branch", device="cpu")
    assert branch.metrics == run.metrics
    assert same(weights(branch), weights(run))


def test_an_interrupted_stage_still_brings_its_best_epoch_back(tmp_path: Path) -> None:
    stage = Stage(epochs=8, optimizer="sgd", learning_rate=3.0)
    whole, events = trained(classifier(stages=(stage,)), tmp_path, "whole")
    (ended,) = [event for event in events if isinstance(event, StageEnded)]
    assert ended.restored is not None
    branch = fork(whole.run, at=ended.restored, out=tmp_path / "branch", device="cpu")
    assert same(weights(branch), weights(whole))


PARENT = """
import sys, time
from studio.training.commands import Start
from studio.training.messages import StepDone
from studio.training.worker_client import Worker
worker = Worker({"OMP_NUM_THREADS": "1"})
worker.send(Start(sys.argv[1], device="cpu"))
while not any(isinstance(event, StepDone) for event in worker.poll()):
    worker.wait(1)
print(worker.pid, flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize("deaf", [0.0, 1.5])
def test_a_worker_ends_when_the_window_that_started_it_dies(tmp_path: Path, deaf: float) -> None:
    run = Run.create(classifier(stages=(Stage(epochs=100_000),)), tmp_path / "run")
    with subprocess.Popen([sys.executable, "-c", PARENT, run.folder], stdout=subprocess.PIPE) as window:
        assert window.stdout is not None
        pid = int(window.stdout.readline())
        assert run.is_live()
        if deaf:  # words that nobody has read lie in the channel when it breaks
            window.send_signal(signal.SIGSTOP)
            time.sleep(deaf)
        window.kill()
    assert gone(pid, seconds=10)
    assert not run.is_live()


RIVALS = two_networks(
    Stage(
        objectives=("Teach First", "Teach Second"),
        learns=("Teach First: First", "Teach Second: Second"),
        every=(1, 2),
        own={"Teach Second": {"optimizer": "momentum", "learning_rate": 0.01}},
        average=0.95,
        epochs=40,
        restore_best=False,
    ),
    checkpoint_seconds=0.05,
)
LOOKED_AT = 301
"""The step at which all that two such trainings keep is compared: the first of an epoch."""


def looked_at() -> Outside:
    """Where a checkpoint is asked for at the end of an epoch, and so written after the step that follows."""
    inbox: SimpleQueue[Command] = SimpleQueue()

    def ask(event: Event) -> None:
        if isinstance(event, EpochEnded) and event.step == LOOKED_AT - 1:
            inbox.put(SaveCheckpoint())

    return Outside(ask, inbox)


def kept(run: Run) -> dict[str, Any]:
    """All that the checkpoint of that step holds, but how long it took to get there."""
    checkpoint = next(each for each in run.checkpoints() if (each.step, each.why) == (LOOKED_AT, "asked"))
    state = {name: value for name, value in read_state(checkpoint).items() if name != "progress"}
    return state | {key: load_file(checkpoint.weights(key)) for key in ("first", "second")}


def equal(one: Any, other: Any) -> bool:
    """Whether two trees of plain data are the same, their tensors to the last bit."""
    if isinstance(one, torch.Tensor):
        return torch.equal(one, other)
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(equal(value, other[key]) for key, value in one.items())
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(equal, one, other))
    return bool(one == other)


@pytest.fixture(scope="module")
def rivals(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The training of two networks that nothing interrupts."""
    folder = tmp_path_factory.mktemp("rivals") / "run"
    return train(RIVALS, out=folder, device="cpu", outside=looked_at()).run


def assert_ended_alike(run: Run, other: Run) -> None:
    for name in ("First", "Second"):
        assert same(weights(run, name), weights(other, name))


def test_killed_amid_two_networks_a_training_goes_on_with_the_very_same_weights_optimizers_and_means(
    tmp_path: Path, rivals: Run
) -> None:
    worker = Worker(THREADS)
    try:
        run = begin(worker, tmp_path / "run", RIVALS)
        until(worker, in_the_middle)
        os.kill(worker.pid, signal.SIGKILL)
        until(worker, is_a(WorkerDied))
    finally:
        worker.kill()
    newest = run.newest()
    assert newest is not None
    assert 0 < newest.step < LOOKED_AT
    go_on(run, device="cpu", outside=looked_at())
    assert equal(kept(run), kept(rivals))
    assert_ended_alike(run, rivals)


def test_two_networks_that_pause_or_branch_off_end_with_the_very_same_weights(
    shared: Worker, tmp_path: Path, rivals: Run
) -> None:
    paused = begin(shared, tmp_path / "paused", RIVALS)
    until(shared, is_a(StepDone))
    shared.send(Pause())
    assert not any(isinstance(event, Finished) for event in until(shared, is_a(Paused)))
    shared.send(Resume())
    until(shared, is_a(Finished))
    branch = Run.create(RIVALS, tmp_path / "branch")
    at = next(each for each in paused.checkpoints() if each.why == "pause")
    shared.send(Start(str(branch.folder), device="cpu", resume=str(at.folder)))
    until(shared, is_a(Finished))
    assert 0 < at.step < 400
    assert_ended_alike(paused, rivals)
    assert_ended_alike(branch, rivals)


def test_two_networks_dismissed_amid_an_epoch_go_on_to_the_very_same_weights(tmp_path: Path, rivals: Run) -> None:
    interrupted = Run.create(RIVALS, tmp_path / "interrupted")
    inbox: SimpleQueue[Command] = SimpleQueue()

    def dismiss(event: Event) -> None:
        if isinstance(event, CheckpointSaved) and event.step:
            inbox.put(Shutdown())

    assert run_training(Start(str(interrupted.folder), device="cpu"), Outside(dismiss, inbox)) is None
    newest = interrupted.newest()
    assert newest is not None
    assert 0 < newest.step < 400
    assert_ended_alike(go_on(interrupted, device="cpu").run, rivals)
