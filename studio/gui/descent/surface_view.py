"""An error of two weights as a landscape seen from above, with the ways that lead down it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.core.surfaces import Surface
from studio.gui import fonts, theme
from studio.gui.curves.series import Look
from studio.gui.panels.plane_drawing import Scale, draw_axes, rgb
from studio.gui.pictures import shades_image
from studio.gui.style.measures import GRID

CELLS, BANDS, INK = 240, 18, 0.55
"""Of the landscape: points in each direction, steps of height, and how much of the ink the highest takes."""
FOOT, SIDE = 24, 40
LEAST = 280

Way = Sequence[tuple[float, float]]


class SurfaceView(QWidget):
    """A click tells where the ways shall begin."""

    start_chosen = Signal(float, float)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Error over two weights, seen from above")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.surface: Surface | None = None
        self.ways: Sequence[Way] = ()
        self.at = 0
        self._ground: QImage | None = None
        theme.switch().changed.connect(self._shade)

    def show_surface(self, surface: Surface) -> None:
        self.surface, self.ways = surface, ()
        self._shade()

    def show_ways(self, ways: Sequence[Way], at: int) -> None:
        """Show so many steps of each way."""
        self.ways, self.at = ways, at
        self.update()

    @property
    def scale(self) -> Scale:
        """The landscape as large as it can be with one unit as long across as up."""
        assert self.surface is not None
        left, right, bottom, top = self.surface.bounds
        wide, high = self.width() - fonts.scaled(SIDE) - GRID, self.height() - fonts.scaled(FOOT) - GRID
        unit = min(wide / (right - left), high / (top - bottom))
        area = QRectF(fonts.scaled(SIDE), GRID, unit * (right - left), unit * (top - bottom))
        return Scale(area, self.surface.bounds)

    def sizeHint(self) -> QSize:
        return QSize(fonts.scaled(2 * LEAST), fonts.scaled(LEAST))

    def minimumSizeHint(self) -> QSize:
        return QSize(fonts.scaled(LEAST), fonts.scaled(LEAST) // 2)

    def _shade(self) -> None:
        """Paint the landscape: the higher the darker, or the brighter in the dark, in bands."""
        if self.surface is None:
            return
        height = bands(self.surface)[..., None] / (BANDS - 1) * INK
        ground, ink = np.array(rgb(theme.current().canvas), float), np.array(rgb(theme.current().line_strong), float)
        self._ground = shades_image((ground + (ink - ground) * height).round().astype(np.uint8))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.surface is None or self._ground is None:
            return
        painter, scale = QPainter(self), self.scale
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(scale.area, self._ground)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_axes(painter, scale)
        painter.setClipRect(scale.area)
        for number, way in enumerate(self.ways):
            self._draw_way(painter, scale, way, Look(number))

    def _draw_way(self, painter: QPainter, scale: Scale, way: Way, look: Look) -> None:
        color = look.color(theme.current())
        places = [scale.at(first, second) for first, second in way[: self.at + 1]]
        painter.setPen(QPen(color, 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(places))
        painter.setBrush(color)
        painter.setPen(QPen(theme.current().canvas, 1))
        for place in places:
            _draw_step(painter, place, look.place, 2.5)
        if places:
            _draw_step(painter, places[-1], look.place, 5.5)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.surface is None or not self.scale.area.contains(event.position()):
            return
        (left, right, bottom, top), area = self.surface.bounds, self.scale.area
        across = (event.position().x() - area.left()) / area.width()
        up = (area.bottom() - event.position().y()) / area.height()
        self.start_chosen.emit(left + across * (right - left), bottom + up * (top - bottom))


def bands(surface: Surface) -> NDArray[np.float64]:
    """Which band of height each point lies in, 0 to BANDS − 1, the highest row first; low bands are finer."""
    left, right, bottom, top = surface.bounds
    first, second = np.meshgrid(np.linspace(left, right, CELLS), np.linspace(top, bottom, CELLS))
    error = np.asarray(surface.error(first, second), np.float64)
    height = ((error - error.min()) / (error.max() - error.min())) ** (1 / 3)
    return np.asarray(np.floor(height * BANDS).clip(0, BANDS - 1), np.float64)


def _draw_step(painter: QPainter, place: QPointF, number: int, radius: float) -> None:
    """A disc for the first way, a square for the second."""
    if number:
        painter.drawRect(QRectF(place.x() - radius, place.y() - radius, 2 * radius, 2 * radius))
    else:
        painter.drawEllipse(place, radius, radius)
