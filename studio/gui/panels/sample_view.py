"""One sample as a picture: an image in grey or colour, anything else as a strip of values."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.gui import theme
from studio.gui.pictures import Array, color_image, draw_sharp, grey_image, levels, map_image


class SampleView(QWidget):
    """A square picture with sharp pixels."""

    def __init__(self, name: str, side: int) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._side = side
        self._image: QImage | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_values(self, values: Array | None) -> None:
        self._image = None if values is None else sample_image(values)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._side, self._side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = QRectF(self.rect())
        painter.fillRect(area, theme.current().canvas)
        if self._image is not None:
            draw_sharp(painter, self._image, fitted(self._image, area))


def sample_image(values: Array, low: float | None = None, high: float | None = None) -> QImage:
    """A picture of a sample: channels first (1 or 3), one plane, or values in a line; from black to white its own
    lowest to highest value, unless bounds are given."""
    data = np.asarray(values)
    if data.ndim == 3 and data.shape[0] in (1, 3):
        return color_image(levels(data, low, high) / 255)
    if data.ndim == 3:
        return map_image(data.mean(0), low, high)
    return grey_image(data, low, high) if data.ndim == 2 else map_image(np.atleast_2d(data.ravel()), low, high)


def maps_of(values: Array) -> Array:
    """An output as maps (count, height, width): the channels of an image, or a line of values as one strip."""
    data = np.asarray(values, float)
    if data.ndim == 3:
        return data
    if data.ndim == 2:
        return data[None]
    if data.ndim > 3:
        return data.reshape(-1, *data.shape[-2:])
    flat = data.ravel()
    columns = max(1, round(len(flat) ** 0.5))
    rows = -(-len(flat) // columns)
    padded = np.full(rows * columns, np.nan)
    padded[: len(flat)] = flat
    return padded.reshape(1, rows, columns)


def fitted(image: QImage, area: QRectF) -> QRectF:
    """As much of an area as an image takes that keeps its proportions."""
    scale = min(area.width() / image.width(), area.height() / image.height())
    width, height = image.width() * scale, image.height() * scale
    return QRectF(area.center().x() - width / 2, area.center().y() - height / 2, width, height)
