"""The window as a whole: menus, keys, docks, appearance, names for those who cannot see it."""

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from studio.core import loom
from studio.gui import theme
from studio.gui.actions.menus import MENUS
from studio.gui.actions.view_actions import PANELS
from studio.gui.window import Window
from tests.gui.conftest import OpenWindow

CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
)


def nodes(window: Window) -> set[str]:
    return set(window.document.project.graphs["LeNet-5"].nodes)


OPENED = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from studio.gui.window import Window

app = QApplication(["layerloom"])
window = Window("lenet5")
window.prepared.connect(lambda: QTimer.singleShot(500, app.quit))
window.show()
app.exec()
assert window.at_work
print([name for name in ("torch", "torchvision", "lightning_fabric") if name in sys.modules])
window.session.close()
"""


def test_the_process_of_the_window_never_imports_torch():
    opened = subprocess.run([sys.executable, "-c", OPENED], capture_output=True, text=True, timeout=60, check=True)
    assert opened.stdout.strip() == "[]"


def test_titles_name_one_action_each():
    titles = [row.title for rows in MENUS.values() for row in rows]
    assert len(titles) == len(set(titles))


def test_undo_and_redo_by_their_keys(window: Window, qtbot: QtBot):
    canvas = window.workspace.canvas
    canvas.setFocus()
    canvas.select({"Flatten"})
    qtbot.keyClick(canvas, Qt.Key.Key_Delete)
    assert "Flatten" not in nodes(window)
    qtbot.keyClick(canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert "Flatten" in nodes(window)
    qtbot.keyClick(canvas, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert "Flatten" not in nodes(window)


def test_no_key_of_the_graph_acts_while_a_text_field_has_the_keyboard(window: Window, qtbot: QtBot):
    window.workspace.canvas.select({"Tanh"})
    before = window.document.project
    line = window.workbench.palette_panel.findChild(QLineEdit)
    assert line is not None
    line.setFocus()
    qtbot.keyClicks(line, "mh")
    assert line.text() == "mh"
    assert window.document.project is before
    window.workspace.canvas.setFocus()
    qtbot.keyClick(window.workspace.canvas, Qt.Key.Key_M)
    assert window.document.project.graphs["LeNet-5"].nodes["Tanh"].bypassed


def test_an_action_that_cannot_be_done_is_grey_in_its_menu(window: Window):
    bar = window.actions_bar
    bar._refresh(MENUS["Edit"])
    assert not bar.actions["Undo"].isEnabled()
    assert not bar.actions["Copy"].isEnabled()
    window.workspace.canvas.select({"C1"})
    bar._refresh(MENUS["Edit"])
    assert bar.actions["Copy"].isEnabled()


def test_copied_nodes_travel_as_text_and_come_back_with_their_links(window: Window):
    window.workspace.canvas.select({"C1", "Tanh"})
    window.run("Copy")
    copied = loom.loads(QApplication.clipboard().text())
    assert set(copied.graphs["Copied"].nodes) == {"C1", "Tanh"}
    window.run("Paste")
    graph = window.document.project.graphs["LeNet-5"]
    assert {"C1 2", "Tanh 5"} <= nodes(window)
    assert any((link.source, link.target) == ("C1 2", "Tanh 5") for link in graph.links)
    assert window.workspace.canvas.selected == {"C1 2", "Tanh 5"}
    window.document.undo()
    assert "C1 2" not in nodes(window)


def test_text_that_holds_no_nodes_is_not_pasted(window: Window):
    QApplication.clipboard().setText("a shopping list")
    before = window.document.project
    window.run("Paste")
    assert window.document.project is before


def test_appearance_changes_at_once_and_is_remembered(window: Window):
    window.run("Light appearance")
    assert theme.current() is theme.LIGHT
    assert QApplication.palette().window().color() == theme.LIGHT.panel
    assert window.preferences.appearance == "light"
    window.run("Dark appearance")
    assert theme.current() is theme.DARK


def test_text_can_be_made_larger(window: Window):
    before = QApplication.font().pixelSize()
    window.run("Larger text")
    assert QApplication.font().pixelSize() > before
    window.run("Text at normal size")
    assert QApplication.font().pixelSize() == before


def test_the_menu_names_every_panel_in_its_order(window: Window):
    assert tuple(window.workbench.panels) == PANELS


def test_every_panel_can_be_brought_to_the_front(window: Window):
    for title, panel in window.workbench.panels.items():
        window.workbench.show_panel(title)
        QApplication.processEvents()
        assert panel.isVisible(), title
        assert panel.width() <= window.workbench.docks[title].width() + 1


def test_the_layout_is_remembered(open_window: OpenWindow):
    first = open_window("lenet5")
    first.workbench.docks["Palette"].close()
    first.close()
    second = open_window("lenet5")
    assert second.workbench.docks["Palette"].isHidden()
    second.workbench.reset_layout()
    assert not second.workbench.docks["Palette"].isHidden()


def test_every_control_has_a_name(window: Window):
    window.workspace.canvas.select({"C1"})
    nameless = []
    for kind in CONTROLS:
        for control in window.findChildren(kind):
            inner = isinstance(control.parent(), QAbstractSpinBox | QComboBox) or _belongs_to_qt(control)
            if not inner and not control.accessibleName() and not getattr(control, "text", str)():
                nameless.append(f"{type(control).__name__} in {type(control.parent()).__name__}")
    assert not nameless


def _belongs_to_qt(control: QWidget) -> bool:
    """Parts that Qt makes for itself: scroll buttons of tabs, headers, lists of choices, tabs of docks."""
    made_by_qt = [type(each).__module__.startswith("PySide6") for each in (control, control.parent())]
    return control.objectName().startswith(("qt_", "Scroll")) or all(made_by_qt) or isinstance(control, QHeaderView)


def test_the_title_says_whether_there_are_changes(window: Window):
    assert not window.menu._edited.text()
    window.document.apply_graph("LeNet-5", window.workspace.place.graph.remove(["C1"]), "Delete")
    assert window.menu._edited.text() == "· edited"


def test_saving_asks_for_a_file_once(window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []

    def choose(*_: object) -> tuple[str, str]:
        asked.append("file")
        return str(tmp_path / "mine.loom"), ""

    monkeypatch.setattr("studio.gui.files.QFileDialog.getSaveFileName", choose)
    window.run("Save")
    window.run("Save")
    assert asked == ["file"]
    assert loom.load(tmp_path / "mine.loom") == window.document.project


def test_a_block_is_entered_and_left(window: Window, qtbot: QtBot):
    window.run("Show objective")
    assert window.workspace.place.root == "Training"
    network = next(name for name, node in window.workspace.place.graph.nodes.items() if node.type == "Network")
    window.workspace.canvas.commands.opened.emit(network)
    assert window.workspace.place.root == "LeNet-5"


def test_an_edit_of_the_objective_that_the_studio_made_makes_it_the_persons(window: Window):
    window.run("Show objective")
    assert "Training" not in window.document.project.graphs
    canvas = window.workspace.canvas
    canvas.select({next(iter(window.workspace.place.graph.nodes))})
    canvas.commands.nudge(1, 0)
    assert window.document.project.graphs["Training"].role == "objective"


def test_a_graph_is_added_and_undone(window: Window):
    window.workspace.graphs.add("block")
    assert window.workspace.place.root == "Block"
    window.document.undo()
    assert window.workspace.place.root == "LeNet-5"
    assert window.workspace.tabs.count() == 1


def test_the_status_line_counts_weights_and_problems(window: Window):
    status = window.workbench.status
    assert status.facts["weights"].text() == "61,706 weights"
    assert status.problems.text() == "0 problems"
    window.document.apply_graph("LeNet-5", window.workspace.place.graph.remove(["Flatten"]), "Delete")
    assert status.problems.text() != "0 problems"


def test_a_palette_row_that_is_activated_lands_in_the_view(window: Window):
    tree = window.workbench.palette_panel.nodes
    tree.chosen.emit("ReLU")
    canvas = window.workspace.canvas
    assert canvas.selected == {"ReLU"}
    assert canvas.viewport().rect().contains(canvas.point_of("ReLU") + QPoint(1, 1))


def test_a_project_that_is_opened_leaves_the_window_as_large_as_it_was(window: Window) -> None:
    QApplication.processEvents()
    assert (window.width(), window.height()) == (1400, 900)
