"""Several processes that train together learn what one would, tell it once, and end together."""

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

from nodes.activation import ReLU
from nodes.class_metric import F1
from nodes.combine import Flatten
from nodes.data.small_digits import SmallDigits
from nodes.inputs import Input, Output
from nodes.linear import Linear
from nodes.loss import Accuracy, CrossEntropy
from studio.core import loom
from studio.core.builder import GraphBuilder, node_of
from studio.core.graph import Graph
from studio.core.problem import ProjectError
from studio.core.project import Project, Stage
from studio.engine.train import Trained, go_on, train
from studio.engine.trainer import Outside
from studio.training.commands import Command, Resume, Shutdown, Start
from studio.training.messages import EpochEnded, Finished, Paused
from studio.training.ranks import check_counts
from studio.training.run import Run
from studio.training.worker_client import Worker
from tests.cli.layerloom import ROOT, start
from tests.engine.projects import classifier, same, trained, weights
from tests.training.hearing import is_a, until
from tests.training.processes import gone

slow = pytest.mark.slow
UNEVEN = 325
"""Samples of which batches of 32 leave 5 at the end, 3 for one process and 2 for another."""
STAGES = (Stage(epochs=3, clip=1.0), Stage(name="second", epochs=2, optimizer="momentum", learning_rate=0.02))


def plain_network() -> Graph:
    """One whose gradient over a batch is the mean over its shares, which norms and dropout would not leave so."""
    net = GraphBuilder()
    image = net.add(Input(kind="image", sizes=(1, 8, 8)), name="Image")
    hidden = net.add(Linear(features=24), net.add(Flatten(), image), name="Hidden")
    net.add(Output(), net.add(Linear(features=10), net.add(ReLU(), hidden), name="Scores"))
    return net.graph()


def plain_project(**training: Any) -> Project:
    project = replace(classifier(**training), graphs={"Net": plain_network()}, data=node_of(SmallDigits(limit=UNEVEN)))
    return replace(project, training=replace(project.training, metrics=(node_of(Accuracy()), node_of(F1()))))


def rivals() -> Project:
    """Two networks, each taught in its own way by an objective that also runs the other, and a mean of their weights.

    In the end only a layer of one learns.
    """
    stages = (
        Stage(
            objectives=("Teach First", "Teach Second"),
            learns=("Teach First: First", "Teach Second: Second"),
            own={"Teach Second": {"optimizer": "momentum", "learning_rate": 0.02}},
            every=(1, 2),
            average=0.9,
            epochs=2,
        ),
        Stage(objectives=("Teach First",), learns=("First/Scores",), epochs=1),
    )
    project = replace(plain_project(stages=stages), graphs={name: plain_network() for name in ("First", "Second")})
    for name, other in (("First", "Second"), ("Second", "First")):
        net = GraphBuilder(role="objective")
        data = net.add(SmallDigits(limit=UNEVEN), name="Data")
        answers = [net.add_graph(each, each, project.graphs[each], data["image"]) for each in (name, other)]
        for answer in answers:
            net.add(CrossEntropy(), answer, data["label"], name=f"Loss of {answer.name}")
        project = project.with_graph(f"Teach {name}", net.graph())
    return project


def epochs(run: Run) -> list[EpochEnded]:
    return [event for event in run.events() if isinstance(event, EpochEnded)]


def assert_alike(one: Run, two: Run, *networks: str) -> None:
    """Both have the same curves and weights, but for the order in which numbers were added."""
    for alone, together in zip(epochs(one), epochs(two), strict=True):
        assert (together.step, together.best) == (alone.step, alone.best)
        assert together.metrics == pytest.approx(alone.metrics, rel=1e-4)
        assert together.classes == alone.classes
        assert together.training == pytest.approx(alone.training, rel=1e-4)
    for name in networks:
        for key, weight in weights(one, name).items():
            torch.testing.assert_close(weights(two, name)[key], weight, rtol=1e-3, atol=1e-5)


