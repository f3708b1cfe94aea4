"""A person changes keys in the dialog, and they act at once."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from studio.gui.keymap.presets import PRESETS
from studio.gui.keymap.shortcuts import STORED
from studio.gui.preferences import Preferences
from studio.gui.shortcuts.dialog import ShortcutDialog
from studio.gui.shortcuts.listening import WAITING
from studio.gui.shortcuts.overview import Overview
from studio.gui.widgets.button import Button
from studio.gui.widgets.search import SearchField
from studio.gui.widgets.toast import Toast
from studio.gui.window import Window
from tests.gui.conftest import OpenWindow

Key, Keys = Qt.Key, Qt.KeyboardModifier
LEFT = Qt.MouseButton.LeftButton


def editor(window: Window) -> ShortcutDialog:
    window.run("Shortcuts…")
    (dialog,) = window.findChildren(ShortcutDialog)
    return dialog


def add(dialog: ShortcutDialog, qtbot: QtBot, title: str, key: Key, modifiers: Keys = Keys.NoModifier) -> None:
    """Choose a row, press the button that listens, and press a key."""
    dialog.table.select(title)
    qtbot.mouseClick(dialog.detail.add, LEFT)
    assert dialog.detail.add.text() == WAITING
    qtbot.keyClick(dialog.detail.add, key, modifiers)


def choose(dialog: ShortcutDialog, name: str) -> None:
    at = [preset.name for preset in PRESETS].index(name)
    dialog.preset.setCurrentIndex(at)
    dialog.preset.activated.emit(at)


def press(window: Window, qtbot: QtBot, key: Key, modifiers: Keys = Keys.NoModifier) -> None:
    canvas = window.workspace.canvas
    window.activateWindow()
    canvas.setFocus()
    qtbot.waitUntil(canvas.hasFocus)
    qtbot.keyClick(canvas, key, modifiers)


def is_bypassed(window: Window, name: str) -> bool:
    return window.document.project.graphs["LeNet-5"].nodes[name].bypassed


@pytest.fixture
def dialog(window: Window) -> ShortcutDialog:
    return editor(window)


def test_a_key_that_is_added_acts_at_once_and_is_remembered(
    dialog: ShortcutDialog, window: Window, open_window: OpenWindow, qtbot: QtBot
):
    add(dialog, qtbot, "Bypass", Key.Key_B)
    assert window.shortcuts.keymap.keys("Bypass") == ("M", "B")
    dialog.close()
    window.workspace.canvas.select({"Tanh"})
    press(window, qtbot, Key.Key_B)
    assert is_bypassed(window, "Tanh")
    window.close()
    assert open_window("lenet5").shortcuts.keymap.keys("Bypass") == ("M", "B")


def test_a_key_that_is_taken_away_means_nothing_any_more(dialog: ShortcutDialog, window: Window, qtbot: QtBot):
    dialog.table.select("Bypass")
    (away,) = [button for button in dialog.detail.findChildren(Button) if button.text() == "M"]
    qtbot.mouseClick(away, LEFT)
    dialog.close()
    window.workspace.canvas.select({"Tanh"})
    press(window, qtbot, Key.Key_M)
    assert not is_bypassed(window, "Tanh")
    assert window.actions_bar.actions["Bypass"].text() == "Bypass"


def test_a_conflict_is_said_and_the_key_can_be_taken_over(dialog: ShortcutDialog, window: Window, qtbot: QtBot):
    add(dialog, qtbot, "Bypass", Key.Key_H)
    assert dialog.notice.sentence.text() == "H is also Collapse, in the canvas."
    assert window.shortcuts.keymap.keys("Bypass") == ("M",)
    qtbot.mouseClick(dialog.notice.yes, LEFT)
    assert window.shortcuts.keymap.keys("Bypass") == ("M", "H")
    assert window.shortcuts.keymap.keys("Collapse") == ()
    assert not dialog.notice.sentence.text()


def test_a_conflict_can_be_left_as_it_is(dialog: ShortcutDialog, window: Window, qtbot: QtBot):
    add(dialog, qtbot, "Train", Key.Key_H)
    qtbot.mouseClick(dialog.notice.no, LEFT)
    assert window.shortcuts.keymap.keys("Train") == ("F5",)
    assert window.shortcuts.keymap.own == {}


def test_a_fixed_key_cannot_be_taken(dialog: ShortcutDialog, window: Window, qtbot: QtBot):
    add(dialog, qtbot, "Bypass", Key.Key_Up)
    assert dialog.notice.sentence.text() == "Up is also Select the node above, in the canvas. That stays so."
    assert not dialog.notice.yes.isVisible()
    dialog.table.select("Select the node above")
    assert not dialog.detail.add.isVisible()


def test_escape_ends_the_listening_and_leaves_the_dialog_open(dialog: ShortcutDialog, window: Window, qtbot: QtBot):
    add(dialog, qtbot, "Bypass", Key.Key_Escape)
    assert dialog.isVisible()
    assert dialog.detail.add.text() == "Add a key"
    assert window.shortcuts.keymap.own == {}


def test_tab_and_a_modifier_first_can_be_pressed_as_keys(dialog: ShortcutDialog, window: Window, qtbot: QtBot):
    dialog.table.select("Rename")
    qtbot.mouseClick(dialog.detail.add, LEFT)
    qtbot.keyClick(dialog.detail.add, Key.Key_Control, Keys.ControlModifier)
    qtbot.keyClick(dialog.detail.add, Key.Key_Tab, Keys.ControlModifier)
    assert window.shortcuts.keymap.keys("Rename") == ("F2", "Ctrl+Tab")


def test_resetting_asks_for_what_something_else_has_by_now(dialog: ShortcutDialog, window: Window, qtbot: QtBot):
    add(dialog, qtbot, "Bypass", Key.Key_H)
    qtbot.mouseClick(dialog.notice.yes, LEFT)
    dialog.table.select("Collapse")
    qtbot.mouseClick(dialog.detail.reset, LEFT)
    assert dialog.notice.sentence.text() == "H is also Bypass, in the canvas."
    qtbot.mouseClick(dialog.notice.yes, LEFT)
    assert window.shortcuts.keymap.keys("Collapse") == ("H",)


def test_all_can_be_reset_and_brought_back(dialog: ShortcutDialog, window: Window, qtbot: QtBot):
    add(dialog, qtbot, "Bypass", Key.Key_B)
    qtbot.mouseClick(dialog.reset_all, LEFT)
    assert window.shortcuts.keymap.own == {}
    qtbot.mouseClick(dialog.notice.yes, LEFT)
    assert window.shortcuts.keymap.own == {"Bypass": ("M", "B")}


def test_with_the_keys_of_blender_shift_d_duplicates(dialog: ShortcutDialog, window: Window, qtbot: QtBot):
    choose(dialog, "blender")
    dialog.close()
    window.workspace.canvas.select({"C1"})
    press(window, qtbot, Key.Key_D, Keys.ShiftModifier)
    assert "C1 2" in window.document.project.graphs["LeNet-5"].nodes
    press(window, qtbot, Key.Key_A, Keys.AltModifier)
    assert not window.workspace.canvas.selected
    window.workspace.canvas.select({"C1 2"})
    press(window, qtbot, Key.Key_X)
    assert "C1 2" not in window.document.project.graphs["LeNet-5"].nodes


def test_with_the_keys_of_comfyui_control_b_bypasses(dialog: ShortcutDialog, window: Window, qtbot: QtBot):
    choose(dialog, "comfyui")
    dialog.close()
    window.workspace.canvas.select({"Tanh"})
    press(window, qtbot, Key.Key_B, Keys.ControlModifier)
    assert is_bypassed(window, "Tanh")


def test_a_preset_leaves_a_persons_own_keys(dialog: ShortcutDialog, window: Window, qtbot: QtBot):
    add(dialog, qtbot, "Rename", Key.Key_F9)
    choose(dialog, "blender")
    assert dialog.notice.sentence.text() == "One action keeps the keys you gave."
    assert window.shortcuts.keymap.keys("Rename") == ("F2", "F9")


def test_menus_buttons_and_fields_show_the_keys_in_force(dialog: ShortcutDialog, window: Window):
    assert window.menu.search.key == "Ctrl+Shift+P"
    assert window.workbench.palette_panel.search.key == "Tab"
    choose(dialog, "blender")
    assert window.actions_bar.actions["Duplicate"].shortcut().toString() == "Shift+D"
    assert window.actions_bar.actions["Delete"].text() == "Delete\tX"
    assert window.workbench.controls.train.key == "F12"
    assert window.menu.search.key == "F3"
    assert window.workbench.palette_panel.search.key == "Shift+A"


def test_the_search_finds_actions_by_title_menu_and_key(dialog: ShortcutDialog, qtbot: QtBot):
    qtbot.keyClicks(dialog.search, "bypass")
    assert dialog.table.title == "Bypass"
    dialog.search.clear()
    qtbot.keyClicks(dialog.search, "ctrl+e")
    assert "Export…" in [item.text(0) for item in dialog.table.visible()]
    assert "Bypass" not in [item.text(0) for item in dialog.table.visible()]


def test_enter_in_the_table_listens_for_a_key(dialog: ShortcutDialog, window: Window, qtbot: QtBot):
    dialog.table.select("Bypass")
    dialog.table.setFocus()
    qtbot.keyClick(dialog.table, Key.Key_Return)
    qtbot.keyClick(dialog.detail.add, Key.Key_B)
    assert window.shortcuts.keymap.keys("Bypass") == ("M", "B")


def test_keys_are_exported_and_imported(
    dialog: ShortcutDialog, window: Window, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    file = tmp_path / "keys.json"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    add(dialog, qtbot, "Bypass", Key.Key_B)
    dialog._export()
    assert json.loads(file.read_text())["keys"] == {"Bypass": ["M", "B"]}
    qtbot.mouseClick(dialog.reset_all, LEFT)
    dialog._import()
    assert window.shortcuts.keymap.keys("Bypass") == ("M", "B")
    file.write_text("no keys")
    dialog._import()
    assert "no JSON" in dialog.notice.sentence.text()
    assert window.shortcuts.keymap.keys("Bypass") == ("M", "B")


def test_remembered_keys_that_cannot_be_read_are_said_and_the_defaults_act(
    open_window: OpenWindow, preferences: Preferences
):
    preferences.keep_bytes(STORED, QByteArray(b"{broken"))
    window = open_window("lenet5")
    assert window.shortcuts.keymap.keys("Bypass") == ("M",)
    assert "could not be read" in editor(window).notice.sentence.text()


def test_a_letter_given_to_a_key_of_the_whole_window_still_writes_in_text_fields(
    dialog: ShortcutDialog, window: Window, qtbot: QtBot
):
    add(dialog, qtbot, "Duplicate", Key.Key_Y)
    dialog.close()
    window.workspace.canvas.select({"C1"})
    field = window.workbench.palette_panel.findChild(SearchField)
    assert field is not None
    field.setFocus()
    qtbot.keyClicks(field, "my")
    assert field.text() == "my"
    assert "C1 2" not in window.document.project.graphs["LeNet-5"].nodes
    press(window, qtbot, Key.Key_Y)
    assert "C1 2" in window.document.project.graphs["LeNet-5"].nodes


def test_the_overview_is_made_of_the_keys_in_force(dialog: ShortcutDialog, window: Window):
    choose(dialog, "blender")
    dialog.close()
    window.run("Gestures and keys")
    (overview,) = window.findChildren(Overview)
    found = overview.list.findItems("Bypass", Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive)
    assert [item.text(1) for item in found] == ["M"]
    (deleting,) = overview.list.findItems("Delete", Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive)
    assert deleting.text(1) == "X, Del"


def test_a_key_that_can_do_nothing_now_says_why_once(window: Window, qtbot: QtBot):
    for _ in range(2):
        press(window, qtbot, Key.Key_M)
    assert [toast.message.text() for toast in window.findChildren(Toast)] == ["Select a node first."]
