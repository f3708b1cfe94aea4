"""The bundled typefaces, read from disk when a text first needs them."""

from __future__ import annotations

from functools import cache

from PySide6.QtGui import QFont, QFontDatabase

from studio.gui.assets import ASSETS

INTERFACE = "Inter"
MONO = "JetBrains Mono"
FORMULA = "STIX Two Text"
FORMULA_SIGNS = "STIX Two Math"

_FILES = {
    INTERFACE: ("Inter-Regular", "Inter-Medium", "Inter-SemiBold"),
    MONO: ("JetBrainsMono-Regular", "JetBrainsMono-SemiBold"),
    FORMULA: ("STIXTwoText-Regular", "STIXTwoText-Italic", "STIXTwoText-Bold"),
    FORMULA_SIGNS: ("STIXTwoMath-Regular",),
}


@cache
def load(family: str) -> None:
    """Make a bundled family known to Qt.

    Raises `FileNotFoundError` when a file of the installation is missing or broken.
    """
    for name in _FILES[family]:
        path = ASSETS / "fonts" / f"{name}.ttf"
        if QFontDatabase.addApplicationFont(str(path)) < 0:
            raise FileNotFoundError(f"The font {path} cannot be read. Installing the studio again brings it back.")


class _Scale:
    """How much larger than designed the person wants text to be."""

    factor = 1.0


def set_scale(factor: float) -> None:
    """Let every font made from now on be this many times its designed size (kept within 0.75 and 3)."""
    _Scale.factor = min(max(factor, 0.75), 3.0)


def scaled(pixels: float) -> int:
    """A designed length in pixels at the person's text size."""
    return round(pixels * _Scale.factor)


def interface(pixels: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The font of the interface, with figures of equal width."""
    return _font(INTERFACE, pixels, weight)


def semibold(pixels: int) -> QFont:
    """The font of titles."""
    return _font(INTERFACE, pixels, QFont.Weight.DemiBold)


def mono(pixels: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The font of shapes and code."""
    return _font(MONO, pixels, weight)


def formula(pixels: int, *, italic: bool = False, bold: bool = False) -> QFont:
    """The font of letters and figures in a formula."""
    font = _font(FORMULA, pixels, QFont.Weight.Bold if bold else QFont.Weight.Normal)
    font.setItalic(italic)
    return font


def formula_signs(pixels: int) -> QFont:
    """The font of operators, brackets and sums in a formula."""
    return _font(FORMULA_SIGNS, pixels, QFont.Weight.Normal)


def _font(family: str, pixels: int, weight: QFont.Weight) -> QFont:
    load(family)
    font = QFont(family)
    font.setPixelSize(max(1, scaled(pixels)))
    font.setWeight(weight)
    # Whole-pixel advances would space small text unevenly.
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if family == INTERFACE:
        font.setFeature(QFont.Tag("tnum"), 1)
    return font
