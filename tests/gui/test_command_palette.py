"""Everything can be found, by words and by keyboard; what cannot be done says why."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.gui.actions.menus import MENUS
from studio.gui.inspector.form import FormRow
from studio.gui.palette.entry import Entry
from studio.gui.palette.matching import Words, best_first, score
from studio.gui.palette.popup import SearchPopup
from studio.gui.palette.row import ENTRY
from studio.gui.window import Window
from tests.gui.conftest import OpenWindow

ACTIONS = [row.title for rows in MENUS.values() for row in rows if row.choices is None]


def popup_of(window: Window) -> SearchPopup:
    window.run("Search everything")
    (popup,) = [each for each in window.findChildren(SearchPopup) if each.isVisible()]
    return popup


def shown(popup: SearchPopup) -> list[Entry]:
    return [popup._model.item(row).data(ENTRY) for row in range(popup._model.rowCount())]


def entries(window: Window) -> Sequence[Entry]:
    popup = popup_of(window)
    popup.close()
    return popup._entries


def find(window: Window, title: str) -> Entry:
    (found,) = [entry for entry in entries(window) if entry.title == title and entry.hint != "Template"]
    return found


def test_every_action_of_the_menus_is_found_by_its_title(window: Window):
    offered = entries(window)
    for title in ACTIONS:
        best = best_first(title, [(entry.words, entry) for entry in offered])[:5]
        assert any(isinstance(entry, Entry) and entry.identity == f"action {title}" for entry in best), title


def test_nothing_is_offered_twice(window: Window):
    offered = [entry.identity for entry in entries(window)]
    assert len(offered) == len(set(offered))


def test_what_cannot_be_done_says_why_and_stays_open(window: Window, qtbot: QtBot):
    undo = find(window, "Undo")
    assert (undo.enabled, undo.hint) == (False, "There is nothing to undo.")
    assert find(window, "Stop").hint == "Nothing is being trained."
    assert find(window, "Bypass").hint == "Select a node first."
    popup = popup_of(window)
    qtbot.keyClicks(popup.field, "undo")
    qtbot.keyClick(popup.field, Qt.Key.Key_Return)
    assert popup.isVisible()


def test_every_condition_of_an_action_has_a_sentence(open_window: OpenWindow):
    window = open_window()
    for rows in MENUS.values():
        for row in rows:
            reason = row.why_not(window)
            assert not reason or reason.endswith("."), row.title
            assert reason != "This cannot be done now.", row.title


def test_an_undo_is_found_by_what_it_undoes(window: Window, qtbot: QtBot):
    window.workspace.canvas.select({"C1"})
    window.workspace.canvas.commands.nudge(1, 0)
    popup = popup_of(window)
    qtbot.keyClicks(popup.field, "undo")
    assert shown(popup)[0].title == "Undo Move C1"
    qtbot.keyClick(popup.field, Qt.Key.Key_Return)
    assert window.document.position == 0


def test_what_was_used_last_comes_first_and_is_remembered(open_window: OpenWindow, qtbot: QtBot):
    window = open_window("lenet5")
    for words in ("fit all", "light app"):
        popup = popup_of(window)
        qtbot.keyClicks(popup.field, words)
        qtbot.keyClick(popup.field, Qt.Key.Key_Return)
    assert [entry.title for entry in entries(window)[:2]] == ["Light appearance", "Fit all"]
    window.close()
    assert [entry.title for entry in entries(open_window("lenet5"))[:2]] == ["Light appearance", "Fit all"]


def test_a_setting_of_the_training_leads_to_its_field(window: Window, qtbot: QtBot):
    popup = popup_of(window)
    qtbot.keyClicks(popup.field, "learning rate")
    assert shown(popup)[0].hint == "Setting of the training"
    qtbot.keyClick(popup.field, Qt.Key.Key_Return)
    row = field_row(window)
    assert row.setting.name == "learning_rate"


def test_a_setting_that_is_folded_away_is_unfolded(window: Window):
    find(window, "Clip").choose()
    row = field_row(window)
    assert row.setting.name == "clip"
    assert row.isVisible()


def test_a_setting_of_the_selected_node_leads_to_its_field(window: Window):
    window.workspace.canvas.select({"C1"})
    window.workbench.inspector_tabs.setCurrentIndex(2)
    (filters,) = [entry for entry in entries(window) if entry.hint == "Setting of C1" and entry.title == "Filters"]
    filters.choose()
    assert field_row(window).setting.name == "filters"


def field_row(window: Window) -> FormRow:
    """The row of the form that has the keyboard."""
    widget = window.focusWidget() or QApplication.focusWidget()
    while widget is not None and not isinstance(widget, FormRow):
        widget = widget.parentWidget()
    assert isinstance(widget, FormRow)
    return widget


def test_on_the_start_page_there_is_no_graph_to_search(open_window: OpenWindow):
    hints = {entry.hint for entry in entries(open_window())}
    assert "Template" in hints
    assert not any("in this graph" in hint or hint.startswith("Setting") for hint in hints)


def test_parts_of_words_are_found_in_any_order():
    assert score("sel fit", Words("Fit the selection")) > score("sel fit", Words("Fit all"))
    assert score("dup lin", Words("Duplicate with links")) > 0
    assert score("dwl", Words("Duplicate with links")) > 0
    assert score("sel fit", Words("Select all")) == 0


def test_the_keys_in_force_stand_beside_the_actions(window: Window):
    window.shortcuts.use(window.shortcuts.keymap.give("Fit all", ("Ctrl+9",)))
    assert find(window, "Fit all").key == "Ctrl+9"
