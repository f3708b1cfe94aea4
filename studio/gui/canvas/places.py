"""Where everything that is drawn lies, and what lies under a point or within an area."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from studio.core.graph import Link
from studio.gui.canvas import routes
from studio.gui.canvas.card import Card
from studio.gui.canvas.geometry import (
    OUTLINE,
    OVERHANG,
    REACH,
    TILE,
    TILE_PADDING,
    TILE_TOP,
    PlacedPort,
    Point,
    Rect,
    contains,
    grown,
    placed_ports,
    port_under,
    united,
)
from studio.gui.canvas.rows import LinkRows, NodeRows
from studio.gui.style.measures import RADIUS_NODE

CURVE_STEPS = 16
FEW = 24
"""Of more nodes than this it is quicker to look at everything than at each of them."""


class Places:
    """The rows of nodes and links, and the questions asked of them; all points and areas are of the scene."""

    def __init__(self) -> None:
        self._faces: dict[Card, int] = {}
        self.clear()

    def clear(self) -> None:
        """Forget all nodes and links; faces that were painted stay known."""
        self.nodes, self.links = NodeRows(self._faces), LinkRows()

    def node_at(self, point: Point) -> str | None:
        """The topmost node under a point."""
        near = self.nodes.within((*point, 0.0, 0.0)).tolist()
        hit = (name for row in reversed(near) if contains(self.nodes.rect(name := self.nodes.names[row]), point))
        return next(hit, None)

    def freshen(self, names: Collection[str]) -> list[Rect]:
        """Bring the faces of nodes up to date, where that was put off; answers the areas that look different."""
        return []

    def ports_of(self, name: str) -> list[PlacedPort]:
        self.freshen((name,))
        row = self.nodes.row[name]
        x, y, _, _ = self.nodes.rect(name)
        return placed_ports(name, self.nodes.cards[row], self.nodes.boxes[row], (x, y))

    def port_at(self, point: Point, reach: float = REACH) -> PlacedPort | None:
        """The nearest port within reach of a point."""
        return port_under(point, self.ports_within(grown((*point, 0.0, 0.0), reach)), reach)

    def ports_within(self, area: Rect) -> list[PlacedPort]:
        rows = self.nodes.within(area).tolist()
        return [port for row in rows for port in self.ports_of(self.nodes.names[row])]

    def link_at(self, point: Point, reach: float) -> Link | None:
        """The nearest link within reach of a point."""
        best: tuple[float, Link | None] = (reach, None)
        for row in self.links.within(grown((*point, 0.0, 0.0), reach)).tolist():
            lines = self.links.lines(np.array([row]), CURVE_STEPS)
            away = min(routes.distance_to(points, point) for group in lines for points in group)
            if away <= best[0]:
                best = (away, self.links.links[row])
        return best[1]

    def bend_at(self, point: Point, reach: float) -> tuple[Link, int] | None:
        """The nearest point that a link is led through, within reach: the link, and which of its points."""
        best: tuple[float, tuple[Link, int] | None] = (reach, None)
        for row, points in self.links.via.items():
            away = np.hypot(*(points - point).T)
            index, link = int(np.argmin(away)), self.links.links[row]
            if link is not None and away[index] <= best[0]:
                best = (float(away[index]), (link, index))
        return best[1]

    def names_within(self, area: Rect) -> set[str]:
        """Nodes whose rectangle touches an area."""
        x, y, width, height = area
        rects = ((self.nodes.names[row], self.nodes.place[row].tolist()) for row in self.nodes.within(area).tolist())
        return {
            name
            for name, (left, top, w, h) in rects
            if left < x + width and left + w > x and top < y + height and top + h > y
        }

    def is_inside_a_node(self, area: Rect) -> bool:
        """Whether one node alone covers all of an area, so that nothing behind it shows."""
        rows = self.nodes.within(area).tolist()
        if len(rows) != 1:
            return False
        x, y, width, height = self.nodes.place[rows[0]].tolist()
        beside, below = x + width - area[0] - area[2], y + height - area[1] - area[3]
        # Its corners are round, and there what is behind it shows.
        return bool(min(area[0] - x, beside) >= OUTLINE and min(area[1] - y, below) >= RADIUS_NODE)

    def strip_area(self, name: str) -> Rect:
        """Where the pictures on a node lie."""
        row = self.nodes.row[name]
        (x, y, width, _), box = self.nodes.rect(name), self.nodes.boxes[row]
        inset = TILE_PADDING
        return x + inset, y + box.strip_top + TILE_TOP, width - 2 * inset, float(TILE)

    def node_areas(self, names: Collection[str]) -> list[Rect]:
        """The areas of nodes, with all that hangs over them; of many nodes the one around them."""
        if len(names) <= FEW:
            return [grown(self.nodes.rect(name), OVERHANG) for name in names]
        x, y, w, h = self.nodes.place[[self.nodes.row[name] for name in names]].T
        left, top = float(x.min()), float(y.min())
        return [grown((left, top, float((x + w).max()) - left, float((y + h).max()) - top), OVERHANG)]

    def extent(self, names: Collection[str]) -> list[Rect]:
        """The areas of nodes and of the links at them, in the scene."""
        return self.node_areas(names) + self.link_areas(self.links.around(names))

    def link_areas(self, rows: Collection[int]) -> list[Rect]:
        """The areas of links that are drawn already; of many links the one around them."""
        areas = [rect for rect in self.links.rect(rows) if rect[0] == rect[0]]
        around = united(areas) if len(areas) > FEW else None
        return [grown(area, OVERHANG) for area in ([around] if around else areas)]
