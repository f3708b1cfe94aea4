"""A dot in the colour of a curve, which says at a row that its run lies over the curves."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap

from studio.gui import icons

_DENSITY, _RADIUS = 3, 4.0


def dot(color: QColor) -> QIcon:
    """The dot as an icon."""
    return _dot(color.name())


@lru_cache(maxsize=64)
def _dot(color: str) -> QIcon:
    pixmap = QPixmap(_DENSITY * icons.SIZE, _DENSITY * icons.SIZE)
    pixmap.fill(Qt.GlobalColor.transparent)
    pixmap.setDevicePixelRatio(_DENSITY)
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(color))
        middle = icons.SIZE / 2
        painter.drawEllipse(QRectF(middle - _RADIUS, middle - _RADIUS, 2 * _RADIUS, 2 * _RADIUS))
    return QIcon(pixmap)
