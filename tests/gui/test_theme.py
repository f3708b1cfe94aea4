"""The table of colours keeps its promises, and putting a theme on reaches every widget."""

from __future__ import annotations

import itertools
import subprocess
import sys
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetricsF, QImage, QPainter, QPalette
from PySide6.QtWidgets import QApplication, QLabel

from studio.gui import fonts, icons, theme
from studio.gui.assets import ASSETS
from studio.gui.style.palette import style_sheet
from studio.gui.style.tokens import FLOWS, mix
from studio.gui.theme import CONTRAST_DARK, CONTRAST_LIGHT, DARK, FAMILIES, LIGHT, Theme

THEMES = pytest.mark.parametrize("colors", theme.THEMES.values(), ids=lambda one: one.name)
CONTRAST = pytest.mark.parametrize("colors", [CONTRAST_DARK, CONTRAST_LIGHT], ids=lambda one: one.name)
LEVELS = ("canvas", "window", "panel", "raised", "control")
GROUNDS = ("canvas", "panel", "raised")

# Full loss of one kind of cone: Machado, Oliveira and Fernandes 2009, table 1, for linear RGB.
SIGHTS = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]]
)


@pytest.fixture(autouse=True)
def _dark_again(qapp: QApplication) -> Iterator[None]:
    theme.apply(qapp, DARK)
    yield
    theme.apply(qapp, DARK)


def linear(color: QColor) -> NDArray[np.float64]:
    channels = np.array([color.redF(), color.greenF(), color.blueF()])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def contrast(one: QColor, other: QColor) -> float:
    """The contrast ratio of WCAG 2."""
    low, high = sorted(float(TO_XYZ[1] @ linear(color)) for color in (one, other))
    return (high + 0.05) / (low + 0.05)


