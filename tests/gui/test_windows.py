"""Several windows of one process: each with a project of its own, preferences for all of them together."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from studio.core import loom
from studio.core.catalog import catalog
from studio.gui.actions.action import Choice
from studio.gui.asking import Question, ask
from studio.gui.shortcuts.dialog import ShortcutDialog
from studio.gui.training.session import Session
from studio.gui.training.state import State
from studio.gui.window import Window
from tests.gui.conftest import Asked, OpenWindow

Keys = Qt.KeyboardModifier


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a window said to its person."""
    sentences: list[str] = []
    monkeypatch.setattr("studio.gui.window.Window.say", lambda _, sentence: sentences.append(sentence))
    return sentences


def edit(window: Window, name: str = "Edited") -> None:
    window.document.apply(replace(window.document.project, name=name), "Rename")


def second(window: Window, qtbot: QtBot) -> Window:
    """The window beside this one, once it is complete."""
    qtbot.waitUntil(lambda: len(window.windows) == 2 and all(each.ready for each in window.windows), timeout=20_000)
    (found,) = (each for each in window.windows if each is not window)
    assert isinstance(found, Window)
    return found


def choices(window: Window, title: str) -> dict[str, Choice]:
    row = window.actions_bar.row(title)
    assert row.choices is not None
    return {choice.title: choice for choice in row.choices(window)}


def saved(folder: Path, template: str) -> Path:
    path = folder / f"{template}.loom"
    loom.save(catalog().make_project(template), path)
    return path


def test_a_key_opens_a_second_window_with_a_project_of_its_own(window: Window, qtbot: QtBot):
    qtbot.keyClick(window, Qt.Key.Key_N, Keys.ControlModifier | Keys.AltModifier)
    other = second(window, qtbot)
    assert not other.at_work
    other.opener.open("mlp")
    edit(other)
    assert other.document.is_edited
    assert not window.document.is_edited
    assert window.document.project.name != other.document.project.name
    window.run("Undo")
    assert other.document.is_edited
    assert other.session is not window.session
    assert other.preferences is window.preferences
    assert other.pos() != window.pos()


def test_a_window_that_closes_leaves_the_others(window: Window, qtbot: QtBot):
    window.run("New window")
    other = second(window, qtbot)
    qtbot.keyClick(other, Qt.Key.Key_W, Keys.ControlModifier)
    assert list(window.windows) == [window]
    qtbot.waitUntil(lambda: not isValid(other))
    assert window.isVisible()
    edit(window)
    assert window.windowTitle() == "Edited[*] – Layerloom"
    assert window.isWindowModified()


def test_another_project_replaces_one_that_is_not_edited(window: Window, asked: Asked):
    window.opener.open("mlp")
    assert window.document.project.template == "mlp"
    assert not asked.sentences


def test_another_project_may_go_into_a_new_window_where_this_one_is_edited(window: Window, qtbot: QtBot, asked: Asked):
    edit(window)
    asked.plan("New window")
    window.opener.open("mlp")
    other = second(window, qtbot)
    assert asked.sentences[0].startswith("Edited has changes that are not saved. Open MLP")
    assert other.document.project.template == "mlp"
    assert other.at_work
    assert window.document.is_edited


