"""After any edits the canvas shows exactly the graph."""

from random import Random

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRectF
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from studio.compiler import ports
from studio.compiler.check import Checker
from studio.core.graph import Frame, Graph, Link, Node
from studio.core.project import Project
from studio.gui.canvas import routes
from studio.gui.canvas.camera import Camera
from studio.gui.canvas.canvas import Canvas
from studio.gui.canvas.card import Subject, card_of
from studio.gui.canvas.drawing import Drawing
from studio.gui.canvas.geometry import Measure
from tests.gui.canvas.conftest import NAME, Desk, Hand, small_network
from tests.gui.canvas.test_geometry import measure

TYPES = ("Conv2d", "Tanh", "AvgPool2d", "Flatten", "Linear", "Add")


def edited(graph: Graph, chance: Random) -> Graph:
    """The graph after one edit of any kind."""
    names = sorted(graph.nodes)
    name = chance.choice(names) if names else ""
    place = (chance.randrange(-50, 150) * 8.0, chance.randrange(-50, 100) * 8.0)
    match chance.randrange(8 if names else 1):
        case 0 | 1:
            kind = chance.choice(TYPES)
            return graph.add(graph.free_name(kind), Node(kind, position=place))
        case 2:
            return graph.remove(chance.sample(names, min(3, len(names))), heal=chance.random() < 0.5)
        case 3:
            return graph.move({other: (place[0] + i * 16, place[1]) for i, other in enumerate(names[:4])})
        case 4:
            return graph.rename(name, graph.free_name("Renamed"))
        case 5:
            return graph.put({name: graph.nodes[name].set(filters=chance.randrange(1, 99))})
        case 6 if graph.links:
            return graph.disconnect(chance.choice(list(graph.links)))
        case _:
            return connected(graph, chance, names)


def connected(graph: Graph, chance: Random, names: list[str]) -> Graph:
    project = Project(graphs={NAME: graph})
    source, target = chance.choice(names), chance.choice(names)
    outputs, inputs = ports.ports_in(project, graph, source).outputs, ports.ports_in(project, graph, target).inputs
    if not outputs or not inputs:
        return graph
    link = Link(source, outputs[0], target, inputs[0].name)
    return graph if ports.refusal(project, NAME, link) else graph.connect(link, variadic=inputs[0].variadic)


def levels(image: QImage) -> NDArray[np.int16]:
    """Red, green and blue of every pixel."""
    plain = image.convertToFormat(QImage.Format.Format_RGBX8888)
    flat: NDArray[np.uint8] = np.frombuffer(plain.constBits(), np.uint8)
    return flat.astype(np.int16)


def settle(canvas: Canvas) -> None:
    """Let frames follow until every face is painted."""
    for _ in range(50):
        QApplication.processEvents()


def assert_shows(drawing: Drawing, subject: Subject, measured_by: Measure = measure) -> None:
    """The drawing holds what a drawing made from nothing would hold."""
    fresh = Drawing(measured_by, subject)
    fresh.rebuild()
    drawing.freshen(drawing.nodes.row)
    assert set(drawing.nodes.row) == set(subject.graph.nodes)
    assert set(drawing.links.row) == set(subject.graph.links)
    for name, node in subject.graph.nodes.items():
        assert drawing.nodes.rect(name) == fresh.nodes.rect(name)
        assert drawing.nodes.rect(name)[:2] == node.position
        assert drawing.card(name) == card_of(subject, name)
    for link in subject.graph.links:
        mine, theirs = drawing.links.row[link], fresh.links.row[link]
        assert np.array_equal(drawing.links.ends[mine], fresh.links.ends[theirs])
        assert np.array_equal(drawing.links.bounds[mine], fresh.links.bounds[theirs])
        assert drawing.links.texts[mine] == fresh.links.texts[theirs]
        assert drawing.links.style[mine] == fresh.links.style[theirs]
    alive = ~np.isnan(drawing.nodes.place[:, 0])
    assert alive.sum() == len(subject.graph.nodes)
    assert (~np.isnan(drawing.links.ends[:, 0])).sum() == len(subject.graph.links)


@pytest.mark.parametrize("seed", range(6))
def test_after_random_edits_the_canvas_shows_exactly_the_graph(seed: int) -> None:
    chance, checker = Random(seed), Checker()
    graph, drawing, past = small_network(), None, []
    for _ in range(60):
        project = Project(graphs={NAME: graph})
        subject = Subject(project, NAME, graph, checker.check(project).graphs[NAME], ports)
        if drawing is None:
            drawing = Drawing(measure, Subject(Project(), "", Graph(), None, ports))
        drawing.show(subject)
        assert_shows(drawing, subject)
        past.append(graph)
        graph = chance.choice(past) if chance.random() < 0.15 else edited(graph, chance)


def test_what_is_left_standing_after_edits_is_what_a_whole_frame_would_show(canvas: Canvas, desk: Desk) -> None:
    chance = Random(7)
    for index in range(25):
        canvas.select(chance.sample(sorted(desk.graph.nodes), min(2, len(desk.graph.nodes))))
        desk.take(edited(desk.graph, chance), f"Edit {index}")
        canvas.finish()
        # A second frame paints only what the edit touched.
        QApplication.processEvents()
        desk.take(edited(desk.graph, chance), f"Edit {index}")
        settle(canvas)
        standing = canvas.screen().grabWindow(canvas.winId()).toImage()
        canvas.finish()
        # Where an area ends within a curve, its smooth edge may differ by a shade that nobody sees.
        assert np.abs(levels(standing) - levels(canvas.grab().toImage())).max() <= 3, desk.labels[-1]


