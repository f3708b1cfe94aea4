"""A run that another process trains, opened while it goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.core import loom
from studio.core.catalog import catalog
from studio.gui.panels.curves import CurvesPanel
from studio.gui.panels.layer_view import LayerView
from studio.gui.panels.log import LogPanel
from studio.gui.panels.previews.panel import PreviewsPanel
from studio.gui.panels.stages import StagesPanel
from studio.gui.runs.checkpoints import CheckpointsDialog
from studio.gui.training.attached import QUICKEST_MS, SLOWEST_MS
from studio.gui.training.session import Session
from studio.gui.training.state import State
from studio.gui.training.views import ELSEWHERE
from studio.gui.widgets.toast import Toast
from studio.gui.window import Window
from studio.training.journal import Journal
from studio.training.messages import Event, Failed, Paused, Previewed, Resumed, StepDone
from studio.training.presence import FILE, announced
from studio.training.processes import module_command, module_environment
from studio.training.run import Run, runs_folder
from tests.gui.conftest import Asked, OpenWindow
from tests.training.runs import add_checkpoint, append, epoch, finished, run_with, started, step

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


def look(session: Session) -> None:
    """Let the time pass until the run is looked at again."""
    assert session.attached is not None
    session.attached._timer.timeout.emit()


def curve(window: Window, part: str = "Training") -> list[float]:
    """Where the points of the loss lie, in epochs."""
    curves = window.workbench.panels["Curves"]
    assert isinstance(curves, CurvesPanel)
    return [float(x) for x in curves.plots["loss"].series[part].points.x]


def progress(window: Window) -> str:
    return window.workbench.controls.progress.accessibleDescription()


def test_a_run_that_goes_on_elsewhere_is_shown_as_far_as_it_is_and_followed(
    elsewhere: Elsewhere, open_window: OpenWindow
):
    window = open_window(str(elsewhere.run.folder))
    session, bench = window.session, window.workbench
    stages, log, previews = (bench.panels[title] for title in ("Stages", "Log", "Previews"))
    assert isinstance(stages, StagesPanel)
    assert isinstance(log, LogPanel)
    assert isinstance(previews, PreviewsPanel)
    assert session.state is State.ELSEWHERE
    assert curve(window) == [*(number / 10 for number in range(1, 11)), 1.2]
    assert curve(window, "Validation") == [1.0]
    assert bench.status.facts["best"].text() == "Best epoch 1: loss 0.5, accuracy 50.00 %"
    assert stages._shares[0] == 0.5

    elsewhere.tell(step(14), step(15), Previewed(15, 2, 0, "Training", ("Seen",), ("previews/seen.npy",), ("C H W",)))
    look(session)
    assert curve(window)[-3:] == [1.2, 1.4, 1.5]
    assert "step 5 of 10" in progress(window)
    assert previews.tracks.steps() == [15]
    elsewhere.tell(epoch(2, 0.7))
    look(session)
    assert curve(window, "Validation") == [1.0, 2.0]
    assert "Epoch 2: loss 0.3, accuracy 70.00 %" in log.text.toPlainText()
    assert not bench.estimate.seconds, "what an epoch takes elsewhere says nothing about this machine"


def test_points_of_steps_that_are_taken_again_go_and_an_end_is_said(elsewhere: Elsewhere, open_window: OpenWindow):
    window = open_window(str(elsewhere.run.folder))
    session, bench = window.session, window.workbench
    elsewhere.tell(started(4, checkpoint="step-4"), step(5))
    look(session)
    assert curve(window) == [0.1, 0.2, 0.3, 0.4, 0.5]
    assert curve(window, "Validation") == []
    elsewhere.tell(finished(0.8))
    elsewhere.end()
    look(session)
    assert session.state is State.FINISHED
    assert session.attached is None
    banner = bench.banner
    assert banner.sentence.text().startswith("The training that was followed here is over. Finished, complete: loss")
    assert not any(button.isVisible() for button in (banner.resume, banner.again, banner.fork))
    assert "accuracy 80.00 %" in progress(window)
    assert bench.controls.train.isEnabled()


def test_what_only_its_own_process_can_do_is_grey_and_says_why_and_a_fork_is_offered(
    elsewhere: Elsewhere, open_window: OpenWindow, qtbot: QtBot
):
    add_checkpoint(elsewhere.run, 10, "time")
    with announced(elsewhere.run.folder):
        window = open_window(str(elsewhere.run.folder))
    controls, banner = window.workbench.controls, window.workbench.banner
    for button in (controls.train, controls.pause, controls.stop):
        assert not button.isEnabled()
        assert button.toolTip() == State.ELSEWHERE.value
    for title in ("Train", "Pause", "Stop"):
        assert window.actions_bar.row(title).why_not(window) == State.ELSEWHERE.value
    assert "(on this computer, since" in banner.sentence.text()
    assert not banner.again.isVisible()
    layer = window.workbench.panels["Layer view"]
    assert isinstance(layer, LayerView)
    window.workbench.show_panel("Layer view")
    layer._watch()
    assert layer._empty.sentence.text() == ELSEWHERE

    qtbot.mouseClick(banner.fork, Qt.MouseButton.LeftButton)
    (dialog,) = window.findChildren(CheckpointsDialog)
    assert not dialog.resume.isEnabled()
    qtbot.mouseClick(dialog.fork, Qt.MouseButton.LeftButton)
    assert window.session.state is State.STARTING
    assert window.session.attached is None
    assert window.session.run not in (None, elsewhere.run)
    assert elsewhere.run.is_live()
    window.session._enter(State.IDLE)


def test_what_befalls_a_training_elsewhere_is_said(open_window: OpenWindow):
    elsewhere = Elsewhere()
    add_checkpoint(elsewhere.run, 10, "time")
    window = open_window(str(elsewhere.run.folder))
    session, banner = window.session, window.workbench.banner
    assert session.state is State.ELSEWHERE
    assert "Preparing the training" in progress(window)
    elsewhere.tell(started(), step(12), Paused(12, "The disk is full. Nothing is lost: make room, then resume."))
    look(session)
    assert session.state is State.ELSEWHERE
    assert banner.sentence.text().startswith("The disk is full.")
    assert not banner.resume.isVisible()
    assert not banner.again.isVisible()
    assert progress(window).endswith("paused")
    elsewhere.tell(Resumed(12), step(13))
    look(session)
    assert banner.sentence.text().startswith("Another process is training this run.")
    assert not progress(window).endswith("paused")
    elsewhere.end()
    look(session)
    assert session.state is State.DIED
    assert banner.sentence.text().startswith("The process that trained this run has ended before it was done.")
    assert banner.resume.isVisible()
    assert window.workbench.controls.train.text() == "Resume"
    assert window.workbench.controls.train.isEnabled()


def test_a_failure_elsewhere_is_said_with_its_node(elsewhere: Elsewhere, open_window: OpenWindow):
    elsewhere.end()
    note = elsewhere.run.folder / FILE
    note.write_text(json.dumps({"host": "gpu-box", "pid": 4, "since": 1795000000.0}))
    window = open_window(str(elsewhere.run.folder))
    banner = window.workbench.banner
    assert "training this run (on gpu-box, since 18 Nov" in banner.sentence.text()
    append(elsewhere.run, Failed("The loss is no number any more.", "Lower the rate.", "LeNet-5", "C3", 13))
    look(window.session)
    assert window.session.state is State.FAILED
    assert banner.sentence.text() == "C3: The loss is no number any more. Lower the rate."
    assert banner.go.isVisible()
    assert not banner.get.isVisible()


def test_another_project_or_the_end_of_the_window_leaves_the_other_process_alone(
    elsewhere: Elsewhere, open_window: OpenWindow, asked: Asked
):
    window = open_window("mlp")
    window.opener.open(str(elsewhere.run.project_file))
    assert window.session.state is State.ELSEWHERE, "the project of a run stands for the run"
    window.run("New")
    assert window.session.state is State.IDLE
    assert not window.workbench.banner.isVisible()
    window.opener.open_run(elsewhere.run.folder)
    attached = window.session.attached
    assert attached is not None
    window.close()
    assert asked.sentences == []
    assert not attached._timer.isActive()
    assert elsewhere.run.is_live()
    elsewhere.tell(step(13))


def test_a_run_that_this_window_trains_or_follows_is_gone_to(
    elsewhere: Elsewhere, open_window: OpenWindow, asked: Asked
):
    window = open_window("lenet5")
    window.session.run = elsewhere.run
    window.session._enter(State.TRAINING)
    project = window.document.project
    window.show_start()
    window.opener.open_run(elsewhere.run.folder)
    assert window.at_work
    assert window.document.project is project
    window.opener.resume_run(elsewhere.run)
    assert window.session.state is State.TRAINING
    window.session._enter(State.IDLE)

    window.opener.resume_run(elsewhere.run)
    assert window.session.state is State.ELSEWHERE, "nobody else can go on with it, so it is followed"
    sentences = [toast.message.text() for toast in window.findChildren(Toast)]
    assert sentences == [State.ELSEWHERE.value]
    project = window.document.project
    window.opener.open_run(elsewhere.run.folder)
    assert window.document.project is project
    assert asked.sentences == []


@pytest.fixture
def session(qapp: QApplication, elsewhere: Elsewhere) -> Iterator[Session]:
    """One that follows the training."""
    found = Session()
    found.adopt(elsewhere.run)
    assert found.state is State.ELSEWHERE
    yield found
    found.close()


def test_two_windows_follow_one_run(session: Session, elsewhere: Elsewhere):
    other = Session()
    other.adopt(elsewhere.run)
    told: list[Event] = []
    for each in (session, other):
        each.told.connect(told.append)
    elsewhere.tell(step(13))
    for each in (session, other):
        look(each)
    assert told == [step(13), step(13)]
    other.close()


def test_a_process_is_believed_to_live_as_long_as_anything_comes(session: Session, elsewhere: Elsewhere):
    elsewhere.tell(step(13))
    elsewhere.end()
    look(session)
    assert session.state is State.ELSEWHERE
    look(session)
    assert session.state is State.DIED


def test_a_run_of_another_machine_is_interrupted_when_its_signs_of_life_end(session: Session, elsewhere: Elsewhere):
    elsewhere.end()
    note = elsewhere.run.folder / FILE
    note.write_text(json.dumps({"host": "gpu-box", "pid": 4, "since": 1795000000.0}))
    look(session)
    assert session.state is State.ELSEWHERE
    os.utime(note, (1.0, 1.0))
    look(session)
    assert session.state is State.DIED


def test_a_folder_that_is_gone_is_said(session: Session, elsewhere: Elsewhere):
    elsewhere.end()
    elsewhere.run.folder.rename(elsewhere.run.folder.with_name("moved"))
    look(session)
    assert session.state is State.FAILED
    assert isinstance(session.ended, Failed)
    assert "is out of reach: it was moved or deleted" in session.ended.message


def test_a_run_is_looked_at_less_often_while_nothing_comes(session: Session, elsewhere: Elsewhere):
    assert session.attached is not None
    timer = session.attached._timer
    assert timer.interval() == QUICKEST_MS
    for _ in range(5):
        look(session)
    assert timer.interval() == SLOWEST_MS
    elsewhere.tell(step(13))
    look(session)
    assert timer.interval() == QUICKEST_MS


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
    window = open_window()
    run, process = train(60)
    qtbot.waitUntil(lambda: bool(run.checkpoints()), timeout=LONG)
    window.opener.open_run(run.folder)
    assert window.session.state is State.ELSEWHERE
    qtbot.waitUntil(lambda: window.session.started is not None, timeout=LONG)
    before = len(curve(window))
    qtbot.waitUntil(lambda: len(curve(window)) > before + 3, timeout=LONG)
    qtbot.waitUntil(lambda: window.session.state is State.FINISHED, timeout=LONG)
    assert process.wait() == 0
    steps = [event.step for event in run.history() if isinstance(event, StepDone)]
    assert curve(window) == [number / 68 for number in steps], "each once, from the first to the last"
    assert curve(window, "Validation") == [float(number) for number in range(1, 61)]


@pytest.mark.slow
def test_a_training_that_is_killed_elsewhere_goes_on_here(train: Train, open_window: OpenWindow, qtbot: QtBot):
    window = open_window(worker=True)
    run, process = train(20_000)
    qtbot.waitUntil(lambda: len(run.checkpoints()) > 1, timeout=LONG)
    window.opener.open_run(run.folder)
    qtbot.waitUntil(lambda: len(curve(window)) > 3, timeout=LONG)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    qtbot.waitUntil(lambda: window.session.state is State.DIED, timeout=LONG)
    newest = run.newest()
    assert newest is not None
    qtbot.mouseClick(window.workbench.banner.resume, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.session.state is State.TRAINING, timeout=LONG)
    assert window.session.started is not None
    assert window.session.started.step == newest.step
    kept = [event for event in run.history() if isinstance(event, StepDone) and event.step <= newest.step]
    assert curve(window)[: len(kept)] == [event.step / 68 for event in kept], "what was before the checkpoint is drawn"
    window.run("Stop")
    qtbot.waitUntil(lambda: window.session.state is State.FINISHED, timeout=LONG)
    assert run.status().state == "finished"
