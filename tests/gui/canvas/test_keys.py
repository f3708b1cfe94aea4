"""What a person does with the keyboard alone."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from studio.gui.canvas.canvas import Canvas
from studio.gui.canvas.walk import step
from tests.gui.canvas.conftest import Desk, small_network

Key, Keys = Qt.Key, Qt.KeyboardModifier


def test_arrows_go_along_links_and_up_and_down_by_position() -> None:
    graph = small_network()
    assert step(graph, "C1", "right") == "Tanh"
    assert step(graph, "Tanh", "left") == "C1"
    assert step(graph, "Flatten", "up") == "C1"
    assert step(graph, "C1", "down") == "Flatten"
    assert step(graph, "Image", "left") is None
    assert step(graph, "", "right") == "Image"


def test_arrows_select_node_after_node_and_bring_it_into_view(canvas: Canvas, desk: Desk, qtbot: QtBot) -> None:
    canvas.lens.pan(-900, 0)
    for _ in range(4):
        qtbot.keyClick(canvas, Key.Key_Right)
    assert canvas.selected == {"S2"}
    x, y, width, height = canvas.lens.camera.rect_to_view(canvas.drawing.nodes.rect("S2"))
    assert x >= 0
    assert x + width <= canvas.viewport().width()
    assert y >= 0
    assert y + height <= canvas.viewport().height()


def test_enter_opens_the_selected_node(canvas: Canvas, desk: Desk, qtbot: QtBot) -> None:
    canvas.select({"C1"})
    with qtbot.waitSignal(canvas.commands.opened) as told:
        qtbot.keyClick(canvas, Key.Key_Return)
    assert told.args == ["C1"]


@pytest.mark.parametrize("key", [Key.Key_Delete, Key.Key_Backspace])
def test_delete_takes_nodes_and_their_links_away(canvas: Canvas, desk: Desk, qtbot: QtBot, key: Key) -> None:
    canvas.select({"Tanh", "S2"})
    qtbot.keyClick(canvas, key)
    assert desk.labels == ["Delete 2 nodes"]
    assert set(desk.graph.nodes) == {"Image", "C1", "Flatten", "Scores", "Answer"}
    assert all({"Tanh", "S2"}.isdisjoint({link.source, link.target}) for link in desk.graph.links)
    assert canvas.selected == frozenset()


def test_control_delete_heals_the_gap(canvas: Canvas, desk: Desk, qtbot: QtBot) -> None:
    canvas.select({"Tanh"})
    qtbot.keyClick(canvas, Key.Key_Delete, Keys.ControlModifier)
    assert ("C1", "S2") in {(link.source, link.target) for link in desk.graph.links}


def test_control_a_selects_all(canvas: Canvas, desk: Desk, qtbot: QtBot) -> None:
    qtbot.keyClick(canvas, Key.Key_A, Keys.ControlModifier)
    assert canvas.selected == set(desk.graph.nodes)


@pytest.mark.parametrize(("key", "keys"), [(Key.Key_Tab, Keys.NoModifier), (Key.Key_A, Keys.ShiftModifier)])
def test_tab_and_shift_a_ask_for_a_node(canvas: Canvas, desk: Desk, qtbot: QtBot, key: Key, keys: Keys) -> None:
    with qtbot.waitSignal(canvas.commands.search_requested):
        qtbot.keyClick(canvas, key, keys)


def test_zoom_keys_step_through_the_fixed_zooms(canvas: Canvas, desk: Desk, qtbot: QtBot) -> None:
    qtbot.keyClick(canvas, Key.Key_Equal, Keys.ControlModifier)
    assert canvas.lens.camera.zoom == pytest.approx(1.25)
    qtbot.keyClick(canvas, Key.Key_Minus, Keys.ControlModifier)
    qtbot.keyClick(canvas, Key.Key_Minus, Keys.ControlModifier)
    assert canvas.lens.camera.zoom == pytest.approx(0.75)
    qtbot.keyClick(canvas, Key.Key_0, Keys.ControlModifier)
    assert canvas.lens.camera.zoom == pytest.approx(1.0)


def test_home_fits_all_and_f_the_selection(canvas: Canvas, desk: Desk, qtbot: QtBot) -> None:
    canvas.lens.pan(4000, 4000)
    qtbot.keyClick(canvas, Key.Key_Home)
    bounds = canvas.drawing.bounds()
    assert bounds is not None
    assert canvas.lens.camera.shows(bounds, canvas.lens.size)
    canvas.select({"Answer"})
    canvas.lens.pan(4000, 4000)
    qtbot.keyClick(canvas, Key.Key_F)
    assert canvas.lens.camera.shows(canvas.drawing.nodes.rect("Answer"), canvas.lens.size)


def test_alt_and_arrows_move_the_selected_nodes_on_the_grid(canvas: Canvas, desk: Desk, qtbot: QtBot) -> None:
    canvas.select({"C1"})
    qtbot.keyClick(canvas, Key.Key_Down, Keys.AltModifier)
    assert desk.graph.nodes["C1"].position == (304.0, 56.0)
    assert desk.labels == ["Move C1"]


def test_escape_deselects_first_and_then_leaves(canvas: Canvas, desk: Desk, qtbot: QtBot) -> None:
    canvas.select({"C1"})
    qtbot.keyClick(canvas, Key.Key_Escape)
    assert canvas.selected == frozenset()
    with qtbot.waitSignal(canvas.commands.left):
        qtbot.keyClick(canvas, Key.Key_Escape)


def test_keys_that_mean_nothing_here_are_left_to_the_window(canvas: Canvas, desk: Desk, qtbot: QtBot) -> None:
    before = canvas.lens.camera
    qtbot.keyClick(canvas, Key.Key_Q)
    qtbot.keyClick(canvas, Key.Key_F, Keys.ControlModifier)
    assert canvas.lens.camera == before
    assert desk.labels == []


def test_the_canvas_shows_that_it_has_the_keyboard_when_tabbed_to(canvas: Canvas, desk: Desk) -> None:
    accent = canvas.scene().theme.accent
    canvas.clearFocus()
    canvas.setFocus(Qt.FocusReason.BacktabFocusReason)
    assert canvas.grab().toImage().pixelColor(1, 300) == accent
    canvas.clearFocus()
    canvas.setFocus(Qt.FocusReason.MouseFocusReason)
    assert canvas.grab().toImage().pixelColor(1, 300) != accent
