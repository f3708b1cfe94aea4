"""What a person does with the mouse, by real events."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QNativeGestureEvent, QPointingDevice
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.core.graph import Link, Node
from studio.gui.canvas.camera import Camera
from studio.gui.canvas.canvas import Canvas
from studio.gui.canvas.geometry import PlacedPort
from tests.gui.canvas.conftest import Desk, Hand, plain_link

Button, Keys = Qt.MouseButton, Qt.KeyboardModifier
EMPTY = QPoint(1100, 500)


def test_a_click_selects_a_node_and_a_click_beside_it_none(canvas: Canvas, desk: Desk, hand: Hand) -> None:
    told: list[frozenset[str]] = []
    canvas.selection_changed.connect(told.append)
    hand.click(canvas.point_of("C1"))
    hand.click(EMPTY)
    assert told == [frozenset({"C1"}), frozenset()]


@pytest.mark.parametrize("key", [Keys.ShiftModifier, Keys.ControlModifier])
def test_clicks_with_a_modifier_add_and_take_away(canvas: Canvas, desk: Desk, hand: Hand, key: Keys) -> None:
    hand.click(canvas.point_of("C1"))
    hand.click(canvas.point_of("Tanh"), keys=key)
    assert canvas.selected == {"C1", "Tanh"}
    hand.click(canvas.point_of("C1"), keys=key)
    assert canvas.selected == {"Tanh"}


def test_a_box_selects_what_it_touches_and_with_shift_in_addition(canvas: Canvas, desk: Desk, hand: Hand) -> None:
    hand.drag(QPoint(290, 230), QPoint(700, 300))
    assert canvas.selected == {"Flatten", "Scores"}
    hand.drag(QPoint(560, 20), QPoint(640, 60), keys=Keys.ShiftModifier)
    assert canvas.selected == {"Flatten", "Scores", "Tanh"}


def test_escape_takes_a_box_back(canvas: Canvas, desk: Desk, hand: Hand, qtbot: QtBot) -> None:
    canvas.select({"Image"})
    hand.press(QPoint(290, 230))
    hand.move(QPoint(700, 300))
    assert canvas.selected == {"Flatten", "Scores"}
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.selected == {"Image"}


def test_a_dragged_node_snaps_to_the_grid_and_leaves_one_edit(canvas: Canvas, desk: Desk, hand: Hand) -> None:
    start = canvas.point_of("C1")
    hand.drag(start, start + QPoint(37, 100))
    assert desk.labels == ["Move C1"]
    assert desk.graph.nodes["C1"].position == (344.0, 144.0)
    assert canvas.drawing.nodes.rect("C1")[:2] == (344.0, 144.0)


def test_some_pixels_of_drift_do_not_move_a_node(canvas: Canvas, desk: Desk, hand: Hand) -> None:
    start = canvas.point_of("C1")
    hand.drag(start, start + QPoint(2, 1))
    assert desk.labels == []
    assert canvas.selected == {"C1"}


def test_all_selected_nodes_move_together(canvas: Canvas, desk: Desk, hand: Hand) -> None:
    canvas.select({"C1", "Tanh"})
    start = canvas.point_of("Tanh")
    hand.drag(start, start + QPoint(0, 40))
    assert desk.labels == ["Move 2 nodes"]
    assert [desk.graph.nodes[name].position[1] for name in ("Image", "C1", "Tanh")] == [48, 88, 88]


def test_escape_puts_a_dragged_node_back(canvas: Canvas, desk: Desk, hand: Hand, qtbot: QtBot) -> None:
    start = canvas.point_of("C1")
    hand.press(start)
    hand.move(start + QPoint(80, 80))
    assert canvas.drawing.nodes.rect("C1")[:2] != (304.0, 48.0)
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.drawing.nodes.rect("C1")[:2] == (304.0, 48.0)
    assert desk.labels == []


def test_dragging_from_port_to_port_connects_and_replaces_what_was_there(
    canvas: Canvas, desk: Desk, hand: Hand
) -> None:
    wanted = plain_link("C1", "Flatten")
    hand.drag(canvas.point_of("C1", wanted.output), canvas.point_of("Flatten", wanted.input) + QPoint(-9, 4))
    assert desk.labels == ["Connect C1 to Flatten"]
    assert wanted in desk.graph.links
    assert plain_link("S2", "Flatten") not in desk.graph.links


def test_a_link_may_be_let_go_on_the_body_of_a_node(canvas: Canvas, desk: Desk, hand: Hand) -> None:
    wanted = plain_link("C1", "Flatten")
    hand.drag(canvas.point_of("C1", wanted.output), canvas.point_of("Flatten"))
    assert wanted in desk.graph.links


def test_a_cycle_is_refused_with_the_reason_at_the_pointer(canvas: Canvas, desk: Desk, hand: Hand) -> None:
    back = plain_link("S2", "C1")
    start, end = canvas.point_of("S2", back.output), canvas.point_of("C1", back.input)
    hand.press(start)
    hand.move(start + QPoint(30, 0))
    hand.move(end)
    before = canvas.grab().toImage()
    hint = before.pixelColor(end.x() + 40, end.y() + 20)
    hand.release(end)
    assert desk.labels == []
    assert canvas.grab().toImage().pixelColor(end.x() + 40, end.y() + 20) != hint


def test_ports_where_a_link_may_end_light_up(canvas: Canvas, desk: Desk, hand: Hand, qtbot: QtBot) -> None:
    wanted = plain_link("C1", "Flatten")
    ring = canvas.point_of("Flatten", wanted.input) - QPoint(9, 0)
    start = canvas.point_of("C1", wanted.output)
    hand.press(start)
    hand.move(start + QPoint(20, 120))
    accent = canvas.scene().theme.accent
    qtbot.waitUntil(lambda: canvas.grab().toImage().pixelColor(ring) == accent, timeout=2000)
    hand.release(start + QPoint(20, 120))
    assert canvas.grab().toImage().pixelColor(ring) != accent


def test_a_link_taken_off_an_input_and_let_go_is_gone(canvas: Canvas, desk: Desk, hand: Hand) -> None:
    old = plain_link("C1", "Tanh")
    hand.drag(canvas.point_of("Tanh", old.input), EMPTY)
    assert desk.labels == ["Disconnect C1 from Tanh"]
    assert old not in desk.graph.links


def test_a_link_taken_off_an_input_can_be_led_to_another(canvas: Canvas, desk: Desk, hand: Hand) -> None:
    old, new = plain_link("C1", "Tanh"), plain_link("C1", "Flatten")
    hand.drag(canvas.point_of("Tanh", old.input), canvas.point_of("Flatten", new.input))
    assert desk.labels == ["Connect C1 to Flatten"]
    assert new in desk.graph.links
    assert old not in desk.graph.links


def test_a_link_let_go_where_it_was_changes_nothing(canvas: Canvas, desk: Desk, hand: Hand) -> None:
    at = canvas.point_of("Tanh", plain_link("C1", "Tanh").input)
    hand.press(at)
    hand.move(at + QPoint(40, 40))
    hand.move(at)
    hand.release(at)
    assert desk.labels == []


def test_a_new_link_let_go_on_empty_canvas_asks_for_what_fits(
    canvas: Canvas, desk: Desk, hand: Hand, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(canvas.commands.link_dropped) as told:
        hand.drag(canvas.point_of("C1", "out"), EMPTY)
    port, place = told.args
    assert isinstance(port, PlacedPort)
    assert (port.node, port.port, port.is_output) == ("C1", "out", True)
    assert place == QPointF(EMPTY)


def test_a_loose_node_let_go_on_a_link_is_put_on_it(canvas: Canvas, desk: Desk, hand: Hand) -> None:
    desk.take(desk.graph.add("ReLU", Node("ReLU", {}, (304.0, 400.0))), "Add ReLU")
    on_link = canvas.point_of("C1", "out") + QPoint(40, 0)
    hand.drag(canvas.point_of("ReLU"), on_link)
    assert desk.labels[-1] == "Insert ReLU"
    after = {(link.source, link.target) for link in desk.graph.links}
    assert {("C1", "ReLU"), ("ReLU", "Tanh")} <= after
    assert ("C1", "Tanh") not in after


def test_alt_keeps_a_loose_node_off_the_link(canvas: Canvas, desk: Desk, hand: Hand) -> None:
    desk.take(desk.graph.add("ReLU", Node("ReLU", {}, (304.0, 400.0))), "Add ReLU")
    on_link = canvas.point_of("C1", "out") + QPoint(40, 0)
    hand.drag(canvas.point_of("ReLU"), on_link, keys=Keys.AltModifier)
    assert desk.labels[-1] == "Move ReLU"


def test_a_clicked_link_can_be_deleted(canvas: Canvas, desk: Desk, hand: Hand, qtbot: QtBot) -> None:
    link = plain_link("C1", "Tanh")
    hand.click(canvas.point_of("C1", link.output) + QPoint(24, 0))
    qtbot.keyClick(canvas, Qt.Key.Key_Delete)
    assert desk.labels == ["Disconnect C1 from Tanh"]


def test_the_middle_button_moves_the_view_and_no_node(canvas: Canvas, desk: Desk, hand: Hand) -> None:
    start = canvas.point_of("C1")
    hand.drag(start, start + QPoint(50, -20), button=Button.MiddleButton)
    assert canvas.point_of("C1") == start + QPoint(50, -20)
    assert desk.labels == []


def test_space_and_the_left_button_move_the_view(canvas: Canvas, desk: Desk, hand: Hand, qtbot: QtBot) -> None:
    start = canvas.point_of("C1")
    qtbot.keyPress(canvas, Qt.Key.Key_Space)
    hand.drag(start, start + QPoint(50, -20))
    qtbot.keyRelease(canvas, Qt.Key.Key_Space)
    assert canvas.point_of("C1") == start + QPoint(50, -20)
    assert canvas.selected == frozenset()


def test_the_wheel_zooms_at_the_pointer(canvas: Canvas, desk: Desk, hand: Hand) -> None:
    at = canvas.point_of("Tanh")
    hand.wheel(at, QPoint(0, 120))
    assert canvas.lens.camera.zoom > 1
    moved = canvas.point_of("Tanh") - at
    assert abs(moved.x()) <= 1
    assert abs(moved.y()) <= 1


def test_two_fingers_move_the_view_and_with_control_they_zoom(canvas: Canvas, desk: Desk, hand: Hand) -> None:
    start = canvas.point_of("C1")
    hand.wheel(start, QPoint(30, -60), pixels=QPoint(10, -20))
    assert canvas.point_of("C1") == start + QPoint(10, -20)
    hand.wheel(start, QPoint(0, 60), pixels=QPoint(0, 20), keys=Keys.ControlModifier)
    assert canvas.lens.camera.zoom > 1


def test_a_pinch_zooms(canvas: Canvas, desk: Desk) -> None:
    at = QPointF(300, 300)
    device = QPointingDevice.primaryPointingDevice()
    kind = Qt.NativeGestureType.ZoomNativeGesture
    QApplication.sendEvent(canvas.viewport(), QNativeGestureEvent(kind, device, 2, at, at, at, 0.25, QPointF(), 0))
    assert canvas.lens.camera.zoom == pytest.approx(1.25)


def test_after_a_pause_a_zoomed_view_is_as_sharp_as_one_painted_at_once(
    canvas: Canvas, desk: Desk, hand: Hand, qtbot: QtBot
) -> None:
    for _ in range(3):
        hand.wheel(QPoint(400, 200), QPoint(0, -120))
        canvas.grab()
    qtbot.waitUntil(lambda: canvas.lens.held_rect() is None, timeout=2000)
    after_pause = canvas.grab().toImage()
    canvas.lens.look(Camera(canvas.lens.camera.scale, canvas.lens.camera.x, canvas.lens.camera.y))
    canvas.finish()
    assert canvas.grab().toImage() == after_pause


def test_a_double_click_opens_a_node_and_on_empty_canvas_the_search(
    canvas: Canvas, desk: Desk, hand: Hand, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(canvas.commands.opened) as opened:
        hand.send(QEvent.Type.MouseButtonDblClick, canvas.point_of("C1"))
    assert opened.args == ["C1"]
    with qtbot.waitSignal(canvas.commands.search_requested) as searched:
        hand.send(QEvent.Type.MouseButtonDblClick, EMPTY)
    assert searched.args == [QPointF(EMPTY)]


def test_a_right_click_searches_on_empty_canvas_and_asks_for_the_menu_on_a_node(
    canvas: Canvas, desk: Desk, hand: Hand, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(canvas.commands.search_requested):
        hand.click(EMPTY, button=Button.RightButton)
    with qtbot.waitSignal(canvas.commands.menu_requested) as told:
        hand.click(canvas.point_of("C1"), button=Button.RightButton)
    assert told.args[0] == "C1"
    assert canvas.selected == {"C1"}


def test_the_zoom_control_zooms_and_fits(canvas: Canvas, desk: Desk, hand: Hand) -> None:
    for target in canvas.overlays[0].targets():
        if target.name == "Zoom in":
            hand.click(target.rect.center().toPoint())
    assert canvas.lens.camera.zoom == pytest.approx(1.25)
    percent, fit = canvas.overlays[0].targets()[1], canvas.overlays[0].targets()[3]
    hand.click(percent.rect.center().toPoint())
    assert canvas.lens.camera.zoom == 1.0
    canvas.lens.pan(5000, 0)
    hand.click(fit.rect.center().toPoint())
    assert canvas.lens.camera.shows(canvas.drawing.bounds(), canvas.lens.size)  # type: ignore[arg-type]


def test_the_minimap_shows_only_while_the_graph_does_not_fit_and_moves_the_view(
    canvas: Canvas, desk: Desk, hand: Hand
) -> None:
    assert canvas.minimap.area() is None
    canvas.lens.look(Camera(2.0, 0.0, 0.0))
    area = canvas.minimap.area()
    assert area is not None
    before = canvas.lens.camera
    hand.drag((area.center() + QPointF(40, 0)).toPoint(), (area.center() + QPointF(55, 0)).toPoint())
    assert canvas.lens.camera.x < before.x
    assert desk.labels == []


def test_what_flows_is_told_at_a_port(canvas: Canvas, desk: Desk) -> None:
    port = canvas.drawing.port_at((304.0, 64.0))
    assert port is not None
    assert (port.node, port.is_output) == ("C1", False)


def test_a_node_deleted_elsewhere_during_a_drag_is_not_brought_back(canvas: Canvas, desk: Desk, hand: Hand) -> None:
    start = canvas.point_of("C1")
    hand.press(start)
    hand.move(start + QPoint(80, 80))
    desk.take(desk.graph.remove(["C1"]), "Delete C1")
    hand.release(start + QPoint(80, 80))
    assert "C1" not in desk.graph.nodes
    assert desk.labels == ["Delete C1"]


def test_a_variadic_input_takes_a_second_link(canvas: Canvas, desk: Desk, hand: Hand) -> None:
    desk.take(desk.graph.add("Add", Node("Add", {}, (568.0, 400.0))), "Add Add")
    port = canvas.drawing.card("Add").inputs[0].name
    for source in ("C1", "Tanh"):
        hand.drag(canvas.point_of(source, "out"), canvas.point_of("Add", port))
    assert [link.source for link in desk.graph.links.into["Add"]] == ["C1", "Tanh"]
    assert Link("C1", "out", "Add", port) in desk.graph.links
