"""What is done to links and to the points they are led through."""

from __future__ import annotations

from studio.core.graph import Link
from studio.gui.canvas import edits, routes
from studio.gui.canvas.commands import Commands
from studio.gui.canvas.geometry import Point, grown, snapped, united
from studio.gui.canvas.rows import chain_of, middle_of
from studio.gui.canvas.view import GraphView
from studio.gui.style.measures import GRID

MARGIN = 24.0


class Leading:
    """Acts on the link that is selected, and on the one of its points that is."""

    def __init__(self, view: GraphView, commands: Commands) -> None:
        self._view, self._commands = view, commands

    @property
    def bend(self) -> tuple[Link, int] | None:
        """The selected point of a link, while it exists."""
        bend = self._view.bend
        return bend if bend is not None and bend[0] in self._view.graph.links else None

    def select(self, bend: tuple[Link, int] | None) -> None:
        """Select a point and its link, or no point."""
        if bend == self._view.bend:
            return
        links = self._view.drawing.links
        rows = [links.row[each[0]] for each in (self._view.bend, bend) if each is not None and each[0] in links.row]
        self._view.bend = bend
        if bend is not None:
            self._commands.select_link(bend[0])
        self._view.refresh([grown(rect, MARGIN) for rect in links.rect(rows)])

    def add(self, link: Link, at: Point) -> None:
        """Lead a link through one more point."""
        index = routes.nearest_span(chain_of(self._view.drawing.links, link), at)
        self.lead(link, (*link.via[:index], snapped(at), *link.via[index:]), index)

    def add_in_middle(self) -> None:
        """Lead the selected link through its middle; without one, the first that leaves the selected node."""
        link = self._commands.selected_link or next(iter(self._around()), None)
        if link is not None:
            self.add(link, middle_of(self._view.drawing.links, link))

    def lead(self, link: Link, via: tuple[Point, ...], index: int) -> None:
        """Lead a link through these points, and select one of them."""
        ends = link.ends
        self._commands.edit(*edits.lead(self._view.graph, link, via))
        led = next((k for k in self._view.graph.links.into.get(link.target, ()) if k.ends == ends), None)
        if led is not None:
            self._commands.select_link(led)
            self.select((led, index) if index < len(led.via) else None)

    def remove(self, link: Link, index: int) -> None:
        """Let a link run straight on from the point before to the point after."""
        self.lead(link, (*link.via[:index], *link.via[index + 1 :]), len(link.via))

    def straighten(self) -> None:
        """Take all points from the selected link."""
        link = self._commands.selected_link
        if link is not None and link.via:
            self.lead(link, (), 0)

    def nudge(self, dx: int, dy: int) -> None:
        """Move the selected point by so many steps of the grid."""
        if self.bend is not None:
            link, index = self.bend
            x, y = link.via[index]
            moved = (x + dx * GRID, y + dy * GRID)
            self.lead(link, (*link.via[:index], moved, *link.via[index + 1 :]), index)

    def select_next(self) -> None:
        """Select the next link of the selected node, or of the graph, and then the points of it one by one."""
        link, links = self._commands.selected_link, self._around()
        if not links:
            return
        at = self.bend[1] + 1 if self.bend is not None else 0
        if link is not None and at < len(link.via):
            self.select((link, at))
            return
        self.select(None)
        following = links[(links.index(link) + 1) % len(links)] if link in links else links[0]
        self._commands.select_link(following)
        rect = united(self._view.drawing.links.rect([self._view.drawing.links.row[following]]))
        if rect is not None:
            self._view.lens.reveal(grown(rect, MARGIN))

    def _around(self) -> list[Link]:
        """The links of the selected nodes, else all."""
        graph, names = self._view.graph, self._view.selected
        drawn = self._view.drawing.links.row
        return [k for k in graph.links if k in drawn and (not names or k.source in names or k.target in names)]
