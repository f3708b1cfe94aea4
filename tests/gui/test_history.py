"""The list of what was done, and the way back and forth through it."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from studio.core.change import History
from studio.core.project import Project
from studio.gui.panels.history import PLACE, HistoryPanel, ago
from studio.gui.window import Window

TEXT = int(Qt.ItemDataRole.DisplayRole)


@pytest.fixture
def panel(window: Window) -> HistoryPanel:
    """The panel in front, after a node was moved, one deleted and the training changed."""
    window.workbench.show_panel("History")
    panel = window.workbench.panels["History"]
    assert isinstance(panel, HistoryPanel)
    canvas = window.workspace.canvas
    canvas.select({"C1"})
    canvas.commands.nudge(1, 0)
    canvas.select({"Flatten"})
    canvas.commands.delete()
    window.workbench.inspector.training._edit_stage("epochs", 3)
    return panel


def rows(panel: HistoryPanel, role: int = TEXT) -> list[object]:
    model = panel.list.model()
    return [model.index(row, 0).data(role) for row in range(model.rowCount())]


def test_a_history_goes_to_any_of_its_steps_and_forgets_none():
    history = History(Project("A"))
    history.apply(Project("B"), "Rename")
    history.apply(Project("C"), "Rename")
    history.go_to(0)
    assert history.project.name == "A"
    history.go_to(2)
    assert history.project.name == "C"
    with pytest.raises(IndexError):
        history.go_to(3)


def test_every_kind_of_edit_is_a_row_and_the_opening_the_last(panel: HistoryPanel):
    assert rows(panel) == ["Training: epochs", "Delete Flatten", "Move C1", "Open"]
    assert rows(panel, PLACE) == [0, -1, -2, -3]


def test_a_click_goes_back_and_leaves_what_was_undone_above(panel: HistoryPanel, window: Window, qtbot: QtBot):
    opened = window.document.steps[0].project
    index = panel.list.model().index(3, 0)
    qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=panel.list.visualRect(index).center())
    assert window.document.project is opened
    assert rows(panel, PLACE) == [3, 2, 1, 0]
    undone = panel.list.model().index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert undone == "Training: epochs, undone, just now"


def test_the_keyboard_goes_there_too(panel: HistoryPanel, window: Window, qtbot: QtBot):
    panel.list.setFocus()
    qtbot.keyClick(panel.list, Qt.Key.Key_Down)
    qtbot.keyClick(panel.list, Qt.Key.Key_Down)
    assert len(window.document.steps) - 1 == window.document.position
    qtbot.keyClick(panel.list, Qt.Key.Key_Return)
    assert window.document.position == 1
    assert panel.list.currentIndex().row() == 2
    assert "Flatten" in window.workspace.place.graph.nodes


def test_an_edit_after_going_back_replaces_what_was_undone(panel: HistoryPanel, window: Window):
    window.document.go_to(1)
    window.document.apply(replace(window.document.project, name="Other"), "Rename")
    assert rows(panel) == ["Rename", "Move C1", "Open"]


def test_another_project_begins_a_history_of_its_own(panel: HistoryPanel, window: Window):
    window.document.open(Project("New"))
    assert rows(panel) == ["Open"]


def test_the_menu_says_what_is_undone_and_redone(panel: HistoryPanel, window: Window):
    window.document.undo()
    bar = window.actions_bar
    bar._refresh(bar.menus["Edit"])
    assert bar.actions["Undo"].text() == "Undo Delete Flatten"
    assert bar.actions["Redo"].text() == "Redo Training: epochs"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-3, "just now"),
        (59, "just now"),
        (60, "1 min ago"),
        (7200, "2 h ago"),
        (90_000, "1 day ago"),
        (2e5, "2 days ago"),
    ],
)
def test_time_is_said_as_people_say_it(seconds: float, said: str):
    assert ago(seconds) == said
