"""Arrays become pictures whose colours and values can be trusted."""

from __future__ import annotations

import itertools

import numpy as np
import pyqtgraph as pg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.gui import theme
from studio.gui.pictures import cividis, color_image, draw_sharp, grey_image, levels, map_image
from studio.gui.tiles import TileGrid
from studio.gui.tiling import Pixel, Tiling, zoomed


@pytest.fixture
def grid(qtbot: QtBot, qapp: QApplication) -> TileGrid:
    theme.apply(qapp, theme.DARK)
    tiles = TileGrid("Feature maps")
    qtbot.addWidget(tiles)
    tiles.resize(400, 300)
    tiles.show_maps(np.arange(6 * 8 * 8, dtype=float).reshape(6, 8, 8))
    tiles.show()
    return tiles


def test_cividis_is_the_published_table() -> None:
    published = pg.colormap.get("cividis").getLookupTable(nPts=256, alpha=False)
    np.testing.assert_array_equal(cividis(), published)


def test_cividis_grows_lighter_all_the_way() -> None:
    lightness = [QColor(*color).lightnessF() for color in cividis().tolist()]
    luminance = cividis() @ np.array([0.2126, 0.7152, 0.0722])
    assert lightness[-1] > lightness[0]
    assert np.all(np.diff(luminance) > -1)


def test_each_map_runs_from_its_own_lowest_to_its_own_highest() -> None:
    np.testing.assert_array_equal(levels(np.array([[-2.0, 0.0, 2.0]])), [[0, 128, 255]])
    np.testing.assert_array_equal(levels(np.array([[0, 255]], np.uint8)), [[0, 255]])


def test_a_constant_map_and_values_that_are_not_finite_do_no_harm() -> None:
    np.testing.assert_array_equal(levels(np.full((1, 2), 3.0)), [[127, 127]])
    np.testing.assert_array_equal(levels(np.array([[np.nan, 0.0, 1.0, np.inf]])), [[0, 0, 255, 0]])
    np.testing.assert_array_equal(levels(np.array([[np.nan]])), [[0]])


def test_a_picture_keeps_rows_columns_and_colours() -> None:
    image = color_image(np.array([[[1.0, 0.0, 0.0]], [[0.0, 1.0, 0.0]], [[0.0, 0.0, 1.0]]]))
    assert [image.pixelColor(x, 0).name() for x in range(3)] == ["#ff0000", "#00ff00", "#0000ff"]
    tall = grey_image(np.array([[0.0], [1.0], [0.5]]))
    assert (tall.width(), tall.height()) == (1, 3)
    assert tall.pixelColor(0, 1).red() == 255


def test_a_map_wears_the_ends_of_cividis() -> None:
    image = map_image(np.array([[0.0, 1.0]]))
    assert image.pixelColor(0, 0) == QColor(*cividis()[0].tolist())
    assert image.pixelColor(1, 0) == QColor(*cividis()[255].tolist())


def test_a_picture_with_two_channels_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="1 or 3 channels first, and this array is 2×4×4"):
        color_image(np.zeros((2, 4, 4)))


def test_an_image_owns_its_pixels() -> None:
    values = np.array([[0.0, 1.0]])
    image = grey_image(values)
    values[:] = 0
    assert image.pixelColor(1, 0).red() == 255


def test_enlarged_pixels_stay_sharp() -> None:
    canvas = QImage(80, 40, QImage.Format.Format_RGB32)
    painter = QPainter(canvas)
    draw_sharp(painter, grey_image(np.array([[0.0, 1.0]])), QRectF(0, 0, 80, 40))
    painter.end()
    assert {canvas.pixelColor(x, 20).red() for x in range(80)} == {0, 255}
    assert canvas.pixelColor(39, 20).red() == 0
    assert canvas.pixelColor(40, 20).red() == 255


@given(
    count=st.integers(1, 80), rows=st.integers(1, 64), columns=st.integers(1, 64), width=st.floats(60, 900),
    room=st.floats(10, 900),
)  # fmt: skip
def test_tiles_stand_apart_inside_the_width(count: int, rows: int, columns: int, width: float, room: float) -> None:
    tiling = Tiling(count, columns, rows, width, room, 8, 56, 160)
    places = [tiling.tile(index) for index in range(count)]
    assert all(place.right() <= width + 1e-6 and place.bottom() <= tiling.height + 1e-6 for place in places)
    assert all(not one.intersects(other) for one, other in itertools.pairwise(places))
    assert all(tiling.tile_at(place.center()) == index for index, place in enumerate(places))


