"""Takes what is dragged from the palette: a node where it is let go, or on the link that runs there."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QPointF, QRectF, Qt
from PySide6.QtGui import QDragMoveEvent, QDropEvent, QPainter, QPen

from studio.core.graph import Link, Node
from studio.gui.canvas import edits
from studio.gui.canvas.commands import Commands
from studio.gui.canvas.geometry import HEADER, NARROWEST, Point
from studio.gui.canvas.view import GraphView
from studio.gui.style.measures import RADIUS_NODE

NODE_MIME = "application/x-layerloom-node"
"""The text is a node type, or ``BLOCK`` and the name of a graph."""
BLOCK = "Block:"


class Drops:
    """Follows a drag over the canvas and puts the node where it is dropped."""

    def __init__(self, view: GraphView, commands: Commands) -> None:
        self._view, self._commands = view, commands
        self._at: QPointF | None = None

    def move(self, event: QDragMoveEvent) -> None:
        """The drag is here: show where the node would stand, and the link it would be put on."""
        if not self._titled(event.mimeData()):
            event.ignore()
            return
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self._at = event.position()
        self._view.mark(self._link(event))
        self._view.viewport().update()

    def leave(self) -> None:
        self._at = None
        self._view.mark(None)
        self._view.viewport().update()

    def drop(self, event: QDropEvent) -> None:
        self.leave()
        found = self._titled(event.mimeData())
        if found is None:
            event.ignore()
            return
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        inserts = not event.modifiers() & Qt.KeyboardModifier.AltModifier
        node, title = found
        self._commands.add_node(node, title, self._point(event), inserts=inserts)
        self._view.setFocus(Qt.FocusReason.MouseFocusReason)

    def paint(self, painter: QPainter) -> None:
        """The outline of the node that would stand here."""
        if self._at is None:
            return
        scene = self._view.scene()
        corner = edits.centered(scene.camera.to_scene((self._at.x(), self._at.y())), NARROWEST)
        rect = QRectF(*scene.camera.rect_to_view((*corner, float(NARROWEST), float(HEADER))))
        painter.setPen(QPen(scene.theme.accent, 1.5, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        radius = RADIUS_NODE * scene.camera.scale
        painter.drawRoundedRect(rect, radius, radius)

    def _titled(self, data: QMimeData) -> tuple[Node, str] | None:
        """The node that the data stands for, and what it is called; None where it stands for none."""
        if not data.hasFormat(NODE_MIME):
            return None
        text = bytes(data.data(NODE_MIME).data()).decode("utf-8", "replace").partition("\n")[0]
        subject = self._view.drawing.subject
        if text.startswith(BLOCK):
            graph = text.removeprefix(BLOCK)
            return (Node("Block", graph=graph), graph) if graph in subject.project.graphs else None
        cls = subject.knowledge.node_class(text)
        return (Node(cls.__name__), cls.title()) if cls is not None else None

    def _link(self, event: QDropEvent) -> Link | None:
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            return None
        return self._commands.link_for(self._point(event))

    def _point(self, event: QDropEvent) -> Point:
        at = event.position()
        return self._view.lens.camera.to_scene((at.x(), at.y()))
