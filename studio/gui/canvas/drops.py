"""Takes what is dragged from the palette: a node where it is let go, or on the link that runs there."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QPointF, QRectF, Qt
from PySide6.QtGui import QDragMoveEvent, QDropEvent, QPainter, QPen

from studio.core.blocks import recursion
from studio.core.graph import Link, Node
from studio.gui.canvas import edits
from studio.gui.canvas.commands import Commands
from studio.gui.canvas.geometry import HEADER, NARROWEST, Point
from studio.gui.canvas.reason import paint_reason, reason_rect
from studio.gui.canvas.view import GraphView
from studio.gui.style.measures import RADIUS_NODE

NODE_MIME = "application/x-layerloom-node"
"""The text is a node type, or ``BLOCK`` and the name of a graph, or ``SAVED`` and that of a block of the library."""
BLOCK = "Block:"
SAVED = "Saved block:"


class Drops:
    """Follows a drag over the canvas and puts the node where it is dropped."""

    def __init__(self, view: GraphView, commands: Commands) -> None:
        self._view, self._commands = view, commands
        self._at: QPointF | None = None
        self._reason: str | None = None

    def move(self, event: QDragMoveEvent) -> None:
        """The drag is here: show where the node would stand, and the link it would be put on."""
        payload = self._payload(event.mimeData())
        if not payload.startswith(SAVED) and not self._titled(payload):
            event.ignore()
            return
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self._at, self._reason = event.position(), self._refusal(payload)
        self._view.mark(self._link(event) if self._reason is None else None)
        self._view.viewport().update()

    def leave(self) -> None:
        self._at = self._reason = None
        self._view.mark(None)
        self._view.viewport().update()

    def drop(self, event: QDropEvent) -> None:
        self.leave()
        payload = self._payload(event.mimeData())
        found = self._titled(payload)
        inserts = not event.modifiers() & Qt.KeyboardModifier.AltModifier
        if payload.startswith(SAVED):
            self._commands.block_wanted.emit(payload, QPointF(*self._point(event)), inserts)
        elif found is not None and self._refusal(payload) is None:
            self._commands.add_node(*found, self._point(event), inserts=inserts)
        else:
            event.ignore()
            return
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self._view.setFocus(Qt.FocusReason.MouseFocusReason)

    def paint(self, painter: QPainter) -> None:
        """The outline of the node that would stand here."""
        if self._at is None:
            return
        scene = self._view.scene()
        if self._reason is not None:
            rect = reason_rect(self._reason, (self._at.x(), self._at.y()), self._view.lens.size)
            paint_reason(painter, scene.theme, rect, self._reason)
            return
        corner = edits.centered(scene.camera.to_scene((self._at.x(), self._at.y())), NARROWEST)
        rect = QRectF(*scene.camera.rect_to_view((*corner, float(NARROWEST), float(HEADER))))
        painter.setPen(QPen(scene.theme.accent, 1.5, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        radius = RADIUS_NODE * scene.camera.scale
        painter.drawRoundedRect(rect, radius, radius)

    def _payload(self, data: QMimeData) -> str:
        """What is dragged; empty where it is nothing for the canvas."""
        if not data.hasFormat(NODE_MIME):
            return ""
        return bytes(data.data(NODE_MIME).data()).decode("utf-8", "replace").partition("\n")[0]

    def _refusal(self, payload: str) -> str | None:
        """Why what is dragged may not stand here; None where it may."""
        subject = self._view.drawing.subject
        if not payload.startswith(BLOCK):
            return None
        return recursion(subject.project, subject.name, payload.removeprefix(BLOCK))

    def _titled(self, text: str) -> tuple[Node, str] | None:
        """The node that a payload stands for, and what it is called; None where it stands for none."""
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
