"""What a person does from the gallery to the export, with real mouse and key events and a real training process."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.core.catalog import catalog
from studio.gui.export_dialog import ExportDialog
from studio.gui.panels.curves import CurvesPanel
from studio.gui.panels.layer_view import LayerView
from studio.gui.training.state import State
from studio.gui.widgets.button import Button
from studio.gui.window import Window
from studio.training.machine import cores
from studio.training.messages import Event, Started
from studio.training.run import Run
from tests.gui.canvas.conftest import Hand
from tests.gui.conftest import OpenWindow

LONG = 120_000
"""Milliseconds for what waits for the training process on a busy machine."""

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Runs of this test alone."""
    monkeypatch.setenv("LAYERLOOM_HOME", str(tmp_path))
    return tmp_path / "runs"


def graph(window: Window):
    return window.document.project.graphs["LeNet-5"]


def drop_from_palette(window: Window, family: str, title: str, at: QPoint) -> None:
    """Drag a row of the palette over the canvas and let it go."""
    tree, canvas = window.workbench.palette_panel.nodes, window.workspace.canvas
    heading = next(each for each in tree._headings() if each.text(0) == family)
    row = next(heading.child(at) for at in range(heading.childCount()) if heading.child(at).text(0) == title)
    data = tree.mimeData([row])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(canvas.viewport(), QDragEnterEvent(at, copy, data, left, none))
    QApplication.sendEvent(canvas.viewport(), QDropEvent(QPointF(at), copy, data, left, none))


def press_repair(window: Window, node: str, text: str) -> None:
    """Point at the node and press the button of its callout."""
    canvas = window.workspace.canvas
    hand = Hand(canvas)
    hand.click(canvas.point_of(node))
    target = next(target for target in canvas.callout.targets() if target.name == text)
    hand.click(target.rect.center().toPoint())


def repairs(window: Window, text: str) -> list[Button]:
    """The buttons in the list of problems that say this."""
    buttons = window.workbench.panels["Problems"].findChildren(Button)
    return [button for button in buttons if button.text() == text and button.isVisible()]


def small_training(window: Window, *, epochs: int) -> None:
    """So few samples that an epoch takes about a second, and more epochs than anybody waits for."""
    project = window.document.project
    stage = replace(project.training.stages[0], epochs=epochs)
    assert project.data is not None
    edited = replace(
        project, data=project.data.set(limit=3200), training=replace(project.training, batch=16, stages=(stage,))
    )
    window.document.apply(edited, "A short training")


def draw(window: Window, qtbot: QtBot) -> None:
    """Add a linear layer from the palette, wire it, and take the repairs that the problems offer."""
    canvas = window.workspace.canvas
    hand = Hand(canvas)
    drop_from_palette(window, "Linear & embedding", "Linear", canvas.point_of("Scores") + QPoint(10, -210))
    assert "Linear" in graph(window).nodes
    hand.drag(canvas.point_of("S4", "out"), canvas.point_of("Linear", "values"))
    assert any((link.source, link.target) == ("S4", "Linear") for link in graph(window).links)
    messages = [problem.message for problem in window.document.diagnosis.problems if problem.node == "Linear"]
    assert "This needs a vector (D); the image 16×5×5 arrives." in messages
    press_repair(window, "Linear", "Insert Flatten")
    hand.drag(canvas.point_of("Linear", "out"), canvas.point_of("C5", "values"))
    window.workbench.show_panel("Problems")
    qtbot.waitUntil(lambda: len(repairs(window, "Remove")) == 1)
    qtbot.mouseClick(repairs(window, "Remove")[0], Qt.MouseButton.LeftButton)
    assert window.document.diagnosis.can_run
    assert "Flatten 2" in graph(window).nodes


def watch_it_train(window: Window, qtbot: QtBot) -> None:
    """Train, and see curves grow and feature maps change."""
    canvas = window.workspace.canvas
    Hand(canvas).click(canvas.point_of("C1"))
    window.workbench.show_panel("Layer view")
    canvas.setFocus()
    qtbot.keyClick(canvas, Qt.Key.Key_F5)
    curves, layer = window.workbench.panels["Curves"], window.workbench.panels["Layer view"]
    assert isinstance(curves, CurvesPanel)
    assert isinstance(layer, LayerView)

    def points(part: str) -> int:
        return len(curves.plots["loss"].series[part].points.x)

    qtbot.waitUntil(lambda: window.session.state is State.TRAINING, timeout=LONG)
    qtbot.waitUntil(lambda: points("Validation") >= 1 and points("Training") >= 1, timeout=LONG)
    before = points("Training")
    qtbot.waitUntil(lambda: layer.tiles.maps.shape == (6, 28, 28), timeout=LONG)
    maps = layer.tiles.maps.copy()
    qtbot.waitUntil(lambda: points("Training") > before, timeout=LONG)
    qtbot.waitUntil(lambda: not np.array_equal(layer.tiles.maps, maps), timeout=LONG)
    assert canvas._strips["C1"]
    assert layer._guess.text().startswith("Predicted")


def pause_resume_and_stop(window: Window, qtbot: QtBot) -> None:
    canvas = window.workspace.canvas
    qtbot.keyClick(canvas, Qt.Key.Key_F6)
    qtbot.waitUntil(lambda: window.session.state is State.PAUSED, timeout=LONG)
    assert window.workbench.controls.pause.text() == "Resume"
    qtbot.mouseClick(window.workbench.controls.pause, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.session.state is State.TRAINING, timeout=LONG)
    qtbot.keyClick(canvas, Qt.Key.Key_F7)
    qtbot.waitUntil(lambda: window.session.state is State.FINISHED, timeout=LONG)


