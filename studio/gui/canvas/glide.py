"""Lets nodes and frames glide to where they now belong, so that the eye can follow; a gesture ends it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from studio.core.graph import Frame
from studio.gui import motion
from studio.gui.canvas.geometry import Point
from studio.gui.canvas.routes import Floats
from studio.gui.canvas.rows import Rows
from studio.gui.canvas.view import GraphView


@dataclass(frozen=True)
class Before:
    """Where nodes and frames were on the screen, in pixels of the view."""

    places: Mapping[str, Point]
    frames: tuple[Frame, ...]
    corners: tuple[Point, ...]

    @classmethod
    def of(cls, view: GraphView) -> Before:
        to_view, nodes = view.lens.camera.to_view, view.graph.nodes
        corners = tuple(to_view(frame.rectangle[:2]) for frame in view.graph.frames)
        return cls({name: to_view(node.position) for name, node in nodes.items()}, view.graph.frames, corners)


class Glide:
    """One glide at a time. The graph is the edited one from the beginning: only the drawing lags behind."""

    def __init__(self, view: GraphView) -> None:
        self._view = view
        self._motion: motion.Motion | None = None

    @property
    def is_moving(self) -> bool:
        return self._motion is not None and self._motion.is_moving

    def begin(self, before: Before) -> None:
        """Glide from where things were on the screen to where the graph that is shown has them."""
        self.finish()
        drawing, to_scene = self._view.drawing, self._view.lens.camera.to_scene
        names = [name for name in before.places if name in drawing.nodes.row]
        rows = np.array([drawing.nodes.row[name] for name in names], np.intp)
        if not len(rows):
            return
        start = np.array([to_scene(before.places[name]) for name in names])
        end = drawing.nodes.place[rows, :2].copy()
        corners = [to_scene(corner) for corner in before.corners]
        pairs = list(zip(corners, drawing.graph.frames, strict=False)) if before.frames else []

        def show(share: float) -> None:
            if share < 1:
                frames = tuple(_on_the_way(corner, frame, share) for corner, frame in pairs)
                self._show(rows, start + (end - start) * share, frames)
            else:
                self._show(rows, end, None)

        self._motion = motion.animate(self._view, motion.TIDY_MS, show)
        if self.is_moving:
            show(0.0)

    def finish(self) -> None:
        """Be where everything belongs, at once."""
        glide, self._motion = self._motion, None
        if glide is not None:
            glide.finish()
            glide.deleteLater()

    def _show(self, rows: Rows, places: Floats, frames: tuple[Frame, ...] | None) -> None:
        self._view.drawing.spread(rows, places, frames)
        self._view.viewport().update()


def _on_the_way(corner: Point, frame: Frame, share: float) -> Frame:
    """A frame so far on its way from a corner to its own."""
    left, top, width, height = frame.rectangle
    x, y = corner[0] + (left - corner[0]) * share, corner[1] + (top - corner[1]) * share
    return replace(frame, rectangle=(x, y, width, height))