@slow
def test_two_devices_give_the_curves_and_weights_of_one(tmp_path: Path) -> None:
    project = plain_project(stages=STAGES)
    loom.save(project, tmp_path / "plain.loom")
    command = start("train", tmp_path / "plain.loom", "--devices", "2", "--device", "cpu", "--out", tmp_path / "two")
    one, _ = trained(project, tmp_path, "one")
    said, complaint = command.communicate(timeout=120)
    assert (command.returncode, said) == (0, f"{tmp_path / 'two'}\n"), complaint
    lines = complaint.splitlines()
    assert "on 2 devices, each cpu" in lines[0]
    assert [line.split(":")[0] for line in lines[1:4]] == ["epoch 1/3", "epoch 2/3", "epoch 3/3"]
    assert len(lines) == 1 + 5 + sum(" ended (" in line for line in lines) + 1
    assert_alike(one.run, Run.open(tmp_path / "two"), "Net")


@slow
def test_torchrun_trains_several_objectives_as_one_process_does(tmp_path: Path) -> None:
    project = rivals()
    loom.save(project, tmp_path / "rivals.loom")
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", "-m"]
    train_two = ["studio", "train", tmp_path / "rivals.loom", "--devices", "2", "--device", "cpu"]
    with subprocess.Popen(
        [*torchrun, *train_two, "--out", tmp_path / "two"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as command:
        one, _ = trained(project, tmp_path, "one")
        said, _ = command.communicate(timeout=120)
    assert (command.returncode, said) == (0, f"{tmp_path / 'two'}\n")
    assert_alike(one.run, Run.open(tmp_path / "two"), "First", "Second")
    assert same(
        weights(go_on(Run.open(tmp_path / "two"), device="cpu"), "First"), weights(Run(tmp_path / "two"), "First")
    )


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """A training with norm and dropout on two devices that nothing interrupts."""
    return train(LONG, device="cpu", devices=2, out=tmp_path_factory.mktemp("unbroken") / "run")


LONG = classifier(stages=(Stage(epochs=40),), checkpoint_seconds=0.2)


@slow
def test_an_interrupted_training_goes_on_to_the_same_bits_on_as_many_devices(tmp_path: Path, unbroken: Trained) -> None:
    loom.save(LONG, tmp_path / "long.loom")
    command = start("train", tmp_path / "long.loom", "--devices", "2", "--device", "cpu", "--out", tmp_path / "run")
    wait_for_step(Run(tmp_path / "run"), 20)
    command.send_signal(signal.SIGINT)
    _, complaint = command.communicate(timeout=60)
    assert command.returncode == 130, complaint
    run = Run.open(tmp_path / "run")
    newest = run.newest()
    assert newest is not None
    assert (newest.why, 0 < newest.step < 400) == ("stop", True)
    assert same(weights(go_on(run, device="cpu", devices=2)), weights(unbroken))


def wait_for_step(run: Run, step: int, *, seconds: float = 100) -> None:
    until = time.monotonic() + seconds
    while not run.events_file.exists() or run.status().step < step:
        assert time.monotonic() < until
        time.sleep(0.05)


def followers_of(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in children]


@pytest.fixture
def endless(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], list[int]]]:
    """A training on two devices that would never end, and the processes beside the first."""
    project = plain_project(stages=(Stage(epochs=1_000_000, restore_best=False),), checkpoint_seconds=0.2)
    loom.save(project, tmp_path / "endless.loom")
    command = start("train", tmp_path / "endless.loom", "--devices", "2", "--device", "cpu", "--out", tmp_path / "run")
    try:
        wait_for_step(Run(tmp_path / "run"), 20)
        yield command, followers_of(command.pid)
    finally:
        command.kill()
        command.communicate()


