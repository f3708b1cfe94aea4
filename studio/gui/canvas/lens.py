"""Moves the camera: pan, zoom, fit, and flights from one place to another."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, QPointF, QRectF, Signal

from studio.gui import motion
from studio.gui.canvas.camera import Camera
from studio.gui.canvas.geometry import Point, Rect
from studio.gui.canvas.kept_frame import KeptFrame

FIXED_ZOOMS = (0.1, 0.25, 0.33, 0.5, 0.67, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0)
SAME = 1e-3
FOOT, MOST_FOOT = 48.0, 0.4
"""How high the controls at the foot of the view reach, in pixels at normal text size and as a share of the view."""


class Lens(KeptFrame):
    """The camera and the commands that move it."""

    moved = Signal()
    """The camera is another."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.size: Point = (1.0, 1.0)
        self.bounds: Rect | None = None
        self.covered: Callable[[], Iterable[QRectF]] = tuple
        """Where in the view, upwards from its foot, something lies over the graph."""
        self._fitted: Camera | None = None
        self._flight: motion.Motion | None = None

    @property
    def center(self) -> Point:
        return self.size[0] / 2, self.size[1] / 2

    @property
    def room(self) -> Point:
        """Size of the view for what lies over the graph, in pixels at normal text size."""
        return self.size[0] / self.camera.unit, self.size[1] / self.camera.unit

    def to_room(self, at: QPointF) -> QPointF:
        """A point of the view for what lies over the graph."""
        return at / self.camera.unit

    def from_room(self, rect: QRectF) -> QRectF:
        """Where in the view something lies that is over the graph."""
        unit = self.camera.unit
        return QRectF(rect.topLeft() * unit, rect.size() * unit)

    def look(self, camera: Camera) -> None:
        """Look there, sharply and at once."""
        self.halt()
        self.release()
        self._set(camera)

    def pan(self, dx: float, dy: float) -> None:
        self.look(self.camera.panned(dx, dy))

    def zoom(self, camera: Camera) -> None:
        """Look there as part of a gesture that may go on."""
        self.halt()
        self._pause.start()
        self._set(camera)

    def step(self, steps: float, at: Point) -> None:
        """Zoom by steps, as a wheel does, around a view point."""
        self.zoom(self.camera.stepped(steps, at))

    def zoom_in(self) -> None:
        """To the next of the fixed zooms."""
        larger = (zoom for zoom in FIXED_ZOOMS if zoom > self.camera.zoom + SAME)
        self.zoom(self.camera.zoomed(next(larger, FIXED_ZOOMS[-1]), self.center))

    def zoom_out(self) -> None:
        smaller = (zoom for zoom in reversed(FIXED_ZOOMS) if zoom < self.camera.zoom - SAME)
        self.zoom(self.camera.zoomed(next(smaller, FIXED_ZOOMS[0]), self.center))

    def zoom_fully(self) -> None:
        """To 100 %."""
        self.zoom(self.camera.zoomed(1.0, self.center))

    def fit(self, bounds: Rect | None = None) -> None:
        """Show all of the graph, or these bounds."""
        wanted = bounds or self.bounds
        if wanted is None:
            self.look(Camera(unit=self.camera.unit).at_unit(self.camera.unit))
        else:
            foot = min(FOOT * self.camera.unit, MOST_FOOT * self.size[1])
            self.look(self.camera.fitted(wanted, self.size, foot=foot))
        if bounds is None:
            self._fitted = self.camera

    def fly(self, bounds: Rect | None = None) -> None:
        """As ``fit``, but on a way that the eye can follow; whatever else moves the camera ends it."""
        start = self.camera
        self.fit(bounds)
        goal = self.camera
        if motion.is_reduced() or goal == start:
            return
        self._set(start)
        self._flight = motion.animate(self, motion.TIDY_MS, lambda share: self._fly_on(start, goal, share))

    def halt(self) -> None:
        """End a flight where it is."""
        flight, self._flight = self._flight, None
        if flight is not None:
            flight.stop()
            flight.deleteLater()

    def _fly_on(self, start: Camera, goal: Camera, share: float) -> None:
        if share < 1.0:
            self._pause.start()
            self._set(start.toward(goal, share))
        else:
            self.look(goal)

    @property
    def shows_all(self) -> bool:
        """Whether the camera still stands where it was put to show all of the graph."""
        return self.camera == self._fitted

    def reveal(self, rect: Rect) -> None:
        """Pan just so far that a rectangle of the scene is seen whole; from far away it comes to the middle."""
        x, y, width, height = self.camera.rect_to_view(rect)
        if x > self.size[0] + width or y > self.size[1] + height or x < -2 * width or y < -2 * height:
            self.pan(self.center[0] - x - width / 2, self.center[1] - y - height / 2)
            return
        dx = max(-x, 0.0) or min(self.size[0] - x - width, 0.0)
        over = (each.top() for each in self.covered() if each.left() < x + dx + width and each.right() > x + dx)
        dy = max(-y, 0.0) or min(min(over, default=self.size[1]) - y - height, 0.0)
        if dx or dy:
            self.pan(dx, dy)

    def _set(self, camera: Camera) -> None:
        if camera != self.camera:
            self.camera = camera
            self.moved.emit()
