"""Icons: one SVG file each, tinted and rendered at the pixels of the screen."""

from __future__ import annotations

from functools import cache, lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPaintEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from studio.gui.assets import ASSETS
from studio.gui.style.tokens import DARK, LIGHT

SIZE = 16
_DENSITIES = (1, 2, 3)


@cache
def _source(name: str) -> str:
    path = ASSETS / "icons" / f"{name}.svg"
    if not path.is_file():
        raise KeyError(f"no icon is named {name}")
    return path.read_text(encoding="utf-8")


@cache
def _renderer(name: str, color: str) -> QSvgRenderer:
    # Only the mark has a second colour; a light tint means that it stands on a dark ground.
    theme = DARK if QColor(color).lightnessF() > 0.5 else LIGHT
    text = _source(name).replace("currentColor", color).replace("accentColor", theme.accent.name())
    return QSvgRenderer(QByteArray(text.encode()))


@lru_cache(maxsize=1024)
def _pixmap(name: str, color: str, pixels: int) -> QPixmap:
    # Asked first: an unknown name must not leave a painter behind, which Qt does not survive.
    renderer = _renderer(name, color)
    pixmap = QPixmap(pixels, pixels)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    return pixmap


def names() -> list[str]:
    """The names of all icons, in order."""
    return sorted(path.stem for path in (ASSETS / "icons").glob("*.svg"))


@lru_cache(maxsize=512)
def _icon(name: str, color: str, size: int) -> QIcon:
    result = QIcon()
    for density in _DENSITIES:
        pixmap = QPixmap(_pixmap(name, color, size * density))
        pixmap.setDevicePixelRatio(density)
        result.addPixmap(pixmap)
    return result


def icon(name: str, color: QColor, size: int = SIZE) -> QIcon:
    """An icon in one colour, for what Qt draws itself (menus, docks, item views).

    Its colour stays: ask again when the theme changes. Raises `KeyError` for an unknown name.
    """
    return _icon(name, color.name(), size)


def draw_icon(painter: QPainter, name: str, rect: QRectF, color: QColor) -> None:
    """Draw an icon into a square, as sharp as the zoom of the painter and the screen allow, or as strokes.

    Raises `KeyError` for an unknown name.
    """
    if painter.paintEngine().type() == QPaintEngine.Type.SVG:
        _renderer(name, color.name()).render(painter, rect)
        return
    transform = painter.deviceTransform()
    pixels = max(1, round(rect.width() * transform.m11()))
    painter.drawPixmap(rect, _pixmap(name, color.name(), pixels), QRectF(0, 0, pixels, pixels))
