"""The base of what a held mouse button does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from studio.core.graph import Graph
from studio.gui.canvas.camera import Camera
from studio.gui.canvas.geometry import Point, Rect, distance, spanned
from studio.gui.canvas.view import GraphView

DRIFT = 4.0
"""Pixels that a click may drift without becoming a drag."""

Edit = Callable[[Graph, str], object]
"""Takes an edited graph and what the edit is called."""

Keys = Qt.KeyboardModifier


class Gesture:
    """Lives from press to release; points are in view pixels."""

    cursor: Qt.CursorShape | None = None
    pans_at_border = True
    """Whether the view follows when the pointer leaves it, and the gesture when the view moves."""

    def __init__(self, view: GraphView, at: Point) -> None:
        self.view, self.start, self.at = view, at, at
        self.is_drag = False

    def move(self, at: Point, keys: Keys) -> None:
        """Follow the pointer; the first pixels count as drift."""
        if not self.is_drag and distance(at, self.start) < DRIFT:
            return
        self.is_drag = True
        self.drag(at, keys)
        self.at = at

    def drag(self, at: Point, keys: Keys) -> None:
        """The pointer has moved from ``self.at`` to here."""

    def follow(self, before: Camera) -> None:
        """The view has moved under the pointer: the gesture still began at the same scene point."""
        self.start = self.view.lens.camera.to_view(before.to_scene(self.start))

    def release(self, at: Point, keys: Keys) -> None:
        """The button is up."""

    def cancel(self) -> None:
        """Leave everything as it was."""

    def paint(self, painter: QPainter) -> None:
        """Paint above the graph, in view pixels."""

    def scene_point(self, at: Point) -> Point:
        return self.view.lens.camera.to_scene(at)

    def preview(self, graph: Graph) -> None:
        """Draw the graph as it would be; the drawing goes back to what it was when it is given that again."""
        drawing = self.view.drawing
        if graph is not drawing.graph:
            self.view.refresh(drawing.show(replace(drawing.subject, graph=graph)))

    def repaint(self, *rects: Rect) -> None:
        """Paint these rectangles of the view again."""
        for rect in rects:
            self.view.viewport().update(QRectF(*rect).adjusted(-3, -3, 3, 3).toAlignedRect())


class Pan(Gesture):
    """Moves the view."""

    pans_at_border = False
    cursor = Qt.CursorShape.ClosedHandCursor

    def drag(self, at: Point, keys: Keys) -> None:
        self.view.lens.pan(at[0] - self.at[0], at[1] - self.at[1])


class Scrub(Gesture):
    """Moves the view by the minimap."""

    pans_at_border = False

    def drag(self, at: Point, keys: Keys) -> None:
        self.view.minimap.look_at(self.view.lens.to_room(QPointF(*at)))


class BoxSelect(Gesture):
    """Selects what a rectangle touches; with a modifier, in addition to what was selected."""

    def __init__(self, view: GraphView, at: Point, *, adds: bool) -> None:
        super().__init__(view, at)
        self._before = view.selected
        self._kept = view.selected if adds else frozenset()

    def drag(self, at: Point, keys: Keys) -> None:
        self.repaint(spanned(self.start, self.at), spanned(self.start, at))
        area = self.view.lens.camera.rect_to_scene(spanned(self.start, at))
        self.view.select(self._kept | self.view.drawing.names_within(area), tells=False)

    def release(self, at: Point, keys: Keys) -> None:
        if not self.is_drag:
            self.view.select(self._kept)
        elif self.view.selected != self._before:
            self.view.selection_changed.emit(self.view.selected)
        self.repaint(spanned(self.start, self.at))

    def cancel(self) -> None:
        self.view.select(self._before, tells=False)
        self.repaint(spanned(self.start, self.at))

    def paint(self, painter: QPainter) -> None:
        if self.is_drag:
            paint_box(painter, QRectF(*spanned(self.start, self.at)), self.view)


def paint_box(painter: QPainter, rect: QRectF, view: GraphView) -> None:
    """The rectangle that selects."""
    accent = view.scene().theme.accent
    fill = accent.__class__(accent)
    fill.setAlpha(28)
    painter.setPen(accent)
    painter.setBrush(fill)
    painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5))
