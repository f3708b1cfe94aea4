"""The mirror of the graph that is shown: follows every change, and answers what lies where."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from math import inf

from studio.core.change import GraphChange
from studio.core.graph import Frame, Graph, Link
from studio.gui.canvas import routes
from studio.gui.canvas.card import Card, Subject, card_of
from studio.gui.canvas.geometry import (
    CHIP_MARGIN,
    OVERHANG,
    REACH,
    Measure,
    PlacedPort,
    Point,
    Rect,
    box_of,
    chip_width,
    contains,
    grown,
    placed_ports,
    port_under,
    united,
)
from studio.gui.canvas.rows import LinkRows, LinkStyle, NodeRows

CURVE_STEPS = 16


class Drawing:
    """What is drawn of one graph. It changes only by what it is shown, and by the preview of a move."""

    def __init__(self, measure: Measure, subject: Subject) -> None:
        self._measure, self.subject = measure, subject
        self._faces: dict[Card, int] = {}
        self.nodes, self.links = NodeRows(self._faces), LinkRows()
        self.strips: dict[str, int] = {}

    @property
    def graph(self) -> Graph:
        return self.subject.graph

    @property
    def frames(self) -> tuple[Frame, ...]:
        return self.graph.frames

    def show(self, subject: Subject) -> list[Rect] | None:
        """Show a graph; answers the areas that look different, None where all of it may."""
        before, self.subject = self.subject, subject
        if before.name != subject.name:
            self.rebuild()
            return None
        change = GraphChange.between(before.graph, subject.graph)
        stale = change.nodes_edited | self._changed_results(before, subject)
        if before.project.graphs is not subject.project.graphs:
            stale |= {name for name, node in subject.graph.nodes.items() if node.graph}
        return self._apply(change, stale)

    def rebuild(self) -> None:
        """Draw everything from the graph, as when it is shown first."""
        self.nodes, self.links = NodeRows(self._faces), LinkRows()
        for name in self.graph.nodes:
            self._put_node(name)
        self.links.settle([self._put_link(link) for link in self.graph.links], self.nodes)

    def set_strip(self, name: str, tiles: int) -> list[Rect]:
        """Give a node room for so many tiles; answers the areas that look different."""
        self.strips[name] = tiles
        return self._touch({name}) if name in self.nodes.row else []

    def preview(self, positions: Mapping[str, Point]) -> list[Rect]:
        """Draw nodes at other places until the graph itself says where they are; answers the areas touched."""
        rects, left = self.extent(positions), self.node_areas(positions)
        for name, at in positions.items():
            self.nodes.move(name, at)
        rects += self._settle(self.links.around(positions), left + self.node_areas(positions))
        return rects + self.node_areas(positions)

    def node_at(self, point: Point) -> str | None:
        """The topmost node under a point."""
        near = self.nodes.within((*point, 0.0, 0.0)).tolist()
        hit = (name for row in reversed(near) if contains(self.nodes.rect(name := self.nodes.names[row]), point))
        return next(hit, None)

    def ports_of(self, name: str) -> list[PlacedPort]:
        row = self.nodes.row[name]
        x, y, _, _ = self.nodes.rect(name)
        return placed_ports(name, self.nodes.cards[row], self.nodes.boxes[row], (x, y))

    def ports_within(self, area: Rect) -> list[PlacedPort]:
        rows = self.nodes.within(area).tolist()
        return [port for row in rows for port in self.ports_of(self.nodes.names[row])]

    def port_at(self, point: Point, reach: float = REACH) -> PlacedPort | None:
        """The nearest port within reach of a point."""
        return port_under(point, self.ports_within(grown((*point, 0.0, 0.0), reach)), reach)

    def link_at(self, point: Point, reach: float) -> Link | None:
        """The nearest link within reach of a point."""
        best: tuple[float, Link | None] = (reach, None)
        for row in self.links.within(grown((*point, 0.0, 0.0), reach)).tolist():
            rows = [row]
            lines = routes.points_of(self.links.ends[rows], self.links.gap[rows], CURVE_STEPS)
            away = min(routes.distance_to(points, point) for group in lines for points in group)
            if away <= best[0]:
                best = (away, self.links.links[row])
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

    def bounds(self) -> Rect | None:
        """The rectangle around everything that is drawn."""
        around = self.nodes.bounds()
        rects = [*([around] if around else []), *(frame.rectangle for frame in self.frames)]
        return united(rects)

    def node_areas(self, names: Iterable[str]) -> list[Rect]:
        """The areas of nodes, with all that hangs over them."""
        return [grown(self.nodes.rect(name), OVERHANG) for name in names]

    def extent(self, names: Iterable[str]) -> list[Rect]:
        """The areas of nodes and of the links at them, in the scene."""
        names = list(names)
        around = self.links.rect(self.links.around(names)) if names else []
        return self.node_areas(names) + [grown(rect, OVERHANG) for rect in around]

    def _changed_results(self, before: Subject, after: Subject) -> frozenset[str]:
        """Nodes of both graphs about which something else was found."""
        if before.result is after.result:
            return frozenset()
        old = before.result.nodes if before.result else {}
        new = after.result.nodes if after.result else {}
        return frozenset(name for name in self.nodes.row if old.get(name) is not new.get(name))

    def _apply(self, change: GraphChange, stale: Collection[str]) -> list[Rect] | None:
        links = change.links_added | change.links_removed
        ends = {name for link in links for name in (link.source, link.target)}
        gone, come = change.nodes_removed | change.nodes_moved, change.nodes_added | change.nodes_moved
        rects, left = self.extent(gone), self.node_areas(gone)
        cut = [self.links.row[link] for link in change.links_removed]
        rects += [grown(rect, OVERHANG) for rect in self.links.rect(cut)]
        for link in change.links_removed:
            self.links.remove(link)
        for name in change.nodes_removed:
            self.nodes.remove(name)
        graph = self.graph
        for name in change.nodes_moved:
            self.nodes.move(name, graph.nodes[name].position)
        for name in change.nodes_added:
            self._put_node(name)
        fresh = {self._put_link(link) for link in change.links_added}
        touched = {name for name in (*stale, *ends) if name in self.nodes.row}
        rects += self._touch(touched)
        rects += self._settle(fresh | self.links.around(change.nodes_moved), left + self.node_areas(come))
        rects += self.node_areas(come)
        return None if change.frames else rects

    def _touch(self, names: Collection[str]) -> list[Rect]:
        """Draw these nodes and their links anew where they look different."""
        different = {name for name in names if self._differs(name)}
        rects, left = self.extent(different), self.node_areas(different)
        for name in different:
            self._put_node(name)
        rows = {self._put_link(link) for row in self.links.around(names) if (link := self.links.links[row])}
        come = self.node_areas(different)
        return rects + self._settle(rows, left + come) + come

    def _differs(self, name: str) -> bool:
        row = self.nodes.row[name]
        card = card_of(self.subject, name, strip=self.strips.get(name, 0))
        return card != self.nodes.cards[row] or self.nodes.rect(name)[:2] != self.graph.nodes[name].position

    def _put_node(self, name: str) -> None:
        card = card_of(self.subject, name, strip=self.strips.get(name, 0))
        self.nodes.put(name, card, box_of(card, self._measure), self.graph.nodes[name].position)

    def _put_link(self, link: Link) -> int:
        shape, wrong = self.subject.shape(link.source, link.output), self.subject.is_mismatch(link)
        style = LinkStyle.MISMATCH if wrong else LinkStyle.SOLID if shape else LinkStyle.UNKNOWN
        if shape is None:
            return self.links.put(link, self.nodes, "", style, "", inf)
        room = chip_width(str(shape), self._measure) + CHIP_MARGIN
        return self.links.put(link, self.nodes, shape.kind, style, str(shape), room)

    def _settle(self, rows: set[int], changed: Iterable[Rect]) -> list[Rect]:
        """Fasten links anew, and those whose way leads through what changed; answers where they were and are."""
        rows = rows.union(*(self.links.detours_through(rect) for rect in changed))
        if not rows:
            return []
        before = self.links.rect(rows)
        self.links.settle(rows, self.nodes)
        return [grown(rect, OVERHANG) for rect in [*before, *self.links.rect(rows)] if rect[0] == rect[0]]
