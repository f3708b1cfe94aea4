"""Nodes dragged in from the palette."""

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from studio.core.graph import Graph, Node
from studio.gui.canvas.canvas import Canvas
from studio.gui.canvas.drops import BLOCK, NODE_MIME
from tests.gui.canvas.conftest import NAME, Desk

Keys = Qt.KeyboardModifier


def drop(canvas: Canvas, text: str, at: QPoint, *, keys: Keys = Keys.NoModifier, mime: str = NODE_MIME) -> bool:
    """Drag something over the canvas and let it go; answers whether the canvas took it."""
    data = QMimeData()
    data.setData(mime, text.encode())
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    entering = QDragEnterEvent(at, copy, data, left, keys)
    QApplication.sendEvent(canvas.viewport(), entering)
    canvas.grab()
    if entering.isAccepted():
        QApplication.sendEvent(canvas.viewport(), QDropEvent(QPointF(at), copy, data, left, keys))
    return entering.isAccepted()


def test_a_dropped_type_becomes_a_node_on_the_grid_and_is_selected(canvas: Canvas, desk: Desk) -> None:
    assert drop(canvas, "ReLU", QPoint(903, 507))
    assert desk.labels == ["Add ReLU"]
    x, y = desk.graph.nodes["ReLU"].position
    assert (x % 8, y % 8) == (0, 0)
    assert canvas.drawing.node_at((903.0, 507.0)) == "ReLU"
    assert canvas.selected == {"ReLU"}


def test_a_second_one_gets_a_name_of_its_own(canvas: Canvas, desk: Desk) -> None:
    drop(canvas, "Tanh", QPoint(900, 500))
    assert "Tanh 2" in desk.graph.nodes


def test_a_type_dropped_on_a_link_is_inserted(canvas: Canvas, desk: Desk) -> None:
    drop(canvas, "ReLU", canvas.point_of("C1", "out") + QPoint(40, 2))
    assert desk.labels == ["Insert ReLU"]
    after = {(link.source, link.target) for link in desk.graph.links}
    assert {("C1", "ReLU"), ("ReLU", "Tanh")} <= after


def test_alt_drops_beside_the_link(canvas: Canvas, desk: Desk) -> None:
    drop(canvas, "ReLU", canvas.point_of("C1", "out") + QPoint(40, 2), keys=Keys.AltModifier)
    assert desk.labels == ["Add ReLU"]


def test_a_dropped_block_is_placed(canvas: Canvas, desk: Desk) -> None:
    block = Graph({"x": Node("Input"), "y": Node("Output")}, role="block")
    desk.project = desk.project.with_graph("Pair", block)
    desk.show()
    assert drop(canvas, BLOCK + "Pair", QPoint(900, 500))
    assert desk.graph.nodes["Pair"].graph == "Pair"


def test_what_is_no_node_is_not_taken(canvas: Canvas, desk: Desk) -> None:
    assert not drop(canvas, "NoSuchType", QPoint(900, 500))
    assert not drop(canvas, BLOCK + "no such graph", QPoint(900, 500))
    assert not drop(canvas, "ReLU", QPoint(900, 500), mime="text/plain")
    assert desk.labels == []
    assert NAME in desk.project.graphs
