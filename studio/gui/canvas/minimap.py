"""The minimap at the bottom right: the whole graph in small, and which part of it is in view."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from studio.gui import theme
from studio.gui.canvas.batch import draw_lines, draw_rects
from studio.gui.canvas.camera import Camera
from studio.gui.canvas.drawing import Drawing
from studio.gui.canvas.geometry import Point, Rect
from studio.gui.canvas.lens import Lens
from studio.gui.canvas.overlay import Overlay
from studio.gui.canvas.routes import Floats
from studio.gui.canvas.rows import FAMILY_NAMES
from studio.gui.style.measures import RADIUS_BUTTON

MARGIN, WIDTH, HEIGHT, PADDING = 16.0, 160.0, 96.0, 8.0
SMALLEST = 3.0


class Minimap(Overlay):
    """Shows only while the graph does not fit; pressed or dragged, it moves the view there."""

    def __init__(self, lens: Lens, drawing: Drawing) -> None:
        self._lens, self._drawing = lens, drawing
        self.is_wanted = True
        self.bottom: Callable[[], float] = lambda: MARGIN
        """How far above the lower edge it ends."""
        self._picture: tuple[object, QPixmap, Camera] | None = None

    def forget(self) -> None:
        """The graph is another: paint it anew when it shows next."""
        self._picture = None

    def area(self) -> QRectF | None:
        bounds, size = self._lens.bounds, self._lens.room
        if not self.is_wanted or bounds is None or self._lens.camera.shows(bounds, self._lens.size):
            return None
        return QRectF(size[0] - MARGIN - WIDTH, size[1] - self.bottom() - HEIGHT, WIDTH, HEIGHT)

    def press(self, at: QPointF) -> bool:
        area = self.area()
        if area is None or not area.contains(at):
            return False
        self.look_at(at)
        return True

    def look_at(self, at: QPointF) -> None:
        """Bring the scene point that is drawn there to the middle of the view."""
        area, bounds = self.area(), self._lens.bounds
        if area is None or bounds is None:
            return
        point = small_camera(bounds).to_scene((at.x() - area.left(), at.y() - area.top()))
        x, y = self._lens.camera.to_view(point)
        center = self._lens.center
        self._lens.pan(center[0] - x, center[1] - y)

    def paint(self, painter: QPainter, hovered: QPointF | None) -> None:
        area, bounds = self.area(), self._lens.bounds
        if area is None or bounds is None:
            return
        colors = theme.current()
        painter.setPen(QPen(colors.line, 1))
        painter.setBrush(colors.panel)
        painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_BUTTON, RADIUS_BUTTON)
        picture, camera = self._painted(bounds, painter.device().devicePixelRatio() * self._lens.camera.unit)
        painter.drawPixmap(area.topLeft(), picture)
        seen = QRectF(*camera.rect_to_view(self._lens.camera.rect_to_scene((0.0, 0.0, *self._lens.size))))
        frame = seen.translated(area.topLeft()).intersected(area.adjusted(2, 2, -2, -2))
        painter.setPen(QPen(colors.accent, 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(frame, 2, 2)

    def _painted(self, bounds: Rect, ratio: float) -> tuple[QPixmap, Camera]:
        """The graph in small, painted once for every change of it."""
        key = bounds, ratio, theme.current().name
        if self._picture is None or self._picture[0] != key:
            camera = small_camera(bounds)
            pixmap = QPixmap(round(WIDTH * ratio), round(HEIGHT * ratio))
            pixmap.setDevicePixelRatio(ratio)
            pixmap.fill(Qt.GlobalColor.transparent)
            with QPainter(pixmap) as painter:
                self._links(painter, camera)
                self._nodes(painter, camera)
            self._picture = key, pixmap, camera
        return self._picture[1], self._picture[2]

    def _links(self, painter: QPainter, camera: Camera) -> None:
        links = self._drawing.links
        pen = QPen(theme.current().line_strong, 1)
        pen.setCosmetic(True)
        painter.setPen(pen)
        chords = links.chords(np.flatnonzero(~np.isnan(links.ends[:, 0])))
        draw_lines(painter, _small(chords, camera, (camera.x, camera.y)))

    def _nodes(self, painter: QPainter, camera: Camera) -> None:
        nodes, colors = self._drawing.nodes, theme.current()
        alive = ~np.isnan(nodes.place[:, 0])
        rects = _small(nodes.place, camera, (0.0, 0.0))
        rects[:, 2:] = np.maximum(rects[:, 2:], SMALLEST)
        painter.setPen(Qt.PenStyle.NoPen)
        for family, name in enumerate(FAMILY_NAMES):
            self._batch(painter, rects[alive & (nodes.family == family) & ~nodes.problem], colors.family(name))
        self._batch(painter, rects[alive & nodes.problem], colors.problem)

    def _batch(self, painter: QPainter, rects: Floats, color: QColor) -> None:
        painter.setBrush(color)
        draw_rects(painter, rects)


def small_camera(bounds: Rect) -> Camera:
    """The camera that shows these bounds in the minimap."""
    x, y, width, height = bounds
    scale = min((WIDTH - 2 * PADDING) / max(width, 1.0), (HEIGHT - 2 * PADDING) / max(height, 1.0))
    return Camera(scale, (WIDTH - width * scale) / 2 - x * scale, (HEIGHT - height * scale) / 2 - y * scale)


def _small(array: Floats, camera: Camera, size_shift: Point) -> Floats:
    small: Floats = array * camera.scale + np.array([camera.x, camera.y, *size_shift])
    return small
