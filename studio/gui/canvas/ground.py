"""Paints what lies behind nodes and links: the canvas, comment frames and the dots of the grid."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from studio.core.graph import Frame
from studio.gui.canvas import lettering
from studio.gui.canvas.batch import draw_points
from studio.gui.canvas.frame_geometry import drawn_order
from studio.gui.canvas.geometry import Rect, grown
from studio.gui.canvas.scene import Scene
from studio.gui.style.measures import RADIUS_FRAME
from studio.gui.style.tokens import FAMILIES, mix

DOTS, FAR_DOTS, FAR_ZOOM = 24.0, 96.0, 0.5
NEAREST_DOTS = 18.0
"""Pixels on the screen; nearer to each other, dots would be a grey."""
DOT_INK = 0.8
"""A dot covers two pixels each way, more than it is wide."""
TITLE_LEFT, TITLE_BASELINE = 24.0, 24.0
LEGIBLE = 0.3
TINT, TINTED_LINE = 0.08, 0.5
"""How much of its colour the ground and the line of a frame take."""


def paint_ground(painter: QPainter, scene: Scene, area: Rect) -> None:
    """Paint an area, in view pixels, behind everything else."""
    painter.fillRect(QRectF(*area), scene.theme.canvas)
    paint_frames(painter, scene, area)
    _dots(painter, scene, area)
    if scene.frame is not None and scene.frame < len(scene.drawing.frames):
        _outline(painter, scene, scene.drawing.frames[scene.frame])


def paint_frames(painter: QPainter, scene: Scene, area: Rect) -> None:
    """Paint the comment frames that touch an area, the largest first."""
    frames = scene.drawing.frames
    for index in drawn_order(frames):
        rect = QRectF(*scene.camera.rect_to_view(frames[index].rectangle))
        if rect.adjusted(-4, -4, 4, 4).intersects(QRectF(*area)):
            _frame(painter, scene, frames[index], rect)


def _outline(painter: QPainter, scene: Scene, frame: Frame) -> None:
    """The outline of the selected frame, above the dots."""
    painter.setPen(QPen(scene.theme.accent, 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    radius = RADIUS_FRAME * scene.camera.scale + 1
    rect = QRectF(*scene.camera.rect_to_view(frame.rectangle)).adjusted(-1, -1, 1, 1)
    painter.drawRoundedRect(rect, radius, radius)


def _frame(painter: QPainter, scene: Scene, frame: Frame, rect: QRectF) -> None:
    theme, scale = scene.theme, scene.camera.scale
    color = theme.family(frame.color) if frame.color in FAMILIES else None
    painter.setPen(QPen(mix(theme.canvas, color, TINTED_LINE) if color else theme.line, 1))
    painter.setBrush(mix(theme.canvas, color, TINT) if color else mix(theme.canvas, theme.panel, 0.5))
    radius = RADIUS_FRAME * scale
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
    if scene.camera.zoom < LEGIBLE:
        return
    enlarged = lettering.enlarged("label", scale)
    painter.save()
    painter.translate(rect.topLeft())
    painter.scale(scale, scale)
    painter.translate(TITLE_LEFT, TITLE_BASELINE)
    painter.scale(enlarged, enlarged)
    painter.setFont(lettering.font("label"))
    painter.setPen(color or theme.text2)
    title = lettering.cut(frame.title, "label", (frame.rectangle[2] - 2 * TITLE_LEFT) / enlarged)
    painter.drawText(QPointF(0, 0), title)
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