def test_another_project_may_go_into_a_new_window_while_this_one_is_trained(
    window: Window, qtbot: QtBot, asked: Asked, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(window.session, "state", State.TRAINING)
    asked.plan("New window")
    window.run("New")
    other = second(window, qtbot)
    assert "is being trained" in asked.sentences[0]
    assert "can be resumed" in asked.sentences[0]
    assert list(other.workspace.place.graph.nodes) == ["Input", "Output"]
    assert window.document.project.template == "lenet5"
    monkeypatch.setattr(window.session, "state", State.IDLE)


def test_saving_first_opens_here_and_cancelling_opens_nothing(window: Window, asked: Asked, tmp_path: Path):
    path = saved(tmp_path, "lenet5")
    window.opener.open(str(path))
    edit(window)
    asked.plan("")
    window.opener.open("mlp")
    assert window.document.path == path
    assert window.document.is_edited
    asked.plan("Save and open here")
    window.opener.open("mlp")
    assert loom.load(path).name == "Edited"
    assert window.document.project.template == "mlp"
    assert len(window.windows) == 1


def test_a_file_that_is_open_already_comes_forward(window: Window, qtbot: QtBot, tmp_path: Path, asked: Asked):
    path = saved(tmp_path, "mlp")
    window.windows.open(lambda host: host.opener.open(str(path)))
    other = second(window, qtbot)
    qtbot.waitUntil(lambda: other.document.path == path)
    edit(window)
    window.opener.open(str(tmp_path / "." / "mlp.loom"))
    assert len(window.windows) == 2
    assert not asked.sentences
    qtbot.waitUntil(other.isActiveWindow)


def test_quitting_asks_for_each_project_and_closes_none_where_one_is_kept(window: Window, qtbot: QtBot, asked: Asked):
    window.run("New window")
    other = second(window, qtbot)
    other.opener.open("mlp")
    edit(window, "First")
    edit(other, "Second")
    asked.plan("Discard", "")
    qtbot.keyClick(other, Qt.Key.Key_Q, Keys.ControlModifier)
    assert [sentence.split()[0] for sentence in asked.sentences] == ["First", "Second"]
    assert window.isVisible()
    assert other.isVisible()
    asked.plan("Discard", "Discard")
    window.run("Quit")
    assert not len(window.windows)
    assert not window.isVisible()


def test_a_save_that_fails_keeps_the_window_open(said: list[str], window: Window, asked: Asked, tmp_path: Path):
    path = saved(tmp_path, "lenet5")
    window.opener.open(str(path))
    edit(window)
    path.chmod(0o444)
    asked.plan("Save")
    window.close()
    assert window.isVisible()
    assert "is read-only" in said[0]
    assert window.document.is_edited


def test_the_window_menu_lists_every_window_and_goes_to_the_one_that_is_chosen(window: Window, qtbot: QtBot):
    window.run("New window")
    other = second(window, qtbot)
    edit(window)
    found = choices(window, "Go to window")
    assert list(found) == ["Edited · edited", "Start page"]
    assert [choice.is_checked for choice in found.values()] == [True, False]
    found["Start page"].do(window)
    qtbot.waitUntil(other.isActiveWindow)


def test_recent_files_are_offered_in_every_window_and_missing_ones_say_so(window: Window, qtbot: QtBot, tmp_path: Path):
    kept, gone = saved(tmp_path, "lenet5"), saved(tmp_path, "mlp")
    for path in (gone, kept):
        window.opener.open(str(path))
    gone.unlink()
    window.run("New window")
    other = second(window, qtbot)
    menu = other.actions_bar.actions["Open recent"].menu()
    assert isinstance(menu, QMenu)
    menu.aboutToShow.emit()
    lines = [line for line in menu.actions() if not line.isSeparator()]
    assert [line.text() for line in lines] == [
        f"lenet5.loom – {tmp_path}",
        f"mlp.loom – no longer in {tmp_path}",
        "Clear the list",
    ]
    assert [line.isEnabled() for line in lines] == [True, False, True]
    assert "There is no file" in lines[1].toolTip()
    window.close()
    lines[0].trigger()
    assert other.document.path == kept
    lines[2].trigger()
    assert not other.preferences.opened_projects()


def test_recent_files_and_windows_are_found_by_the_search(window: Window, tmp_path: Path):
    window.opener.open(str(saved(tmp_path, "mlp")))
    found = [entry.words.title for entry in window.searches._commands.entries()]
    assert f"Open recent: mlp.loom – {tmp_path}" in found
    assert "Go to window: MLP smileys" in found
    assert "Open recent" not in found


def test_a_question_is_answered_by_its_buttons_and_cancelled_by_escape(window: Window, qtbot: QtBot):
    def press(text: str) -> None:
        question = QApplication.activeModalWidget()
        assert isinstance(question, Question)
        if text:
            qtbot.mouseClick(question.buttons[text], Qt.MouseButton.LeftButton)
        else:
            qtbot.keyClick(question, Qt.Key.Key_Escape)

    for text, answer in (("Save", "Save"), ("Discard", "Discard"), ("Cancel", ""), ("", "")):
        QTimer.singleShot(0, lambda text=text: press(text))
        assert ask(window, "Save?", "It is edited.", ("Save", "Discard")) == answer


def test_the_first_answer_is_the_one_that_return_gives(window: Window, qtbot: QtBot):
    def press() -> None:
        question = QApplication.activeModalWidget()
        assert isinstance(question, Question)
        qtbot.keyClick(question, Qt.Key.Key_Return)

    QTimer.singleShot(0, press)
    assert ask(window, "Save?", "It is edited.", ("Save", "Discard")) == "Save"


def test_keys_that_are_changed_in_one_window_hold_in_all(window: Window, qtbot: QtBot):
    window.run("New window")
    other = second(window, qtbot)
    keymap = window.shortcuts.keymap
    window.shortcuts.use(keymap.take("New window", "Ctrl+F9"))
    assert "Ctrl+F9" in [key.toString() for key in other.actions_bar.actions["New window"].shortcuts()]
    assert other.shortcuts.keymap == window.shortcuts.keymap


PROCESS = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from studio.gui.window import Window
import studio.app as app

made = []
first = Window.__init__

def init(self, *given):
    first(self, *given)
    made.append(self)
    self.prepared.connect(lambda: QTimer.singleShot(0, go_on))

def go_on():
    if len(made) == 1:
        made[0].run("New window")
        return
    print(*(window.session.worker.pid for window in made), flush=True)
    made[0].close()
    print("one left", made[1].isVisible(), flush=True)
    QTimer.singleShot(0, made[1].close)

Window.__init__ = init
sys.exit(app.main("lenet5"))
"""


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.slow
def test_the_process_ends_with_its_last_window_and_so_do_its_workers(home: Path, qtbot: QtBot):
    environment = {**os.environ, "LAYERLOOM_HOME": str(home)}
    done = subprocess.run(
        [sys.executable, "-c", PROCESS], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    workers, left = done.stdout.splitlines()
    assert left == "one left True"
    first, other = map(int, workers.split())
    assert first != other
    qtbot.waitUntil(lambda: not alive(first) and not alive(other), timeout=20_000)


def test_each_window_has_a_worker_of_its_own(open_window: OpenWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch):
    warmed: list[Session] = []
    window = open_window("lenet5")
    monkeypatch.setattr(Session, "warm", lambda session: warmed.append(session))
    window.run("New window")
    other = second(window, qtbot)
    assert warmed == [other.session]


def test_keys_that_are_changed_in_one_window_act_in_all_of_them(window: Window, qtbot: QtBot):
    window.run("New window")
    other = second(window, qtbot)
    window.run("Shortcuts…")
    (dialog,) = window.findChildren(ShortcutDialog)
    dialog.table.select("Bypass")
    dialog.add("B")
    assert other.shortcuts.keymap.keys("Bypass") == ("M", "B")
    dialog.close()
    other.close()
