"""The mirror of the graph that is shown, which follows every change."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Set
from math import inf

from studio.core.change import GraphChange
from studio.core.graph import Frame, Graph, Link, Node
from studio.gui.canvas.card import Card, Subject, card_of, is_wrong
from studio.gui.canvas.geometry import (
    CHIP_MARGIN,
    Measure,
    Point,
    Rect,
    box_of,
    chip_width,
    united,
)
from studio.gui.canvas.places import FEW
from studio.gui.canvas.rows import LinkLook, LinkStyle, NodeRows
from studio.gui.canvas.shifting import Shifting

MANY = 200
"""After a change of more nodes than this everything is painted again, and faces wait until they come into view."""


class Drawing(Shifting):
    """What is drawn of one graph. It changes only by what it is shown, and by the preview of a move."""

    def __init__(self, measure: Measure, subject: Subject) -> None:
        super().__init__()
        self._measure, self.subject = measure, subject
        self.strips: dict[str, int] = {}
        self._late: set[str] = set()
        """Nodes whose faces are older than what is known of them."""
        self._gone: dict[str, tuple[Node, Card]] = {}
        """What removed nodes looked like, for an undo."""

    @property
    def graph(self) -> Graph:
        return self.subject.graph

    @property
    def frames(self) -> tuple[Frame, ...]:
        return self.graph.frames if self.shown_frames is None else self.shown_frames

    def show(self, subject: Subject) -> list[Rect] | None:
        """Show a graph; answers the areas that look different, None where all of it may."""
        before, self.subject, self.shown_frames = self.subject, subject, None
        if before.name != subject.name:
            self.rebuild()
            return None
        change = GraphChange.between(before.graph, subject.graph)
        for name in change.nodes_removed:
            self._gone[name] = before.graph.nodes[name], self.nodes.cards[self.nodes.row[name]]
        stale = change.nodes_edited | subject.told_otherwise(before, self.nodes.row)
        if before.project.graphs is not subject.project.graphs:
            stale |= {name for name, node in subject.graph.nodes.items() if node.graph}
        return self._apply(change, stale)

    def rebuild(self) -> None:
        """Draw everything from the graph, as when it is shown first."""
        self.clear()
        self._late.clear()
        self._gone.clear()
        for name in self.graph.nodes:
            self._put_card(name, self._card(name))
        self.links.settle(self._put_links(_drawable(self.graph.links, self.nodes)), self.nodes)

    @property
    def is_late(self) -> bool:
        """Whether faces were left for when they come into view."""
        return bool(self._late)

    def freshen(self, names: Collection[str]) -> list[Rect]:
        late = self._late.intersection(names)
        return self._touch(late) if late else []

    def freshen_within(self, area: Rect) -> list[Rect]:
        """Bring the faces in an area up to date; answers the areas that look different."""
        return self.freshen([self.nodes.names[row] for row in self.nodes.within(area).tolist()])

    def card(self, name: str) -> Card:
        """What is shown of a node. Raises KeyError where there is none."""
        self.freshen((name,))
        return self.nodes.cards[self.nodes.row[name]]

    def set_strip(self, name: str, tiles: int) -> list[Rect]:
        """Give a node room for so many tiles; answers the areas that look different."""
        self.strips[name] = tiles
        return self._touch({name}) if name in self.nodes.row else []

    def bounds(self) -> Rect | None:
        """The rectangle around everything that is drawn."""
        around = self.nodes.bounds()
        rects = [*([around] if around else []), *(frame.rectangle for frame in self.frames)]
        return united(rects)

    def _apply(self, change: GraphChange, stale: Collection[str]) -> list[Rect] | None:
        links = change.links_added | change.links_removed
        touched = {*stale, *(name for link in links for name in (link.source, link.target))}
        if len(touched) + len(change.nodes_moved) > MANY:
            self._apply_to_many(change, touched)
            return None
        gone, come = change.nodes_removed | change.nodes_moved, change.nodes_added | change.nodes_moved
        rects, left = self.extent(gone), self.node_areas(gone)
        cut = change.links_removed & self.links.row.keys()
        rects += self.link_areas([self.links.row[link] for link in cut])
        fresh = self._exchange(change)
        rects += self._touch(touched & self.nodes.row.keys() - change.nodes_added)
        rects += self.settle(fresh | self.links.around(change.nodes_moved), left + self.node_areas(come))
        rects += self.node_areas(come)
        return None if change.frames or len(come) > FEW else rects

    def _apply_to_many(self, change: GraphChange, touched: Set[str]) -> None:
        """Follow a change after which hardly an area looks as before, so that none is worth telling apart.

        Faces are left for when they come into view: from afar only what is wrong can be told from a node.
        """
        fresh = self._exchange(change)
        late = touched & self.nodes.row.keys() - change.nodes_added | self._late & change.nodes_added
        for name in late:
            self.nodes.problem[self.nodes.row[name]] = is_wrong(self.subject, name)
        dull = list(self.links.around(late) - fresh)
        looks = [_look_of(self.subject, link, self._measure) for link in self.links.between(dull)]
        self.links.restyle(dull, looks)
        self.links.settle(self.links.row.values(), self.nodes)
        self._late |= late

    def _exchange(self, change: GraphChange) -> set[int]:
        """Let go what was removed, take in what was added; answers the rows of the links that were."""
        self.links.remove(change.links_removed & self.links.row.keys())
        self.nodes.remove(change.nodes_removed)
        self._late -= change.nodes_removed
        for name in change.nodes_moved:
            self.nodes.move(name, self.graph.nodes[name].position)
        self._take_in(change.nodes_added)
        return set(self._put_links(_drawable(change.links_added, self.nodes)))

    def _take_in(self, names: Collection[str]) -> None:
        """Show new nodes; of many, those that were here before look as they did, until they come into view."""
        for name in names:
            node, card = self._gone.pop(name, (None, None))
            if card is None or node is not self.graph.nodes[name] or len(names) <= MANY:
                card = self._card(name)
            else:
                self._late.add(name)
            self._put_card(name, card)

    def _touch(self, names: Collection[str]) -> list[Rect]:
        """Draw these nodes and their links anew where they look different."""
        self._late.difference_update(names)
        cards = {
            name: card
            for name in names
            if _differs(self.nodes, name, card := self._card(name), self.graph.nodes[name].position)
        }
        rects, left = self.extent(cards), self.node_areas(cards)
        for name, card in cards.items():
            self._put_card(name, card)
        rows = set(self._put_links(self.links.between(self.links.around(names))))
        come = self.node_areas(cards)
        return rects + self.settle(rows, left + come) + come

    def _card(self, name: str) -> Card:
        return card_of(self.subject, name, strip=self.strips.get(name, 0))

    def _put_card(self, name: str, card: Card) -> None:
        self.nodes.put(name, card, box_of(card, self._measure), self.graph.nodes[name].position)

    def _put_links(self, links: Iterable[Link]) -> list[int]:
        return self.links.put({link: _look_of(self.subject, link, self._measure) for link in links}, self.nodes)


def _look_of(subject: Subject, link: Link, measure: Measure) -> LinkLook:
    shape, wrong = subject.shape(link.source, link.output), subject.is_mismatch(link)
    style = LinkStyle.MISMATCH if wrong else LinkStyle.SOLID if shape else LinkStyle.UNKNOWN
    if shape is None:
        return LinkLook("", style, "", inf)
    text = str(shape)
    return LinkLook(shape.kind, style, text, chip_width(text, measure) + CHIP_MARGIN)


def _drawable(links: Iterable[Link], nodes: NodeRows) -> list[Link]:
    """Links between nodes that are there; a file may hold others, which its problems tell of."""
    return [link for link in links if {link.source, link.target} <= nodes.row.keys()]


def _differs(nodes: NodeRows, name: str, card: Card, at: Point) -> bool:
    """Whether a node with this card, at this place, looks other than it is drawn."""
    return card != nodes.cards[nodes.row[name]] or nodes.rect(name)[:2] != at
