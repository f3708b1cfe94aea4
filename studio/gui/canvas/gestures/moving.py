"""Moves nodes, lined up with others or on the grid: onto a link where they have none, with Alt out of their links."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from PySide6.QtCore import QLineF, Qt
from PySide6.QtGui import QPainter, QPen

from studio.core.graph import Graph, Link
from studio.gui.canvas import edits, guides, wiring
from studio.gui.canvas.camera import Camera
from studio.gui.canvas.geometry import Point, Rect, grown, snapped, spanned, united
from studio.gui.canvas.gestures.gesture import Edit, Gesture, Keys
from studio.gui.canvas.view import GraphView

LINK_REACH = 24.0
ALIGN_REACH = 5.0
"""Pixels on the screen within which a node is drawn to a line of its neighbours."""
GUIDE_OVERHANG = 8.0
"""How far a guide reaches over what lines up, in pixels on the screen."""


FREE = Qt.KeyboardModifier.ControlModifier
"""Held, a node goes exactly where the pointer takes it."""

ALT = Qt.KeyboardModifier.AltModifier


class Move(Gesture):
    """Previews where the selected nodes go, and edits the graph when they are let go.

    Alt takes them out of their links, and what they leave is healed. A node that has no links is put on the link it
    is let go on, unless Alt keeps it apart: so Alt never leads onto a link, and both can be held throughout.
    """

    def __init__(self, view: GraphView, at: Point, grabbed: str, edit: Edit) -> None:
        super().__init__(view, at)
        self._grabbed, self._edit = grabbed, edit
        self._names = tuple(view.selected | {grabbed})
        self._place = view.graph.nodes[grabbed].position
        self._by: Point = (0.0, 0.0)
        self._guides: tuple[guides.Guide, ...] = ()
        self._rails: guides.Rails | None = None
        self._moving: Rect = united(view.drawing.nodes.rect(name) for name in self._names) or (0.0, 0.0, 0.0, 0.0)
        self._graph = view.graph
        self._is_linked = self._has_links()
        self._may_slip_in = len(self._names) == 1 and self._is_loose()

    def drag(self, at: Point, keys: Keys) -> None:
        self._detach(is_on=bool(keys & ALT) and self._is_linked)
        scale = self.view.lens.camera.scale
        by = (at[0] - self.start[0]) / scale, (at[1] - self.start[1]) / scale
        if keys & FREE:
            self._show_guides(())
        self._carry(by if keys & FREE else self._settled(by))
        self.view.mark(self._link_below(keys))

    def follow(self, before: Camera) -> None:
        super().follow(before)
        self._rails = None

    def release(self, at: Point, keys: Keys) -> None:
        if not self.is_drag:
            self.view.select({self._grabbed})
            return
        link, by, detaches = self._link_below(keys), self._by, bool(keys & ALT) and self._is_linked
        self.cancel()
        if by == (0.0, 0.0):
            return
        graph = self._graph
        places = {name: graph.nodes[name].position for name in self._names}
        moved = {name: (x + by[0], y + by[1]) for name, (x, y) in places.items()}
        if link is not None:
            ports = self.view.drawing.subject.ports(self._grabbed)
            self._edit(*edits.slip_in(graph, self._grabbed, moved[self._grabbed], link, ports))
        elif detaches:
            self._edit(*edits.detach(graph, moved))
        else:
            self._edit(*edits.move(graph, moved))

    def cancel(self) -> None:
        self._show_guides(())
        self.view.mark(None)
        self._carry((0.0, 0.0))
        self.preview(self._graph)

    @cached_property
    def _apart(self) -> Graph:
        """The graph with the nodes out of their links."""
        return wiring.detached(self._graph, self._names)

    def _detach(self, *, is_on: bool) -> None:
        """Draw the links as they would be without the nodes, or as they are."""
        shown = self._apart if is_on else self._graph
        if shown is not self.view.graph:
            by = self._by
            self._carry((0.0, 0.0))
            self.preview(shown)
            self._carry(by)
            self._rails = None

    def paint(self, painter: QPainter) -> None:
        painter.setPen(QPen(self.view.scene().theme.accent, 1))
        for guide in self._guides:
            left, top, width, height = self._line(guide)
            painter.drawLine(QLineF(left, top, left + width, top + height))

    def _settled(self, by: Point) -> Point:
        """How far the nodes go: to the nearest line of a neighbour, else to the grid, as the person wants it."""
        look, (x, y) = self.view.look, self._place
        on_grid = snapped((x + by[0], y + by[1])) if look.snaps_to_grid else (x + by[0], y + by[1])
        if not look.snaps_to_nodes:
            return on_grid[0] - x, on_grid[1] - y
        if self._rails is None:
            self._rails = self._standing()
        found = guides.align(self._rails, self._moving, by, ALIGN_REACH / self.view.lens.camera.scale)
        self._show_guides(found.guides)
        return (
            on_grid[0] - x if found.x is None else found.x,
            on_grid[1] - y if found.y is None else found.y,
        )

    def _standing(self) -> guides.Rails:
        """The lines of the nodes in view that do not move, and the links between them and those that do."""
        drawing, moved = self.view.drawing, set(self._names)
        rows = drawing.nodes.within(self.view.lens.camera.rect_to_scene((0.0, 0.0, *self.view.lens.size)))
        stands = np.array([drawing.nodes.names[row] not in moved for row in rows.tolist()], np.bool_)
        wires = [self._wire(row) for row in drawing.links.around(moved) if self._is_between(row, moved)]
        return guides.Rails.of(drawing.nodes.place[rows[stands]], wires)

    def _is_between(self, row: int, moved: set[str]) -> bool:
        link = self.view.drawing.links.links[row]
        return link is not None and (link.source in moved) != (link.target in moved)

    def _wire(self, row: int) -> guides.Wire:
        link, (_, start, _, end) = self.view.drawing.links.links[row], self.view.drawing.links.ends[row].tolist()
        going, gone = (start, end) if link is not None and link.source in self._names else (end, start)
        return guides.Wire(going - self._by[1], gone)

    def _line(self, guide: guides.Guide) -> Rect:
        """A guide in the view, at the middle of a pixel: without a width, or without a height."""
        ends = [(guide.at, guide.low), (guide.at, guide.high)]
        corners = [self.view.lens.camera.to_view(end if guide.axis == 0 else (end[1], end[0])) for end in ends]
        (left, top), (right, bottom) = corners
        if guide.axis == 0:
            x = round(left) + 0.5
            return spanned((x, top - GUIDE_OVERHANG), (x, bottom + GUIDE_OVERHANG))
        y = round(top) + 0.5
        return spanned((left - GUIDE_OVERHANG, y), (right + GUIDE_OVERHANG, y))

    def _show_guides(self, wanted: tuple[guides.Guide, ...]) -> None:
        before, self._guides = self._guides, wanted
        if before != wanted:
            self.repaint(*(grown(self._line(guide), 1.0) for guide in (*before, *wanted)))

    def _carry(self, by: Point) -> None:
        """Draw the nodes so far from where they stand."""
        if by == self._by:
            return
        step = by[0] - self._by[0], by[1] - self._by[1]
        self._by = by
        self.view.refresh(self.view.drawing.carry(self._names, step))
        self.view.point_out()

    def _has_links(self) -> bool:
        """Whether a link leads to the nodes or from them, those among them aside."""
        names, links = set(self._names), self._graph.links
        arriving = (link for name in names for link in links.into.get(name, ()) if link.source not in names)
        leaving = (link for name in names for link in links.out_of.get(name, ()) if link.target not in names)
        return next(arriving, None) is not None or next(leaving, None) is not None

    def _is_loose(self) -> bool:
        return not self._is_linked and edits.fits_on_link(self.view.drawing.subject.ports(self._grabbed))

    def _link_below(self, keys: Keys) -> Link | None:
        """The link on which the node would be put; Alt keeps it apart."""
        if not self._may_slip_in or keys & ALT:
            return None
        x, y, width, _ = self.view.drawing.nodes.rect(self._grabbed)
        return self.view.drawing.link_at((x + width / 2, y + 16.0), LINK_REACH)
