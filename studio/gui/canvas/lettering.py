"""The typefaces of the canvas at 100 %: their widths, and texts that are cut where they do not fit."""

from __future__ import annotations

from functools import cache, lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF

from studio.gui import fonts
from studio.gui.canvas.geometry import Style
from studio.gui.style.measures import BODY, HINT, LABEL

SMALLEST = 9
"""Pixels on the screen under which a title is not drawn at all."""


@cache
def font(style: Style, pixels: int = 0) -> QFont:
    """A typeface of the canvas; zooming scales it, so that the text size of the program does not count here."""
    made = {
        "title": lambda: fonts.semibold(BODY),
        "label": lambda: fonts.interface(LABEL),
        "value": lambda: fonts.interface(LABEL, QFont.Weight.Medium),
        "hint": lambda: fonts.interface(HINT),
        "shape": lambda: fonts.mono(HINT),
        "strong": lambda: fonts.semibold(LABEL),
        "button": lambda: fonts.semibold(BODY),
    }[style]()
    designed = {"title": BODY, "button": BODY, "hint": HINT, "shape": HINT}.get(style, LABEL)
    made.setPixelSize(pixels or designed)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made


def enlarged(style: Style, scale: float) -> float:
    """How many times its size a title is drawn at a scale, so that it can be read from afar."""
    return max(1.0, SMALLEST / (font(style).pixelSize() * scale))


@cache
def metrics(style: Style) -> QFontMetricsF:
    return QFontMetricsF(font(style))


@lru_cache(maxsize=65536)
def width(text: str, style: Style) -> float:
    """How wide a text is at 100 %."""
    return metrics(style).horizontalAdvance(text)


@lru_cache(maxsize=16384)
def cut(text: str, style: Style, room: float) -> str:
    """The text, or as much of it as fits with an ellipsis; nothing where not even two letters fit."""
    if width(text, style) <= room:
        return text
    short = metrics(style).elidedText(text, Qt.TextElideMode.ElideRight, room)
    return short if len(short) > 2 else ""
