"""Paints what lies behind nodes and links: the canvas, comment frames and the dots of the grid."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from studio.gui.canvas import lettering
from studio.gui.canvas.batch import draw_points
from studio.gui.canvas.geometry import Rect, grown
from studio.gui.canvas.scene import Scene
from studio.gui.style.measures import RADIUS_FRAME
from studio.gui.style.tokens import mix

DOTS, FAR_DOTS, FAR_ZOOM = 24.0, 96.0, 0.5
NEAREST_DOTS = 18.0
"""Pixels on the screen; nearer to each other, dots would be a grey."""
DOT_INK = 0.8
"""A dot covers two pixels each way, more than it is wide."""
TITLE_LEFT, TITLE_BASELINE = 24.0, 24.0
LEGIBLE = 0.3


def paint_ground(painter: QPainter, scene: Scene, area: Rect) -> None:
    """Paint an area, in view pixels, behind everything else."""
    painter.fillRect(QRectF(*area), scene.theme.canvas)
    paint_frames(painter, scene, area)
    _dots(painter, scene, area)


def paint_frames(painter: QPainter, scene: Scene, area: Rect) -> None:
    """Paint the comment frames that touch an area."""
    theme, scale = scene.theme, scene.camera.scale
    for frame in scene.drawing.frames:
        rect = QRectF(*scene.camera.rect_to_view(frame.rectangle))
        if not rect.intersects(QRectF(*area)):
            continue
        painter.setPen(QPen(theme.line, 1))
        painter.setBrush(mix(theme.canvas, theme.panel, 0.5))
        radius = RADIUS_FRAME * scale
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        if scene.camera.zoom >= LEGIBLE:
            painter.save()
            painter.translate(rect.topLeft())
            painter.scale(scale, scale)
            painter.setFont(lettering.font("label"))
            painter.setPen(theme.text2)
            title = lettering.cut(frame.title, "label", frame.rectangle[2] - 2 * TITLE_LEFT)
            painter.drawText(QPointF(TITLE_LEFT, TITLE_BASELINE), title)
            painter.restore()


def _dots(painter: QPainter, scene: Scene, area: Rect) -> None:
    camera = scene.camera
    gap = (DOTS if camera.zoom >= FAR_ZOOM else FAR_DOTS) * camera.scale
    if gap < NEAREST_DOTS:
        return
    area = grown(area, 1.0)
    x = np.arange(camera.x % gap + gap * ((area[0] - camera.x % gap) // gap), area[0] + area[2], gap)
    y = np.arange(camera.y % gap + gap * ((area[1] - camera.y % gap) // gap), area[1] + area[3], gap)
    points = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    pen = QPen(mix(scene.theme.canvas, scene.theme.grid_dot, DOT_INK), 2.0)
    pen.setCapStyle(Qt.PenCapStyle.SquareCap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(pen)
    draw_points(painter, np.round(points))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