@given(row=st.integers(0, 7), column=st.integers(0, 7), tile=st.integers(0, 5))
def test_the_pixel_under_a_point_is_the_one_that_is_drawn_there(row: int, column: int, tile: int) -> None:
    tiling = Tiling(6, 8, 8, 400, 300, 8, 56, 160)
    view = QRectF(0, 0, 8, 8)
    pixel = Pixel(tile, row, column)
    assert tiling.pixel_at(tiling.pixel_place(pixel, view).center(), view) == pixel


@given(factor=st.floats(0.01, 100), x=st.floats(0, 8), y=st.floats(0, 8))
def test_zooming_stays_inside_the_map(factor: float, x: float, y: float) -> None:
    whole = QRectF(0, 0, 8, 8)
    view = zoomed(QRectF(2, 2, 4, 4), factor, QPointF(x, y), whole)
    assert view.left() >= -1e-9
    assert view.right() <= 8 + 1e-9
    assert view.width() >= 2 - 1e-9


def test_zooming_in_keeps_the_pixel_under_the_pointer() -> None:
    view = zoomed(QRectF(0, 0, 8, 8), 0.5, QPointF(6, 2), QRectF(0, 0, 8, 8))
    assert (6 - view.left()) / view.width() == pytest.approx(6 / 8)
    assert (2 - view.top()) / view.height() == pytest.approx(2 / 8)


def test_hovering_reads_the_exact_value_and_its_place(qtbot: QtBot, grid: TileGrid) -> None:
    place = grid.tiling().pixel_place(Pixel(2, 3, 5), grid.shown_part).center() + QPointF(4, 4)
    qtbot.mouseMove(grid, place.toPoint())
    qtbot.waitUntil(lambda: grid.reading == Pixel(2, 3, 5))
    assert grid.reading_text() == f"Map 2, row 3, column 5: {2 * 64 + 3 * 8 + 5}"


def test_a_click_selects_a_map_and_names_the_pixel(qtbot: QtBot, grid: TileGrid) -> None:
    place = grid.tiling().pixel_place(Pixel(4, 1, 6), grid.shown_part).center() + QPointF(4, 4)
    heard: list[tuple[int, ...]] = []
    grid.selected.connect(lambda *values: heard.append(values))
    grid.pixel_chosen.connect(lambda *values: heard.append(values))
    qtbot.mouseClick(grid, Qt.MouseButton.LeftButton, pos=place.toPoint())
    assert heard == [(4,), (4, 1, 6)]


def test_the_grid_is_worked_by_keyboard_alone(qtbot: QtBot, grid: TileGrid) -> None:
    qtbot.keyClick(grid, Qt.Key.Key_Right)
    assert grid.current == 1
    qtbot.keyClick(grid, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    assert grid.reading == Pixel(1, 4, 4)
    assert grid.accessibleDescription() == grid.reading_text()
    with qtbot.waitSignal(grid.pixel_chosen):
        qtbot.keyClick(grid, Qt.Key.Key_Return)
    qtbot.keyClick(grid, Qt.Key.Key_Plus)
    assert grid.shown_part.width() < 8
    qtbot.keyClick(grid, Qt.Key.Key_Home)
    assert grid.shown_part == grid.whole()


def test_new_maps_of_the_same_size_keep_selection_and_zoom(grid: TileGrid) -> None:
    grid.select(3)
    grid.zoom(0.5, QPointF(4, 4))
    part = grid.shown_part
    before = grid.grab().toImage()
    grid.show_maps(np.random.default_rng(0).normal(size=(6, 8, 8)))
    assert (grid.current, grid.shown_part) == (3, part)
    assert grid.grab().toImage() != before
    grid.show_maps(np.zeros((2, 4, 4)))
    assert (grid.current, grid.shown_part) == (0, QRectF(0, 0, 4, 4))


def test_an_empty_grid_can_be_drawn_and_touched(qtbot: QtBot, grid: TileGrid) -> None:
    grid.show_maps(np.zeros((0, 4, 4)))
    assert not grid.grab().isNull()
    qtbot.mouseClick(grid, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
    qtbot.keyClick(grid, Qt.Key.Key_Right)
    assert grid.reading_text() == ""


def test_an_array_without_three_axes_is_refused_in_words(grid: TileGrid) -> None:
    with pytest.raises(ValueError, match="this array has 2 axes"):
        grid.show_maps(np.zeros((4, 4)))
