"""What a person does with blocks, with real mouse and keys on the real window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QInputDialog, QLineEdit, QMenu, QWidget
from pytestqt.qtbot import QtBot

from studio.core import loom
from studio.core.graph import Graph
from studio.core.project import Project
from studio.gui.blocks.library import library_folder
from studio.gui.canvas.drops import NODE_MIME
from studio.gui.palette.popup import SearchPopup
from studio.gui.widgets.button import Button
from studio.gui.window import Window
from tests.gui.canvas.conftest import Hand
from tests.gui.conftest import OpenWindow

W = TypeVar("W", bound=QWidget)
Key, Keys = Qt.Key, Qt.KeyboardModifier
CTRL, ALT = Keys.ControlModifier, Keys.AltModifier
NAME = "LeNet-5"


@pytest.fixture(autouse=True)
def _library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A library of this test alone."""
    monkeypatch.setenv("LAYERLOOM_HOME", str(tmp_path))


def network(window: Window) -> Graph:
    return window.document.project.graphs[NAME]


def press(qtbot: QtBot, window: Window, key: Qt.Key, keys: Qt.KeyboardModifier = Keys.NoModifier) -> None:
    window.workspace.canvas.setFocus()
    qtbot.keyClick(window.workspace.canvas, key, keys)


def band(window: Window, first: str, last: str) -> None:
    """Draw a rubber band from above the first node to below the last."""
    canvas = window.workspace.canvas
    rects = [canvas.drawing.nodes.rect(name) for name in (first, last)]
    left, top = canvas.lens.camera.to_view((rects[0][0] - 12, rects[0][1] - 8))
    right, bottom = canvas.lens.camera.to_view((rects[1][0] + rects[1][2] + 6, rects[1][1] + rects[1][3] + 6))
    Hand(canvas).drag(QPoint(round(left), round(top)), QPoint(round(right), round(bottom)))


def write(qtbot: QtBot, line: QLineEdit, text: str) -> None:
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, text)
    qtbot.keyClick(line, Key.Key_Return)


def field(window: Window, name: str, axis: int = 0) -> QLineEdit:
    """The line in which a setting of the selected node is written."""
    form = window.workbench.inspector.node._form
    assert form is not None
    return form.rows[name].field.findChildren(QLineEdit)[axis]


def named(parent: QWidget, kind: type[W], name: str) -> W:
    QApplication.processEvents()  # what was put into a layout is shown in the next turn
    return next(each for each in parent.findChildren(kind) if each.accessibleName() == name and each.isVisible())


def said(window: Window) -> str:
    return window.workspace.notices.sentence


def choose(menu: QMenu, text: str) -> None:
    action = next(each for each in menu.actions() if each.text().startswith(text))
    action.trigger()
    menu.close()


@pytest.fixture
def blocked(window: Window, qtbot: QtBot) -> Window:
    """LeNet-5 with C3, Tanh 2 and S4 in a block, which is selected."""
    window.workspace.canvas.select({"C3", "Tanh 2", "S4"})
    press(qtbot, window, Key.Key_G, CTRL)
    return window


def test_a_band_a_block_an_edit_inside_three_repeats_and_all_the_way_back(window: Window, qtbot: QtBot) -> None:
    place, document, before = window.workspace.place, window.document, window.document.project
    band(window, "C1", "Tanh")
    assert set(place.selected) == {"C1", "Tanh"}
    press(qtbot, window, Key.Key_G, CTRL)
    assert place.selected == ("Block",)
    assert document.diagnosis.networks[NAME].weights == 61_706
    Hand(window.workspace.canvas).click(window.workspace.canvas.point_of("Block"))
    press(qtbot, window, Key.Key_Return)
    assert (place.path, place.graph_name) == (("Block",), "Block")
    window.workspace.canvas.select({"C1"})
    write(qtbot, field(window, "filters"), "1")
    for axis in (0, 1):
        write(qtbot, field(window, "padding", axis), "2")
    press(qtbot, window, Key.Key_Escape)
    press(qtbot, window, Key.Key_Escape)
    assert (place.path, place.selected) == ((), ("Block",))
    write(qtbot, field(window, "repeat"), "3")
    assert network(window).nodes["Block"].repeat == 3
    assert document.diagnosis.networks[NAME].nodes["Block"].outputs["out"].sizes == (1, 32, 32)
    labels = [step.label for step in document.steps[1:]]
    assert labels == ["Make block Block", "Filters of C1", "Padding of C1", "Repeat of Block"]
    seen = []
    while document.position:
        press(qtbot, window, Key.Key_Z, CTRL)
        seen.append((place.path, place.selected))
    assert seen == [((), ("Block",)), (("Block",), ("C1",)), (("Block",), ("C1",)), ((), ("C1", "Tanh"))]
    assert document.project is before
    press(qtbot, window, Key.Key_Y, CTRL)
    press(qtbot, window, Key.Key_Y, CTRL)
    assert place.path == ("Block",)


