"""Nodes and links as rows of arrays, so that culling, hit tests and painting handle thousands at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from studio.core.graph import Link
from studio.gui.canvas import routes
from studio.gui.canvas.card import Card
from studio.gui.canvas.geometry import OVERHANG, Box, Point, Rect, grown
from studio.gui.canvas.routes import Floats
from studio.gui.style.tokens import FAMILIES, FLOWS

Rows = NDArray[np.intp]

FAMILY_NAMES = (*FAMILIES, "")
FLOW_NAMES = (*FLOWS, "")
_FAMILY = {name: index for index, name in enumerate(FAMILY_NAMES)}
_FLOW = {name: index for index, name in enumerate(FLOW_NAMES)}


FEW_AREAS = 48
"""With more areas than this it is quicker to settle every detour."""


class LinkStyle(IntEnum):
    """How a link is drawn: what flows fits, does not fit, or is not yet known."""

    SOLID = 0
    MISMATCH = 1
    UNKNOWN = 2


class LinkLook(NamedTuple):
    """What a link looks like: the kind of what flows through it, and the text that shows where it has so much room."""

    kind: str
    style: LinkStyle
    text: str
    room: float


class NodeRows:
    """One row a node. A row that is let go is used again; until then its place is nan, which lies nowhere."""

    def __init__(self, faces: dict[Card, int]) -> None:
        self.row: dict[str, int] = {}
        self.names: list[str] = []
        self.cards: list[Card] = []
        self.boxes: list[Box] = []
        self.faces: list[int] = []
        self.place: Floats = np.full((64, 4), np.nan)
        self.family: NDArray[np.int8] = np.zeros(64, np.int8)
        self.problem: NDArray[np.bool_] = np.zeros(64, np.bool_)
        self._free: list[int] = []
        self._faces = faces

    def put(self, name: str, card: Card, box: Box, at: Point) -> int:
        """Add a node, or show the one of this name anew."""
        row = self.row.get(name)
        row = self._new(name) if row is None else row
        self.cards[row], self.boxes[row] = card, box
        self.faces[row] = self._faces.setdefault(card, len(self._faces))
        self.place[row] = (*at, box.width, box.height)
        self.family[row] = _FAMILY.get(card.family, len(FAMILY_NAMES) - 1)
        self.problem[row] = card.problem
        return row

    def move(self, name: str, at: Point) -> None:
        self.place[self.row[name], :2] = at

    def remove(self, names: Iterable[str]) -> None:
        rows = [self.row.pop(name) for name in names]
        self.place[rows] = np.nan
        self._free += rows

    def rect(self, name: str) -> Rect:
        x, y, width, height = self.place[self.row[name]].tolist()
        return x, y, width, height

    def within(self, area: Rect) -> Rows:
        """The rows whose nodes, with all that hangs over them, touch an area."""
        x, y, w, h = self.place.T
        left, top, right, bottom = area[0], area[1], area[0] + area[2], area[1] + area[3]
        near = (x < right + OVERHANG) & (x + w > left - OVERHANG) & (y < bottom + OVERHANG) & (y + h > top - OVERHANG)
        return np.flatnonzero(near)

    def bounds(self) -> Rect | None:
        """The rectangle around all nodes."""
        if not self.row:
            return None
        x, y, w, h = self.place[~np.isnan(self.place[:, 0])].T
        left, top = float(x.min()), float(y.min())
        return left, top, float((x + w).max()) - left, float((y + h).max()) - top

    def _new(self, name: str) -> int:
        if self._free:
            row = self._free.pop()
            self.names[row] = name
        else:
            row = len(self.names)
            self.names.append(name)
            self.cards.append(_NO_CARD)
            self.boxes.append(_NO_BOX)
            self.faces.append(0)
        if row == len(self.place):
            self.place = np.concatenate([self.place, np.full_like(self.place, np.nan)])
            self.family, self.problem = np.tile(self.family, 2), np.tile(self.problem, 2)
        self.row[name] = row
        return row


class LinkRows:
    """One row a link: its two nodes and where on them it is fastened, its colour, its style and its text."""

    def __init__(self) -> None:
        self.row: dict[Link, int] = {}
        self.links: list[Link | None] = []
        self.texts: list[str] = []
        self.at: dict[str, set[int]] = {}
        """Rows by the names of the nodes they touch."""
        self.nodes: NDArray[np.intp] = np.zeros((64, 2), np.intp)
        self.offset: Floats = np.zeros((64, 4))
        self.ends: Floats = np.full((64, 4), np.nan)
        self.gap: Floats = np.zeros(64)
        self.room: Floats = np.zeros(64)
        """How long a link has to be for its text to show."""
        self.bounds: Floats = np.full((64, 4), np.nan)
        self.flow: NDArray[np.int8] = np.zeros(64, np.int8)
        self.style: NDArray[np.int8] = np.zeros(64, np.int8)
        self.bent: NDArray[np.bool_] = np.zeros(64, np.bool_)
        """Whether a link runs through points."""
        self.via: dict[int, Floats] = {}
        self.spans: dict[int, Floats] = {}
        """By row of a bent link the points (k, 2) that it runs through, and its pieces (m, 4, 2), cubic curves."""
        self._free: list[int] = []

    def put(self, looks: Mapping[Link, LinkLook], nodes: NodeRows) -> list[int]:
        """Add links, or show them anew; ``settle`` then finds their way."""
        rows = [self._new(link) if (known := self.row.get(link)) is None else known for link in looks]
        if rows:
            ends = [(nodes.row[link.source], nodes.row[link.target]) for link in looks]
            self.nodes[rows] = ends
            self.offset[rows] = [
                (*output_offset(nodes, source, link.output), *input_offset(nodes, target, link.input))
                for link, (source, target) in zip(looks, ends, strict=True)
            ]
            self.restyle(rows, looks.values())
        return rows

    def restyle(self, rows: Sequence[int], looks: Collection[LinkLook]) -> None:
        """Show links that stay where they are in other looks."""
        if rows:
            kinds, styles, texts, rooms = zip(*looks, strict=True)
            self.flow[rows] = [_FLOW.get(kind, len(FLOW_NAMES) - 1) for kind in kinds]
            self.style[rows], self.room[rows] = styles, rooms
            for row, text in zip(rows, texts, strict=True):
                self.texts[row] = text

    def remove(self, links: Iterable[Link]) -> None:
        gone = {link: self.row.pop(link) for link in links}
        rows = list(gone.values())
        self.ends[rows] = self.bounds[rows] = np.nan
        self.bent[rows] = False
        for link, row in gone.items():
            self.links[row] = None
            self.via.pop(row, None)
            self.spans.pop(row, None)
            self.at[link.source].discard(row)
            self.at[link.target].discard(row)
        self._free += rows

    def settle(self, rows: Iterable[int], nodes: NodeRows) -> None:
        """Fasten links to where their nodes stand, and find the gap for those that run backwards."""
        chosen = np.fromiter(rows, np.intp)
        source, target = nodes.place[self.nodes[chosen, 0]], nodes.place[self.nodes[chosen, 1]]
        self.ends[chosen] = self._fastened(chosen, nodes)
        back = np.flatnonzero(routes.is_backwards(self.ends[chosen]) & ~self.bent[chosen])
        self.gap[chosen[back]] = routes.gaps_between(source[back], target[back], nodes.place)
        self.bounds[chosen] = routes.bounds_of(self.ends[chosen], self.gap[chosen])
        self._lead(chosen)

    def lines(self, rows: Rows, steps: int) -> list[Floats]:
        """Points along these links, as arrays (n, k, 2); a link through points gives a line for each of its parts."""
        if not self.via:
            return routes.points_of(self.ends[rows], self.gap[rows], steps)
        bent = self.bent[rows]
        plain, spans = rows[~bent], [self.spans[row] for row in rows[bent].tolist()]
        lines = routes.points_of(self.ends[plain], self.gap[plain], steps)
        return [*lines, routes.beziers(np.concatenate(spans), steps)] if spans else lines

    def chords(self, rows: Rows) -> Floats:
        """Straight lines (m, 4) from end to end, around corners backwards, and from point to point of what is bent."""
        bent = self.bent[rows]
        spans = [self.spans[row][:, [0, 3]].reshape(-1, 4) for row in rows[bent].tolist()] if self.via else []
        plain = rows[~bent] if self.via else rows
        ends = self.ends[plain]
        back = routes.is_backwards(ends)
        around = routes.segments_of(routes.square(ends[back], self.gap[plain[back]]))
        return np.concatenate([ends[~back], around, *spans])

    def middles(self, rows: Rows) -> Floats:
        """Where the shape of each link is written, and the room it has there: (n, 3)."""
        places = routes.middles(self.ends[rows], self.gap[rows])
        for at in np.flatnonzero(self.bent[rows]).tolist() if self.via else ():
            spans = self.spans[int(rows[at])]
            lengths = np.hypot(*(spans[:, 3] - spans[:, 0]).T)
            longest = int(np.argmax(lengths))
            places[at] = (*routes.beziers(spans[longest : longest + 1], 2)[0, 1], lengths[longest])
        return places

    def shift(self, nodes: Rows, by: Point) -> None:
        """Move the points of links between nodes that move as one."""
        moved = set(nodes.tolist()) if self.via else ()
        for row, points in self.via.items():
            if all(node in moved for node in self.nodes[row].tolist()):
                self.via[row] = points + by

    def within(self, area: Rect) -> Rows:
        """The rows whose links may touch an area."""
        left, top, right, bottom = self.bounds.T
        near = (left <= area[0] + area[2]) & (right >= area[0]) & (top <= area[1] + area[3]) & (bottom >= area[1])
        return np.flatnonzero(near)

    def between(self, rows: Iterable[int]) -> list[Link]:
        """The links of these rows."""
        return [link for row in rows if (link := self.links[row]) is not None]

    def around(self, names: Iterable[str]) -> set[int]:
        """Rows of the links that start or end at these nodes."""
        return set().union(*(self.at.get(name, ()) for name in names))

    def carry(self, rows: Rows, dy: float, nodes: NodeRows) -> None:
        """Fasten links anew while many nodes move as one; a gap between nodes that all move goes along."""
        moves = np.zeros(len(nodes.place), np.bool_)
        moves[rows] = True
        alive = ~np.isnan(self.ends[:, 0])
        starts, stops = moves[self.nodes[:, 0]] & alive, moves[self.nodes[:, 1]] & alive
        self.gap[starts & stops] += dy
        both = np.flatnonzero(starts & stops)
        self.ends[both] = self._fastened(both, nodes)
        self.bounds[both] = routes.bounds_of(self.ends[both], self.gap[both])
        self._lead(both)
        self.settle(np.flatnonzero(starts ^ stops).tolist(), nodes)

    def detours_through(self, areas: Collection[Rect]) -> set[int]:
        """Rows of the backwards links whose gap depends on what stands in these areas."""
        if len(areas) > FEW_AREAS:
            near = np.flatnonzero(~np.isnan(self.ends[:, 0]))
        else:
            empty = np.empty(0, np.intp)
            near = np.concatenate([empty, *(self.within(grown(area, OVERHANG)) for area in areas)])
        found: list[int] = near[routes.is_backwards(self.ends[near]) & ~self.bent[near]].tolist()
        return set(found)

    def rect(self, rows: Iterable[int]) -> list[Rect]:
        corners = self.bounds[np.fromiter(rows, np.intp)]
        return [(left, top, right - left, bottom - top) for left, top, right, bottom in corners.tolist()]

    def _lead(self, rows: Rows) -> None:
        """Draw the curves of those of these links that run through points."""
        for row in rows[self.bent[rows]].tolist() if self.via else ():
            ends = self.ends[row].reshape(2, 2)
            spans = self.spans[row] = routes.through(np.concatenate([ends[:1], self.via[row], ends[1:]]))
            corners = spans.reshape(-1, 2)
            self.bounds[row] = (*corners.min(axis=0), *corners.max(axis=0))

    def _fastened(self, rows: Rows, nodes: NodeRows) -> Floats:
        """Where the ends of links are by their nodes."""
        corners = [nodes.place[self.nodes[rows, side], :2] for side in (0, 1)]
        ends: Floats = np.concatenate(corners, axis=1) + self.offset[rows]
        return ends

    def _new(self, link: Link) -> int:
        if self._free:
            row = self._free.pop()
            self.links[row] = link
        else:
            row = len(self.links)
            self.links.append(link)
            self.texts.append("")
        if row == len(self.ends):
            self._grow()
        self.row[link] = row
        if link.via:
            self.bent[row], self.via[row] = True, np.array(link.via, float)
        for name in (link.source, link.target):
            self.at.setdefault(name, set()).add(row)
        return row

    def _grow(self) -> None:
        nothing = np.full_like(self.ends, np.nan)
        self.ends, self.bounds = np.concatenate([self.ends, nothing]), np.concatenate([self.bounds, nothing])
        self.nodes, self.offset = np.tile(self.nodes, (2, 1)), np.tile(self.offset, (2, 1))
        self.gap, self.room = np.tile(self.gap, 2), np.tile(self.room, 2)
        self.flow, self.style, self.bent = np.tile(self.flow, 2), np.tile(self.style, 2), np.tile(self.bent, 2)


def middle_of(links: LinkRows, link: Link) -> Point:
    """Where the shape of one link is written."""
    x, y, _ = links.middles(np.array([links.row[link]]))[0].tolist()
    return x, y


def chain_of(links: LinkRows, link: Link) -> Floats:
    """The ends of a link with the points between them, in order: (k, 2)."""
    ends = links.ends[links.row[link]].reshape(2, 2)
    return np.concatenate([ends[:1], np.array(link.via, float).reshape(-1, 2), ends[1:]])


def output_offset(nodes: NodeRows, row: int, port: str) -> Point:
    """Where an output sits on its node; a port that the node lacks is drawn where the first would be."""
    box = nodes.boxes[row]
    places = {mark.name: place for mark, place in zip(nodes.cards[row].outputs, box.outputs, strict=True)}
    return places.get(port, (box.width, 16.0))


def input_offset(nodes: NodeRows, row: int, port: str) -> Point:
    """Where an input sits on its node."""
    places = {mark.name: place for mark, place in zip(nodes.cards[row].inputs, nodes.boxes[row].inputs, strict=True)}
    return places.get(port, (0.0, 16.0))


def _rect(row: Floats) -> Rect:
    x, y, width, height = row.tolist()
    return x, y, width, height


_NO_CARD = Card("")
_NO_BOX = Box(0.0, 0.0, (), (), 0.0, 0.0, 0.0)
