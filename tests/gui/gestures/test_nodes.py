"""Select, add, connect, insert, detach, delete, duplicate, join, swap, bypass, collapse, move."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication

from studio.core import loom
from studio.core.graph import Link, Node
from studio.gui.canvas.alignment import Side
from studio.gui.inspector.inspector import Inspector
from tests.gui.canvas.test_drops import drop
from tests.gui.gestures.conftest import GRAPH, Key, Keys, Stage

ALT, CONTROL, SHIFT = Keys.AltModifier, Keys.ControlModifier, Keys.ShiftModifier
EMPTY = (1300.0, 20.0)
"""A point of the scene where nothing lies."""


def test_a_box_selects_and_shift_or_control_and_a_click_add(stage: Stage):
    x, y, width, height = stage.canvas.drawing.nodes.rect("Tanh")
    corner = stage.view(x - 12, y + height + 30)
    stage.hand.drag(corner, stage.view(x + width + 4, y + 4))
    assert stage.canvas.selected == {"Tanh"}
    stage.hand.click(stage.canvas.point_of("C1"), keys=SHIFT)
    stage.hand.click(stage.canvas.point_of("S2"), keys=CONTROL)
    assert stage.canvas.selected == {"Tanh", "C1", "S2"}
    assert stage.window.document.project is stage.before


def test_a_node_is_dragged_in_from_the_palette(stage: Stage):
    assert drop(stage.canvas, "ReLU", stage.view(*EMPTY))
    assert "ReLU" in stage.graph.nodes
    assert stage.is_undone()


@pytest.mark.parametrize("way", ["Tab", "Shift+A", "double-click", "right-click"])
def test_every_way_to_add_leads_to_one_search_box(stage: Stage, way: str):
    at = stage.view(*EMPTY)
    stage.hand.hover(at)
    if way == "Tab":
        stage.key(Key.Key_Tab)
    elif way == "Shift+A":
        stage.key(Key.Key_A, SHIFT)
    elif way == "double-click":
        stage.double_click(at)
    else:
        stage.hand.click(at, button=Qt.MouseButton.RightButton)
    stage.choose("fc")
    assert stage.graph.nodes["Linear"].type == "Linear"
    assert stage.is_undone()


def test_dragging_from_port_to_port_connects(stage: Stage):
    stage.add(Node("ReLU"), "Extra", (600.0, 700.0))
    stage.key(Key.Key_Home)
    port = stage.canvas.drawing.ports_of("Extra")[0].port
    stage.hand.drag(stage.canvas.point_of("C3", "out"), stage.canvas.point_of("Extra", port) + QPoint(-6, 3))
    assert ("C3", "Extra") in stage.pairs
    assert stage.is_undone()


def test_a_cycle_is_refused_while_dragging_with_the_reason_at_the_pointer(stage: Stage):
    port = next(port.port for port in stage.canvas.drawing.ports_of("C1") if not port.is_output)
    start, end = stage.canvas.point_of("C3", "out"), stage.canvas.point_of("C1", port)
    stage.hand.press(start)
    stage.hand.move(start + QPoint(20, 10))
    stage.hand.move(end)
    assert "cycle" in str(getattr(stage.canvas._pointer.gesture, "_reason", None))
    stage.hand.release(end)
    assert stage.window.document.project is stage.before


def test_a_value_of_a_kind_that_a_port_never_takes_is_refused_while_dragging(stage: Stage):
    # Far from the others: what is wrong with it is told in a callout that would lie over them.
    stage.add(Node("Conv2d"), "Extra", (1700.0, -300.0))
    port = next(port.port for port in stage.canvas.drawing.ports_of("Extra") if not port.is_output)
    stage.key(Key.Key_Home)
    start, end = stage.canvas.point_of("F6", "out"), stage.canvas.point_of("Extra", port)
    stage.hand.press(start)
    stage.hand.move(start + QPoint(20, 10))
    stage.hand.move(end)
    assert "image" in str(getattr(stage.canvas._pointer.gesture, "_reason", None))
    stage.hand.release(end)
    assert stage.window.document.project is stage.before


def test_a_link_let_go_on_empty_canvas_offers_what_fits_and_links_the_choice(stage: Stage):
    stage.hand.drag(stage.canvas.point_of("S2", "out"), stage.view(*EMPTY))
    assert "Conv2d" in stage.offered()
    assert "LSTM" not in stage.offered()
    stage.choose("Dropout")
    assert any(source == "S2" and target.startswith("Dropout") for source, target in stage.pairs)
    assert stage.is_undone()


def test_a_node_dropped_on_a_link_is_inserted_and_alt_keeps_it_off(stage: Stage):
    stage.add(Node("ReLU"), "Extra", (600.0, 700.0))
    start, link = stage.canvas.point_of("Extra"), stage.on_link("Image", "C1") + QPoint(0, 2)
    stage.hand.drag(start, link, keys=ALT)
    assert ("Image", "C1") in stage.pairs
    assert stage.is_undone()
    stage.hand.drag(start, link)
    assert {("Image", "Extra"), ("Extra", "C1")} <= stage.pairs
    assert ("Image", "C1") not in stage.pairs
    assert stage.is_undone()


def test_a_node_dragged_with_alt_leaves_its_links_which_heal_and_shows_that_on_the_way(stage: Stage):
    start, end = stage.canvas.point_of("Tanh"), stage.canvas.point_of("Tanh") + QPoint(0, 90)
    stage.hand.press(start, keys=ALT)
    for step in (30, 60, 90):
        stage.hand.move(start + QPoint(0, step), keys=ALT)
    shown = {(link.source, link.target) for link in stage.canvas.drawing.links.row}
    assert ("C1", "S2") in shown
    assert ("C1", "Tanh") not in shown
    stage.hand.move(end)
    assert {(link.source, link.target) for link in stage.canvas.drawing.links.row} == stage.pairs
    stage.hand.move(end, keys=ALT)
    stage.hand.release(end, keys=ALT)
    assert stage.labels == ["Detach Tanh"]
    assert ("C1", "S2") in stage.pairs
    assert not any("Tanh" in pair for pair in stage.pairs)
    assert stage.is_undone()


def test_escape_puts_a_node_back_into_its_links(stage: Stage):
    start = stage.canvas.point_of("Tanh")
    stage.hand.press(start, keys=ALT)
    stage.hand.move(start + QPoint(0, 90), keys=ALT)
    stage.key(Key.Key_Escape)
    assert {(link.source, link.target) for link in stage.canvas.drawing.links.row} == stage.pairs
    assert stage.canvas.point_of("Tanh") == start
    assert stage.window.document.project is stage.before


def test_the_keyboard_detaches_too(stage: Stage):
    stage.select("Tanh")
    stage.key(Key.Key_D, ALT)
    assert ("C1", "S2") in stage.pairs
    assert stage.is_undone()


@pytest.mark.parametrize(("key", "keys"), [(Key.Key_Delete, Keys.NoModifier), (Key.Key_Backspace, Keys.NoModifier)])
def test_delete_and_backspace_delete(stage: Stage, key: Key, keys: Keys):
    stage.select("Tanh")
    stage.key(key, keys)
    assert "Tanh" not in stage.graph.nodes
    assert ("C1", "S2") not in stage.pairs
    assert stage.is_undone()


def test_control_delete_heals(stage: Stage):
    stage.select("Tanh")
    stage.key(Key.Key_Delete, CONTROL)
    assert "Tanh" not in stage.graph.nodes
    assert ("C1", "S2") in stage.pairs
    assert stage.is_undone()


def test_duplicates_have_the_links_among_them_and_on_wish_those_that_come_from_outside(stage: Stage):
    stage.select("Tanh", "S2")
    stage.key(Key.Key_D, CONTROL)
    first, second = sorted(stage.canvas.selected)
    assert {first, second}.isdisjoint({"Tanh", "S2"})
    copies = {pair for pair in stage.pairs if set(pair) & {first, second}}
    assert len(copies) == 1
    assert stage.is_undone()
    stage.select("Tanh", "S2")
    stage.key(Key.Key_D, CONTROL | SHIFT)
    copies = {pair for pair in stage.pairs if set(pair) & stage.canvas.selected}
    assert len(copies) == 2
    assert "C1" in {source for source, _ in copies}
    assert stage.is_undone()


def test_cut_and_paste_go_by_readable_text_and_paste_at_the_pointer(stage: Stage):
    stage.select("C1", "Tanh")
    stage.key(Key.Key_C, CONTROL)
    assert set(loom.loads(QGuiApplication.clipboard().text()).graphs["Copied"].nodes) == {"C1", "Tanh"}
    at = stage.view(*EMPTY)
    stage.hand.hover(at)
    stage.key(Key.Key_V, CONTROL)
    pasted = stage.canvas.selected
    assert len(pasted) == 2
    assert min(stage.graph.nodes[name].position[0] for name in pasted) == pytest.approx(EMPTY[0], abs=8)
    assert stage.is_undone()
    stage.select("C1", "Tanh")
    stage.key(Key.Key_X, CONTROL)
    assert "C1" not in stage.graph.nodes
    assert stage.is_undone()


def test_a_clipboard_without_nodes_is_said(stage: Stage):
    QGuiApplication.clipboard().setText("a poem")
    stage.key(Key.Key_V, CONTROL)
    assert "holds no nodes" in stage.said
    assert stage.window.document.project is stage.before


def test_j_links_selected_nodes_in_the_order_of_the_clicks(stage: Stage):
    for name, at in (("One", (900.0, 700.0)), ("Two", (300.0, 700.0)), ("Three", (600.0, 700.0))):
        stage.add(Node("ReLU"), name, at)
    stage.canvas.lens.reveal((0.0, 300.0, 1200.0, 500.0))
    stage.select("One", "Two", "Three")
    stage.key(Key.Key_J)
    assert {("One", "Two"), ("Two", "Three")} <= stage.pairs
    assert stage.labels == ["Connect 3 nodes in order"]
    assert stage.is_undone()


def test_j_goes_from_left_to_right_after_a_box_and_says_what_cannot_be_linked(stage: Stage):
    for name, at in (("One", (900.0, 700.0)), ("Two", (300.0, 700.0))):
        stage.add(Node("ReLU"), name, at)
    stage.canvas.select({"One", "Two", "Image"})
    stage.key(Key.Key_J)
    assert ("Two", "One") in stage.pairs
    assert stage.is_undone()
    stage.canvas.select({"Image", "S2"})
    stage.key(Key.Key_J)
    assert stage.said == "Image was not linked to S2: S2 has no free input."
    assert stage.window.document.project is stage.before


def test_shift_s_swaps_the_type_and_keeps_links_settings_and_a_given_name(stage: Stage):
    stage.select("C1")
    stage.key(Key.Key_S, SHIFT)
    assert "LSTM" not in stage.offered()
    stage.choose("DepthwiseConv2d")
    node = stage.graph.nodes["C1"]
    assert (node.type, node.settings["kernel"]) == ("DepthwiseConv2d", 5)
    assert {("Image", "C1"), ("C1", "Tanh")} <= stage.pairs
    assert stage.is_undone()


def test_m_bypasses_and_says_why_not_where_shapes_forbid_it(stage: Stage):
    stage.select("Tanh")
    stage.key(Key.Key_M)
    assert stage.graph.nodes["Tanh"].bypassed
    assert stage.is_undone()
    stage.select("Flatten")
    stage.key(Key.Key_M)
    assert stage.said.startswith("Flatten cannot be bypassed. At C5: ")
    assert stage.window.document.project is stage.before


def test_h_collapses(stage: Stage):
    stage.select("C1")
    height = stage.canvas.drawing.nodes.rect("C1")[3]
    stage.key(Key.Key_H)
    assert stage.canvas.drawing.nodes.rect("C1")[3] < height
    assert stage.is_undone()


def test_f2_renames(stage: Stage):
    stage.select("C1")
    stage.key(Key.Key_F2)
    field = stage.window.focusWidget()
    assert field is not None
    assert isinstance(stage.window.workbench.inspector, Inspector)
    stage.qtbot.keyClicks(field, "First")
    stage.qtbot.keyClick(field, Key.Key_Return)
    assert ("Image", "First") in stage.pairs
    assert stage.is_undone()


@pytest.mark.parametrize(("keys", "step"), [(ALT, 8), (ALT | SHIFT, 64)])
def test_alt_and_arrows_nudge_and_with_shift_far(stage: Stage, keys: Keys, step: int):
    stage.select("C1")
    x, y = stage.graph.nodes["C1"].position
    stage.key(Key.Key_Right, keys)
    assert stage.graph.nodes["C1"].position == (x + step, y)
    assert stage.is_undone()


def test_a_selection_is_inverted_and_grown_along_links(stage: Stage):
    stage.select("Tanh")
    stage.key(Key.Key_Left, SHIFT)
    assert stage.canvas.selected == {"Image", "C1", "Tanh"}
    stage.key(Key.Key_I, CONTROL)
    assert stage.canvas.selected == stage.graph.nodes.keys() - {"Image", "C1", "Tanh"}
    stage.select("Output")
    stage.key(Key.Key_Right, SHIFT)
    assert stage.canvas.selected == {"Output", "Scores"}
    stage.key(Key.Key_A, CONTROL)
    assert stage.canvas.selected == stage.graph.nodes.keys()
    assert stage.window.document.project is stage.before


@pytest.mark.parametrize("side", ["left", "bottom"])
def test_selected_nodes_line_up(stage: Stage, side: Side):
    stage.select("C1", "C3", "C5")
    stage.window.workspace.rewiring.align(side)
    rects = [stage.canvas.drawing.nodes.rect(name) for name in ("C1", "C3", "C5")]
    edges = {rect[0] if side == "left" else rect[1] + rect[3] for rect in rects}
    assert len(edges) == 1
    assert len(stage.labels) <= 1


def test_a_right_click_on_a_node_offers_what_can_be_done_with_it(stage: Stage):
    stage.hand.click(stage.canvas.point_of("Tanh"), button=Qt.MouseButton.RightButton)
    menu = stage.window.context_menus.menu
    assert menu is not None
    rows = {action.text().partition("\t")[0]: action for action in menu.actions()}
    assert {"Rename", "Bypass", "Swap the type…", "Detach", "Delete and heal"} <= rows.keys()
    rows["Bypass"].trigger()
    menu.close()
    assert stage.graph.nodes["Tanh"].bypassed
    assert stage.is_undone()


def test_a_link_is_taken_off_its_input_and_led_elsewhere_or_let_go(stage: Stage):
    old = next(link for link in stage.graph.links if link.target == "Tanh")
    stage.hand.drag(stage.canvas.point_of("Tanh", old.input), stage.view(*EMPTY))
    assert ("C1", "Tanh") not in stage.pairs
    assert Link("C1", "out", "Tanh", old.input) not in stage.window.document.project.graphs[GRAPH].links
    assert stage.is_undone()


@pytest.mark.parametrize(("key", "keys"), [(Key.Key_Z, CONTROL | SHIFT), (Key.Key_Y, CONTROL)])
def test_what_was_undone_is_done_again(stage: Stage, key: Key, keys: Keys):
    stage.select("Tanh")
    stage.key(Key.Key_Delete)
    done = stage.window.document.project
    stage.key(Key.Key_Z, CONTROL)
    assert stage.window.document.project is stage.before
    stage.key(key, keys)
    assert stage.window.document.project is done
    assert stage.is_undone()


@pytest.mark.parametrize(
    "title",
    [
        "Connect in order",
        "Swap the type…",
        "Detach",
        "Duplicate with links",
        "Delete and heal",
        "Bypass",
        "Collapse",
        "Comment frame",
        "Add a reroute point",
        "Invert the selection",
        "Select what feeds it",
        "Select what it feeds",
        "Align: Left edges",
        "Tidy up",
        "Rename",
    ],
)
def test_gestures_are_found_by_searching_everything(stage: Stage, title: str):
    stage.select("C1", "Tanh")
    stage.key(Key.Key_P, CONTROL | SHIFT)
    stage.qtbot.keyClicks(stage.popup().field, title.removesuffix("…"))
    assert title in stage.offered()
    stage.popup().close()
