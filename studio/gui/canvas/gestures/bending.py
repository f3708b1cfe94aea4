"""Moves a point that a link is led through."""

from __future__ import annotations

from collections.abc import Callable

from studio.core.graph import Graph, Link
from studio.gui.canvas.geometry import Point, snapped
from studio.gui.canvas.gestures.gesture import Gesture, Keys
from studio.gui.canvas.view import GraphView

Led = Callable[[Link, tuple[Point, ...], int], object]
"""Takes a link, the points it is to run through, and which of them was moved."""


class MoveBend(Gesture):
    """The point follows the pointer on the grid."""

    def __init__(self, view: GraphView, at: Point, link: Link, index: int, lead: Led) -> None:
        super().__init__(view, at)
        self._graph, self._link, self._index, self._lead = view.graph, link, index, lead

    def drag(self, at: Point, keys: Keys) -> None:
        self._show(self._graph.lead(self._link, self._via(at)), self._via(at))

    def release(self, at: Point, keys: Keys) -> None:
        self.cancel()
        if self.is_drag and self._via(at) != self._link.via:
            self._lead(self._link, self._via(at), self._index)

    def cancel(self) -> None:
        self._show(self._graph, self._link.via)

    def _show(self, graph: Graph, via: tuple[Point, ...]) -> None:
        """Draw the link through these points, still as the one that is selected."""
        link = next(link for link in graph.links if link.ends == self._link.ends)
        self.view.bend = link, self._index
        self.preview(graph if via != self._link.via else self._graph)
        self.view.mark(link)

    def _via(self, at: Point) -> tuple[Point, ...]:
        """The points of the link, with the one that is dragged where the pointer took it."""
        x, y = self._link.via[self._index]
        scale = self.view.lens.camera.scale
        moved = snapped((x + (at[0] - self.start[0]) / scale, y + (at[1] - self.start[1]) / scale))
        return (*self._link.via[: self._index], moved, *self._link.via[self._index + 1 :])
