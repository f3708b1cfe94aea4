"""Hands whole arrays to Qt: thousands of rectangles or lines in one call, without an object for each."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import shiboken6
from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPainter, QPixmap, QPolygonF

from studio.gui.canvas.routes import Floats


def draw_rects(painter: QPainter, rects: Floats) -> None:
    """Draw rectangles (n, 4): left, top, width, height."""
    if len(rects):
        rects = np.ascontiguousarray(rects)
        painter.drawRects(_pointer(rects, QRectF), len(rects))


def draw_lines(painter: QPainter, pieces: Floats) -> None:
    """Draw straight pieces (n, 4): from x, y to x, y."""
    if len(pieces):
        pieces = np.ascontiguousarray(pieces)
        painter.drawLines(_pointer(pieces, QLineF), len(pieces))


def draw_points(painter: QPainter, points: Floats) -> None:
    """Draw points (n, 2) with the painter's pen."""
    if len(points):
        points = np.ascontiguousarray(points)
        painter.drawPoints(_pointer(points, QPointF), len(points))


def draw_copies(painter: QPainter, pixmap: QPixmap, centers: Floats) -> None:
    """Draw one pixmap around each of the points (n, 2)."""
    if len(centers) == 0:
        return
    ratio = pixmap.devicePixelRatio()
    copies = np.zeros((len(centers), 10))
    copies[:, :2] = centers
    copies[:, 4:6] = pixmap.width(), pixmap.height()
    copies[:, 6:8] = 1 / ratio
    copies[:, 9] = 1.0
    painter.drawPixmapFragments(_pointer(copies, QPainter.PixmapFragment), len(copies), pixmap)


def polyline(points: Floats) -> QPolygonF:
    """Points (k, 2) as Qt's polygon."""
    line = QPolygonF()
    line.resize(len(points))
    memory = cast(Any, shiboken6).VoidPtr(line.data(), len(points) * 16, True)
    np.frombuffer(memory, dtype=float)[:] = points.ravel()
    return line


def _pointer(array: Floats, kind: type[Any]) -> Any:
    return shiboken6.wrapInstance(array.ctypes.data, kind)
