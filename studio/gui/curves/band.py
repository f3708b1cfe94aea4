"""The band between the lowest and the highest value of every pixel column.

Qt strokes or fills a zigzag of a thousand columns in 25 to 50 ms; comparing a grid of rows takes one.
"""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from studio.gui.curves.frame import Frame
from studio.gui.curves.pyramid import Columns

Values = NDArray[np.float64]
_OPACITY = 0.28


def runs(good: NDArray[np.bool_]) -> list[slice]:
    """The stretches where all is good."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], good, [False]))))
    return [slice(int(start), int(stop)) for start, stop in zip(edges[::2], edges[1::2], strict=True)]


def draw_band(painter: QPainter, frame: Frame, view: Columns, color: QColor, density: float) -> None:
    """Paint the band of a view as pixels, `density` of them to a unit of the painter."""
    width, height = round(frame.width * density), round(frame.height * density)
    centers = (np.arange(width) + 0.5) / density
    across = frame.across(view.x)
    top = np.interp(centers, across, frame.down(view.high) * density, left=np.nan, right=np.nan)
    bottom = np.interp(centers, across, frame.down(view.low) * density, left=np.nan, right=np.nan)
    # A column that is not finite begins below its end, and so stays empty.
    first = np.nan_to_num(np.floor(top), nan=height).clip(0, height).astype(np.int16)
    last = np.nan_to_num(np.ceil(bottom), nan=0).clip(0, height).astype(np.int16)
    last = np.where(first < height, np.maximum(last, first + 1), last)
    start, stop = int(first.min()), int(last.max())
    if stop <= start:
        return
    rows = np.arange(start, stop, dtype=np.int16)[:, None]
    pixels = np.where((rows >= first) & (rows < last), _premultiplied(color), np.uint32(0))
    image = QImage(pixels.data, width, stop - start, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(density)
    painter.drawImage(QPointF(0, start / density), image)


def draw_band_outline(painter: QPainter, frame: Frame, view: Columns, color: QColor) -> None:
    """Paint the band as polygons, for a file of lines."""
    across, upper, lower = frame.across(view.x), frame.down(view.high), frame.down(view.low)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_shade(color))
    for run in runs(np.isfinite(upper) & np.isfinite(lower)):
        x = np.concatenate((across[run], across[run][::-1]))
        y = np.concatenate((upper[run], lower[run][::-1] + 1))
        painter.drawPolygon(pg.functions.arrayToQPolygonF(x, y))


def _premultiplied(color: QColor) -> np.uint32:
    alpha = round(255 * _OPACITY)
    red, green, blue = (channel * alpha // 255 for channel in (color.red(), color.green(), color.blue()))
    return np.uint32(alpha << 24 | red << 16 | green << 8 | blue)


def _shade(color: QColor) -> QColor:
    band = QColor(color)
    band.setAlphaF(_OPACITY)
    return band