def test_a_dissolved_block_leaves_what_it_was_made_of(blocked: Window, qtbot: QtBot) -> None:
    press(qtbot, blocked, Key.Key_G, CTRL | ALT)
    assert "Block" not in blocked.document.project.graphs
    assert set(blocked.workspace.place.selected) == {"C3", "Tanh 2", "S4"}
    assert blocked.document.diagnosis.networks[NAME].weights == 61_706
    assert blocked.document.steps[-1].label == "Dissolve Block"


def test_what_cannot_be_a_block_or_be_dissolved_is_said(window: Window, qtbot: QtBot) -> None:
    window.workspace.canvas.select({"C1", "S2"})
    press(qtbot, window, Key.Key_G, CTRL)
    assert said(window).startswith("Tanh would need the block")
    window.workspace.canvas.select({"Image", "C1"})
    press(qtbot, window, Key.Key_G, CTRL)
    assert said(window) == "Image stays outside: it is where values enter and leave this graph."
    window.workspace.show_objective()
    window.workspace.canvas.select({"Data"})
    press(qtbot, window, Key.Key_G, CTRL)
    assert said(window).startswith("Blocks are made in networks")


def test_levels_remember_their_selection_and_the_breadcrumb_leads_back(blocked: Window, qtbot: QtBot) -> None:
    place, canvas = blocked.workspace.place, blocked.workspace.canvas
    place_of_block = canvas.point_of("Block")
    qtbot.mouseDClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=place_of_block)
    assert place.path == ("Block",)
    canvas.select({"S4"})
    crumb = named(blocked, Button, f"Go back to {NAME}")
    qtbot.mouseClick(crumb, Qt.MouseButton.LeftButton)
    assert place.path == ()
    press(qtbot, blocked, Key.Key_Return, CTRL)
    assert (place.path, place.selected) == (("Block",), ("S4",))
    press(qtbot, blocked, Key.Key_Backspace, CTRL)
    assert (place.path, place.selected) == ((), ("Block",))


def test_a_setting_becomes_a_parameter_that_each_place_sets(blocked: Window, qtbot: QtBot) -> None:
    press(qtbot, blocked, Key.Key_Return, CTRL)
    blocked.workspace.canvas.select({"C3"})
    page = blocked.workbench.inspector.node
    opened: list[QMenu] = []
    page.exposing.open_menu = recording(page.exposing.open_menu, opened)  # type: ignore[method-assign]
    line = field(blocked, "filters")
    send_context_menu(line)
    choose(opened[0], "Make a parameter of the block")
    block = blocked.document.project.graphs["Block"]
    assert (block.parameters, block.nodes["C3"].settings["filters"]) == ({"filters": 16}, "=filters")
    press(qtbot, blocked, Key.Key_Backspace, CTRL)
    write(qtbot, field(blocked, "filters"), "8")
    assert network(blocked).nodes["Block"].settings == {"filters": 8}
    assert blocked.document.diagnosis.networks[NAME].nodes["Block"].outputs["out"].sizes == (8, 5, 5)
    assert blocked.document.project.graphs["Block"].parameters == {"filters": 16}


def recording(do: Callable[..., QMenu], opened: list[QMenu]) -> Callable[..., QMenu]:
    def wrapped(*given: object) -> QMenu:
        opened.append(do(*given))
        return opened[-1]

    return wrapped


