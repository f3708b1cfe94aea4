"""Arrays as pictures: cividis for maps, greys for filters, colour for images, and every pixel a sharp square."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap

from studio.gui.assets import ASSETS

Array = NDArray[np.floating | np.integer | np.bool_]
Bytes = NDArray[np.uint8]


@cache
def cividis() -> Bytes:
    """256 colours from dark blue to yellow that all kinds of colour sight read alike (Nuñez et al. 2018): (256, 3)."""
    text = (ASSETS / "style" / "cividis.txt").read_text(encoding="ascii")
    return np.frombuffer(bytes.fromhex(text.replace("\n", "")), np.uint8).reshape(256, 3)


def levels(values: Array, low: float | None = None, high: float | None = None) -> Bytes:
    """Values as 0 to 255 between two bounds, by default their own; not finite ones become 0, a constant map 127."""
    data = np.asarray(values, np.float64)
    finite = np.isfinite(data)
    if not finite.any():
        return np.zeros(data.shape, np.uint8)
    low = float(data[finite].min()) if low is None else low
    high = float(data[finite].max()) if high is None else high
    if not high > low:
        return np.where(finite, 127, 0).astype(np.uint8)
    scaled = (np.where(finite, data, low) - low) / (high - low)
    shades: Bytes = np.rint(255 * scaled.clip(0, 1)).astype(np.uint8)
    return shades


def map_image(values: Array, low: float | None = None, high: float | None = None) -> QImage:
    """A feature map (height, width) in cividis, from its lowest to its highest value unless bounds are given."""
    return shades_image(cividis()[levels(values, low, high)])


def grey_image(values: Array, low: float | None = None, high: float | None = None) -> QImage:
    """A filter or a picture without colour (height, width) in greys."""
    return shades_image(levels(values, low, high))


def color_image(values: Array, low: float = 0.0, high: float = 1.0) -> QImage:
    """A picture of channels first: (3, height, width) in colour, (1, height, width) in greys.

    Raises `ValueError` for another number of channels.
    """
    if values.ndim != 3 or values.shape[0] not in (1, 3):
        raise ValueError(f"a picture has 1 or 3 channels first, and this array is {'×'.join(map(str, values.shape))}")
    shades = levels(values, low, high)
    return shades_image(shades[0] if len(shades) == 1 else np.moveaxis(shades, 0, -1))


def shades_image(shades: Bytes) -> QImage:
    """A picture of bytes: (height, width) in greys, (height, width, 3) in colour."""
    pixels = np.ascontiguousarray(shades)
    height, width = pixels.shape[:2]
    if pixels.ndim == 2:
        image = QImage(pixels.data, width, height, width, QImage.Format.Format_Grayscale8)
    else:
        image = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    # The array goes when this function ends; the image must own its pixels.
    return image.copy()


def draw_sharp(painter: QPainter, picture: QPixmap | QImage, place: QRectF, part: QRectF | None = None) -> None:
    """Draw a picture, or a part of it, with every pixel a sharp square."""
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    source = part or QRectF(picture.rect())
    if isinstance(picture, QPixmap):
        painter.drawPixmap(place, picture, source)
    else:
        painter.drawImage(place, picture, source, Qt.ImageConversionFlag.AutoColor)
