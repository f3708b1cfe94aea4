"""Tidy up in the window: what moves, how it moves, and what ends that."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studio.core.graph import Frame, Graph
from studio.core.layout import members
from studio.gui import motion, tidying
from studio.gui.canvas.bodies import bodies_of
from studio.gui.canvas.glide import Glide
from studio.gui.window import Window

LENET = "LeNet-5"


def graph_of(window: Window) -> Graph:
    return window.document.project.graphs[LENET]


def drawn(window: Window) -> dict[str, tuple[float, float]]:
    """Where nodes are drawn at present."""
    rows = window.workspace.canvas.drawing.nodes
    return {name: rows.rect(name)[:2] for name in rows.row}


def placed(window: Window) -> dict[str, tuple[float, float]]:
    return {name: node.position for name, node in graph_of(window).nodes.items()}


@pytest.fixture
def scattered(window: Window) -> Window:
    """A window on LeNet-5 with its nodes all over the place, and its frames left behind."""
    graph = graph_of(window)
    places = {name: (at * 173.0 % 900, at * 311.0 % 700) for at, name in enumerate(graph.nodes)}
    window.document.apply_graph(LENET, replace(graph.move(places), frames=()), "Scatter")
    return window


def tidy(window: Window) -> None:
    window.workspace.canvas.setFocus()
    QTest.keyClick(
        window.workspace.canvas,
        Qt.Key.Key_F,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )


def test_all_nodes_are_laid_out_as_large_as_they_are_drawn(scattered: Window) -> None:
    motion.choose("reduced")
    tidy(scattered)
    bodies = bodies_of(scattered.workspace.canvas.drawing)
    boxes = [(*place, bodies[name].width, bodies[name].height) for name, place in placed(scattered).items()]
    for at, (x, y, width, height) in enumerate(boxes):
        for left, top, w, h in boxes[at + 1 :]:
            assert left >= x + width or left + w <= x or top >= y + height or top + h <= y
    assert drawn(scattered) == placed(scattered)
    assert scattered.workspace.canvas.lens.shows_all


def test_tidying_is_one_step_to_undo(scattered: Window) -> None:
    before, steps = scattered.document.project, len(scattered.document.steps)
    tidy(scattered)
    assert len(scattered.document.steps) == steps + 1
    assert scattered.document.steps[-1].label == "Tidy up"
    scattered.document.undo()
    assert scattered.document.project is before
    assert drawn(scattered) == placed(scattered)


def test_only_what_is_selected_is_laid_out_and_the_view_stays(scattered: Window) -> None:
    motion.choose("reduced")
    before = placed(scattered)
    scattered.workspace.canvas.lens.pan(-5.0, 0.0)  # a view that shows all goes on to do so
    camera = scattered.workspace.canvas.lens.camera
    scattered.workspace.canvas.select({"C5", "F6", "Output"})
    tidy(scattered)
    moved = {name for name, place in placed(scattered).items() if place != before[name]}
    assert moved
    assert moved <= {"C5", "F6", "Output"}
    assert scattered.workspace.canvas.lens.camera == camera


def test_nodes_glide_from_where_they_were_on_the_screen(scattered: Window, qtbot: QtBot) -> None:
    motion.choose("full")
    canvas = scattered.workspace.canvas
    before = {name: canvas.lens.camera.to_view(place) for name, place in drawn(scattered).items()}
    tidy(scattered)
    assert canvas.glide.is_moving
    begins = {name: canvas.lens.camera.to_view(place) for name, place in drawn(scattered).items()}
    for name, place in begins.items():
        assert place == pytest.approx(before[name], abs=60), "the first frames are hardly on their way"
    qtbot.waitUntil(lambda: not canvas.glide.is_moving)
    assert drawn(scattered) == placed(scattered)


def press_on_empty_canvas(window: Window) -> None:
    viewport = window.workspace.canvas.viewport()
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=QPoint(3, viewport.height() - 60))


def edit(window: Window) -> None:
    graph = graph_of(window)
    window.document.apply_graph(LENET, graph.disconnect(graph.links[0]), "Disconnect")


def undo(window: Window) -> None:
    window.document.undo()


@pytest.mark.parametrize("begin", [press_on_empty_canvas, edit, undo])
def test_whatever_a_person_begins_finds_nodes_where_they_belong(scattered: Window, begin) -> None:  # type: ignore[no-untyped-def]
    motion.choose("full")
    tidy(scattered)
    assert scattered.workspace.canvas.glide.is_moving
    begin(scattered)
    assert not scattered.workspace.canvas.glide.is_moving
    assert drawn(scattered) == placed(scattered)


def test_a_key_ends_a_glide(scattered: Window) -> None:
    motion.choose("full")
    tidy(scattered)
    QTest.keyClick(scattered.workspace.canvas, Qt.Key.Key_Right)
    assert not scattered.workspace.canvas.glide.is_moving


def test_nothing_glides_where_less_motion_is_wanted(scattered: Window) -> None:
    motion.choose("reduced")
    tidy(scattered)
    assert not scattered.workspace.canvas.glide.is_moving
    assert drawn(scattered) == placed(scattered)


def test_frames_glide_along_with_their_nodes(window: Window, qtbot: QtBot) -> None:
    motion.choose("full")
    graph = graph_of(window)
    moved = graph.move({name: (x + 500.0, y + 300.0) for name, (x, y) in placed(window).items() if name != "Image"})
    frames = tuple(_shifted(frame) for frame in graph.frames)
    window.document.apply_graph(LENET, replace(moved, frames=frames), "Move")
    inside = members(frames[1], moved, {})
    tidy(window)
    canvas = window.workspace.canvas
    assert canvas.drawing.frames != graph_of(window).frames, "on their way"
    qtbot.waitUntil(lambda: not canvas.glide.is_moving)
    assert canvas.drawing.frames == graph_of(window).frames
    assert members(graph_of(window).frames[1], graph_of(window), {}) == inside


def _shifted(frame: Frame) -> Frame:
    x, y, width, height = frame.rectangle
    return replace(frame, rectangle=(x + 500, y + 300, width, height))


def test_a_large_graph_is_laid_out_beside_the_window(
    scattered: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tidying, "MANY", 3)
    before = scattered.document.project
    tidy(scattered)
    assert scattered.document.project is before, "the window goes on meanwhile"
    qtbot.waitUntil(lambda: scattered.document.project is not before)
    assert scattered.document.steps[-1].label == "Tidy up"


def test_an_edit_that_overtakes_a_layout_is_kept_and_laid_out(
    scattered: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tidying, "MANY", 3)
    tidy(scattered)
    edit(scattered)
    links = graph_of(scattered).links
    qtbot.waitUntil(lambda: scattered.document.steps[-1].label == "Tidy up")
    assert graph_of(scattered).links == links


def test_nothing_is_drawn_by_a_glide_that_has_nothing_to_move(window: Window) -> None:
    glide = Glide(window.workspace.canvas)
    glide.finish()
    assert not glide.is_moving