@slow
@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="asks Linux for the processes")
def test_a_killed_process_ends_the_others_with_a_sentence_and_the_run_goes_on(
    endless: tuple[subprocess.Popen[str], list[int]], tmp_path: Path
) -> None:
    command, (follower,) = endless
    os.kill(follower, signal.SIGKILL)
    said, complaint = command.communicate(timeout=60)
    assert (command.returncode, said) == (1, "")
    assert "Process 2 of this training was killed from outside" in complaint.splitlines()[-1]
    assert "Traceback" not in complaint
    run = Run.open(tmp_path / "run")
    assert run.status().state == "failed"
    assert gone(follower)
    newest = run.newest()
    assert newest is not None
    inbox: SimpleQueue[Command] = SimpleQueue()
    inbox.put(Shutdown())
    assert go_on(run, device="cpu", outside=Outside(lambda event: None, inbox)).finished is None
    resumed = run.newest()
    assert resumed is not None
    assert (resumed.step, resumed.why) == (newest.step + 1, "stop")


FAILS = """
import os
if os.environ.get("LOCAL_RANK") == "1":
    {code}
"""


@slow
@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import torch; torch.optim.Adam.step = None", "Process 2 of 2: PyTorch stopped: 'NoneType' object"),
        ("os._exit(3)", "Process 2 of this training ended with exit code 3."),
    ],
    ids=["in a step", "before it has joined"],
)
def test_what_the_first_process_to_fail_says_is_what_a_person_hears(tmp_path: Path, code: str, words: str) -> None:
    (tmp_path / "sitecustomize.py").write_text(FAILS.format(code=code))
    loom.save(plain_project(stages=STAGES), tmp_path / "plain.loom")
    train_two = ("train", tmp_path / "plain.loom", "--devices", "2", "--device", "cpu", "--out", tmp_path / "run")
    command = start(*train_two, PYTHONPATH=str(tmp_path))
    said, complaint = command.communicate(timeout=100)
    assert (command.returncode, said) == (1, "")
    assert complaint.splitlines()[-1].startswith(words)
    assert Run.open(tmp_path / "run").status().state == "failed"


@slow
@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="asks Linux for the processes")
def test_no_process_outlives_the_first(endless: tuple[subprocess.Popen[str], list[int]]) -> None:
    command, (follower,) = endless
    command.kill()
    assert gone(follower, seconds=10)


@slow
@pytest.mark.skipif(sys.platform != "linux", reason="sets limits of another process")
def test_where_a_person_watches_all_processes_wait_for_a_disk_that_refuses(tmp_path: Path) -> None:
    import resource

    worker = Worker({"OMP_NUM_THREADS": "1"})
    try:
        _, most = resource.prlimit(worker.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(worker.pid, resource.RLIMIT_FSIZE, (6_000, most))
        run = Run.create(plain_project(stages=(Stage(epochs=1),)), tmp_path / "run")
        worker.send(Start(str(run.folder), "cpu", devices=2))
        (paused,) = [event for event in until(worker, is_a(Paused)) if isinstance(event, Paused)]
        assert "File too large" in paused.reason
        assert not run.checkpoints()
        resource.prlimit(worker.pid, resource.RLIMIT_FSIZE, (most, most))
        worker.send(Resume())
        until(worker, is_a(Finished))
        assert [each.why for each in run.checkpoints()] == ["start", "best", "stage"]
    finally:
        worker.kill()


def test_a_batch_that_cannot_be_shared_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=r"3 devices cannot share a batch of 32 samples evenly\. Make it 33"):
        train(classifier(), device="cpu", devices=3, out=tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_processes_that_could_not_find_each_other_are_told_how(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ProjectError, match="set MASTER_ADDR, MASTER_PORT, NODE_RANK on each of them"):
        check_counts(1, 2)
    for name, value in (("TORCHELASTIC_RUN_ID", "x"), ("WORLD_SIZE", "2")):
        monkeypatch.setenv(name, value)
    with pytest.raises(ProjectError, match="torchrun has started 2 processes, but devices times machines is 1"):
        check_counts(1, 1)
    check_counts(2, 1)
