"""Formulas as parts of a window."""

import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from studio.core.catalog import catalog
from studio.gui import fonts, theme
from studio.gui.formula.ink import SETTER
from studio.gui.formula.layout import Style
from studio.gui.formula.parser import parse_lines
from studio.gui.formula.view import Formula

FORMULAS = {name: cls.formula for name, cls in catalog().nodes.items() if cls.formula}
NARROW = 320 - 2 * 16 - 2 * 12
"""Pixels inside a card of the inspector."""


@pytest.fixture(params=[1.0, 1.5])
def text_scale(request: pytest.FixtureRequest):
    fonts.set_scale(request.param)
    yield request.param
    fonts.set_scale(1.0)


@pytest.mark.parametrize("name", FORMULAS)
def test_no_formula_is_wider_than_a_card(qtbot: QtBot, text_scale: float, name: str):
    view = Formula(FORMULAS[name])
    qtbot.addWidget(view)
    lines = view.lines(NARROW)
    assert max(line.width for line in lines) <= NARROW
    assert view.heightForWidth(NARROW) >= sum(line.height for line in lines)


@pytest.mark.parametrize("name", FORMULAS)
def test_every_glyph_of_a_formula_is_in_the_typeface(qtbot: QtBot, name: str):
    from PySide6.QtGui import QRawFont

    from studio.gui.formula.ink import font_of
    from studio.gui.formula.layout import Glyphs

    for row in parse_lines(FORMULAS[name]):
        for mark in SETTER.set(row, Style(17)).marks:
            if isinstance(mark, Glyphs):
                raw = QRawFont.fromFont(font_of(mark.style))
                missing = [letter for letter in mark.text if not raw.supportsCharacter(ord(letter))]
                assert not missing, f"{missing} of {mark.text!r}"


@pytest.mark.parametrize("look", [theme.DARK, theme.LIGHT], ids=["dark", "light"])
def test_a_formula_is_painted_in_the_colour_of_text(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, look: theme.Theme):
    monkeypatch.setattr(theme.switch(), "theme", look)
    view = Formula(r"y = \frac{1}{2}")
    qtbot.addWidget(view)
    view.resize(200, view.heightForWidth(200))
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_ARGB32)
    colors = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
    assert QColor(look.text1).name() in colors


def test_a_formula_is_spoken_to_those_who_cannot_see_it(qtbot: QtBot):
    view = Formula(r"\frac{a}{b}")
    qtbot.addWidget(view)
    assert view.accessibleName() == "a over b, end of fraction"


def test_larger_text_makes_larger_formulas(qtbot: QtBot):
    view = Formula(r"\frac{a}{b}")
    qtbot.addWidget(view)
    before = view.heightForWidth(300)
    fonts.set_scale(1.5)
    try:
        assert view.heightForWidth(300) > 1.3 * before
    finally:
        fonts.set_scale(1.0)