def test_only_what_an_edit_touches_is_painted_again(canvas: Canvas, desk: Desk) -> None:
    subject = canvas.drawing.subject
    graph = subject.graph.move({"Answer": (840.0, 300.0)})
    project = subject.project.with_graph(NAME, graph)
    areas = canvas.drawing.show(Subject(project, NAME, graph, desk.checker.check(project).graphs[NAME], ports))
    assert areas
    assert all(x >= 568.0 for x, _, _, _ in areas)


def test_a_shape_that_changes_upstream_changes_the_text_of_every_link_below(canvas: Canvas, desk: Desk) -> None:
    desk.take(desk.graph.put({"C1": desk.graph.nodes["C1"].set(filters=9)}), "Set filters")
    texts = {link.source: canvas.drawing.links.texts[row] for link, row in canvas.drawing.links.row.items()}
    assert texts["Tanh"] == "9×24×24"
    assert texts["S2"] == "9×12×12"


def test_a_frame_around_nodes_belongs_to_what_is_fitted(canvas: Canvas, desk: Desk) -> None:
    frame = Frame("Far away", (-500.0, -300.0, 100.0, 100.0))
    desk.take(Graph(desk.graph.nodes, desk.graph.links, frames=(frame,)), "Frame")
    bounds = canvas.drawing.bounds()
    assert bounds is not None
    assert bounds[:2] == (-500.0, -300.0)


def test_hit_tests_find_nodes_ports_and_links_by_their_places(canvas: Canvas, desk: Desk) -> None:
    drawing = canvas.drawing
    assert drawing.node_at((350.0, 60.0)) == "C1"
    assert drawing.node_at((350.0, 20.0)) is None
    link = next(link for link in desk.graph.links if link.source == "Tanh")
    row = drawing.links.row[link]
    for group in routes.points_of(drawing.links.ends[[row]], drawing.links.gap[[row]], 8):
        for point in [tuple(p) for line in group for p in line[2:-2]]:
            assert drawing.link_at(point, 3.0) == link
    assert drawing.link_at((1500.0, 1500.0), 3.0) is None


def test_each_graph_is_looked_at_where_it_was_left(canvas: Canvas, desk: Desk) -> None:
    canvas.lens.pan(-123, -45)
    left = canvas.lens.camera
    project = desk.project.with_graph("Other", Graph({"A": Node("Tanh", position=(5000.0, 0.0))}))
    diagnosis = desk.checker.check(project)
    canvas.show_graph(project, "Other", diagnosis.graphs["Other"])
    assert canvas.lens.camera.shows(canvas.drawing.nodes.rect("A"), canvas.lens.size)
    canvas.show_graph(project, NAME, diagnosis.graphs[NAME])
    assert canvas.lens.camera == left


def test_a_graph_of_another_project_was_never_looked_at_and_nothing_in_it_is_selected(
    canvas: Canvas, desk: Desk
) -> None:
    canvas.lens.pan(-5000, -45)
    canvas.framing.select(0)
    canvas.forget()
    desk.show()
    assert canvas.framing.frame is None
    assert canvas.lens.camera.shows(canvas.drawing.nodes.rect("C1"), canvas.lens.size)


@pytest.mark.parametrize("name", ["Image", "Answer", "S2"])
def test_a_node_that_is_gone_to_is_seen_and_lies_under_no_control(canvas: Canvas, desk: Desk, name: str) -> None:
    for camera in (Camera(1.0, -9000.0, 0.0), Camera(1.0, 700.0, 330.0), Camera(1.0, -700.0, 330.0), Camera(2.0)):
        canvas.lens.look(camera)
        canvas.commands.go_to(name)
        seen = QRectF(*canvas.lens.camera.rect_to_view(canvas.drawing.nodes.rect(name)))
        assert QRectF(canvas.viewport().rect()).contains(seen)
        assert not [area for area in canvas.lens.covered() if area.intersects(seen)]


def test_an_empty_graph_says_how_it_gets_its_first_node(canvas: Canvas, desk: Desk, hand: Hand) -> None:
    assert canvas.invitation.area() is None
    desk.take(Graph(), "Delete all")
    area = canvas.invitation.area()
    assert area is not None
    assert canvas.invitation.sentence == "Drag a node from the palette, or double-click here to search for one."
    canvas.invitation.key = "Tab"
    assert canvas.invitation.sentence == "Drag a node from the palette, or press Tab to search for one."
    asked: list[object] = []
    canvas.commands.search_requested.connect(asked.append)
    hand.send(QEvent.Type.MouseButtonDblClick, area.center().toPoint())
    assert len(asked) == 1


def test_a_link_to_a_node_that_is_not_there_is_left_out(canvas: Canvas, desk: Desk) -> None:
    graph = desk.graph.connect(Link("C1", "out", "Nowhere", "x"))
    drawing = canvas.drawing
    drawing.show(Subject(Project(graphs={NAME: graph}), NAME, graph, None, ports))
    assert set(drawing.links.row) == set(desk.graph.links)
    drawing.show(Subject(Project(graphs={NAME: desk.graph}), NAME, desk.graph, None, ports))
    assert set(drawing.links.row) == set(desk.graph.links)
