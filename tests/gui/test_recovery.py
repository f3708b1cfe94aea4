"""What a window that was killed leaves behind, and how the next one brings it back: real processes, really killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.core import loom
from studio.core.catalog import catalog
from studio.core.project import Project
from studio.gui.recovery import Note, left_behind
from studio.gui.recovery_dialog import RecoveryDialog
from studio.gui.training.state import State
from studio.gui.window import Window
from tests.gui.conftest import Asked, OpenWindow

AT_MOST_MS, STALL_MS = 300, 1_000
"""How often the window under test keeps a copy while it is edited, and what a busy machine may add."""
LONG = 120_000

WINDOW = f"""
import sys, time
from dataclasses import replace
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
import studio.gui.document as document
document.AT_MOST_MS = {AT_MOST_MS}
from studio.gui.preferences import Preferences
from studio.gui.training.session import Session
from studio.gui.window import Window, dress

app = QApplication(["layerloom"])
preferences = Preferences()
dress(preferences)
"""

EDITING = """
Session.warm = lambda _: None
window = Window(sys.argv[1], preferences)
count = 0

def begin():
    canvas = window.workspace.canvas
    canvas.setFocus()
    QTest.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=canvas.point_of("C1"))
    timer.start(20)

def edit():
    global count
    count += 1
    QTest.keyClick(window.workspace.canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    x = window.document.project.graphs["LeNet-5"].nodes["C1"].position[0]
    print(count, round(time.monotonic() * 1000), x, flush=True)

timer = QTimer()
timer.timeout.connect(edit)
window.prepared.connect(lambda: QTimer.singleShot(0, begin))
window.show()
app.exec()
"""

TWO_WINDOWS = """
Session.warm = lambda _: None
first = Window(sys.argv[1], preferences)

def edit(window, name):
    window.document.apply(replace(window.document.project, name=name), "Rename")
    window.document.keep_copy()

def begin():
    edit(first, "First")
    first.windows.open(second)

def second(window):
    window.opener.open("mlp")
    edit(window, "Second")
    print("edited", flush=True)

first.prepared.connect(lambda: QTimer.singleShot(0, begin))
first.show()
app.exec()
"""

TRAINING = """
window = Window("lenet5", preferences)

def begin():
    project = window.document.project
    stage = replace(project.training.stages[0], epochs=500)
    training = replace(project.training, batch=16, stages=(stage,), checkpoint_seconds=0.5)
    window.document.apply(replace(project, data=project.data.set(limit=1600), training=training), "Short")
    window.session.told.connect(lambda event: print(event.kind, flush=True))
    window.run("Train")

window.prepared.connect(lambda: QTimer.singleShot(0, begin))
window.show()
app.exec()
"""

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(home: Path) -> Iterator[Start]:
    """Starts windows in processes of their own, which end with the test."""
    begun: list[subprocess.Popen[str]] = []

    def start_one(script: str, *arguments: str) -> subprocess.Popen[str]:
        environment = {**os.environ, "LAYERLOOM_HOME": str(home / "layerloom")}
        command = [sys.executable, "-c", WINDOW + script, *arguments]
        begun.append(subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True))
        return begun[-1]

    yield start_one
    for process in begun:
        process.kill()
        process.communicate()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    place = tmp_path / "mine.loom"
    loom.save(catalog().make_project("lenet5"), place)
    return place


def kill(process: subprocess.Popen[str]) -> None:
    """As ``kill -9`` does."""
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


def leave(folder: Path, project: Project, note: Note) -> None:
    """A copy as a window leaves it that is no longer alive."""
    code = "import os, sys; from tests.gui.test_recovery import write; write(*sys.argv[1:]); os._exit(9)"
    source = folder / "source.loom"
    loom.save(project, source)
    subprocess.run([sys.executable, "-c", code, str(source), note.dumps()], env=os.environ, check=False)


def write(source: str, note: str) -> None:
    from studio.gui.recovery import RecoveryCopy

    RecoveryCopy().write(loom.load(Path(source)), Note.loads(note))


class Offered:
    """Answers the offer by the mouse as soon as it comes, and remembers what it listed."""

    def __init__(self, qtbot: QtBot, button: str, unchecked: tuple[int, ...] = ()) -> None:
        self.lines: list[str] = []
        self._qtbot, self._button, self._unchecked = qtbot, button, unchecked
        self._timer = QTimer()
        self._timer.timeout.connect(self._look)
        self._timer.start(20)

    def _look(self) -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, RecoveryDialog):
            return
        self._timer.stop()
        items = [dialog.list.item(row) for row in range(dialog.list.count())]
        self.lines = [item.text() for item in items]
        for row in self._unchecked:
            items[row].setCheckState(Qt.CheckState.Unchecked)
        self._qtbot.mouseClick(getattr(dialog, f"{self._button}_button"), Qt.MouseButton.LeftButton)


def test_a_window_that_is_killed_loses_no_more_than_the_interval(
    start: Start, path: Path, open_window: OpenWindow, qtbot: QtBot
):
    process = start(EDITING, str(path))
    assert process.stdout is not None
    edits: list[tuple[int, float]] = []
    for line in process.stdout:
        _, at, x = line.split()
        edits.append((int(at), float(x)))
        if edits[-1][0] - edits[0][0] > AT_MOST_MS + STALL_MS + 500:
            break
    kill(process)
    offered = Offered(qtbot, "open")
    window = open_window()
    assert offered.lines[0].startswith("mine.loom · Today ")
    assert window.at_work
    assert window.document.path == path
    assert window.document.is_edited
    x = window.document.project.graphs["LeNet-5"].nodes["C1"].position[0]
    safe = [place for at, place in edits if at <= edits[-1][0] - AT_MOST_MS - STALL_MS]
    assert x >= safe[-1]
    original, node = loom.load(path), window.document.project.graphs["LeNet-5"].nodes["C1"]
    graph = original.graphs["LeNet-5"]
    assert window.document.project == original.with_graph("LeNet-5", graph.move({"C1": node.position}))


def test_the_copies_of_several_windows_are_offered_together_and_opened_each_in_one(
    start: Start, path: Path, open_window: OpenWindow, qtbot: QtBot
):
    process = start(TWO_WINDOWS, str(path))
    assert process.stdout is not None
    assert process.stdout.readline() == "edited\n"
    assert not left_behind()
    kill(process)
    assert len(left_behind()) == 2
    offered = Offered(qtbot, "open")
    window = open_window()
    assert sorted(line.split(" · ")[0] for line in offered.lines) == ["Second, never saved", "mine.loom"]
    qtbot.waitUntil(lambda: len(window.windows) == 2 and all(each.at_work for each in window.windows), timeout=20_000)
    found = {each.document.project.name: each.document.path for each in window.windows}
    assert found == {"First": path, "Second": None}
    assert all(each.document.is_edited for each in window.windows)
    assert not left_behind()


@pytest.mark.parametrize("named", ["mlp", "mine.loom"])
def test_the_offer_comes_also_where_a_project_is_named(
    named: str, path: Path, open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
):
    leave(tmp_path, replace(loom.load(path), name="Kept"), Note(path, loom.digest(path)))
    _offered = Offered(qtbot, "open")
    window = open_window(str(path) if named == "mine.loom" else named)
    expected = {"Kept"} if named == "mine.loom" else {"Kept", catalog().make_project("mlp").name}
    qtbot.waitUntil(
        lambda: {each.document.project.name for each in window.windows if each.at_work} == expected, timeout=20_000
    )


def test_what_is_put_off_is_offered_again_and_what_is_discarded_is_not(
    path: Path, open_window: OpenWindow, qtbot: QtBot, tmp_path: Path, asked: Asked
):
    leave(tmp_path, loom.load(path), Note(path))
    leave(tmp_path, catalog().make_project("mlp"), Note())
    assert len(left_behind()) == 2
    _offered = Offered(qtbot, "later")
    window = open_window()
    assert not window.at_work
    assert len(left_behind()) == 2
    offered = Offered(qtbot, "discard", unchecked=(1,))
    asked.plan("Discard")
    dialog = RecoveryDialog(window, left_behind())
    QTimer.singleShot(0, dialog, lambda: qtbot.waitUntil(lambda: bool(offered.lines)))
    QTimer.singleShot(200, dialog.later_button.click)
    dialog.exec()
    assert len(left_behind()) == 1
    assert left_behind()[0].title == offered.lines[1].split(" · ")[0]


def test_a_second_window_does_not_offer_again(path: Path, open_window: OpenWindow, qtbot: QtBot, tmp_path: Path):
    leave(tmp_path, loom.load(path), Note(path))
    _offered = Offered(qtbot, "later")
    window = open_window()
    window.run("New window")
    qtbot.waitUntil(lambda: len(window.windows) == 2 and all(each.ready for each in window.windows), timeout=20_000)
    assert QApplication.activeModalWidget() is None


def test_a_copy_that_is_damaged_is_said_and_kept(
    path: Path, open_window: OpenWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    said: list[str] = []
    monkeypatch.setattr(Window, "say", lambda _, sentence: said.append(sentence))
    leave(tmp_path, loom.load(path), Note())
    (found,) = left_behind()
    (found.folder / f"{found.stem}.loom").write_text("{")
    offered = Offered(qtbot, "open")
    window = open_window()
    assert offered.lines[0].startswith("A project that was never saved · ")
    assert not window.at_work
    assert said[0].startswith("The kept copy cannot be opened: ")
    assert len(left_behind()) == 1


def test_a_recovered_project_does_not_overwrite_what_another_program_wrote_since(
    path: Path, open_window: OpenWindow, qtbot: QtBot, tmp_path: Path, asked: Asked
):
    leave(tmp_path, replace(loom.load(path), name="Kept"), Note(path, loom.digest(path)))
    loom.save(replace(loom.load(path), name="Theirs"), path)
    _offered = Offered(qtbot, "open")
    window = open_window()
    asked.plan("")
    window.run("Save")
    assert "was changed by another program" in asked.sentences[0]
    assert loom.load(path).name == "Theirs"


@pytest.mark.parametrize("text", ["", "{", "[]", '{"path": ""}', '{"path": null, "run": 3}'])
def test_a_note_that_is_damaged_loses_only_what_it_said(text: str):
    assert Note.loads(text).edited


def test_a_note_says_again_what_it_was_told(tmp_path: Path):
    note = Note(tmp_path / "a.loom", "digest", tmp_path / "run", edited=False)
    assert Note.loads(note.dumps()) == note


@pytest.mark.slow
def test_a_training_whose_window_is_killed_can_go_on_in_the_recovered_one(
    start: Start, open_window: OpenWindow, qtbot: QtBot, home: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("LAYERLOOM_HOME", str(home / "layerloom"))
    process = start(TRAINING)
    assert process.stdout is not None
    epochs = 0
    for line in process.stdout:
        epochs += line == "epoch\n"
        if epochs == 2:
            break
    kill(process)
    offered = Offered(qtbot, "open")
    window = open_window(worker=True)
    assert offered.lines[0].endswith("a training was going on")
    banner = window.workbench.banner
    qtbot.waitUntil(banner.isVisible, timeout=LONG)
    assert "ended with its window. It can go on from its last checkpoint" in banner.sentence.text()
    run = window.session.run
    assert run is not None
    newest = run.newest()
    assert newest is not None
    assert f"step {newest.step:,}" in banner.sentence.text()
    told: list[str] = []
    window.session.told.connect(lambda event: told.append(event.kind))
    qtbot.mouseClick(banner.resume, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "epoch" in told, timeout=LONG)
    assert window.session.started is not None
    assert window.session.started.step == newest.step
    window.run("Stop")
    qtbot.waitUntil(lambda: window.session.state is State.FINISHED, timeout=LONG)
