"""The clipboard by its keys: nodes to another window and another process, foreign text, PyTorch and pictures."""

import json
import os
import subprocess
import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.core import loom
from studio.gui import theme
from studio.gui.window import Window
from tests.gui.canvas.conftest import Hand

Keys = Qt.KeyboardModifier


def press(window: Window, qtbot: QtBot, key: Qt.Key, keys: Keys = Keys.ControlModifier) -> None:
    window.workspace.canvas.setFocus()
    qtbot.keyClick(window.workspace.canvas, key, keys)


def clipboard() -> str:
    return QApplication.clipboard().text()


def test_nodes_are_copied_in_one_window_and_pasted_at_the_pointer_of_another(window: Window, qtbot: QtBot):
    window.workspace.canvas.select({"C1", "Tanh"})
    press(window, qtbot, Qt.Key.Key_C)
    assert json.loads(clipboard())["format"] == "layerloom"
    window.windows.open(lambda host: host.opener.new())
    qtbot.waitUntil(lambda: len(window.windows) == 2 and all(each.at_work for each in window.windows), timeout=20_000)
    other = next(each for each in window.windows if each is not window)
    assert isinstance(other, Window)
    canvas = other.workspace.canvas
    at = canvas.viewport().rect().center()
    Hand(canvas).hover(at)
    wanted = canvas.lens.camera.to_scene((at.x(), at.y()))
    press(other, qtbot, Qt.Key.Key_V)
    graph = other.document.project.graphs["Network"]
    assert {"C1", "Tanh"} <= graph.nodes.keys()
    assert canvas.selected == {"C1", "Tanh"}
    assert graph.nodes["C1"].position == pytest.approx(wanted)
    press(other, qtbot, Qt.Key.Key_Z)
    assert list(other.document.project.graphs["Network"].nodes) == ["Input", "Output"]
    assert "C1" in window.document.project.graphs["LeNet-5"].nodes


PASTE = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from studio.gui.training.session import Session
from studio.gui.window import Window

Session.warm = lambda _: None
app = QApplication(["layerloom"])
window = Window("mlp")

def paste():
    app.clipboard().setText(sys.stdin.read())
    window.run("Paste")
    print(*sorted(window.workspace.canvas.selected), sep=",")
    window.agreed = True
    app.quit()

window.prepared.connect(lambda: QTimer.singleShot(0, paste))
window.show()
app.exec()
"""


def test_text_that_was_mailed_is_pasted_in_another_process(window: Window, qtbot: QtBot):
    window.workspace.canvas.select({"C1", "Tanh"})
    press(window, qtbot, Qt.Key.Key_C)
    mail = f"Try this:\n\n```json\n{clipboard()}```\n\nRegards\n"
    done = subprocess.run(
        [sys.executable, "-c", PASTE],
        input=mail,
        env=os.environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout == "C1,Tanh\n"


def test_text_without_nodes_gets_a_sentence_and_changes_nothing(window: Window, qtbot: QtBot):
    QApplication.clipboard().setText("a shopping list")
    before = window.document.project
    press(window, qtbot, Qt.Key.Key_V)
    assert window.document.project is before
    assert window.workspace.notices.sentence.startswith("The clipboard holds no nodes")


def test_a_loss_is_refused_in_a_network_with_a_sentence(window: Window, qtbot: QtBot):
    window.run("Show objective")
    window.workspace.canvas.select({"Cross entropy"})
    press(window, qtbot, Qt.Key.Key_C)
    window.workspace.show_graph("LeNet-5")
    before = window.document.project
    press(window, qtbot, Qt.Key.Key_V)
    assert window.document.project is before
    assert window.workspace.notices.sentence.startswith("Cross entropy belongs into an objective")


def test_cut_nodes_come_back_by_pasting(window: Window, qtbot: QtBot):
    window.workspace.canvas.select({"C1"})
    press(window, qtbot, Qt.Key.Key_X)
    assert "C1" not in window.document.project.graphs["LeNet-5"].nodes
    press(window, qtbot, Qt.Key.Key_V)
    assert "C1" in window.document.project.graphs["LeNet-5"].nodes


def test_a_selection_is_copied_as_a_module_and_all_of_the_graph_without_one(window: Window, qtbot: QtBot):
    window.workspace.canvas.select({"C1", "Tanh"})
    press(window, qtbot, Qt.Key.Key_C, Keys.ControlModifier | Keys.AltModifier)
    assert "self.c1 = nn.Conv2d(1, 6, 5)" in clipboard()
    assert "Linear" not in clipboard()
    window.workspace.canvas.select(set())
    window.run("Copy as PyTorch")
    assert "class LeNet5(nn.Module)" in clipboard()


def test_what_cannot_be_copied_as_a_module_is_said(window: Window):
    QApplication.clipboard().setText("before")
    window.workspace.canvas.select({"Image"})
    window.run("Copy as PyTorch")
    assert "Input and Output stay outside" in window.workspace.notices.sentence
    assert clipboard() == "before"


def test_a_selection_is_copied_as_a_picture_of_it_alone(window: Window):
    window.workspace.canvas.select({"C1"})
    window.run("Copy as picture")
    part = QApplication.clipboard().image()
    window.workspace.canvas.select(set())
    window.run("Copy as picture")
    whole = QApplication.clipboard().image()
    assert part.width() < whole.width() / 3
    assert part.pixelColor(2, 2) == QColor(theme.current().canvas)


def test_copied_text_is_the_file_format(window: Window):
    window.workspace.canvas.select({"C1"})
    window.run("Copy")
    assert loom.dumps(loom.loads(clipboard())) == clipboard()
