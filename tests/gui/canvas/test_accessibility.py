"""Screen readers see the nodes."""

from PySide6.QtGui import QAccessible

from studio.gui.canvas.canvas import Canvas
from tests.gui.canvas.conftest import Desk

Name = QAccessible.Text.Name


def test_every_node_is_a_child_with_a_name_in_words(canvas: Canvas, desk: Desk) -> None:
    interface = QAccessible.queryAccessibleInterface(canvas)
    names = [interface.child(index).text(Name) for index in range(interface.childCount())]
    assert names[1] == "C1, Conv2d, Filters 6, Kernel 5 × 5, output 6×24×24, 156 weights"
    assert names[: len(desk.graph.nodes)] == [name for name in names if not name.startswith(("Link", "Comment"))]


def test_a_node_says_where_it_is_and_whether_it_is_selected(canvas: Canvas, desk: Desk) -> None:
    canvas.select({"C1"})
    interface = QAccessible.queryAccessibleInterface(canvas)
    at = canvas.viewport().mapToGlobal(canvas.point_of("C1"))
    node = interface.childAt(at.x(), at.y())
    assert node.rect().contains(at)
    assert node.state().selected
    assert interface.focusChild().text(Name).startswith("C1")


def test_a_node_says_its_problem(canvas: Canvas, desk: Desk) -> None:
    desk.take(desk.graph.remove(["Flatten"], heal=True), "Delete Flatten")
    interface = QAccessible.queryAccessibleInterface(canvas)
    children = [interface.child(index) for index in range(interface.childCount())]
    node = next(child for child in children if child.text(Name).startswith("Scores"))
    assert "has a problem" in node.text(Name)
    assert node.text(QAccessible.Text.Description)


def test_a_deleted_node_is_no_longer_valid(canvas: Canvas, desk: Desk) -> None:
    interface = QAccessible.queryAccessibleInterface(canvas)
    node = interface.child(1)
    assert node.isValid()
    desk.take(desk.graph.remove(["C1"]), "Delete C1")
    assert not node.isValid()
    assert interface.childCount() == len(desk.graph.nodes) + len(desk.graph.links) + len(desk.graph.frames)