def lab(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    white = TO_XYZ.sum(axis=1)
    ratio = TO_XYZ @ rgb.clip(0, 1) / white
    root = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


@pytest.mark.parametrize(("token", "dark", "light"), [("text1", 9.8, 13.7), ("text2", 5.9, 6.4), ("text3", 4.6, 4.6)])
def test_text_keeps_its_contrast_on_every_level(token: str, dark: float, light: float) -> None:
    for colors, least in ((DARK, dark), (LIGHT, light)):
        for level in LEVELS:
            assert round(contrast(colors.named(token), colors.named(level)), 1) >= least, (colors.name, level)


@THEMES
def test_lines_that_carry_meaning_are_seen_on_every_ground(colors: Theme) -> None:
    for ground in GROUNDS:
        assert contrast(colors.line_strong, colors.named(ground)) >= 3


def test_text_on_the_accent_and_on_a_problem_is_readable() -> None:
    assert round(contrast(DARK.accent, DARK.accent_text), 1) >= 7.5
    assert round(contrast(LIGHT.accent, LIGHT.accent_text), 1) >= 5.5
    assert round(contrast(DARK.problem, DARK.problem_bg), 1) >= 6.3
    assert round(contrast(LIGHT.problem, LIGHT.problem_bg), 1) >= 4.8


@THEMES
def test_states_are_readable_as_text(colors: Theme) -> None:
    for token, ground in itertools.product(("success", "warn", "problem", "accent", "series2"), GROUNDS):
        assert contrast(colors.named(token), colors.named(ground)) >= 4.5, (token, ground)
    assert contrast(colors.accent, colors.accent_bg) >= 4.5


@THEMES
def test_families_may_be_text_on_canvas_panel_and_raised(colors: Theme) -> None:
    for title, ground in itertools.product(FAMILIES, GROUNDS):
        assert contrast(colors.family(title), colors.named(ground)) >= 4.5, (title, ground)


@THEMES
@pytest.mark.parametrize("sight", SIGHTS)
def test_families_stay_apart_for_colour_blind_people(colors: Theme, sight: str) -> None:
    seen = {title: lab(np.array(SIGHTS[sight]) @ linear(colors.family(title))) for title in FAMILIES}
    nearest = min(
        (float(np.linalg.norm(seen[one] - seen[other])), one, other) for one, other in itertools.combinations(seen, 2)
    )
    assert nearest[0] >= 17.7, nearest


@THEMES
def test_links_are_seen_on_the_canvas(colors: Theme) -> None:
    for kind in FLOWS:
        drawn = mix(colors.canvas, colors.flow(kind), colors.link_opacity())
        assert contrast(drawn, colors.canvas) >= 3, kind


@CONTRAST
def test_in_high_contrast_everything_that_is_read_or_told_apart_keeps_seven_to_one(colors: Theme) -> None:
    words, signs = ("text1", "text2", "text3"), ("problem", "success", "warn", "accent", "series2", "line_strong")
    pairs = [(token, level) for token in words for level in (*LEVELS, "accent_bg", "problem_bg")]
    pairs += [(token, ground) for token in (*signs, "line", "node_line") for ground in GROUNDS]
    pairs += [("accent", "accent_text"), ("accent", "accent_bg"), ("problem", "problem_bg"), ("line_strong", "control")]
    for token, ground in pairs:
        assert contrast(colors.named(token), colors.named(ground)) >= 7, (token, ground)
    for title, ground in itertools.product(FAMILIES, GROUNDS):
        assert contrast(colors.family(title), colors.named(ground)) >= 7, (title, ground)


@CONTRAST
def test_in_high_contrast_links_are_drawn_in_full(colors: Theme) -> None:
    for kind in FLOWS:
        assert contrast(mix(colors.canvas, colors.flow(kind), colors.link_opacity()), colors.canvas) >= 7, kind


def test_an_unknown_family_is_drawn_as_plain_text() -> None:
    assert DARK.family("Made by somebody") == DARK.text2


@THEMES
def test_every_name_in_the_style_sheet_is_a_token(colors: Theme) -> None:
    assert "$" not in style_sheet(colors)


@THEMES
def test_drawings_of_the_style_sheet_wear_colours_of_the_theme(colors: Theme) -> None:
    allowed = {colors.text2.name(), colors.accent_text.name()}
    for path in (ASSETS / "style" / colors.name).glob("*.svg"):
        text = path.read_text(encoding="utf-8").lower()
        assert any(color in text for color in allowed), path.name


def test_switching_the_theme_repaints_what_is_open(qapp: QApplication) -> None:
    label = QLabel("Text")
    label.setAutoFillBackground(True)
    label.resize(60, 20)
    for colors in (DARK, *theme.THEMES.values(), DARK):
        theme.apply(qapp, colors)
        assert theme.current() is colors
        assert label.grab().toImage().pixelColor(59, 19) == colors.panel


def test_a_switch_is_announced_with_the_new_theme(qapp: QApplication) -> None:
    heard: list[Theme] = []
    theme.switch().changed.connect(heard.append)
    theme.apply(qapp, LIGHT)
    theme.switch().changed.disconnect(heard.append)
    assert heard == [LIGHT]


def test_the_system_decides_until_the_person_does(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    hints = Hints()
    monkeypatch.setattr(theme, "QGuiApplication", Application(hints))
    announce = qapp.styleHints().colorSchemeChanged.emit
    theme.follow_system(qapp)
    assert theme.current() is DARK  # a system that does not say
    hints.scheme = Qt.ColorScheme.Light
    announce(hints.scheme)
    assert theme.current() is LIGHT
    hints.contrast = Qt.ContrastPreference.HighContrast
    qapp.styleHints().accessibility().contrastPreferenceChanged.emit(hints.contrast)
    assert theme.current() is CONTRAST_LIGHT
    theme.apply(qapp, DARK)
    announce(hints.scheme)
    assert theme.current() is DARK


class Hints:
    """Stands for what the system says, which a test cannot set."""

    scheme = Qt.ColorScheme.Unknown
    contrast = Qt.ContrastPreference.NoPreference

    def colorScheme(self) -> Qt.ColorScheme:  # noqa: N802
        return self.scheme

    def accessibility(self) -> Hints:
        return self

    def contrastPreference(self) -> Qt.ContrastPreference:  # noqa: N802
        return self.contrast


class Application:
    """Stands for the part of Qt that hands out the hints."""

    def __init__(self, hints: Hints) -> None:
        self._hints = hints

    def styleHints(self) -> Hints:  # noqa: N802
        return self._hints


def test_the_palette_uses_the_accent_for_what_is_selected(qapp: QApplication) -> None:
    assert qapp.palette().color(QPalette.ColorRole.Highlight) == DARK.accent
    assert qapp.palette().color(QPalette.ColorRole.WindowText) == DARK.text1


@pytest.mark.parametrize("make", [fonts.interface, fonts.semibold, fonts.mono, fonts.formula, fonts.formula_signs])
def test_every_bundled_typeface_is_found(qapp: QApplication, make: Callable[[int], QFont]) -> None:
    font = make(13)
    found = QFontInfo(font)
    assert found.family() == font.family()
    assert found.weight() == font.weight()


def test_figures_are_of_equal_width(qapp: QApplication) -> None:
    metrics = QFontMetricsF(fonts.interface(13))
    widths = [metrics.horizontalAdvance(figure * 10) for figure in "0123456789"]
    assert max(widths) - min(widths) < 0.01


def test_a_larger_text_size_reaches_fonts_and_style_sheet(qapp: QApplication) -> None:
    theme.apply(qapp, DARK, scale=1.5)
    assert fonts.interface(12).pixelSize() == 18
    assert f"font-size: {round(11 * 1.5)}px" in style_sheet(DARK)
    theme.apply(qapp, DARK)
    assert fonts.interface(12).pixelSize() == 12


def painted(name: str, side: int) -> QImage:
    image = QImage(side, side, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    icons.draw_icon(painter, name, QRectF(0, 0, side, side), QColor("#ff0000"))
    painter.end()
    return image


@pytest.mark.parametrize("name", icons.names())
def test_every_icon_is_drawn_in_the_colour_that_was_asked_for(qapp: QApplication, name: str) -> None:
    image = painted(name, 32)
    opaque = [image.pixelColor(x, y) for x in range(32) for y in range(32) if image.pixelColor(x, y).alpha() > 200]
    assert opaque
    assert any(color.red() > 200 and color.blue() < 60 for color in opaque)


def test_every_family_has_an_icon_of_its_own() -> None:
    names = [family.icon for family in FAMILIES.values()]
    assert set(names) <= set(icons.names())
    assert len(set(names)) == len(names)


def test_an_icon_is_sharp_on_a_dense_screen(qapp: QApplication) -> None:
    dense = icons.icon("convolution", DARK.text1).pixmap(QSize(16, 16), 2.0)
    assert dense.size() == QSize(32, 32)
    assert dense.toImage() == icons.icon("convolution", DARK.text1, 32).pixmap(QSize(32, 32), 1.0).toImage()


def test_an_unknown_icon_is_refused_by_name(qapp: QApplication) -> None:
    with pytest.raises(KeyError, match="no icon is named nonsense"):
        icons.icon("nonsense", DARK.text1)


def test_first_paint_needs_neither_numpy_nor_pyqtgraph() -> None:
    modules = ["theme", "fonts", "icons"] + [
        f"widgets.{path.stem}" for path in (ASSETS.parent / "studio" / "gui" / "widgets").glob("[a-z]*.py")
    ]
    imports = "; ".join(f"import studio.gui.{module}" for module in modules)
    code = f"import sys; {imports}; print(sorted({{'numpy', 'pyqtgraph', 'torch', 'pydantic'}} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", code], cwd=ASSETS.parent, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
