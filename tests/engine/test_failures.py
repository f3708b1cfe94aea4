"""What goes wrong in a training is said in words, with its place and what to do."""

from __future__ import annotations

import errno
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from nodes.combine import Flatten
from nodes.data.arrays import Arrays
from nodes.data.image_folder import ImageFolder
from nodes.inputs import Input, Output
from nodes.linear import Linear
from nodes.loss import CrossEntropy, SquaredError
from studio.core.builder import GraphBuilder, node_of
from studio.core.node_class import Loss
from studio.core.project import Project, Stage, Training
from studio.engine.checkpoint import write_checkpoint
from studio.engine.data.load import load
from studio.engine.failures import TrainingFailed, explain, is_out_of_memory, where
from studio.engine.teaching import Teaching
from studio.engine.train import go_on, train
from studio.engine.trainer import Outside, run_training
from studio.training.commands import Resume, Start
from studio.training.memory import attach, shared_memory
from studio.training.messages import EpochEnded, Event, Failed, Paused
from studio.training.run import Run
from studio.training.slots import PICTURES_BYTES, SlotWriter
from tests.data.files import write_images
from tests.engine.projects import classifier, trained

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


def only_small_batches_fit(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    forward = Teaching.forward

    def limited(self: Teaching, batch: dict[str, torch.Tensor], **asked: bool) -> dict[str, torch.Tensor]:
        if len(next(iter(batch.values()))) > most:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB.")
        return forward(self, batch, **asked)

    monkeypatch.setattr(Teaching, "forward", limited)


@pytest.mark.parametrize(("most", "words"), [(10, "A batch of 8 would fit."), (0, "Not even a batch of one fits")])
def test_want_of_memory_is_said_with_the_batch_that_fits(
    most: int, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    only_small_batches_fit(monkeypatch, most)
    failure = failure_of(classifier(), tmp_path)
    assert "not enough memory" in failure.message
    assert words in failure.hint


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


def test_a_device_that_is_not_there_is_said(tmp_path: Path) -> None:
    if torch.cuda.is_available():
        pytest.skip("this machine has the device")
    with pytest.raises(TrainingFailed, match=r"no CUDA device here\. It finds: .*cpu"):
        train(classifier(), out=tmp_path / "run", device="cuda")


def test_missing_data_is_said(tmp_path: Path) -> None:
    failure = failure_of(replace(classifier(), data=node_of(Arrays(file=str(tmp_path / "gone.npz")))), tmp_path)
    assert "gone.npz" in failure.message
    assert failure.traceback == ""


def of_images(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A small network on an image folder that is too large for memory: each batch is decoded when it is needed."""
    monkeypatch.setattr(load, "__kwdefaults__", {**load.__kwdefaults__, "memory": 0})
    write_images(folder, {"cat": 40, "dog": 40})
    net = GraphBuilder()
    image = net.add(Input(kind="image", sizes=(3, 12, 10)), name="Image")
    net.add(Output(), net.chain(image, Flatten(), Linear(features=2)))
    return Project(
        name="Images",
        graphs={"Net": net.graph()},
        data=node_of(ImageFolder(folder=str(folder), validation=0.0, test=0.0)),
        training=Training(batch=4, loss=node_of(CrossEntropy()), stages=(Stage(epochs=50),)),
    )


def test_data_that_vanishes_while_it_trains_is_said_and_the_run_goes_on_when_it_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    images = tmp_path / "images"
    project = of_images(images, monkeypatch)

    def vanish(event: Event) -> None:
        if isinstance(event, EpochEnded) and event.epoch == 2:
            images.rename(tmp_path / "elsewhere")

    with pytest.raises(TrainingFailed) as caught:
        trained(project, tmp_path, report=vanish)
    assert "images" in caught.value.failure.message
    assert "resume" in caught.value.failure.hint
    assert caught.value.failure.traceback == ""
    (tmp_path / "elsewhere").rename(images)
    assert go_on(Run.open(tmp_path / "run"), device="cpu").finished is not None


def test_broken_images_among_good_ones_are_named_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = of_images(tmp_path / "images", monkeypatch)
    for number in range(1, 8):
        (tmp_path / "images" / "cat" / f"{number}.png").write_bytes(b"this is text")
    failure = failure_of(replace(project, training=replace(project.training, batch=80)), tmp_path)
    assert "7 images" in failure.message
    assert failure.message.count(".png") == 4  # three that stand for all, and what is wrong with the first


def test_a_folder_that_is_no_run_is_said() -> None:

    told: list[Event] = []
    with pytest.raises(TrainingFailed, match="is not a run"):
        run_training(Start("/nonexistent"), Outside(told.append))
    assert isinstance(told[-1], Failed)


def test_an_error_that_no_source_is_to_blame_for_has_no_place() -> None:
    error = RuntimeError("odd\nmore")
    assert where(error, []) == ("", "")
    failure = explain(error, [], 3, lambda: 0)
    assert failure.message == "PyTorch stopped: odd"
    assert failure.step == 3
