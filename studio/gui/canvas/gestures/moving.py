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
        self._names = tuple(view.selected | {grabbed})
        self._place = view.graph.nodes[grabbed].position
        self._by: Point = (0.0, 0.0)
        self._may_slip_in = len(self._names) == 1 and self._is_loose()

    def drag(self, at: Point, keys: Keys) -> None:
        scale, (x, y) = self.view.lens.camera.scale, self._place
        left, top = snapped((x + (at[0] - self.start[0]) / scale, y + (at[1] - self.start[1]) / scale))
        self._carry((left - x, top - y))
        self.view.mark(self._link_below(keys))

    def release(self, at: Point, keys: Keys) -> None:
        if not self.is_drag:
            self.view.select({self._grabbed})
            return
        link, by = self._link_below(keys), self._by
        self.cancel()
        if by == (0.0, 0.0):
            return
        graph = self.view.graph
        places = {name: graph.nodes[name].position for name in self._names}
        moved = {name: (x + by[0], y + by[1]) for name, (x, y) in places.items()}
        if link is not None:
            ports = self.view.drawing.subject.ports(self._grabbed)
            self._edit(*edits.slip_in(graph, self._grabbed, moved[self._grabbed], link, ports))
        else:
            self._edit(*edits.move(graph, moved))

    def cancel(self) -> None:
        self.view.mark(None)
        self._carry((0.0, 0.0))

    def _carry(self, by: Point) -> None:
        """Draw the nodes so far from where they stand."""
        if by == self._by:
            return
        step = by[0] - self._by[0], by[1] - self._by[1]
        self._by = by
        self.view.refresh(self.view.drawing.carry(self._names, step))
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
