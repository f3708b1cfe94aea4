"""Moves nodes, on the grid; a node without links that is let go on a link is put there."""

from __future__ import annotations

from PySide6.QtCore import Qt

from studio.core.graph import Link
from studio.gui.canvas import edits
from studio.gui.canvas.geometry import Point, snapped
from studio.gui.canvas.gestures.gesture import Edit, Gesture, Keys
from studio.gui.canvas.view import GraphView

LINK_REACH = 24.0


class Move(Gesture):
    """Previews where the selected nodes go, and edits the graph when they are let go."""

    def __init__(self, view: GraphView, at: Point, grabbed: str, edit: Edit) -> None:
        super().__init__(view, at)
        self._grabbed, self._edit = grabbed, edit
        nodes = view.graph.nodes
        self._from = {name: nodes[name].position for name in view.selected | {grabbed}}
        self._to = dict(self._from)
        self._may_slip_in = len(self._from) == 1 and self._is_loose()

    def drag(self, at: Point, keys: Keys) -> None:
        scale = self.view.lens.camera.scale
        x, y = self._from[self._grabbed]
        left, top = snapped((x + (at[0] - self.start[0]) / scale, y + (at[1] - self.start[1]) / scale))
        wanted = {name: (place[0] + left - x, place[1] + top - y) for name, place in self._from.items()}
        if wanted != self._to:
            self._to = wanted
            self.view.refresh(self.view.drawing.preview(wanted))
            self.view.point_out()
        self.view.mark(self._link_below(keys))

    def release(self, at: Point, keys: Keys) -> None:
        if not self.is_drag:
            self.view.select({self._grabbed} & self.view.graph.nodes.keys())
            return
        link = self._link_below(keys)
        self._restore()
        if self._to == self._from:
            return
        graph, moved = (
            self.view.graph,
            {name: place for name, place in self._to.items() if name in self.view.graph.nodes},
        )
        if link is not None:
            ports = self.view.drawing.subject.ports(self._grabbed)
            self._edit(*edits.slip_in(graph, self._grabbed, moved[self._grabbed], link, ports))
        elif moved:
            self._edit(*edits.move(graph, moved))

    def cancel(self) -> None:
        self._restore()

    def _restore(self) -> None:
        self.view.mark(None)
        there = {name: place for name, place in self._from.items() if name in self.view.drawing.nodes.row}
        self.view.refresh(self.view.drawing.preview(there))
        self.view.point_out()

    def _is_loose(self) -> bool:
        links = self.view.graph.links
        linked = self._grabbed in links.into or self._grabbed in links.out_of
        return not linked and edits.fits_on_link(self.view.drawing.subject.ports(self._grabbed))

    def _link_below(self, keys: Keys) -> Link | None:
        """The link on which the node would be put; Alt keeps it apart."""
        if not self._may_slip_in or keys & Qt.KeyboardModifier.AltModifier:
            return None
        x, y, width, _ = self.view.drawing.nodes.rect(self._grabbed)
        return self.view.drawing.link_at((x + width / 2, y + 16.0), LINK_REACH)
