"""Pointing at a repair shows what it would do: ghosts, strokes and notes, and no trace when the pointer leaves."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from studio.compiler.check import check
from studio.compiler.offers import offers_in
from studio.core.graph import Graph, Link, Node
from studio.core.problem import Repair
from studio.core.project import Project
from studio.gui.canvas.canvas import Canvas
from studio.gui.canvas.foresight import foresee, written
from tests.gui.canvas.conftest import NAME, Desk, Hand


@pytest.fixture
def flat(desk: Desk) -> Desk:
    """The image goes straight into the linear layer."""
    desk.take(desk.graph.remove(["Flatten"], heal=True), "Delete Flatten")
    return desk


def at(canvas: Canvas, label: str) -> QPoint:
    return next(each.rect for each in canvas.callout.targets() if each.name == label).center().toPoint()


def picture(canvas: Canvas) -> QImage:
    canvas.finish()
    return canvas.viewport().grab().toImage()


def ghost_area(canvas: Canvas, name: str) -> QRectF:
    _, box, place = canvas.attention.preview.ghosts[name]
    return QRectF(*canvas.lens.camera.rect_to_view((*place, box.width, box.height)))


def test_a_ghost_of_the_new_node_is_painted_where_it_would_stand(canvas: Canvas, flat: Desk, hand: Hand) -> None:
    before = picture(canvas)
    hand.hover(at(canvas, "Insert Flatten"))
    area = ghost_area(canvas, "Flatten").adjusted(-4, -4, 4, 4).toRect()
    assert picture(canvas).copy(area) != before.copy(area)


def test_the_ghost_is_gone_when_the_pointer_leaves_and_the_project_never_changed(
    canvas: Canvas, flat: Desk, hand: Hand
) -> None:
    project, labels = flat.project, list(flat.labels)
    hand.hover(QPoint(5, 5))
    before = picture(canvas)
    hand.hover(at(canvas, "Insert Flatten"))
    assert picture(canvas) != before
    hand.hover(QPoint(5, 5))
    assert canvas.attention.preview.foresight is None
    assert picture(canvas) == before
    assert flat.project is project
    assert flat.labels == labels


def test_the_node_stands_where_its_ghost_stood(canvas: Canvas, flat: Desk, hand: Hand) -> None:
    def mend(repair: Repair) -> None:
        flat.project = repair.apply(flat.project)
        flat.show()

    canvas.repair_chosen.connect(mend)
    hand.hover(at(canvas, "Insert Flatten"))
    _, _, place = canvas.attention.preview.ghosts["Flatten"]
    hand.click(at(canvas, "Insert Flatten"))
    assert flat.graph.nodes["Flatten"].position == place
    assert canvas.attention.preview.foresight is None


def test_the_keyboard_shows_what_its_repair_would_do(canvas: Canvas, flat: Desk, qtbot: QtBot) -> None:
    canvas.step_repairs()
    assert list(canvas.attention.preview.ghosts) == ["Flatten"]
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    assert list(canvas.attention.preview.ghosts) == ["GlobalAvgPool2d"]
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.attention.preview.ghosts == {}


def test_another_value_is_written_above_its_node(canvas: Canvas, desk: Desk, hand: Hand) -> None:
    desk.take(desk.graph.put({"C1": desk.graph.nodes["C1"].set(kernel=33)}), "Kernel")
    hand.click(canvas.point_of("C1"))
    before = picture(canvas)
    hand.hover(at(canvas, "Set kernel to 28"))
    assert canvas.attention.preview.foresight is not None
    assert canvas.attention.preview.foresight.notes == {"C1": ("Kernel 33 → 28",)}
    x, y, *_ = canvas.lens.camera.rect_to_view(canvas.drawing.nodes.rect("C1"))
    note = QRectF(x, y - 30, 120, 26).toRect()
    assert picture(canvas).copy(note) != before.copy(note)


def test_what_would_go_is_crossed_out(canvas: Canvas, desk: Desk, hand: Hand) -> None:
    lost = Node("ReLU", {}, (616.0, 460.0))
    desk.take(desk.graph.add("Lost", lost, Link("Tanh", "out", "Lost", "values")), "Add")
    hand.click(canvas.point_of("Lost"))
    before = picture(canvas)
    hand.hover(at(canvas, "Remove"))
    foresight = canvas.attention.preview.foresight
    assert foresight is not None
    assert foresight.change.nodes_removed == {"Lost"}
    area = QRectF(*canvas.lens.camera.rect_to_view(canvas.drawing.nodes.rect("Lost"))).toRect()
    assert picture(canvas).copy(area) != before.copy(area)


def test_the_callout_stays_while_the_pointer_is_on_it_whatever_lies_below(
    canvas: Canvas, flat: Desk, hand: Hand
) -> None:
    hand.click(canvas.point_of("Scores"))
    card = canvas.callout.area()
    assert card is not None
    under = canvas.lens.camera.to_scene((card.center().x(), card.center().y()))
    flat.take(flat.graph.add("Other", Node("Linear", {}, (under[0] - 60, under[1] - 30))), "Add")
    canvas.select([])
    hand.hover(canvas.point_of("Scores"))
    hand.hover(at(canvas, "Insert Flatten"))
    assert canvas.callout.problem is not None
    assert canvas.callout.problem.node == "Scores"


def repair_called(project: Project, label: str) -> Repair:
    diagnosis = check(project)
    repairs = (repair for p in diagnosis.problems for repair in offers_in(p, project, diagnosis))
    return next(repair for repair in repairs if repair.label == label)


def test_what_changes_beside_the_graph_is_told_too(canvas: Canvas, desk: Desk) -> None:
    graph = desk.graph.put({"C1": desk.graph.nodes["C1"].set(filters="=width")})
    desk.project = desk.project.with_graph(NAME, graph)
    desk.show()
    after = repair_called(desk.project, "Create variable width").apply(desk.project)
    foresight = foresee(canvas.drawing.subject, after)
    assert foresight.elsewhere == ("Variable width = 16",)
    assert not foresight.change


def test_a_node_that_takes_the_place_of_another_is_a_note_and_no_ghost(canvas: Canvas, desk: Desk) -> None:
    graph = desk.graph.put({"Tanh": Node("BatchNorm1d", {}, desk.graph.nodes["Tanh"].position)})
    graph = graph.rename("Tanh", "BatchNorm1d")
    desk.project = desk.project.with_graph(NAME, graph)
    desk.show()
    after = repair_called(desk.project, "Use BatchNorm2d instead").apply(desk.project)
    foresight = foresee(canvas.drawing.subject, after)
    assert foresight.notes == {"BatchNorm1d": ("BatchNorm1d → BatchNorm2d",)}
    assert not foresight.change.nodes_added


@pytest.mark.parametrize(
    ("value", "text"), [(True, "on"), (False, "off"), ((3, 5), "3×5"), ((), "none"), ("", "none"), (0.5, "0.5")]
)
def test_settings_are_written_as_a_person_reads_them(value: object, text: str) -> None:
    assert written(value) == text


def test_an_edit_that_changes_nothing_shows_nothing(canvas: Canvas, desk: Desk) -> None:
    assert not foresee(canvas.drawing.subject, desk.project)
    assert foresee(canvas.drawing.subject, desk.project.with_graph("Other", Graph())).elsewhere == ("Other is drawn",)