def send_context_menu(widget: QWidget) -> None:
    """Right-click in the middle of a widget; what it does not want goes to those around it, as Qt has it."""
    at: QWidget | None = widget
    while at is not None and at.contextMenuPolicy() == Qt.ContextMenuPolicy.NoContextMenu:
        at = at.parentWidget()
    assert at is not None
    spot = at.mapFromGlobal(widget.mapToGlobal(widget.rect().center()))
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, spot, widget.mapToGlobal(widget.rect().center()))
    QApplication.sendEvent(at, event)


def test_ports_and_parameters_are_edited_on_the_page_of_the_graph(blocked: Window, qtbot: QtBot) -> None:
    press(qtbot, blocked, Key.Key_Return, CTRL)
    blocked.workbench.inspector_tabs.setCurrentIndex(1)
    page = blocked.workbench.inspector.network
    write(qtbot, named(page, QLineEdit, "Name of the input image"), "maps")
    assert any(link.target == "Block" and link.input == "maps" for link in network(blocked).links)
    assert not blocked.document.diagnosis.problems
    add = next(each for each in page.ports["Input"].findChildren(Button) if each.text() == "Add an input")
    qtbot.mouseClick(add, Qt.MouseButton.LeftButton)
    assert blocked.document.project.graphs["Block"].inputs() == ("maps", "Input")
    qtbot.mouseClick(named(page, Button, "Move Input up"), Qt.MouseButton.LeftButton)
    assert blocked.document.project.graphs["Block"].inputs() == ("Input", "maps")
    press(qtbot, blocked, Key.Key_Z, CTRL)
    assert blocked.document.project.graphs["Block"].inputs() == ("maps", "Input")
    qtbot.mouseClick(named(page, Button, "Remove maps"), Qt.MouseButton.LeftButton)
    assert not any(link.target == "Block" for link in network(blocked).links)
    write(qtbot, named(page, QLineEdit, "Name of the graph"), "Stem")
    assert network(blocked).nodes["Block"].graph == "Stem"
    assert blocked.workspace.place.graph_name == "Stem"


def test_a_block_cannot_be_put_into_itself(blocked: Window, qtbot: QtBot) -> None:
    press(qtbot, blocked, Key.Key_C, CTRL)
    press(qtbot, blocked, Key.Key_Return, CTRL)
    before = blocked.document.project
    sentence = "Block cannot stand inside itself."
    blocked.workbench.palette_panel.node_chosen.emit("Block:Block")
    assert said(blocked) == sentence
    blocked.workspace.notices.show("")
    press(qtbot, blocked, Key.Key_V, CTRL)
    assert said(blocked) == f"These nodes cannot be pasted here: {sentence}"
    drop(blocked, "Block:Block", QPoint(300, 200))
    assert blocked.document.project is before
    blocked.workspace.notices.show("")
    press(qtbot, blocked, Key.Key_Tab)
    popup = blocked.findChildren(SearchPopup)[-1]
    qtbot.keyClicks(popup.field, "Block")
    qtbot.keyClick(popup.field, Key.Key_Return)
    assert said(blocked) == sentence
    assert blocked.document.project is before


def drop(window: Window, payload: str, at: QPoint) -> None:
    """Drag a row of the palette over the canvas and let it go."""
    data = QMimeData()
    data.setData(NODE_MIME, payload.encode())
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Keys.NoModifier
    viewport = window.workspace.canvas.viewport()
    QApplication.sendEvent(viewport, QDragEnterEvent(at, copy, data, left, none))
    window.workspace.canvas.grab()
    QApplication.sendEvent(viewport, QDropEvent(QPointF(at), copy, data, left, none))


