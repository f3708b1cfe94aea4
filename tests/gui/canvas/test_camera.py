"""Zoom and fit as arithmetic, and the flight of the camera."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from studio.gui import motion
from studio.gui.canvas.camera import LARGEST, SMALLEST, Camera
from studio.gui.canvas.canvas import Canvas
from studio.gui.canvas.detail import Detail
from tests.gui.canvas.conftest import Desk, Hand

pixels = st.floats(0, 2000)


@given(pixels, pixels, st.floats(-6, 6))
def test_the_point_under_the_pointer_stays_there_while_zooming(x: float, y: float, steps: float) -> None:
    camera = Camera(1.0, 17.0, -4.0)
    before = camera.to_scene((x, y))
    after = camera.stepped(steps, (x, y)).to_view(before)
    assert after == pytest.approx((x, y), abs=0.51)


def test_a_notch_in_and_a_notch_out_lead_back_to_where_one_was() -> None:
    camera = Camera()
    there = camera.stepped(1, (300.0, 200.0))
    assert there.zoom > 1
    assert there.stepped(-1, (300.0, 200.0)).zoom == pytest.approx(1.0)


def test_zooms_have_ends() -> None:
    assert Camera().stepped(99, (0.0, 0.0)).zoom == LARGEST
    assert Camera().stepped(-99, (0.0, 0.0)).zoom == pytest.approx(SMALLEST)


@pytest.mark.parametrize("bounds", [(0.0, 0.0, 5000.0, 300.0), (-900.0, 40.0, 10.0, 10.0), (0.0, 0.0, 100.0, 9000.0)])
def test_what_is_fitted_is_in_view_and_not_larger_than_life(bounds: tuple[float, float, float, float]) -> None:
    camera = Camera().fitted(bounds, (800.0, 600.0))
    assert camera.shows(bounds, (800.0, 600.0))
    assert camera.zoom <= 1.0


def test_what_is_fitted_stands_above_what_covers_the_foot() -> None:
    camera = Camera().fitted((0.0, 0.0, 400.0, 4000.0), (800.0, 600.0), foot=100.0)
    assert camera.shows((0.0, 0.0, 400.0, 4000.0), (800.0, 500.0))


def test_larger_text_makes_what_counts_as_all_of_it_larger() -> None:
    camera = Camera(unit=1.5).zoomed(1.0, (0.0, 0.0))
    assert (camera.scale, camera.zoom) == (1.5, 1.0)


@pytest.mark.parametrize(
    ("zoom", "detail"),
    [(1.0, "ALL"), (0.75, "ALL"), (0.6, "SHAPES"), (0.4, "TITLES"), (0.2, "BLOCKS"), (0.05, "SPECKS")],
)
def test_detail_gives_way_in_steps(zoom: float, detail: str) -> None:
    assert Detail.at(zoom) is Detail[detail]


def test_on_the_way_to_another_camera_the_zoom_grows_evenly_and_a_fixed_point_stays() -> None:
    start = Camera(1.0, 0.0, 0.0)
    goal = start.zoomed(0.25, (400.0, 300.0))
    ways = [start.toward(goal, share) for share in (0.0, 0.25, 0.5, 0.75, 1.0)]
    assert (ways[0], ways[-1]) == (start, goal)
    assert [way.scale for way in ways] == pytest.approx([1.0, 2**-0.5, 0.5, 2**-1.5, 0.25])
    for way in ways:
        assert way.to_view((400.0, 300.0)) == pytest.approx((400.0, 300.0))


def test_between_equal_zooms_the_camera_moves_straight() -> None:
    assert Camera(1.0, 0.0, 0.0).toward(Camera(1.0, 100.0, -50.0), 0.5) == Camera(1.0, 50.0, -25.0)


def test_the_camera_flies_to_where_everything_is_seen(canvas: Canvas, desk: Desk, qtbot: QtBot) -> None:
    motion.choose("full")
    canvas.lens.look(Camera(2.0, -3000.0, -900.0))
    seen: list[float] = []
    canvas.lens.moved.connect(lambda: seen.append(canvas.lens.camera.scale))
    canvas.lens.fly()
    assert canvas.lens.camera.scale == 2.0
    qtbot.waitUntil(lambda: canvas.lens.shows_all)
    bounds = canvas.drawing.bounds()
    assert bounds is not None
    assert canvas.lens.camera.shows(bounds, canvas.lens.size)
    assert len(set(seen)) > 2


def test_any_gesture_ends_the_flight_where_it_is(canvas: Canvas, desk: Desk, hand: Hand, qtbot: QtBot) -> None:
    motion.choose("full")
    for gesture in (
        lambda: hand.press(QPoint(1100, 560)),
        lambda: hand.wheel(QPoint(600, 300), QPoint(0, 120)),
        lambda: canvas.lens.pan(10, 0),
    ):
        canvas.lens.look(Camera(2.0, -3000.0, -900.0))
        canvas.lens.fly()
        with qtbot.waitSignal(canvas.lens.moved):
            pass
        gesture()
        assert canvas.lens._flight is None
        assert not canvas.lens.shows_all
        canvas._pointer.cancel()


def test_with_less_motion_the_camera_is_there_at_once(canvas: Canvas, desk: Desk) -> None:
    canvas.lens.look(Camera(2.0, -3000.0, -900.0))
    canvas.lens.fly()
    assert canvas.lens.shows_all
