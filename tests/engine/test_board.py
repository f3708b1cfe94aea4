"""Files for TensorBoard, read back by TensorBoard itself and compared with the events of the run."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue

import numpy as np
import pytest
from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData

import studio
from studio.core.problem import ProjectError
from studio.core.project import Stage
from studio.engine.board import MISSING, Board, main, pictures_of, write_afterwards
from studio.engine.failures import TrainingFailed
from studio.engine.trainer import Outside
from studio.training.commands import Command, Shutdown
from studio.training.messages import EpochEnded, Event, Finished, Started, StepDone
from studio.training.run import Run
from tests.engine.projects import classifier, trained, two_networks
from tests.previews import keep, showing
from tests.training.runs import PROJECT, append, run_with, whole
from tests.training.runs import started as of_runs

Curves = dict[str, list[tuple[int, float]]]


def board_of(run: Run) -> EventAccumulator:
    found = EventAccumulator(str(run.folder / "tensorboard"), size_guidance={"scalars": 0, "images": 0})
    return found.Reload()


def curves(run: Run) -> Curves:
    """What TensorBoard draws."""
    board = board_of(run)
    return {tag: [(each.step, each.value) for each in board.Scalars(tag)] for tag in board.Tags()["scalars"]}


def told(events: Iterable[Event], measures: Iterable[str]) -> Curves:
    """What the events of a run say, by the names that TensorBoard has."""
    found: Curves = {}

    def put(step: int, part: str, values: dict[str, float]) -> None:
        for name, value in values.items():
            tag = f"{name}/{part}" if part else name
            found.setdefault(tag, []).append((step, pytest.approx(value, rel=1e-6, nan_ok=True)))

    for event in events:
        match event:
            case StepDone():
                own = {name: value for name, value in event.values.items() if name in measures}
                put(event.step, "steps", own)
                put(event.step, "", {name: value for name, value in event.values.items() if name not in own})
                put(event.step, "", {"learning rate": event.learning_rate})
                put(event.step, "", {"samples per second": event.samples_per_second})
            case EpochEnded():
                put(event.step, "validation", dict(event.metrics))
                put(event.step, "training", dict(event.training))
                put(event.step, "sum of squared weights", dict(event.squares))
            case Finished():
                put(event.step, "test", dict(event.metrics))
    return found


def expected(run: Run) -> Curves:
    events = run.history()
    return told(events, next(event.measures for event in events if isinstance(event, Started)))


def test_curves_are_those_of_the_events_live_and_afterwards(tmp_path: Path) -> None:
    run = trained(classifier(tensorboard=True, stages=(Stage(epochs=2, clip=1.0),)), tmp_path)[0].run
    drawn = curves(run)
    assert drawn == expected(run)
    assert {"loss/steps", "loss/training", "loss/validation", "accuracy/test", "learning rate"} <= drawn.keys()
    assert "gradient norm" in drawn
    plain = trained(classifier(stages=(Stage(epochs=1),)), tmp_path, "plain")[0].run
    assert not (plain.folder / "tensorboard").exists()
    write_afterwards(plain)
    assert curves(plain) == expected(plain)


def test_a_run_that_goes_on_draws_the_same_curves_further(tmp_path: Path) -> None:
    inbox: SimpleQueue[Command] = SimpleQueue()

    def interrupt(event: Event) -> None:
        if isinstance(event, EpochEnded):
            inbox.put(Shutdown())

    project = classifier(tensorboard=True)
    run = studio.train(project, out=tmp_path / "run", device="cpu", outside=Outside(interrupt, inbox)).run
    assert studio.resume(run, device="cpu").finished is not None
    assert sum(isinstance(event, Started) for event in run.events()) == 2
    assert curves(run) == expected(run)
    steps = [step for step, _ in curves(run)["loss/validation"]]
    assert len(steps) == len(set(steps)) == 3


def test_steps_that_were_taken_back_are_drawn_once(tmp_path: Path) -> None:
    run = run_with(*whole()[:-3], folder=tmp_path / "run")
    append(run, of_runs(10), *whole()[12:])
    write_afterwards(run)
    steps = [step for step, _ in curves(run)["loss/steps"]]
    assert steps == list(range(1, 21))
    assert curves(run) == expected(run)


def test_figures_of_several_objectives_are_named_as_in_the_events(tmp_path: Path) -> None:
    stage = Stage(objectives=("Teach First", "Teach Second"), epochs=1)
    run = trained(two_networks(stage, tensorboard=True), tmp_path)[0].run
    drawn = curves(run)
    assert drawn == expected(run)
    assert {"Teach First: loss/validation", "Teach Second: loss/steps"} <= drawn.keys()


def test_settings_of_the_training_are_told_beside_the_figures(tmp_path: Path) -> None:
    run = run_with(*whole(), folder=tmp_path / "run", project=replace(PROJECT, variables={"width": 12}))
    write_afterwards(run)
    (content,) = (
        each for each in map(HParamsPluginData.FromString, board_of(run).PluginTagToContent("hparams").values())
        if each.HasField("session_start_info")
    )  # fmt: skip
    settings = content.session_start_info.hparams
    assert (settings["width"].number_value, settings["batch"].number_value) == (12, 64)
    assert (settings["optimizer"].string_value, settings["learning_rate"].number_value) == ("adam", 0.001)


def test_previews_that_are_pictures_are_shown_at_their_step(tmp_path: Path) -> None:
    run = Run.create(showing("Faces", "Points"), tmp_path / "run")
    ramp = np.linspace(-1, 1, 2 * 3 * 4 * 4).reshape(2, 3, 4, 4)
    board = Board(run)
    board.take(replace(of_runs(), run=str(run.folder)))
    board.take(keep(run, 10, {"Faces": ("C H W", ramp), "Points": ("D", np.zeros((5, 2)))}))
    board.close()
    assert board_of(run).Tags()["images"] == ["Look/Faces"]
    (shown,) = board_of(run).Images("Look/Faces")
    pixels = np.asarray(Image.open(io.BytesIO(shown.encoded_image_string)))
    assert (shown.step, pixels.shape) == (10, (4, 8, 3))
    assert (pixels.min(), pixels.max()) == (0, 255)
    assert np.allclose(pixels[:, :4], np.moveaxis((ramp[0] + 1) * 127.5, 0, -1), atol=1)


def test_pictures_are_the_last_of_a_film_and_grey_where_they_have_other_channels() -> None:
    film = np.stack([np.zeros((3, 2, 2)), np.arange(12.0).reshape(3, 2, 2)], axis=1).astype(np.float32)
    found = pictures_of(film, ["S", "H", "W"])
    assert found is not None
    assert (found.shape, found[0, 0, 0, 0], found[2, 0, 1, 1]) == ((3, 1, 2, 2), 0, 255)
    grey = pictures_of(np.ones((1, 4, 2, 2), np.float32), ["C", "H", "W"])
    assert grey is not None
    assert grey.shape == (1, 1, 2, 2)
    assert pictures_of(np.zeros((5, 2), np.float32), ["D"]) is None


def test_without_tensorboard_the_command_that_brings_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [name for name in sys.modules if name.startswith("torch.utils.tensorboard")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "tensorboard", None)
    with pytest.raises(TrainingFailed) as failed:
        trained(classifier(tensorboard=True), tmp_path)
    assert failed.value.failure.message == MISSING
    assert r"pip install 'layerloom[tensorboard]'" in MISSING
    with pytest.raises(ProjectError):
        write_afterwards(run_with(*whole(), folder=tmp_path / "other"))
    monkeypatch.setattr(sys, "argv", ["board", str(tmp_path / "nowhere")])
    assert main() == 1
    assert "is not a run" in capsys.readouterr().out
