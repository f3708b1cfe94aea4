"""Everything on the canvas can be reached, read and linked without a pointer."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from studio.core.graph import Graph, Link, Links, Node
from studio.gui.canvas import tips, walk
from studio.gui.canvas.canvas import Canvas
from studio.gui.window import Window
from tests.gui.canvas.conftest import Desk, Hand, plain_link

Key, Keys, Name = Qt.Key, Qt.KeyboardModifier, QAccessible.Text.Name


def link_of(canvas: Canvas, source: str) -> Link:
    return next(link for link in canvas.graph.links if link.source == source)


# --- exact values


def test_a_link_says_what_flows_and_how_much(canvas: Canvas, desk: Desk) -> None:
    text = tips.of_link(canvas.drawing.subject, link_of(canvas, "C1"))
    assert text.splitlines() == [
        "C1 · out → Tanh · values",
        "Image 6×24×24 (channels × height × width)",
        "32-bit floating point",
        "3,456 numbers per sample, 13.5 kB",
        "864 kB in a batch of 64",
    ]


def test_an_input_says_what_may_and_what_does_arrive(canvas: Canvas, desk: Desk) -> None:
    subject = canvas.drawing.subject
    port = canvas.drawing.ports_of("C1")[0]
    assert "Takes one link." in tips.of_port(subject, port)
    assert "Image 1×28×28" in tips.of_port(subject, port)
    desk.take(desk.graph.add("Sum", Node("Add", {}, (40.0, 400.0))), "Add")
    text = tips.of_port(canvas.drawing.subject, canvas.drawing.ports_of("Sum")[0])
    assert "one link or several" in text
    assert "Nothing arrives yet." in text


def test_a_setting_says_what_it_means_how_it_is_written_and_what_that_makes(canvas: Canvas, desk: Desk) -> None:
    desk.project = replace(desk.project, variables={"width": 3})
    desk.take(desk.graph.put({"C1": desk.graph.nodes["C1"].set(filters="=width*4")}), "Set filters")
    subject = canvas.drawing.subject
    lines = tips.of_setting(subject, "C1", "Filters").splitlines()
    assert lines[0] == "Filters: =width*4 = 12"
    assert len(lines[1]) > 10
    assert tips.of_setting(subject, "C1", "Stride").splitlines()[-1] == "Left as it comes"


def test_a_node_says_all_of_it(canvas: Canvas, desk: Desk) -> None:
    text = tips.of_node(canvas.drawing.subject, "C1")
    assert "156 weights: weight 6×1×5×5, bias 6" in text
    assert "multiply-adds per sample" in text
    assert "Output out: 6×24×24 (channels × height × width)" in text


@pytest.mark.parametrize(
    ("size", "text"),
    [(12, "12 bytes"), (1536, "1.5 kB"), (3 << 20, "3 MB"), (5 << 30, "5 GB")],
)
def test_memory_is_said_in_a_unit_that_fits(size: int, text: str) -> None:
    assert tips.memory_text(size) == text


def test_nothing_in_a_tooltip_is_read_as_markup() -> None:
    assert tips.rich("<b>A</b>\nB & C") == "<b>&lt;b&gt;A&lt;/b&gt;</b><br>B &amp; C"


@pytest.mark.parametrize(
    ("offset", "said"),
    [(QPoint(60, 0), "Conv2d"), (QPoint(60, 32), "Filters: 6"), (QPoint(60, 52), "Kernel: 5 × 5")],
)
def test_the_resting_pointer_reads_the_part_it_is_over(canvas: Canvas, desk: Desk, offset: QPoint, said: str) -> None:
    x, y, _, _ = canvas.drawing.nodes.rect("C1")
    at = QPoint(round(x), round(y) + 16) + offset
    event = QHelpEvent(QHelpEvent.Type.ToolTip, at, canvas.viewport().mapToGlobal(at))
    QApplication.sendEvent(canvas.viewport(), event)
    assert said in QToolTip.text()
    QToolTip.hideText()


def test_the_resting_pointer_reads_a_link_and_a_port(canvas: Canvas, desk: Desk) -> None:
    port = canvas.point_of("C1", "out")
    end = canvas.point_of("Tanh", "values")
    for at, said in ((port, "output out"), ((port + end) / 2, "C1 · out → Tanh · values")):
        event = QHelpEvent(QHelpEvent.Type.ToolTip, at, canvas.viewport().mapToGlobal(at))
        QApplication.sendEvent(canvas.viewport(), event)
        assert said in QToolTip.text()
    QToolTip.hideText()


def test_a_key_shows_the_same_for_what_is_selected(window: Window, qtbot: QtBot) -> None:
    canvas = window.workspace.canvas
    canvas.setFocus()
    canvas.select({"C1"})
    qtbot.keyClick(canvas, Key.Key_I)
    assert "156 weights" in QToolTip.text()
    assert canvas.said == tips.of_node(canvas.drawing.subject, "C1")
    canvas.select(())
    canvas.commands.select_link(link_of(canvas, "C1"))
    qtbot.keyClick(canvas, Key.Key_I)
    assert "C1 · out" in QToolTip.text()
    QToolTip.hideText()


# --- from node to node

FORK = Graph(
    {
        "Source": Node("Tanh", position=(0.0, 100.0)),
        "Upper": Node("Tanh", position=(200.0, 0.0)),
        "Near": Node("Tanh", position=(200.0, 60.0)),
        "Lower": Node("Tanh", position=(200.0, 200.0)),
    },
    Links([plain_link("Source", each, {"Source": Node("Tanh"), each: Node("Tanh")}) for each in ("Upper", "Lower")]),
)


def test_up_and_down_go_between_siblings_first() -> None:
    assert walk.step(FORK, "Lower", "up") == "Upper"
    assert walk.step(FORK, "Upper", "down") == "Lower"
    assert walk.step(FORK, "Upper", "up") is None
    assert walk.step(FORK, "Near", "down") == "Lower"


def test_control_shift_and_arrows_extend_the_selection(canvas: Canvas, desk: Desk, qtbot: QtBot) -> None:
    canvas.select({"Image"})
    for _ in range(2):
        qtbot.keyClick(canvas, Key.Key_Right, Keys.ControlModifier | Keys.ShiftModifier)
    assert canvas.selected == {"Image", "C1", "Tanh"}
    qtbot.keyClick(canvas, Key.Key_Right)
    assert canvas.selected == {"S2"}


def test_arrows_lead_from_a_selected_link_to_its_ends(canvas: Canvas, desk: Desk, qtbot: QtBot) -> None:
    canvas.commands.select_link(link_of(canvas, "C1"))
    qtbot.keyClick(canvas, Key.Key_Right)
    assert canvas.selected == {"Tanh"}
    assert canvas.commands.selected_link is None


def test_links_and_frames_are_reached_and_said(canvas: Canvas, desk: Desk) -> None:
    canvas.select({"C1"})
    canvas.ways.next_link()
    link = canvas.commands.selected_link
    assert link is not None
    assert canvas.said.startswith(f"Link from {link.source}")
    canvas.ways.next_frame()
    assert canvas.said == "Comment frame Features"


def test_f8_goes_from_problem_to_problem(window: Window, qtbot: QtBot) -> None:
    canvas = window.workspace.canvas
    window.document.apply_graph("LeNet-5", window.workspace.place.graph.remove(["Flatten", "C1"]), "Delete")
    wrong = {problem.node for problem in window.document.diagnosis.problems if problem.node}
    assert len(wrong) > 1
    canvas.setFocus()
    seen = set()
    for _ in range(len(window.document.diagnosis.problems)):
        qtbot.keyClick(canvas, Key.Key_F8)
        seen |= canvas.selected
    assert seen == wrong
    qtbot.keyClick(canvas, Key.Key_F8, Keys.ShiftModifier)
    assert canvas.selected <= wrong


# --- links by keyboard


@pytest.fixture
def linker(canvas: Canvas, desk: Desk) -> Canvas:
    """The canvas about to link the image to something else."""
    desk.take(desk.graph.add("Beside", Node("Tanh", {}, (304.0, 420.0))), "Add Beside")
    canvas.select({"Image"})
    canvas.linking.begin()
    return canvas


def test_a_link_is_drawn_by_keys(linker: Canvas, desk: Desk, qtbot: QtBot) -> None:
    assert linker.linking.is_on
    for _ in range(20):
        if "to Beside" in linker.said:
            break
        qtbot.keyClick(linker, Key.Key_Right)
    assert linker.said == "Link Image, out, 1×28×28 to Beside, values."
    qtbot.keyClick(linker, Key.Key_Return)
    assert Link("Image", "out", "Beside", "values") in desk.graph.links
    assert desk.labels[-1] == "Connect Image to Beside"
    assert linker.said == "Linked Image to Beside."
    assert not linker.linking.is_on


def test_letters_jump_to_the_node_that_begins_with_them(linker: Canvas, desk: Desk, qtbot: QtBot) -> None:
    qtbot.keyClick(linker, Key.Key_B)
    assert "to Beside" in linker.said
    qtbot.keyClick(linker, Key.Key_Q)
    assert linker.said == "Nothing that begins with q can be linked."


def test_what_may_not_be_linked_is_not_offered(linker: Canvas, desk: Desk, qtbot: QtBot) -> None:
    offered = set()
    for _ in range(10):
        offered.add(linker.said)
        qtbot.keyClick(linker, Key.Key_Down)
    assert not any("to C1" in said for said in offered)  # that link is there already
    assert len(offered) > 1


def test_escape_ends_without_a_link_and_a_click_does_too(linker: Canvas, desk: Desk, hand: Hand, qtbot: QtBot) -> None:
    before = desk.graph
    qtbot.keyClick(linker, Key.Key_Escape)
    assert linker.said == "No link was drawn."
    linker.linking.begin()
    hand.click(QPoint(1100, 560))
    assert not linker.linking.is_on
    assert desk.graph is before


def test_the_mode_shows_what_it_is_about(linker: Canvas) -> None:
    during = linker.grab().toImage()
    linker.linking.end()
    assert during != linker.grab().toImage()


def test_without_a_node_it_says_what_is_needed(canvas: Canvas, desk: Desk) -> None:
    canvas.linking.begin()
    assert canvas.said == "Select the node to link from first."
    assert not canvas.linking.is_on


def test_l_begins_a_link_in_the_window(window: Window, qtbot: QtBot) -> None:
    canvas = window.workspace.canvas
    canvas.setFocus()
    canvas.select({"C1"})
    qtbot.keyClick(canvas, Key.Key_L)
    assert canvas.linking.is_on
    qtbot.keyClick(canvas, Key.Key_Escape)


# --- for those who do not see it


def test_every_link_and_frame_is_a_child_with_a_name(canvas: Canvas, desk: Desk) -> None:
    interface = QAccessible.queryAccessibleInterface(canvas)
    names = [interface.child(index).text(Name) for index in range(interface.childCount())]
    assert len(names) == len(desk.graph.nodes) + len(desk.graph.links) + len(desk.graph.frames)
    assert all(names)
    assert "Link from C1, out, to Tanh, values, image, 6×24×24" in names
    assert "Comment frame Features" in names
    assert [interface.indexOfChild(interface.child(index)) for index in range(len(names))] == list(range(len(names)))


def test_a_link_says_where_it_is_and_whether_it_is_selected(canvas: Canvas, desk: Desk) -> None:
    interface = QAccessible.queryAccessibleInterface(canvas)
    link = link_of(canvas, "C1")
    child = interface.child(len(desk.graph.nodes) + list(desk.graph.links).index(link))
    middle = (canvas.point_of("C1", "out") + canvas.point_of("Tanh", "values")) / 2
    assert child.rect().adjusted(-1, -1, 1, 1).contains(canvas.viewport().mapToGlobal(middle))
    assert not child.state().selected
    canvas.commands.select_link(link)
    assert child.state().selected
    desk.take(desk.graph.disconnect(link), "Disconnect")
    assert not child.isValid()
