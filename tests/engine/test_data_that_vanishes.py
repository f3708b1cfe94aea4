"""Images that vanish or break while a network learns from them are named, and the run goes on when they are back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from nodes.combine import Flatten
from nodes.convolution import Conv2d
from nodes.data.image_folder import ImageFolder
from nodes.data.image_pairs import ImagePairs
from nodes.inputs import Input, Output
from nodes.linear import Linear
from nodes.loss import CrossEntropy, SquaredError
from studio.core.builder import GraphBuilder, node_of
from studio.core.graph import Graph
from studio.core.project import Project, Stage, Training
from studio.engine.data.load import load
from studio.engine.failures import TrainingFailed
from studio.engine.train import go_on
from studio.engine.trainer import Outside
from studio.training.messages import EpochEnded, Event, Failed, Log
from studio.training.run import Run
from tests.data.files import write_images
from tests.engine.projects import trained

HELD_OUT = {"validation": 0.0, "test": 0.0}


@pytest.fixture(autouse=True)
def _nothing_fits_into_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each batch is decoded when it is needed, as those of a large folder are."""
    monkeypatch.setattr(load, "__kwdefaults__", {**load.__kwdefaults__, "memory": 0})


def painter(width: int) -> Graph:
    """A network that answers an image with an image."""
    net = GraphBuilder()
    image = net.add(Input(kind="image", sizes=(3, 12, width)), name="Image")
    net.add(Output(), net.add(Conv2d(filters=3, kernel=1), image))
    return net.graph()


def of_classes(folder: Path) -> Project:
    """A folder of images for each class."""
    write_images(folder, {"cat": 20, "dog": 20})
    net = GraphBuilder()
    image = net.add(Input(kind="image", sizes=(3, 12, 10)), name="Image")
    net.add(Output(), net.chain(image, Flatten(), Linear(features=2)))
    data = node_of(ImageFolder.of({"folder": str(folder), **HELD_OUT}))
    training = Training(batch=4, loss=node_of(CrossEntropy()), stages=(Stage(epochs=3),))
    return Project("Classes", {"Net": net.graph()}, data=data, training=training)


def of_pairs(folder: Path, layout: str = "side-by-side", width: int = 5) -> Project:
    """Two images side by side in each file."""
    write_images(folder, {"A": 40, "B": 40})
    data = node_of(ImagePairs.of({"folder": str(folder), "layout": layout, **HELD_OUT}))
    training = Training(batch=4, loss=node_of(SquaredError()), stages=(Stage(epochs=3),))
    return Project("Pairs", {"Net": painter(width)}, data=data, training=training)


def of_files_apart(folder: Path) -> Project:
    """The images of a pair in two folders."""
    return of_pairs(folder, "two-folders", 10)


def without_pairs(folder: Path) -> Project:
    """Two folders of images of which none belongs to another."""
    write_images(folder, {"A": 20, "B": 40})
    net = GraphBuilder(role="objective")
    first, second = (
        net.add(ImageFolder.of({"folder": str(folder / name), "labelled": False, **HELD_OUT}), name=name)
        for name in ("A", "B")
    )
    network = painter(10)
    answer = net.add_graph("Net", "Net", network, first["image"])
    net.add(SquaredError(), answer, second["image"], name="Far")
    training = Training(batch=4, stages=(Stage(objectives=("Learn",), epochs=3),))
    return Project("Apart", {"Net": network, "Learn": net.graph()}, training=training)


MAKE = pytest.mark.parametrize("make", [of_classes, of_pairs, of_files_apart, without_pairs])


@MAKE
def test_data_that_vanishes_while_it_trains_is_said_and_the_run_goes_on_when_it_is_back(
    make: Callable[[Path], Project], tmp_path: Path
) -> None:
    images = tmp_path / "images"

    def vanish(event: Event) -> None:
        if isinstance(event, EpochEnded) and event.epoch == 1:
            images.rename(tmp_path / "elsewhere")

    failure = failure_of(make(images), tmp_path, vanish)
    assert str(images) in failure.message
    assert "resume" in failure.hint
    assert failure.traceback == ""
    (tmp_path / "elsewhere").rename(images)
    told: list[Event] = []
    assert go_on(Run.open(tmp_path / "run"), device="cpu", outside=Outside(told.append)).finished is not None
    assert not any(isinstance(event, Log) for event in told)


def test_a_run_that_goes_on_without_a_broken_file_says_that_the_data_has_changed(tmp_path: Path) -> None:
    project = of_classes(tmp_path / "images")
    broken = tmp_path / "images" / "dog" / "7.png"

    def break_one(event: Event) -> None:
        if isinstance(event, EpochEnded) and event.epoch == 1:
            broken.write_bytes(b"this is text")

    failure = failure_of(project, tmp_path, break_one)
    assert str(broken) in failure.message
    assert "Repair or remove it" in failure.message
    broken.unlink()
    told: list[Event] = []
    assert go_on(Run.open(tmp_path / "run"), device="cpu", outside=Outside(told.append)).finished is not None
    (warning,) = [event.message for event in told if isinstance(event, Log)]
    assert "it had 40 train, 0 validation, 0 test samples, and now has 39 train" in warning


@MAKE
def test_broken_images_among_good_ones_are_named_together(make: Callable[[Path], Project], tmp_path: Path) -> None:
    project = make(tmp_path / "images")
    files = sorted((tmp_path / "images").rglob("*.png"))
    for file in files[-7:]:  # the first one tells the size
        file.write_bytes(file.read_bytes()[:60])
    failure = failure_of(replace(project, training=replace(project.training, batch=80)), tmp_path)
    assert "7 images" in failure.message
    assert failure.message.count(".png") == 4  # three that stand for all, and what is wrong with the first
    assert failure.traceback == ""


def failure_of(project: Project, tmp_path: Path, report: Callable[[Event], None] | None = None) -> Failed:
    with pytest.raises(TrainingFailed) as caught:
        trained(project, tmp_path, report=report)
    assert Run.open(tmp_path / "run").status().state == "failed"
    return caught.value.failure
