"""A run that another process trains, opened while it goes on."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from studio.core import loom
from studio.core.catalog import catalog
from studio.gui.panels.curves import CurvesPanel
from studio.gui.panels.layer_view import LayerView
from studio.gui.panels.log import LogPanel
from studio.gui.panels.stages import StagesPanel
from studio.gui.runs.checkpoints import CheckpointsDialog
from studio.gui.training.attached import QUICKEST_MS, SLOWEST_MS
from studio.gui.training.state import State
from studio.gui.training.views import ELSEWHERE
from studio.gui.widgets.toast import Toast
from studio.gui.window import Window
from studio.training.journal import Journal
from studio.training.messages import Event, Failed, Paused, Resumed
from studio.training.presence import FILE, announced
from studio.training.processes import module_command, module_environment
from studio.training.run import Run, runs_folder
from tests.gui.conftest import Asked, OpenWindow
from tests.training.runs import add_checkpoint, epoch, finished, run_with, started, step

LONG = 120_000
"""Milliseconds for what waits for a training process on a busy machine."""


@pytest.fixture(autouse=True)
def _runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAYERLOOM_HOME", str(tmp_path))


class Elsewhere:
    """Writes a run as a process would that trains it."""

    def __init__(self, *events: Event) -> None:
        project = catalog().make_project("lenet5")
        self.run = run_with(*events, folder=runs_folder() / "first", project=project)
        self.journal = Journal(self.run.events_file)

    def tell(self, *events: Event) -> None:
        for event in events:
            self.journal.append(event)

    def end(self) -> None:
        self.journal.close()


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    """A training of two epochs, in its second one."""
    found = Elsewhere(started(), *(step(number) for number in range(1, 11)), epoch(1, 0.5), step(12))
    yield found
    found.end()


def look(window: Window) -> None:
    """Let the time pass until the window looks at the run again."""
    assert window.session.attached is not None
    window.session.attached._timer.timeout.emit()


def curve(window: Window, part: str = "Training") -> list[float]:
    """Where the points of the loss lie, in epochs."""
    curves = window.workbench.panels["Curves"]
    assert isinstance(curves, CurvesPanel)
    return [float(x) for x in curves.plots["loss"].series[part].points.x]


def test_a_run_that_goes_on_elsewhere_is_shown_as_far_as_it_is_and_follows(
    elsewhere: Elsewhere, open_window: OpenWindow
):
    window = open_window(str(elsewhere.run.folder))
    assert window.session.state is State.ELSEWHERE
    assert curve(window) == [*(number / 10 for number in range(1, 11)), 1.2]
    assert curve(window, "Validation") == [1.0]
    assert window.workbench.status.facts["best"].text() == "Best epoch 1: loss 0.5, accuracy 50.00 %"
    stages = window.workbench.panels["Stages"]
    assert isinstance(stages, StagesPanel)
    assert stages._shares[0] == 0.5

    elsewhere.tell(step(14), step(15))
    look(window)
    assert curve(window)[-3:] == [1.2, 1.4, 1.5]
    assert "step 5 of 10" in window.workbench.controls.progress.accessibleDescription()
    elsewhere.tell(epoch(2, 0.7))
    look(window)
    assert curve(window, "Validation") == [1.0, 2.0]
    log = window.workbench.panels["Log"]
    assert isinstance(log, LogPanel)
    assert "Epoch 2: loss 0.3, accuracy 70.00 %" in log.text.toPlainText()


def test_when_it_ends_the_window_says_so_and_can_train_again(elsewhere: Elsewhere, open_window: OpenWindow):
    window = open_window(str(elsewhere.run.folder))
    banner, controls = window.workbench.banner, window.workbench.controls
    assert not controls.train.isEnabled()
    elsewhere.tell(finished(0.8))
    elsewhere.end()
    look(window)
    assert window.session.state is State.FINISHED
    assert window.session.attached is None
    assert banner.sentence.text().startswith(
        "The training that was followed here is over. Finished, complete: loss 0.2"
    )
    assert not any(button.isVisible() for button in (banner.resume, banner.again, banner.fork))
    assert "accuracy 80.00 %" in controls.progress.accessibleDescription()
    assert controls.train.isEnabled()


def test_what_only_its_own_process_can_do_is_grey_and_says_why(elsewhere: Elsewhere, open_window: OpenWindow):
    with announced(elsewhere.run.folder):
        window = open_window(str(elsewhere.run.folder))
    controls, banner = window.workbench.controls, window.workbench.banner
    for button in (controls.train, controls.pause, controls.stop):
        assert not button.isEnabled()
        assert button.toolTip() == State.ELSEWHERE.value
    for title in ("Train", "Pause", "Stop"):
        assert window.actions_bar.row(title).why_not(window) == State.ELSEWHERE.value
    assert "on this computer since" in banner.sentence.text()
    assert banner.fork.isVisible()
    assert not banner.again.isVisible()
    layer = window.workbench.panels["Layer view"]
    assert isinstance(layer, LayerView)
    window.workbench.show_panel("Layer view")
    layer._watch()
    assert layer._empty.sentence.text() == ELSEWHERE


def test_a_pause_elsewhere_is_shown_and_its_reason_said_until_it_goes_on(elsewhere: Elsewhere, open_window: OpenWindow):
    window = open_window(str(elsewhere.run.folder))
    banner, progress = window.workbench.banner, window.workbench.controls.progress
    elsewhere.tell(Paused(12, "The disk is full. Nothing is lost: make room, then resume."))
    look(window)
    assert window.session.state is State.ELSEWHERE
    assert banner.sentence.text().startswith("The disk is full.")
    assert not banner.resume.isVisible()
    assert not banner.again.isVisible()
    assert progress.accessibleDescription().endswith("paused")
    elsewhere.tell(Resumed(12), step(13))
    look(window)
    assert banner.sentence.text().startswith("Another process trains this run.")
    assert not progress.accessibleDescription().endswith("paused")


def test_points_of_steps_that_are_taken_again_go(elsewhere: Elsewhere, open_window: OpenWindow):
    window = open_window(str(elsewhere.run.folder))
    elsewhere.tell(started(4, checkpoint="step-4"))
    look(window)
    assert curve(window) == [0.1, 0.2, 0.3, 0.4]
    assert curve(window, "Validation") == []
    elsewhere.tell(step(5))
    look(window)
    assert curve(window) == [0.1, 0.2, 0.3, 0.4, 0.5]


def test_a_training_that_is_still_being_prepared_is_waited_for(open_window: OpenWindow):
    elsewhere = Elsewhere()
    window = open_window(str(elsewhere.run.folder))
    assert window.session.state is State.ELSEWHERE
    assert "Preparing the training" in window.workbench.controls.progress.accessibleDescription()
    elsewhere.tell(started(), step(1))
    look(window)
    assert curve(window) == [0.1]
    elsewhere.end()


def test_a_process_that_dies_leaves_a_run_that_was_interrupted(elsewhere: Elsewhere, open_window: OpenWindow):
    add_checkpoint(elsewhere.run, 10, "time")
    window = open_window(str(elsewhere.run.folder))
    elsewhere.tell(step(13))
    elsewhere.end()
    look(window)
    assert window.session.state is State.ELSEWHERE, "as long as it tells anything it is believed to live"
    look(window)
    assert window.session.state is State.DIED
    banner = window.workbench.banner
    assert banner.sentence.text().startswith("The process that trained this run has ended before it was done.")
    assert banner.resume.isVisible()
    assert window.workbench.controls.train.text() == "Resume"
    assert window.workbench.controls.train.isEnabled()


def test_a_failure_elsewhere_is_said_with_its_node(elsewhere: Elsewhere, open_window: OpenWindow):
    window = open_window(str(elsewhere.run.folder))
    elsewhere.tell(Failed("The loss is no number any more.", "Lower the learning rate.", "LeNet-5", "C3", 13))
    elsewhere.end()
    look(window)
    assert window.session.state is State.FAILED
    assert window.workbench.banner.sentence.text() == "C3: The loss is no number any more. Lower the learning rate."
    assert window.workbench.banner.go.isVisible()
    assert not window.workbench.banner.get.isVisible()


def test_a_folder_that_is_gone_is_said(elsewhere: Elsewhere, open_window: OpenWindow):
    window = open_window(str(elsewhere.run.folder))
    elsewhere.end()
    elsewhere.run.folder.rename(elsewhere.run.folder.with_name("moved"))
    look(window)
    assert window.session.state is State.FAILED
    assert "is out of reach: it was moved or deleted" in window.workbench.banner.sentence.text()


def test_a_run_of_another_machine_names_it_and_is_interrupted_when_its_signs_of_life_end(
    elsewhere: Elsewhere, open_window: OpenWindow
):
    elsewhere.end()
    note = elsewhere.run.folder / FILE
    note.write_text('{"host": "gpu-box", "pid": 4, "since": 1795000000.0}')
    window = open_window(str(elsewhere.run.folder))
    assert window.session.state is State.ELSEWHERE
    assert "trains this run on gpu-box since 18 Nov" in window.workbench.banner.sentence.text()
    os.utime(note, (1.0, 1.0))
    look(window)
    assert window.session.state is State.DIED


def test_the_window_looks_less_often_while_nothing_comes(elsewhere: Elsewhere, open_window: OpenWindow):
    window = open_window(str(elsewhere.run.folder))
    assert window.session.attached is not None
    timer = window.session.attached._timer
    assert timer.interval() == QUICKEST_MS
    for _ in range(5):
        look(window)
    assert timer.interval() == SLOWEST_MS
    elsewhere.tell(step(13))
    look(window)
    assert timer.interval() == QUICKEST_MS


def test_another_project_or_the_end_of_the_window_leaves_the_other_process_alone(
    elsewhere: Elsewhere, open_window: OpenWindow, asked: Asked
):
    window = open_window(str(elsewhere.run.folder))
    window.run("New")
    assert asked.sentences == []
    assert window.session.state is State.IDLE
    assert not window.workbench.banner.isVisible()
    window.opener.open_run(elsewhere.run.folder)
    assert window.session.attached is not None
    timer = window.session.attached._timer
    window.close()
    assert asked.sentences == []
    assert not timer.isActive()
    assert elsewhere.run.is_live()
    elsewhere.tell(step(13))


def test_two_windows_follow_one_run(elsewhere: Elsewhere, open_window: OpenWindow):
    windows = [open_window(str(elsewhere.run.folder)) for _ in range(2)]
    elsewhere.tell(step(13))
    for window in windows:
        look(window)
        assert curve(window)[-1] == 1.3


def test_opening_the_run_that_this_window_trains_goes_to_it(open_window: OpenWindow, qtbot: QtBot, asked: Asked):
    elsewhere = Elsewhere(started(), step(1))
    window = open_window("lenet5")
    window.session.run = elsewhere.run
    window.session._enter(State.TRAINING)
    project = window.document.project
    window.show_start()
    window.opener.open_run(elsewhere.run.folder)
    assert window.at_work
    assert window.document.project is project
    assert window.session.state is State.TRAINING
    assert asked.sentences == []
    window.opener.resume_run(elsewhere.run)
    assert window.session.state is State.TRAINING
    window.session._enter(State.IDLE)
    elsewhere.end()


def test_going_on_with_a_run_that_another_process_trains_is_refused(elsewhere: Elsewhere, open_window: OpenWindow):
    window = open_window("mlp")
    window.opener.resume_run(elsewhere.run)
    assert window.session.state is State.ELSEWHERE, "it is followed instead"
    sentences = [toast.message.text() for toast in window.findChildren(Toast)]
    assert sentences == [State.ELSEWHERE.value]
    window.opener.resume_run(elsewhere.run)
    assert window.session.state is State.ELSEWHERE


def test_a_fork_from_its_newest_checkpoint_is_a_training_of_this_window(
    elsewhere: Elsewhere, open_window: OpenWindow, qtbot: QtBot
):
    add_checkpoint(elsewhere.run, 10, "time")
    window = open_window(str(elsewhere.run.folder))
    qtbot.mouseClick(window.workbench.banner.fork, Qt.MouseButton.LeftButton)
    (dialog,) = window.findChildren(CheckpointsDialog)
    assert not dialog.resume.isEnabled()
    qtbot.mouseClick(dialog.fork, Qt.MouseButton.LeftButton)
    assert window.session.state is State.STARTING
    assert window.session.attached is None
    assert window.session.run is not None
    assert window.session.run != elsewhere.run
    assert elsewhere.run.is_live()
    window.session._enter(State.IDLE)


Train = Callable[..., "tuple[Run, subprocess.Popen[bytes]]"]


@pytest.fixture
def train(tmp_path: Path) -> Iterator[Train]:
    """Starts trainings of the perceptron as a terminal would; they end with the test."""
    begun: list[subprocess.Popen[bytes]] = []

    def train_one(epochs: int) -> tuple[Run, subprocess.Popen[bytes]]:
        project = catalog().make_project("perceptron")
        file, run = tmp_path / "perceptron.loom", Run(tmp_path / "elsewhere")
        loom.save(replace(project, training=replace(project.training, checkpoint_seconds=0.5)), file)
        arguments = ("train", str(file), "--device", "cpu", "--epochs", str(epochs), "--json", "--out", str(run.folder))
        command = module_command("studio", *arguments)
        begun.append(subprocess.Popen(command, env=module_environment(), stdout=subprocess.DEVNULL))
        return run, begun[-1]

    yield train_one
    for process in begun:
        process.kill()
        process.wait()


@pytest.mark.slow
def test_a_training_of_a_terminal_is_followed_to_its_end(train: Train, open_window: OpenWindow, qtbot: QtBot):
    run, process = train(120)
    qtbot.waitUntil(lambda: bool(run.checkpoints()), timeout=LONG)
    window = open_window(str(run.folder))
    assert window.session.state is State.ELSEWHERE
    qtbot.waitUntil(lambda: window.session.started is not None, timeout=LONG)
    before = len(curve(window))
    qtbot.waitUntil(lambda: len(curve(window)) > before + 3, timeout=LONG)
    qtbot.waitUntil(lambda: window.session.state is State.FINISHED, timeout=LONG)
    assert process.wait() == 0
    steps = [event.step for event in run.history() if event.kind == "step"]  # type: ignore[attr-defined]
    assert curve(window) == [number / 68 for number in steps], "each once, from the first to the last"
    assert curve(window, "Validation") == [float(number) for number in range(1, 121)]


@pytest.mark.slow
def test_a_training_that_is_killed_elsewhere_goes_on_here(train: Train, open_window: OpenWindow, qtbot: QtBot):
    run, process = train(20_000)
    qtbot.waitUntil(lambda: len(run.checkpoints()) > 1, timeout=LONG)
    window = open_window(str(run.folder), worker=True)
    qtbot.waitUntil(lambda: len(curve(window)) > 3, timeout=LONG)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    banner = window.workbench.banner
    qtbot.waitUntil(lambda: window.session.state is State.DIED, timeout=LONG)
    newest = run.newest()
    assert newest is not None
    qtbot.mouseClick(banner.resume, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.session.state is State.TRAINING, timeout=LONG)
    assert window.session.started is not None
    assert window.session.started.step == newest.step
    kept = [event for event in run.history() if event.kind == "step"]
    assert len(curve(window)) >= len(kept) - 1, "what was before the checkpoint is drawn"
    window.run("Stop")
    qtbot.waitUntil(lambda: window.session.state is State.FINISHED, timeout=LONG)
    assert run.status().state == "finished"
