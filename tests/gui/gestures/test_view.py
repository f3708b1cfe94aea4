"""Moving the view never moves a node: pan, zoom, fit, and the border of the view."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QNativeGestureEvent, QPointingDevice
from PySide6.QtWidgets import QApplication

from studio.gui.canvas.border import FASTEST, SLOWEST, speed
from tests.gui.gestures.conftest import Key, Keys, Stage

BY = QPoint(60, -30)
Button = Qt.MouseButton


def test_the_middle_button_pans(stage: Stage):
    start = stage.canvas.point_of("C1")
    stage.hand.drag(start, start + BY, button=Button.MiddleButton)
    assert stage.canvas.point_of("C1") == start + BY
    assert stage.window.document.project is stage.before


def test_space_and_dragging_pans(stage: Stage):
    start = stage.canvas.point_of("C1")
    stage.qtbot.keyPress(stage.canvas, Key.Key_Space)
    stage.hand.drag(start, start + BY)
    stage.qtbot.keyRelease(stage.canvas, Key.Key_Space)
    assert stage.canvas.point_of("C1") == start + BY
    assert stage.window.document.project is stage.before


def test_two_fingers_pan(stage: Stage):
    start = stage.canvas.point_of("C1")
    stage.hand.wheel(start, QPoint(0, 0), pixels=QPoint(12, -20))
    assert stage.canvas.point_of("C1") == start + QPoint(12, -20)


def test_the_wheel_zooms_at_the_cursor(stage: Stage):
    at, before = stage.canvas.point_of("Tanh"), stage.canvas.lens.camera.zoom
    stage.hand.wheel(at, QPoint(0, 120))
    assert stage.canvas.lens.camera.zoom > before
    assert (stage.canvas.point_of("Tanh") - at).manhattanLength() <= 2


def test_a_pinch_zooms(stage: Stage):
    at, before = QPointF(300, 200), stage.canvas.lens.camera.zoom
    device, kind = QPointingDevice.primaryPointingDevice(), Qt.NativeGestureType.ZoomNativeGesture
    event = QNativeGestureEvent(kind, device, 2, at, at, at, 0.25, QPointF(), 0)
    QApplication.sendEvent(stage.canvas.viewport(), event)
    assert stage.canvas.lens.camera.zoom == pytest.approx(1.25 * before)


def test_keys_zoom_in_and_out_and_to_all_of_it(stage: Stage):
    stage.key(Key.Key_0, Keys.ControlModifier)
    assert stage.canvas.lens.camera.zoom == pytest.approx(1.0)
    stage.key(Key.Key_Equal, Keys.ControlModifier)
    assert stage.canvas.lens.camera.zoom == pytest.approx(1.25)
    stage.key(Key.Key_Minus, Keys.ControlModifier)
    assert stage.canvas.lens.camera.zoom == pytest.approx(1.0)


def test_home_fits_all_and_f_what_is_selected(stage: Stage):
    stage.canvas.lens.pan(3000, 3000)
    stage.key(Key.Key_Home)
    bounds = stage.canvas.drawing.bounds()
    assert bounds is not None
    assert stage.canvas.lens.camera.shows(bounds, stage.canvas.lens.size)
    stage.canvas.select({"Scores"})
    stage.canvas.lens.pan(3000, 3000)
    stage.key(Key.Key_F)
    assert stage.canvas.lens.camera.shows(stage.canvas.drawing.nodes.rect("Scores"), stage.canvas.lens.size)


def test_the_view_follows_a_node_dragged_beyond_its_border_and_the_node_stays_at_the_pointer(stage: Stage):
    start, camera = stage.canvas.point_of("C1"), stage.canvas.lens.camera
    outside = QPoint(stage.canvas.viewport().width() + 60, start.y())
    stage.hand.press(start)
    stage.hand.move(start + QPoint(40, 0))
    stage.hand.move(outside)
    stage.qtbot.waitUntil(lambda: stage.canvas.lens.camera.x < camera.x - 100, timeout=5000)
    stage.hand.release(outside)
    stopped = stage.canvas.lens.camera
    moved = stage.graph.nodes["C1"].position[0] - stage.before.graphs["LeNet-5"].nodes["C1"].position[0]
    across = (outside.x() - start.x() + camera.x - stopped.x) / camera.scale
    assert moved == pytest.approx(across, abs=8)
    assert stage.is_undone()


def test_the_wheel_zooms_while_a_node_is_dragged_and_the_node_stays_at_the_pointer(stage: Stage):
    start, at = stage.canvas.point_of("C1"), stage.canvas.point_of("C1") + QPoint(80, 200)
    stage.hand.press(start)
    stage.hand.move(at)
    stage.hand.wheel(at, QPoint(0, -120))
    assert (stage.canvas.point_of("C1") - at).manhattanLength() <= 12
    stage.hand.release(at)
    assert stage.is_undone()


@pytest.mark.parametrize(
    ("at", "expected"),
    [((50.0, 50.0), (0.0, 0.0)), ((-500.0, 50.0), (FASTEST, 0.0)), ((50.0, 800.0), (0.0, -FASTEST))],
)
def test_the_farther_beyond_the_border_the_faster(at: tuple[float, float], expected: tuple[float, float]):
    assert speed(at, (100.0, 100.0)) == expected
    slow, fast = abs(speed((-1.0, 50.0), (100.0, 100.0))[0]), abs(speed((-60.0, 50.0), (100.0, 100.0))[0])
    assert SLOWEST <= slow < fast < FASTEST


def test_some_pixels_of_drift_are_a_click(stage: Stage):
    start = stage.canvas.point_of("C1")
    stage.hand.drag(start, start + QPoint(2, 2))
    assert stage.canvas.selected == {"C1"}
    assert stage.window.document.project is stage.before
