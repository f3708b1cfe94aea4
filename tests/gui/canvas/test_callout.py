"""Problems in place: the sentence below the node, and its repairs as buttons."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from studio.core.graph import Node
from studio.core.problem import Problem, Repair
from studio.gui.canvas.callout import lay_out, sentences
from studio.gui.canvas.camera import Camera
from studio.gui.canvas.canvas import Canvas
from studio.gui.canvas.rows import LinkStyle
from tests.gui.canvas.conftest import Desk, Hand, plain_link


@pytest.fixture
def broken(desk: Desk) -> Desk:
    """The image goes straight into the linear layer: what it lacks is a Flatten."""
    graph = desk.graph.remove(["Flatten"], heal=True)
    desk.take(graph, "Delete Flatten")
    return desk


def test_the_only_problem_is_said_below_its_node(canvas: Canvas, broken: Desk) -> None:
    problem, area = canvas.callout.problem, canvas.callout.area()
    assert problem is not None
    assert problem.node == "Scores"
    assert area is not None
    assert area.top() > canvas.point_of("Scores").y()


def test_a_click_on_a_repair_chooses_it_and_the_problem_goes(
    canvas: Canvas, broken: Desk, hand: Hand, qtbot: QtBot
) -> None:
    def mend(repair: Repair) -> None:
        broken.project = repair.apply(broken.project)
        broken.show()

    canvas.repair_chosen.connect(mend)
    target = next(target for target in canvas.callout.targets() if "Flatten" in target.name)
    hand.click(target.rect.center().toPoint())
    assert any(node.type == "Flatten" for node in broken.graph.nodes.values())
    assert canvas.callout.problem is None


def test_repairs_can_be_reached_by_keyboard(canvas: Canvas, broken: Desk, qtbot: QtBot) -> None:
    qtbot.keyClick(canvas, Qt.Key.Key_Period, Qt.KeyboardModifier.ControlModifier)
    assert canvas.callout.focused == 0
    with qtbot.waitSignal(canvas.repair_chosen) as told:
        qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert isinstance(told.args[0], Repair)


def test_escape_gives_the_keyboard_back_to_the_graph(canvas: Canvas, broken: Desk, qtbot: QtBot) -> None:
    qtbot.keyClick(canvas, Qt.Key.Key_Period, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.callout.focused is None


def test_of_several_problems_the_one_selected_or_pointed_at_is_said(canvas: Canvas, broken: Desk, hand: Hand) -> None:
    broken.take(broken.graph.put({"C1": broken.graph.nodes["C1"].set(kernel=99)}), "Set kernel")
    broken.take(broken.graph.add("Lost", Node("Linear", {"features": 3}, (800.0, 48.0))), "Add Lost")
    hand.click(canvas.viewport().rect().bottomRight())
    assert canvas.callout.problem is None
    hand.hover(canvas.point_of("C1"))
    assert canvas.callout.problem is not None
    assert canvas.callout.problem.node == "C1"
    canvas.select({"Lost"})
    assert canvas.callout.problem.node == "Lost"


def test_the_link_at_fault_and_its_port_are_marked(canvas: Canvas, broken: Desk) -> None:
    link = plain_link("S2", "Scores")
    row = canvas.drawing.links.row[link]
    assert canvas.drawing.links.style[row] == LinkStyle.MISMATCH
    card = canvas.drawing.card("Scores")
    assert card.problem
    assert card.inputs[0].state == "problem"


def test_what_lies_behind_a_problem_is_drawn_as_unknown(canvas: Canvas, broken: Desk) -> None:
    row = canvas.drawing.links.row[plain_link("Scores", "Answer")]
    assert canvas.drawing.links.style[row] == LinkStyle.UNKNOWN


def test_a_sentence_is_split_into_a_headline_with_the_node_and_the_rest() -> None:
    problem = Problem("64×56×56 meets 256×56×56: all inputs need the same channels.", node="Add")
    assert sentences(problem) == ("Add: 64×56×56 meets 256×56×56", "All inputs need the same channels.")
    assert sentences(Problem("The graph has no Output.")) == ("The graph has no Output", "")


def test_in_a_low_view_the_repairs_are_in_view_whatever_they_cover(canvas: Canvas, broken: Desk) -> None:
    canvas.resize(600, 150)
    canvas.lens.look(Camera(1.0, -400.0, -220.0))
    targets = canvas.callout.targets()
    assert targets
    assert all(canvas.viewport().rect().contains(target.rect.toRect()) for target in targets)


def test_buttons_wrap_where_the_view_is_narrow(qtbot: QtBot) -> None:
    repairs = tuple(Repair(f"A repair with a rather long label {i}", lambda project: project) for i in range(3))
    layout = lay_out(Problem("It does not fit.", repairs=repairs), 300.0)
    assert layout.width <= 300
    assert len({rect.top() for rect in layout.buttons}) == 3
    assert all(rect.right() <= layout.width for rect in layout.buttons)