def test_a_block_of_the_library_is_dropped_into_another_project(
    blocked: Window, open_window: OpenWindow, qtbot: QtBot
) -> None:
    blocked.run("Save the block to the library")
    assert said(blocked) == "Block is in your library now, which every project finds under Blocks."
    other = open_window("cnn")
    other.workbench.palette_panel.show_page(1)
    tree = other.workbench.palette_panel.blocks
    payload = tree.topLevelItem(0).child(0).data(0, Qt.ItemDataRole.UserRole).payload
    assert payload == "Saved block:Block"
    drop(other, payload, QPoint(60, 30))
    graphs = other.document.project.graphs
    assert graphs["Block"] == blocked.document.project.graphs["Block"]
    assert graphs["CNN"].nodes["Block"].graph == "Block"
    assert other.document.steps[-1].label == "Add Block"
    tree.chosen.emit(payload)
    assert set(other.document.project.graphs) == {"CNN", "Block"}
    assert other.document.project.graphs["CNN"].nodes["Block 2"].graph == "Block"


def test_the_library_is_kept_in_order_and_says_what_is_broken(
    blocked: Window, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    palette, offers = blocked.workbench.palette_panel, blocked.workbench.offers
    blocked.workspace.blocks.keeping.save("Block")
    (library_folder() / "Broken.loom").write_text("{", encoding="utf-8")
    palette.show_page(1)
    assert "A block of your library was passed over" in palette.complaint.text()
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: ("Stage", True))
    choose(offers.menu.open("Saved block:Block", QPoint()), "Rename")  # type: ignore[arg-type]
    assert blocked.workspace.blocks.keeping.names() == ["Stage"]
    assert loom.load(library_folder() / "Stage.loom").graphs["Stage"].role == "block"
    choose(offers.menu.open("Block:Block", QPoint()), "Rename")  # type: ignore[arg-type]
    assert "Stage" in blocked.document.project.graphs
    choose(offers.menu.open("Block:Stage", QPoint()), "Delete")  # type: ignore[arg-type]
    assert said(blocked) == f"Stage stands in {NAME}. Delete or dissolve it there first."
    choose(offers.menu.open("Saved block:Stage", QPoint()), "Remove")  # type: ignore[arg-type]
    assert blocked.workspace.blocks.keeping.names() == []
    assert offers.menu.open("Conv2d", QPoint()) is None


def test_a_pasted_block_brings_its_graphs_along(blocked: Window, qtbot: QtBot) -> None:
    blocked.workspace.canvas.select({"Block", "Flatten"})
    press(qtbot, blocked, Key.Key_G, CTRL)
    press(qtbot, blocked, Key.Key_C, CTRL)
    blocked.document.open(Project("other", {"N": Graph({})}))
    press(qtbot, blocked, Key.Key_V, CTRL)
    project = blocked.document.project
    assert set(project.graphs) == {"N", "Block", "Block 2"}
    assert project.graphs["N"].nodes["Block 2"].graph == "Block 2"


def test_weights_are_shared_from_the_inspector(blocked: Window, qtbot: QtBot) -> None:
    press(qtbot, blocked, Key.Key_D, CTRL)
    assert blocked.workspace.place.selected == ("Block 2",)
    form = blocked.workbench.inspector.node._form
    assert form is not None
    form.rows["weights_of"].field.committed.emit("Block")
    assert network(blocked).nodes["Block 2"].shares_with == "Block"
    blocked.workspace.canvas.select({"Block"})
    assert "weights_of" not in blocked.workbench.inspector.node._form.rows  # type: ignore[union-attr]


def test_a_unique_block_has_a_graph_of_its_own(blocked: Window, qtbot: QtBot) -> None:
    press(qtbot, blocked, Key.Key_D, CTRL)
    blocked.run("Make the block unique")
    assert network(blocked).nodes["Block 2"].graph == "Block 2"
    assert blocked.document.project.graphs["Block 2"] == blocked.document.project.graphs["Block"]


def test_the_menu_of_a_node_offers_what_fits_it(blocked: Window, qtbot: QtBot) -> None:
    canvas = blocked.workspace.canvas
    for node, offered in (("Block", True), ("C1", False)):
        Hand(canvas).click(canvas.point_of(node), button=Qt.MouseButton.RightButton)
        menu = blocked.findChildren(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly)[-1]
        titles = [action.text().split("\t")[0] for action in menu.actions()]
        assert ("Dissolve the block" in titles) is offered
        assert "Make a block" in titles
        menu.close()
