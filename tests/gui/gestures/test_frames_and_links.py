"""Comment frames, and the points that links are led through."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt

from studio.core import loom
from studio.core.graph import Frame, Link
from studio.gui.canvas.frame_geometry import edges_at, part_at, resized
from tests.gui.gestures.conftest import GRAPH, Key, Keys, Stage

ALT, CONTROL, SHIFT = Keys.AltModifier, Keys.ControlModifier, Keys.ShiftModifier
RECT = (0.0, 0.0, 400.0, 200.0)


def frame(stage: Stage, index: int = -1) -> Frame:
    return stage.graph.frames[index]


def title_of(stage: Stage, index: int = -1) -> QPoint:
    """A point of the view on the title bar of a frame, to the right of its middle."""
    x, y, width, _ = frame(stage, index).rectangle
    return stage.view(x + 0.4 * width, y + 14)


def framed(stage: Stage, *names: str) -> None:
    """A frame around nodes, as part of what was there before."""
    stage.canvas.select(names)
    stage.key(Key.Key_G, CONTROL | SHIFT)
    stage.before, stage.steps = stage.window.document.project, stage.window.document.position


def test_a_frame_is_drawn_around_what_is_selected(stage: Stage):
    stage.select("F6", "Tanh 4")
    stage.key(Key.Key_G, CONTROL | SHIFT)
    left, top, width, height = frame(stage).rectangle
    for name in ("F6", "Tanh 4"):
        x, y, w, h = stage.canvas.drawing.nodes.rect(name)
        assert left < x < x + w < left + width
        assert top < y < y + h < top + height
    assert stage.canvas.framing.frame == frame(stage)
    assert stage.is_undone()


def test_a_title_bar_moves_the_frame_with_all_that_lies_in_it(stage: Stage):
    framed(stage, "F6", "Tanh 4")
    old, nodes, start = frame(stage), stage.graph.nodes, title_of(stage)
    stage.hand.drag(start, start + QPoint(60, 48))
    by = frame(stage).rectangle[0] - old.rectangle[0], frame(stage).rectangle[1] - old.rectangle[1]
    assert by == (80.0, 64.0)
    for name in ("F6", "Tanh 4"):
        x, y = nodes[name].position
        assert stage.graph.nodes[name].position == (x + 80, y + 64)
    assert stage.graph.nodes["C1"] is nodes["C1"]
    assert stage.is_undone()


def test_alt_moves_the_frame_alone(stage: Stage):
    framed(stage, "F6", "Tanh 4")
    nodes, start = stage.graph.nodes, title_of(stage)
    stage.hand.drag(start, start + QPoint(60, 48), keys=ALT)
    assert frame(stage) != stage.before.graphs[GRAPH].frames[-1]
    assert stage.graph.nodes == nodes
    assert stage.is_undone()


def test_an_edge_or_corner_resizes_the_frame(stage: Stage):
    framed(stage, "C3", "Tanh 2")
    x, y, width, height = frame(stage).rectangle
    corner = stage.view(x + width, y + height)
    stage.hand.hover(corner)
    assert stage.canvas.viewport().cursor().shape() == Qt.CursorShape.SizeFDiagCursor
    stage.hand.drag(corner, corner + QPoint(48, 30))
    assert frame(stage).rectangle == pytest.approx((x, y, width + 64, height + 40), abs=8)
    assert stage.labels == ["Resize Comment"]
    assert stage.is_undone()


def test_escape_takes_the_move_of_a_frame_back(stage: Stage):
    framed(stage, "F6")
    start = title_of(stage)
    stage.hand.press(start)
    stage.hand.move(start + QPoint(80, 80))
    assert stage.canvas.drawing.frames != stage.graph.frames
    stage.key(Key.Key_Escape)
    assert stage.canvas.drawing.frames == stage.graph.frames
    assert stage.window.document.project is stage.before


@pytest.mark.parametrize("way", ["F2", "double-click"])
def test_a_title_is_written_where_it_stands(stage: Stage, way: str):
    framed(stage, "F6", "Tanh 4")
    if way == "F2":
        stage.key(Key.Key_F2)
    else:
        stage.double_click(title_of(stage))
    editor = stage.canvas.framing.editor
    assert editor is not None
    stage.qtbot.keyClicks(editor, "Head")
    stage.qtbot.keyClick(editor, Key.Key_Return)
    assert frame(stage).title == "Head"
    assert stage.canvas.hasFocus()
    assert stage.is_undone()


def test_escape_leaves_a_title_as_it_was(stage: Stage):
    framed(stage, "F6")
    stage.key(Key.Key_F2)
    editor = stage.canvas.framing.editor
    assert editor is not None
    stage.qtbot.keyClicks(editor, "Head")
    stage.qtbot.keyClick(editor, Key.Key_Escape)
    assert stage.window.document.project is stage.before


def test_a_frame_is_deleted_without_what_lies_in_it(stage: Stage):
    framed(stage, "F6", "Tanh 4")
    stage.hand.click(title_of(stage))
    stage.key(Key.Key_Delete)
    assert len(stage.graph.frames) == 2
    assert {"F6", "Tanh 4"} <= stage.graph.nodes.keys()
    assert stage.is_undone()


def test_a_frame_gets_a_colour_from_its_menu(stage: Stage):
    framed(stage, "F6", "Tanh 4")
    stage.hand.click(title_of(stage), button=Qt.MouseButton.RightButton)
    menu = stage.window.context_menus.menu
    assert menu is not None
    colors = next(inner for action in menu.actions() if (inner := action.menu()) is not None)
    next(action for action in colors.actions() if action.text() == "Attention").trigger()
    menu.close()
    assert frame(stage).color == "Attention"
    assert loom.loads(loom.dumps(stage.window.document.project)) == stage.window.document.project
    assert stage.is_undone()


def test_a_selected_frame_is_copied_and_duplicated_with_what_lies_in_it(stage: Stage):
    framed(stage, "F6", "Tanh 4")
    stage.hand.click(title_of(stage))
    stage.key(Key.Key_D, CONTROL)
    assert len(stage.canvas.selected) == 2
    (copy,) = stage.graph.frames[3:]
    left, top, _, _ = stage.graph.frames[2].rectangle
    assert (copy.title, copy.rectangle[:2]) == ("Comment", (left + 32, top + 32))
    assert stage.is_undone()
    stage.hand.click(title_of(stage))
    stage.key(Key.Key_C, CONTROL)
    stage.key(Key.Key_V, CONTROL)
    assert len(stage.graph.frames) == 4
    assert stage.is_undone()


def test_frames_are_selected_moved_and_fitted_by_keyboard(stage: Stage):
    framed(stage, "F6", "Tanh 4")
    stage.canvas.framing.select(None)
    for _ in range(3):
        stage.key(Key.Key_F, SHIFT)
    chosen = stage.canvas.framing.index
    assert chosen is not None
    x, y, _, _ = frame(stage, chosen).rectangle
    stage.key(Key.Key_Right, ALT)
    assert frame(stage, chosen).rectangle[:2] == (x + 8, y)
    assert stage.is_undone()
    stage.key(Key.Key_Escape)
    assert stage.canvas.framing.index is None


@pytest.mark.parametrize(
    ("point", "edges"),
    [
        ((200.0, 10.0), (0, 0)),
        ((1.0, 100.0), (-1, 0)),
        ((399.0, 199.0), (1, 1)),
        ((200.0, -3.0), (0, -1)),
        ((200.0, 100.0), None),
        ((500.0, 100.0), None),
    ],
)
def test_the_parts_of_a_frame_are_told_apart(point: tuple[float, float], edges: tuple[int, int] | None):
    assert edges_at(point, RECT, 5.0) == edges


def test_of_frames_in_each_other_the_inner_one_is_meant():
    inner = Frame("Inner", (20.0, 10.0, 100.0, 100.0))
    found = part_at((60.0, 20.0), [inner, Frame("Outer", RECT)], 5.0)
    assert found is not None
    assert found.index == 0


def test_edges_never_pass_each_other():
    assert resized(RECT, (-1, 0), (900.0, 0.0))[2] > 0
    assert resized(RECT, (0, -1), (0.0, 900.0))[1] < 200


def bent(stage: Stage) -> Link:
    """The link from the image, with a point that was added by a double-click."""
    stage.double_click(stage.on_link("Image", "C1"))
    return next(link for link in stage.graph.links if link.source == "Image")


def test_a_double_click_on_a_link_adds_a_point_and_one_on_the_point_takes_it_away(stage: Stage):
    link = bent(stage)
    assert len(link.via) == 1
    assert stage.labels == ["Add a reroute point"]
    stage.double_click(stage.view(*link.via[0]))
    assert stage.graph.links == stage.before.graphs[GRAPH].links
    assert stage.is_undone(2)


def test_a_point_is_dragged_and_the_link_runs_through_it(stage: Stage):
    link = bent(stage)
    start = stage.view(*link.via[0])
    stage.hand.drag(start, start + QPoint(0, 90))
    (moved,) = next(k for k in stage.graph.links if k.source == "Image").via
    assert moved == (link.via[0][0], link.via[0][1] + 120)
    led = stage.canvas.drawing.link_at((moved[0], moved[1] - 1), 4.0)
    assert led is not None
    assert led.source == "Image"
    assert stage.is_undone(2)


def test_a_point_takes_no_part_in_what_is_computed_and_is_kept_in_the_file(stage: Stage):
    before = stage.window.document.diagnosis.graphs[GRAPH]
    bent(stage)
    project = stage.window.document.project
    after = stage.window.document.diagnosis.graphs[GRAPH]
    assert {name: node.outputs for name, node in after.nodes.items()} == {
        name: node.outputs for name, node in before.nodes.items()
    }
    assert loom.loads(loom.dumps(project)) == project
    assert stage.is_undone()


def test_points_go_along_with_the_nodes_of_their_link_and_with_copies_of_them(stage: Stage):
    x, y = bent(stage).via[0]
    stage.select("Image", "C1")
    start = stage.canvas.point_of("C1")
    stage.hand.drag(start, start + QPoint(0, 150))
    moved = stage.graph.nodes["C1"].position[1] - stage.before.graphs[GRAPH].nodes["C1"].position[1]
    assert next(k for k in stage.graph.links if k.source == "Image").via == ((x, y + moved),)
    stage.key(Key.Key_D, CONTROL)
    (copy,) = [k for k in stage.graph.links if k.source in stage.canvas.selected and k.via]
    assert copy.via == ((x + 32, y + moved + 32),)
    assert stage.is_undone(3)


def test_a_point_is_added_moved_and_deleted_by_keyboard(stage: Stage):
    stage.select("Image")
    stage.key(Key.Key_L, SHIFT)
    stage.key(Key.Key_R, SHIFT)
    link = next(k for k in stage.graph.links if k.source == "Image")
    assert stage.canvas.leading.bend == (link, 0)
    stage.key(Key.Key_Down, ALT)
    x, y = link.via[0]
    assert next(k for k in stage.graph.links if k.source == "Image").via == ((x, y + 8),)
    stage.key(Key.Key_Delete)
    assert stage.graph.links == stage.before.graphs[GRAPH].links
    assert stage.is_undone(3)


def test_healing_keeps_the_way_of_the_links_it_joins(stage: Stage):
    link = bent(stage)
    stage.select("C1")
    stage.key(Key.Key_Delete, CONTROL)
    assert next(k for k in stage.graph.links if k.source == "Image").via == link.via
    assert stage.is_undone(2)


def test_the_menu_of_a_link_adds_a_point_where_it_was_pressed_and_deletes_the_link(stage: Stage):
    at = stage.on_link("Image", "C1")
    stage.hand.click(at, button=Qt.MouseButton.RightButton)
    menu = stage.window.context_menus.menu
    assert menu is not None
    rows = {action.text().partition("\t")[0]: action for action in menu.actions()}
    rows["Add a reroute point"].trigger()
    menu.close()
    assert next(k for k in stage.graph.links if k.source == "Image").via
    assert stage.is_undone()
    stage.hand.click(stage.on_link("Image", "C1"))
    stage.key(Key.Key_Delete)
    assert ("Image", "C1") not in stage.pairs
    assert stage.is_undone()
