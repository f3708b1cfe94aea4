"""Which row has which key, what clashes, and how a person's own keys lie over a preset's."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from studio.gui.actions.menus import rows_with_keys
from studio.gui.keymap.combination import normal, pressed, types_text
from studio.gui.keymap.keymap import CANVAS, WINDOW, Keymap, Preset, Row, clashes, in_words
from studio.gui.keymap.presets import OURS, PRESETS

ROWS = (
    Row("Copy", "Edit", WINDOW, ("Ctrl+C",)),
    Row("Duplicate", "Edit", CANVAS, ("Ctrl+D",)),
    Row("Bypass", "Graph", CANVAS, ("M",)),
    Row("Remove the step", "History", "history", ("Del",)),
    Row("Delete", "Edit", CANVAS, ("Del", "Backspace")),
    Row("Leave", "Canvas", CANVAS, ("Esc",), is_fixed=True),
)
PLAIN = Preset("plain", "Plain", "")
Keys = Qt.KeyboardModifier


@pytest.fixture
def keymap() -> Keymap:
    return Keymap(ROWS, PLAIN)


def event(key: Qt.Key, modifiers: Keys = Keys.NoModifier) -> QKeyEvent:
    return QKeyEvent(QEvent.Type.KeyPress, key, modifiers)


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("shift+ctrl+z", "Ctrl+Shift+Z"),
        ("Delete", "Del"),
        ("Shift+Backtab", "Shift+Tab"),
        (" Num+. ", "Num+."),
        ("Ctrl++", "Ctrl++"),
    ],
)
def test_a_combination_has_one_spelling(text: str, spelled: str):
    assert normal(text) == spelled


@pytest.mark.parametrize("text", ["", "Ctrl+", "Hyper+Q", "Ctrl+K, Ctrl+S"])
def test_what_is_no_single_combination_is_refused_by_name(text: str):
    with pytest.raises(ValueError, match="is no key"):
        normal(text)


def test_keys_that_write_are_told_from_those_that_command():
    assert all(types_text(key) for key in ("M", "Shift+A", "Del", "Tab", "."))
    assert not any(types_text(key) for key in ("Ctrl+M", "Alt+1", "F5", "Shift+F1", "Meta+K"))


def test_a_key_event_has_names_from_the_most_exact_one_on():
    assert pressed(event(Qt.Key.Key_D, Keys.ControlModifier)) == ("Ctrl+D",)
    assert pressed(event(Qt.Key.Key_Period, Keys.KeypadModifier)) == ("Num+.", ".")
    assert pressed(event(Qt.Key.Key_Backtab, Keys.ShiftModifier)) == ("Shift+Tab",)
    assert pressed(event(Qt.Key.Key_Shift, Keys.ShiftModifier)) == ()


def test_a_sign_that_is_typed_with_shift_is_that_sign():
    plus = pressed(event(Qt.Key.Key_Plus, Keys.ControlModifier | Keys.ShiftModifier))
    assert plus == ("Ctrl+Shift++", "Ctrl++")
    letter = pressed(event(Qt.Key.Key_Z, Keys.ControlModifier | Keys.ShiftModifier))
    assert letter == ("Ctrl+Shift+Z",)


def test_a_preset_changes_the_keys_it_names_and_no_others():
    keymap = Keymap(ROWS, Preset("blender", "Blender", "", {"Duplicate": ("shift+d",)}))
    assert keymap.keys("Duplicate") == ("Shift+D",)
    assert keymap.keys("Bypass") == ("M",)


def test_a_key_means_something_where_its_row_acts_alone(keymap: Keymap):
    found = keymap.meaning("M", CANVAS)
    assert found is not None
    assert found.title == "Bypass"
    assert keymap.meaning("Ctrl+C", CANVAS) is None
    assert keymap.meaning("Esc", CANVAS) is None


def test_a_window_key_meets_every_other_and_parts_of_the_window_do_not_meet(keymap: Keymap):
    assert [row.title for row in keymap.holders("Copy", "Ctrl+D")] == ["Duplicate"]
    assert [row.title for row in keymap.holders("Duplicate", "Ctrl+C")] == ["Copy"]
    assert [row.title for row in keymap.holders("Bypass", "Del")] == ["Delete"]
    assert not keymap.holders("Delete", "Del")
    assert not list(clashes(keymap))


def test_a_clash_names_the_key_and_both_rows():
    rows = (*ROWS, Row("Dance", "Edit", WINDOW, ("M",)))
    (found,) = clashes(Keymap(rows, PLAIN))
    assert (found.key, found.first.title, found.second.title) == ("M", "Bypass", "Dance")


def test_a_key_in_use_is_said_in_words(keymap: Keymap):
    assert in_words("Ctrl+D", keymap.holders("Copy", "Ctrl+D")) == "Ctrl+D is also Duplicate, in the canvas."
    assert in_words("Ctrl+C", keymap.holders("Bypass", "Ctrl+C")) == "Ctrl+C is also Copy, everywhere."


def test_a_key_that_is_taken_over_leaves_where_it_was(keymap: Keymap):
    taken = keymap.take("Bypass", "Ctrl+D")
    assert taken.keys("Bypass") == ("M", "Ctrl+D")
    assert taken.keys("Duplicate") == ()
    assert not list(clashes(taken))
    assert taken.own == {"Bypass": ("M", "Ctrl+D"), "Duplicate": ()}


def test_a_fixed_key_is_not_given_away(keymap: Keymap):
    assert keymap.take("Bypass", "Esc").keys("Leave") == ("Esc",)
    assert "Esc" not in keymap.take("Bypass", "Esc").keys("Bypass")


def test_only_what_differs_from_the_preset_is_a_persons_own(keymap: Keymap):
    there = keymap.give("Bypass", ("B",))
    assert there.own == {"Bypass": ("B",)}
    assert there.give("Bypass", ("M",)).own == {}
    assert there.reset("Bypass") == keymap


def test_a_reset_row_says_which_keys_a_person_gave_away(keymap: Keymap):
    reset = keymap.take("Bypass", "Ctrl+D").reset("Duplicate")
    assert reset.keys("Duplicate") == ()
    assert reset.lost("Duplicate") == ("Ctrl+D",)
    assert reset.take("Duplicate", "Ctrl+D").keys("Bypass") == ("M",)


def test_a_persons_own_keys_win_over_a_preset_that_is_chosen_later(keymap: Keymap):
    mine = keymap.give("Copy", ("Shift+D",))
    blender = Keymap(ROWS, Preset("blender", "Blender", "", {"Duplicate": ("Shift+D",)}), mine.own)
    assert blender.keys("Copy") == ("Shift+D",)
    assert blender.keys("Duplicate") == ()


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_no_preset_gives_a_key_twice_in_one_place(preset: Preset):
    found = [(clash.key, clash.first.title, clash.second.title) for clash in clashes(Keymap(rows_with_keys(), preset))]
    assert not found


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_a_preset_names_actions_that_exist(preset: Preset):
    assert preset.keys.keys() <= {row.title for row in rows_with_keys() if not row.is_fixed}


def test_titles_are_those_of_one_row_each():
    titles = [row.title for row in rows_with_keys()]
    assert len(titles) == len(set(titles))


def test_the_default_preset_is_what_the_actions_say():
    keymap = Keymap(rows_with_keys(), OURS)
    assert keymap.keys("Duplicate") == ("Ctrl+D",)
    assert keymap.keys("Delete") == ("Del", "Backspace")


NAMED = {
    "Fit all": "Home",
    "Fit the selection": "F",
    "Zoom in": "Ctrl+=",
    "Zoom out": "Ctrl+-",
    "Zoom to 100 %": "Ctrl+0",
    "Add a node…": "Tab",
    "Delete": "Del",
    "Delete and heal": "Ctrl+Del",
    "Detach": "Alt+D",
    "Duplicate": "Ctrl+D",
    "Duplicate with links": "Ctrl+Shift+D",
    "Copy": "Ctrl+C",
    "Cut": "Ctrl+X",
    "Paste": "Ctrl+V",
    "Undo": "Ctrl+Z",
    "Redo": "Ctrl+Shift+Z",
    "Connect in order": "J",
    "Swap the type…": "Shift+S",
    "Bypass": "M",
    "Collapse": "H",
    "Comment frame": "Ctrl+Shift+G",
    "Tidy up": "Ctrl+Shift+F",
    "Find in the graph…": "Ctrl+F",
    "Rename": "F2",
    "Teaching card": "F1",
    "Train": "F5",
    "Pause": "F6",
    "Stop": "F7",
    "Save": "Ctrl+S",
    "Open…": "Ctrl+O",
    "New": "Ctrl+N",
    "Search everything": "Ctrl+Shift+P",
    "Gestures and keys": "Shift+F1",
}
"""What people are told the keys are."""


@pytest.mark.parametrize(("title", "key"), NAMED.items())
def test_what_people_are_told_is_the_first_key_of_the_default_preset(title: str, key: str):
    assert Keymap(rows_with_keys(), OURS).key(title) == key
