"""Moves comment frames, with what lies inside them, and moves their edges."""

from __future__ import annotations

from PySide6.QtCore import Qt

from studio.core.graph import Graph
from studio.gui.canvas import edits
from studio.gui.canvas.frame_geometry import FramePart, frames_inside, inside, resized
from studio.gui.canvas.geometry import Point, snapped
from studio.gui.canvas.gestures.gesture import Edit, Gesture, Keys
from studio.gui.canvas.gestures.moving import ALT
from studio.gui.canvas.view import GraphView

Shape = Qt.CursorShape
CURSORS = {
    (0, 0): None,
    (-1, 0): Shape.SizeHorCursor,
    (1, 0): Shape.SizeHorCursor,
    (0, -1): Shape.SizeVerCursor,
    (0, 1): Shape.SizeVerCursor,
    (-1, -1): Shape.SizeFDiagCursor,
    (1, 1): Shape.SizeFDiagCursor,
    (1, -1): Shape.SizeBDiagCursor,
    (-1, 1): Shape.SizeBDiagCursor,
}


class MoveFrame(Gesture):
    """A frame follows the pointer on the grid, and all that lies in it; Alt leaves that where it is."""

    def __init__(self, view: GraphView, at: Point, index: int, edit: Edit) -> None:
        super().__init__(view, at)
        self._graph, self._index, self._edit = view.graph, index, edit
        self._names = contents(view, index)
        self._frames = frames_inside(index, view.graph.frames)

    def drag(self, at: Point, keys: Keys) -> None:
        self.preview(self._moved(at, keys)[0])

    def release(self, at: Point, keys: Keys) -> None:
        edited = self._moved(at, keys) if self.is_drag else (self._graph, "")
        self.cancel()
        self._edit(*edited)

    def cancel(self) -> None:
        self.preview(self._graph)

    def _moved(self, at: Point, keys: Keys) -> edits.Edited:
        scale = self.view.lens.camera.scale
        x, y, _, _ = self._graph.frames[self._index].rectangle
        left, top = snapped((x + (at[0] - self.start[0]) / scale, y + (at[1] - self.start[1]) / scale))
        names, frames = ((), ()) if keys & ALT else (self._names, self._frames)
        return edits.move_frame(self._graph, self._index, (left - x, top - y), names, frames)


class ResizeFrame(Gesture):
    """Edges of a frame follow the pointer on the grid."""

    def __init__(self, view: GraphView, at: Point, part: FramePart, edit: Edit) -> None:
        super().__init__(view, at)
        self._graph, self._part, self._edit = view.graph, part, edit
        self.cursor = CURSORS[part.edges]

    def drag(self, at: Point, keys: Keys) -> None:
        self.preview(self._resized(at)[0])

    def release(self, at: Point, keys: Keys) -> None:
        edited = self._resized(at) if self.is_drag else (self._graph, "")
        self.cancel()
        self._edit(*edited)

    def cancel(self) -> None:
        self.preview(self._graph)

    def _resized(self, at: Point) -> edits.Edited:
        scale, rect = self.view.lens.camera.scale, self._graph.frames[self._part.index].rectangle
        by = (at[0] - self.start[0]) / scale, (at[1] - self.start[1]) / scale
        return edits.resize_frame(self._graph, self._part.index, resized(rect, self._part.edges, by))


def contents(view: GraphView, index: int) -> tuple[str, ...]:
    """The nodes that lie in a frame of the graph that is shown."""
    graph: Graph = view.graph
    rect = graph.frames[index].rectangle
    near = view.drawing.names_within(rect)
    return tuple(inside(rect, {name: view.drawing.nodes.rect(name) for name in graph.nodes if name in near}))
