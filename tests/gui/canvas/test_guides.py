"""Nodes that are moved line up with those that stand."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from studio.gui.canvas.camera import Camera
from studio.gui.canvas.canvas import Canvas
from studio.gui.canvas.guides import Guide, Rails, Wire, align
from studio.gui.canvas.look import Look
from tests.gui.canvas.conftest import Desk, Hand

Keys = Qt.KeyboardModifier
STANDING = np.array([[100.0, 100.0, 80.0, 40.0], [400.0, 300.0, 120.0, 60.0]])
MOVING = (700.0, 700.0, 100.0, 40.0)


def place(x: float, y: float) -> tuple[float, float]:
    """How far the moving rectangle goes to stand there."""
    return x - MOVING[0], y - MOVING[1]


@pytest.mark.parametrize(
    ("at", "aligned"),
    [
        ((103.0, 500.0), (100.0, None)),  # left edges
        ((83.0, 500.0), (80.0, None)),  # right edges: 80 + 100 = 180
        ((412.0, 500.0), (410.0, None)),  # centres: 410 + 50 = 460
        ((600.0, 303.0), (None, 300.0)),  # upper edges
        ((600.0, 318.0), (None, 320.0)),  # lower edges: 320 + 40 = 360
        ((600.0, 500.0), (None, None)),
        ((183.0, 500.0), (None, None)),  # a left edge at another's right edge
    ],
)
def test_edges_and_centres_within_reach_line_up(
    at: tuple[float, float], aligned: tuple[float | None, float | None]
) -> None:
    found = align(Rails.of(STANDING), MOVING, place(*at), 5.0)
    there = tuple(None if by is None else by + start for by, start in zip((found.x, found.y), MOVING[:2], strict=True))
    assert there == aligned


def test_the_nearest_line_wins() -> None:
    rails = Rails.of(np.array([[100.0, 0.0, 10.0, 10.0], [104.0, 50.0, 10.0, 10.0]]))
    assert align(rails, MOVING, place(103.0, 500.0), 5.0).x == 104.0 - MOVING[0]


def test_a_link_is_pulled_straight() -> None:
    rails = Rails.of(STANDING, [Wire(moved=716.0, standing=250.0)])
    found = align(rails, MOVING, place(600.0, 232.0), 5.0)
    assert found.y is not None
    assert 716.0 + found.y == 250.0


def test_a_guide_spans_all_that_lines_up() -> None:
    rects = np.array([[100.0, 100.0, 80.0, 40.0], [100.0, 300.0, 50.0, 20.0], [300.0, 0.0, 10.0, 10.0]])
    found = align(Rails.of(rects), MOVING, place(98.0, 500.0), 5.0)
    assert found.guides == (Guide(0, 100.0, 100.0, 540.0),)


def test_nothing_lines_up_with_nothing() -> None:
    found = align(Rails.of(np.zeros((0, 4))), MOVING, (3.0, 4.0), 5.0)
    assert (found.x, found.y, found.guides) == (None, None, ())


def test_ten_thousand_nodes_line_up_as_one_after_the_other_would() -> None:
    chance = np.random.default_rng(3)
    rects = np.concatenate([chance.uniform(0, 20_000, (10_000, 2)), chance.uniform(50, 200, (10_000, 2))], axis=1)
    by = 1234.5, -4321.5
    found = align(Rails.of(rects), (0.0, 5000.0, 120.0, 60.0), by, 5.0)
    low = np.abs(rects[:, 0] - by[0]).min()
    high = np.abs(rects[:, 0] + rects[:, 2] - by[0] - 120.0).min()
    middle = np.abs(rects[:, 0] + rects[:, 2] / 2 - by[0] - 60.0).min()
    assert found.x is not None
    assert abs(found.x - by[0]) == pytest.approx(min(low, high, middle))


def guides_of(canvas: Canvas) -> tuple[Guide, ...]:
    gesture = canvas._pointer.gesture
    return gesture._guides if gesture is not None else ()  # type: ignore[attr-defined]


def test_a_node_that_is_moved_near_a_neighbours_line_goes_there_and_a_guide_shows_why(
    canvas: Canvas, desk: Desk, hand: Hand
) -> None:
    desk.take(desk.graph.move({"Tanh": (619.0, 400.0)}), "Move Tanh")
    canvas.finish()
    start = canvas.point_of("C1")
    before = canvas.grab().toImage()
    hand.press(start)
    for step in (10, 50, 100, 317):
        hand.move(start + QPoint(step, 30))
    guide = next(guide for guide in guides_of(canvas) if guide.axis == 0)
    image = canvas.grab().toImage()
    at = QPoint(round(guide.at), 330)
    assert image.pixelColor(at) == canvas.scene().theme.accent
    assert before.pixelColor(at) != canvas.scene().theme.accent
    hand.release(start + QPoint(317, 30))
    assert desk.graph.nodes["C1"].position[0] == 619.0
    assert guides_of(canvas) == ()


@pytest.mark.parametrize(
    ("look", "keys", "place"),
    [
        (Look(), Keys.NoModifier, (619.0, 80.0)),
        (Look(snaps_to_nodes=False), Keys.NoModifier, (624.0, 80.0)),
        (Look(snaps_to_grid=False), Keys.NoModifier, (619.0, 81.0)),
        (Look(snaps_to_grid=False, snaps_to_nodes=False), Keys.NoModifier, (621.0, 81.0)),
        (Look(), Keys.ControlModifier, (621.0, 81.0)),
    ],
)
def test_control_and_the_view_menu_decide_to_what_a_node_snaps(
    canvas: Canvas, desk: Desk, hand: Hand, look: Look, keys: Keys, place: tuple[float, float]
) -> None:
    desk.take(desk.graph.move({"Tanh": (619.0, 400.0)}), "Move Tanh")
    canvas.show_look(look)
    start = canvas.point_of("C1")
    hand.press(start)
    for step in (10, 100, 317):
        hand.move(start + QPoint(step, 33), keys=keys)
    hand.release(start + QPoint(317, 33), keys=keys)
    assert desk.graph.nodes["C1"].position == place


def test_from_afar_a_node_is_drawn_to_a_line_from_farther_in_the_scene(canvas: Canvas, desk: Desk, hand: Hand) -> None:
    desk.take(desk.graph.move({"Tanh": (619.0, 400.0)}), "Move Tanh")
    canvas.lens.look(Camera(0.5, 0.0, 0.0))
    start = canvas.point_of("C1")
    hand.drag(start, start + QPoint(154, 40))
    assert desk.graph.nodes["C1"].position[0] == 619.0


def test_escape_takes_the_guides_away(canvas: Canvas, desk: Desk, hand: Hand) -> None:
    start = canvas.point_of("C1")
    hand.press(start)
    hand.move(start + QPoint(0, 40))
    assert guides_of(canvas)
    clean = canvas.scene().theme.accent
    canvas._pointer.cancel()
    canvas.select(set())
    image = canvas.grab().toImage()
    assert not any(image.pixelColor(x, y) == clean for x in range(0, 1200, 7) for y in range(640))