def export(window: Window, qtbot: QtBot, path: Path) -> str:
    """Export to this path; answers what the dialog said."""
    qtbot.keyClick(window.workspace.canvas, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    (dialog,) = window.findChildren(ExportDialog)
    dialog.path.setText(str(path))
    qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(dialog.outcome.text()), timeout=LONG)
    dialog.close()
    return dialog.outcome.text()


def test_from_the_gallery_to_an_export_and_back_to_the_start(open_window: OpenWindow, qtbot: QtBot, tmp_path: Path):
    window = open_window(worker=True)
    qtbot.mouseClick(window.start.gallery.cards["lenet5"], Qt.MouseButton.LeftButton)
    opened = window.document.project
    draw(window, qtbot)
    small_training(window, epochs=200)
    watch_it_train(window, qtbot)
    pause_resume_and_stop(window, qtbot)
    assert "loaded again and compared" in export(window, qtbot, tmp_path / "lenet.py")
    assert "class LeNet5(nn.Module)" in (tmp_path / "lenet.py").read_text()

    canvas = window.workspace.canvas
    window.activateWindow()
    canvas.setFocus()
    qtbot.waitUntil(canvas.hasFocus)
    for _ in range(len(window.document.steps)):
        qtbot.keyClick(canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.document.project is opened
    assert window.document.project == catalog().make_project("lenet5")


def test_a_worker_that_is_killed_is_said_and_its_run_goes_on(open_window: OpenWindow, qtbot: QtBot):
    window = open_window("lenet5", worker=True)
    small_training(window, epochs=200)
    told: list[Event] = []
    window.session.told.connect(told.append)
    window.run("Train")
    qtbot.waitUntil(lambda: sum(event.kind == "epoch" for event in told) >= 1, timeout=LONG)
    assert window.session.worker is not None
    os.kill(window.session.worker.pid, signal.SIGKILL)

    banner = window.workbench.banner
    qtbot.waitUntil(banner.isVisible, timeout=LONG)
    assert window.session.state is State.DIED
    assert "was killed" in banner.sentence.text()
    assert banner.resume.isVisible()
    reached = window.session.run
    assert isinstance(reached, Run)
    newest = reached.newest()
    assert newest is not None

    told.clear()
    qtbot.mouseClick(banner.resume, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: any(event.kind == "epoch" for event in told), timeout=LONG)
    started = next(event for event in told if event.kind == "started")
    assert started.run == str(reached.folder)
    assert started.step == newest.step
    assert not banner.isVisible()
    window.run("Stop")
    qtbot.waitUntil(lambda: window.session.state is State.FINISHED, timeout=LONG)
    assert reached.status().state == "finished"


@pytest.mark.skipif(cores() < 2 or not Path("/proc/self/task").is_dir(), reason="asks Linux for two processes")
def test_two_processes_train_pause_and_go_on_after_one_of_them_was_killed(open_window: OpenWindow, qtbot: QtBot):
    window = open_window("lenet5", worker=True)
    small_training(window, epochs=200)
    told: list[Event] = []
    window.session.told.connect(told.append)
    menu = window.workbench.controls.device.menu()
    assert menu is not None
    next(action for action in menu.actions() if action.text() == "2 processes").trigger()
    assert window.workbench.controls.device.text() == "2 × CPU"
    window.run("Train")
    qtbot.waitUntil(lambda: any(event.kind == "epoch" for event in told), timeout=LONG)
    assert window.session.started is not None
    assert window.session.started.device.startswith("2 devices, each cpu")
    window.run("Pause")
    qtbot.waitUntil(lambda: window.session.state is State.PAUSED, timeout=LONG)
    window.run("Pause")
    qtbot.waitUntil(lambda: window.session.state is State.TRAINING, timeout=LONG)

    assert window.session.worker is not None
    (other,) = children_of(window.session.worker.pid)
    os.kill(other, signal.SIGKILL)
    banner, reached = window.workbench.banner, window.session.run
    qtbot.waitUntil(banner.isVisible, timeout=LONG)
    assert window.session.state is State.FAILED
    assert "Process 2 of this training was killed from outside" in banner.sentence.text()
    assert reached is not None
    newest = reached.newest()
    assert newest is not None

    told.clear()
    qtbot.mouseClick(banner.resume, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: any(event.kind == "epoch" for event in told), timeout=LONG)
    started = next(event for event in told if isinstance(event, Started))
    assert (started.run, started.step) == (str(reached.folder), newest.step)
    assert started.device.startswith("2 devices, each cpu")
    window.run("Stop")
    qtbot.waitUntil(lambda: window.session.state is State.FINISHED, timeout=LONG)
    assert not children_of(window.session.worker.pid)


def children_of(pid: int) -> list[int]:
    """The processes that this one has started."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return [int(child) for task in tasks for child in (task / "children").read_text().split()]


def test_an_export_can_be_cancelled_and_leaves_nothing(open_window: OpenWindow, qtbot: QtBot, tmp_path: Path):
    window = open_window("mlp")
    window.run("Export…")
    (dialog,) = window.findChildren(ExportDialog)
    dialog.path.setText(str(tmp_path / "mlp.py"))
    qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(dialog.cancel, Qt.MouseButton.LeftButton)
    assert dialog.outcome.text() == "Cancelled. Nothing was written."
    assert not (tmp_path / "mlp.py").exists()
    dialog.close()


def test_what_an_exporter_refuses_is_said(open_window: OpenWindow, qtbot: QtBot, tmp_path: Path):
    window = open_window("mlp")
    window.run("Export…")
    (dialog,) = window.findChildren(ExportDialog)
    dialog.path.setText(str(tmp_path / "missing" / "mlp.py"))
    qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(dialog.outcome.text()), timeout=LONG)
    assert "does not exist" in dialog.outcome.text()
    dialog.close()
