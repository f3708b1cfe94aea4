"""Nodes and frames that are drawn elsewhere for a while: dragged along, or on their way to a new place."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from studio.core.graph import Frame
from studio.gui.canvas.geometry import Point, Rect
from studio.gui.canvas.places import FEW, Places
from studio.gui.canvas.routes import Floats
from studio.gui.canvas.rows import Rows


class Shifting(Places):
    """Places that can be previewed; links follow their nodes, and the gaps of others their new neighbours."""

    def __init__(self) -> None:
        super().__init__()
        self.shown_frames: tuple[Frame, ...] | None = None
        """Frames that are drawn in place of those of the graph."""

    def carry(self, names: Collection[str], by: Point) -> list[Rect] | None:
        """Draw nodes elsewhere until the graph itself says where they are.

        Answers the areas that look different, None where all of it may.
        """
        rows = np.fromiter((self.nodes.row[name] for name in names), np.intp, len(names))
        if len(rows) > FEW:
            self.links.shift(rows, by)
            self.nodes.place[rows, :2] += by
            self.links.carry(rows, by[1], self.nodes)
            return None
        rects, left = self.extent(names), self.node_areas(names)
        self.links.shift(rows, by)
        self.nodes.place[rows, :2] += by
        come = self.node_areas(names)
        return rects + self.settle(self.links.around(names), left + come) + come

    def spread(self, rows: Rows, places: Floats, frames: tuple[Frame, ...] | None) -> None:
        """Draw nodes, by their rows, and frames elsewhere; None draws the frames of the graph."""
        self.nodes.place[rows, :2] = places
        self.links.settle(self.links.row.values(), self.nodes)
        self.shown_frames = frames

    def settle(self, rows: set[int], changed: Collection[Rect]) -> list[Rect]:
        """Fasten links anew, and those whose way leads through what changed; answers where they were and are."""
        rows = rows | self.links.detours_through(changed)
        if not rows:
            return []
        before = self.link_areas(rows)
        self.links.settle(rows, self.nodes)
        return before + self.link_areas(rows)
