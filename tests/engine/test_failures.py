"""What goes wrong in a training is said in words, with its place and what to do."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from nodes.data.arrays import Arrays
from nodes.inputs import Input, Output
from nodes.linear import Linear
from nodes.loss import CrossEntropy, SquaredError
from studio.core.builder import GraphBuilder, node_of
from studio.core.node_class import Loss
from studio.core.project import Project, Stage, Training
from studio.engine.checkpoint import write_checkpoint
from studio.engine.failures import TrainingFailed, explain, is_out_of_memory, where
from studio.engine.train import go_on, train
from studio.engine.trainer import Outside, run_training
from studio.training.commands import Command, Resume, Shutdown, Start
from studio.training.memory import attach, shared_memory
from studio.training.messages import CheckpointSaved, DataProgress, EpochEnded, Event, Failed, Log, Paused
from studio.training.run import Run
from studio.training.slots import PICTURES_BYTES, SlotWriter
from tests.engine.projects import classifier, same, trained, two_networks, weights

Array = np.ndarray[Any, Any]


def failure_of(project: Project, tmp_path: Path) -> Failed:
    events: list[Event] = []
    with pytest.raises(TrainingFailed) as caught:
        trained(project, tmp_path, report=events.append)
    assert events[-1] == caught.value.failure
    assert Run.open(tmp_path / "run").status().state == "failed"
    return caught.value.failure


def test_weights_thrown_out_of_bounds_are_said_with_the_step(tmp_path: Path) -> None:
    wild = classifier(stages=(Stage(optimizer="sgd", learning_rate=1e39, epochs=3),))
    failure = failure_of(wild, tmp_path)
    assert "no longer a finite number since step 2" in failure.message
    assert "thrown the weights" in failure.message
    assert "Lower the learning rate (now 1e+39)" in failure.hint
    assert failure.step == 2


def from_arrays(folder: Path, loss: Loss, task: str, inputs: Array, answers: Array) -> Project:
    """One layer from six numbers to three, trained on these arrays."""
    np.savez(folder / "data.npz", x=inputs.astype("f4"), y=answers)
    net = GraphBuilder()
    start = net.add(Input(kind="vector", sizes=(6,)), name="Numbers")
    net.add(Output(), net.add(Linear(features=3), start, name="Scores"))
    return Project(
        name="Broken",
        graphs={"Net": net.graph()},
        data=node_of(Arrays.of({"file": str(folder / "data.npz"), "task": task, "test": 0.0, "validation": 0.0})),
        training=Training(batch=4, loss=node_of(loss), stages=(Stage(epochs=2),)),
    )


def test_the_first_node_without_a_finite_value_is_named(tmp_path: Path) -> None:
    values = np.random.default_rng(0).normal(size=(200, 6))
    values[57] = 1e30  # its square, which the loss takes, is beyond all floats; its batch comes sooner or later
    failure = failure_of(from_arrays(tmp_path, SquaredError(), "numbers", values, values[:, :3]), tmp_path)
    assert (failure.graph, failure.node) == ("Training", "Squared error")
    assert 1 <= failure.step <= 50
    assert "the first such value is that of Squared error in Training" in failure.message


def test_an_error_of_torch_names_the_node_whose_line_it_was(tmp_path: Path) -> None:
    too_many_classes = from_arrays(tmp_path, CrossEntropy(), "classes", np.zeros((200, 6)), np.arange(200) % 8)
    failure = failure_of(too_many_classes, tmp_path)
    assert failure.node == "Cross entropy"
    assert "PyTorch stopped at Cross entropy in Training" in failure.message
    assert "Traceback" in failure.traceback
    assert "Traceback" not in failure.message


@contextmanager
def only_small_batches_fit(most: int) -> Iterator[None]:
    """Memory that has no room for the layer ``Hidden`` with more samples than that."""

    def limited(module: nn.Module, arguments: tuple[torch.Tensor, ...]) -> None:
        if isinstance(module, nn.Linear) and module.in_features == 64 and len(arguments[0]) > most:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB.")

    hook = nn.modules.module.register_module_forward_pre_hook(limited)
    try:
        yield
    finally:
        hook.remove()


@pytest.mark.parametrize(("most", "words"), [(10, "A batch of 8 would fit."), (0, "Not even a batch of one fits")])
@pytest.mark.parametrize("networks", [1, 2])
def test_want_of_memory_is_said_with_the_batch_that_fits(most: int, words: str, networks: int, tmp_path: Path) -> None:
    both = Stage(objectives=("Teach First", "Teach Second"), learns=("Teach First: First", "Teach Second: Second"))
    project = classifier() if networks == 1 else two_networks(both)
    with only_small_batches_fit(most):
        failure = failure_of(project, tmp_path)
    assert failure.message == f"There is not enough memory at Hidden in {next(iter(project.networks))}."
    assert words in failure.hint
    assert go_on(Run.open(tmp_path / "run"), device="cpu").finished is not None


def test_of_gradient_descent_it_is_said_into_how_many_parts_its_step_has_to_be_cut(tmp_path: Path) -> None:
    whole = Stage(optimizer="gradient-descent", epochs=1)
    with only_small_batches_fit(100):
        failure = failure_of(classifier(stages=(whole,)), tmp_path)
        assert "averaged over 4 batches (accumulate), they would fit" in failure.hint
        in_parts = classifier(stages=(replace(whole, accumulate=4),))
        assert trained(in_parts, tmp_path, "parts")[0].finished is not None


def test_what_is_want_of_memory() -> None:
    assert is_out_of_memory(
        RuntimeError("[enforce fail] DefaultCPUAllocator: not enough memory: you tried to allocate")
    )
    assert is_out_of_memory(MemoryError())
    assert not is_out_of_memory(RuntimeError("shapes cannot be multiplied"))


def full_disk(monkeypatch: pytest.MonkeyPatch, *, refusals: int) -> None:
    """A disk that refuses checkpoints so many times after the first."""
    write, calls = write_checkpoint, iter(range(1000))

    def refusing(*arguments: Any) -> Any:
        if 1 <= next(calls) <= refusals:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(*arguments)

    monkeypatch.setattr("studio.engine.keeper.write_checkpoint", refusing)


def test_a_full_disk_is_said_and_the_last_checkpoint_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    full_disk(monkeypatch, refusals=1000)
    failure = failure_of(classifier(), tmp_path)
    assert failure.message == "The disk is full."
    assert [checkpoint.step for checkpoint in Run.open(tmp_path / "run").checkpoints()] == [0]
    assert not list((tmp_path / "run" / "checkpoints").glob(".writing*"))


def test_where_a_person_watches_a_full_disk_pauses_and_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected, _ = trained(classifier(), tmp_path, "expected")
    full_disk(monkeypatch, refusals=2)
    events: list[Event] = []
    outside = Outside(events.append, slots=SlotWriter(attach(shared_memory(PICTURES_BYTES)[0])))

    def answer(event: Event) -> None:
        events.append(event)
        if isinstance(event, Paused):
            outside.inbox.put(Resume())

    outside = replace(outside, report=answer)
    run = train(classifier(), out=tmp_path / "run", device="cpu", outside=outside)
    assert run.metrics == expected.metrics
    pauses = [event.reason for event in events if isinstance(event, Paused)]
    assert len(pauses) == 2
    assert all("disk is full" in reason for reason in pauses)


@contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    """The system refuses every byte beyond the first ``size`` of each file, as a disk does that is full."""
    resource = pytest.importorskip("resource")
    before, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before, most))


@pytest.mark.parametrize("size", [2_000, 9_000], ids=["the weights", "what the optimizer remembers"])
def test_whatever_part_of_a_checkpoint_the_disk_refuses_it_is_said_and_the_run_goes_on_from_the_one_before(
    size: int, tmp_path: Path
) -> None:
    """Weights and optimizers are written by libraries that have errors of their own for this."""
    with ExitStack() as refusing:

        def refuse(event: Event) -> None:
            if isinstance(event, CheckpointSaved) and event.why == "best":
                refusing.enter_context(files_no_larger_than(size))

        with pytest.raises(TrainingFailed) as caught:
            trained(classifier(), tmp_path, report=refuse)
    assert caught.value.failure.message == "The system refused: File too large."
    run = Run.open(tmp_path / "run")
    newest = run.newest()
    assert newest is not None
    assert (newest.step, newest.why) == (10, "best")
    assert not list(run.checkpoint_folder.glob(".writing*"))
    resumed = go_on(run, device="cpu")
    assert resumed.finished is not None
    assert same(weights(resumed), weights(trained(classifier(), tmp_path, "whole")[0]))


def test_events_that_the_disk_refuses_are_counted_and_said_once_and_the_training_goes_on(tmp_path: Path) -> None:
    told: list[Event] = []
    journal = tmp_path / "run" / "events.jsonl"
    with ExitStack() as refusing:

        def refuse(event: Event) -> None:
            told.append(event)
            if isinstance(event, EpochEnded) and event.epoch == 1:
                refusing.enter_context(files_no_larger_than(journal.stat().st_size + 20))
            if isinstance(event, EpochEnded) and event.epoch == 2:
                refusing.close()

        stage = Stage(epochs=3, restore_best=False)
        run, _ = trained(classifier(stages=(stage,)), tmp_path, report=refuse)
    assert run.finished is not None
    (warning,) = [event for event in told if isinstance(event, Log)]
    assert warning.message.startswith("What the run tells cannot be kept: ")
    (gap,) = [event for event in run.run.events() if isinstance(event, Log)]
    lost = sum(not isinstance(event, DataProgress | Log) for event in told) - (len(run.run.events()) - 1)
    assert gap.message == f"Events that the disk refused are missing here: {lost}."
    assert [event.epoch for event in run.run.events() if isinstance(event, EpochEnded)] == [1, 3]


def test_a_run_whose_events_are_damaged_opens_goes_on_and_says_what_is_lost(tmp_path: Path) -> None:
    inbox: SimpleQueue[Command] = SimpleQueue()

    def dismiss(event: Event) -> None:
        if isinstance(event, EpochEnded) and event.epoch == 2:
            inbox.put(Shutdown())

    run = Run.create(classifier(), tmp_path / "run")
    assert run_training(Start(str(run.folder), device="cpu"), Outside(dismiss, inbox)) is None
    lines = run.events_file.read_bytes().splitlines(keepends=True)
    first = next(number for number, text in enumerate(lines) if text.startswith(b'{"event":"epoch"'))
    lines[first] = lines[first][:40] + bytes(range(256)) + b"\n" + b"\x00" * 4096 + b"\n"
    run.events_file.write_bytes(b"".join(lines)[:-30])
    assert run.status().state == "interrupted"
    assert [event.epoch for event in run.history() if isinstance(event, EpochEnded)] == [2]
    damage = run.damage()
    assert damage.startswith("4 lines of ")
    told: list[Event] = []
    resumed = go_on(run, device="cpu", outside=Outside(told.append))
    assert Log(damage, "warning") in told
    assert [event.epoch for event in run.history() if isinstance(event, EpochEnded)] == [2, 3]
    assert same(weights(resumed), weights(trained(classifier(), tmp_path, "whole")[0]))


def test_a_device_that_is_not_there_is_said(tmp_path: Path) -> None:
    if torch.cuda.is_available():
        pytest.skip("this machine has the device")
    with pytest.raises(TrainingFailed, match=r"no CUDA device here\. It finds: .*cpu"):
        train(classifier(), out=tmp_path / "run", device="cuda")


def test_missing_data_is_said(tmp_path: Path) -> None:
    failure = failure_of(replace(classifier(), data=node_of(Arrays(file=str(tmp_path / "gone.npz")))), tmp_path)
    assert "gone.npz" in failure.message
    assert failure.traceback == ""


def test_a_folder_that_is_no_run_is_said() -> None:

    told: list[Event] = []
    with pytest.raises(TrainingFailed, match="is not a run"):
        run_training(Start("/nonexistent"), Outside(told.append))
    assert isinstance(told[-1], Failed)


def test_an_error_that_no_source_is_to_blame_for_has_no_place() -> None:
    error = RuntimeError("odd\nmore")
    assert where(error, []) == ("", "")
    failure = explain(error, [], 3, str)
    assert failure.message == "PyTorch stopped: odd"
    assert failure.step == 3
