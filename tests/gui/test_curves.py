"""Curves show what the data says, at any length, and stay where a person put them."""

from __future__ import annotations

import csv
import math
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.gui import theme
from studio.gui.curves.frame import Frame, fitting_x, fitting_y
from studio.gui.curves.legend import Legend
from studio.gui.curves.plot import CurvePlot
from studio.gui.curves.pyramid import Pyramid
from studio.gui.curves.series import TRAINING, VALIDATION, Look
from studio.gui.curves.smoothing import Smoother
from studio.gui.curves.ticks import linear_ticks, log_texts, log_ticks, number_text, tick_texts

Values = NDArray[np.float64]


@pytest.fixture
def plot(qtbot: QtBot, qapp: QApplication) -> CurvePlot:
    theme.apply(qapp, theme.DARK)
    made = CurvePlot("Loss", x_name="Epoch")
    qtbot.addWidget(made)
    made.resize(500, 300)
    made.show()
    qapp.processEvents()
    return made


def pyramid_of(y: Values, piece: int) -> Pyramid:
    pyramid = Pyramid()
    for start in range(0, y.size, piece):
        part = y[start : start + piece]
        pyramid.append(np.arange(start, start + part.size, dtype=float), part)
    return pyramid


@given(
    count=st.integers(1, 5000), piece=st.integers(1, 1700), columns=st.integers(1, 300), seed=st.integers(0, 99),
    gaps=st.booleans(),
)  # fmt: skip
def test_a_view_keeps_every_spike_and_every_mean(count: int, piece: int, columns: int, seed: int, gaps: bool) -> None:
    rng = np.random.default_rng(seed)
    y = rng.normal(size=count)
    if gaps:
        y[rng.random(count) < 0.3] = np.nan
    view = pyramid_of(y, piece).view(-0.5, count - 0.5, columns)
    assert view.x.size <= max(columns, 1)
    if np.isfinite(y).any():
        assert np.nanmin(view.low) == np.nanmin(y)
        assert np.nanmax(view.high) == np.nanmax(y)
    filled = np.isfinite(view.mean)
    assert np.all(view.low[filled] <= view.mean[filled] + 1e-9)
    assert np.all(view.mean[filled] <= view.high[filled] + 1e-9)


def test_columns_hold_the_points_that_lie_in_them() -> None:
    y = np.random.default_rng(0).normal(size=100_000)
    view = pyramid_of(y, 7001).view(0, 100_000, 100)
    blocks = y.reshape(100, 1000)
    # A bucket at an edge belongs to one side: the reading may be off by less than a quarter of a column.
    for index, block in enumerate(blocks):
        widened = y[max(0, index * 1000 - 256) : (index + 1) * 1000 + 256]
        assert widened.min() <= view.low[index] <= block[256:-256].min()
        assert view.mean[index] == pytest.approx(block.mean(), abs=0.05)


def test_a_zoomed_view_shows_the_very_points() -> None:
    y = np.random.default_rng(0).normal(size=100_000)
    view = pyramid_of(y, 100_000).view(5000, 5100, 1200)
    assert view.exact
    np.testing.assert_array_equal(view.x, np.arange(4999, 5102))
    np.testing.assert_array_equal(view.mean, y[4999:5102])


def test_pieces_make_the_same_pyramid_as_the_whole() -> None:
    y = np.random.default_rng(0).normal(size=20_000)
    whole, pieces = pyramid_of(y, 20_000).view(100, 19_000, 200), pyramid_of(y, 3).view(100, 19_000, 200)
    np.testing.assert_array_equal(whole.low, pieces.low)
    np.testing.assert_allclose(whole.mean, pieces.mean)


def test_what_is_not_finite_is_a_gap() -> None:
    view = pyramid_of(np.array([1.0, np.inf, np.nan, 2.0]), 4).view(0, 3, 100)
    np.testing.assert_array_equal(np.isnan(view.mean), [False, True, True, False])


def test_points_that_go_back_are_refused_and_nothing_is_lost() -> None:
    pyramid = pyramid_of(np.ones(5), 5)
    with pytest.raises(ValueError, match="in the order of their x"):
        pyramid.append(np.array([2.0]), np.array([0.0]))
    with pytest.raises(ValueError, match="same length"):
        pyramid.append(np.array([9.0, 10.0]), np.array([0.0]))
    assert len(pyramid) == 5


@given(keep=st.floats(0.01, 0.999), count=st.integers(1, 500), split=st.integers(0, 500))
def test_smoothing_is_the_textbook_average(keep: float, count: int, split: int) -> None:
    values = np.random.default_rng(count).normal(size=count)
    expected, average = [], 0.0
    for step, value in enumerate(values, start=1):
        average = keep * average + (1 - keep) * value
        expected.append(average / (1 - keep**step))
    smoother = Smoother(keep)
    split = min(split, count)
    found = np.concatenate((smoother.feed(values[:split]), smoother.feed(values[split:])))
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-9)


def test_a_gap_does_not_spoil_the_average_after_it() -> None:
    found = Smoother(0.5).feed(np.array([1.0, np.nan, 1.0]))
    assert math.isnan(found[1])
    assert found[2] == pytest.approx(1.0)


def test_a_share_of_one_cannot_be_kept() -> None:
    with pytest.raises(ValueError, match="from 0 up to, but not including, 1"):
        Smoother(1.0)


def test_ticks_are_round_and_inside() -> None:
    assert linear_ticks(82.5, 100, 6) == [85.0, 90.0, 95.0, 100.0]
    np.testing.assert_allclose(10.0 ** np.array(log_ticks(-1.8, -0.1, 8)), [0.02, 0.05, 0.1, 0.2, 0.5])
    assert log_ticks(-8, 2, 6) == [-8, -6, -4, -2, 0, 2]
    assert tick_texts([0.0, 0.2, 0.4]) == ["0.0", "0.2", "0.4"]
    assert tick_texts([0.0, 50_000.0]) == ["0", "50,000"]


def test_numbers_are_written_to_be_compared() -> None:
    assert [number_text(value) for value in (12.0, 1234567.0, 0.0123456, math.nan)] == [
        "12",
        "1,234,567",
        "0.012346",
        "no number",
    ]


@given(low=st.floats(-1e6, 1e6), span=st.floats(0, 1e6))
def test_all_values_fit_the_axis(low: float, span: float) -> None:
    bottom, top = fitting_y(low, low + span, log=False)
    assert bottom < low <= low + span < top


def test_the_axis_reaches_the_planned_end_and_beyond_it_if_need_be() -> None:
    assert fitting_x([0], [13], 20) == (0, 20)
    assert fitting_x([0], [25], 20) == (0, 25)
    assert fitting_x([3], [3], None) == (3, 4)


def test_pixels_and_data_agree() -> None:
    frame = Frame(width=200, height=100, left=0, right=20, bottom=-2, top=0, log=True)
    assert frame.place(10, 0.1) == (100.0, 50.0)
    assert frame.x_at(100) == 10
    assert not math.isfinite(frame.place(10, -1)[1])


def colors_in(image: QImage) -> set[str]:
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


def area_picture(plot: CurvePlot) -> QImage:
    plot.draw_now()
    return plot.area.view.grab().toImage()


def test_an_empty_plot_says_when_curves_will_come(plot: CurvePlot) -> None:
    assert not plot.area.isVisible()
    plot.append("Training", [0, 1], [1.0, 0.5])
    assert plot.area.isVisible()
    plot.clear()
    assert not plot.area.isVisible()


def test_training_and_validation_differ_by_colour_and_by_dash(plot: CurvePlot) -> None:
    plot.append("Training", range(10), np.linspace(1, 0.2, 10))
    plot.append("Validation", range(10), np.linspace(1.2, 0.4, 10))
    assert plot.series["Training"].look == TRAINING
    assert plot.series["Validation"].look == VALIDATION
    assert VALIDATION.dashed
    assert {theme.DARK.accent.name(), theme.DARK.series2.name()} <= colors_in(area_picture(plot))


def test_a_line_stands_where_its_values_are(plot: CurvePlot) -> None:
    plot.append("Training", [0, 1], [5.0, 5.0])
    image = area_picture(plot)
    frame = plot.area.frame()
    assert frame is not None
    corner = plot.area.box.mapToScene(0, 0)
    across, down = frame.place(0.5, 5.0)
    hit = [image.pixelColor(round(corner.x() + across), round(corner.y() + down) + shift) for shift in (-1, 0, 1)]
    assert QColor(theme.DARK.accent) in hit


def test_a_long_noisy_curve_fills_a_band(plot: CurvePlot) -> None:
    rng = np.random.default_rng(0)
    plot.append("Training", np.arange(50_000), rng.normal(size=50_000))
    picture = area_picture(plot)
    plain = {theme.DARK.panel.name(), theme.DARK.line.name(), theme.DARK.accent.name()}
    counts: dict[str, int] = {}
    for x in range(0, picture.width(), 3):
        for y in range(0, picture.height(), 3):
            name = picture.pixelColor(x, y).name()
            counts[name] = counts.get(name, 0) + 1
    band = max((name for name in counts if name not in plain), key=lambda name: counts[name])
    assert counts[band] > 0.3 * sum(counts.values())


def test_zoom_stays_while_data_arrives_and_home_takes_it_back(qtbot: QtBot, plot: CurvePlot) -> None:
    plot.append("Training", range(100), np.linspace(1, 0.1, 100))
    plot.draw_now()
    qtbot.keyClick(plot, Qt.Key.Key_Plus)
    before = plot.area.frame()
    plot.append("Training", range(100, 200), np.linspace(5, 9, 100))
    plot.draw_now()
    assert plot.area.frame() == before
    qtbot.keyClick(plot, Qt.Key.Key_Home)
    after = plot.area.frame()
    assert after is not None
    assert after.left <= 0
    assert after.right >= 199
    assert after.top >= 9


def test_the_cursor_reads_exact_numbers_by_keyboard(qtbot: QtBot, plot: CurvePlot) -> None:
    plot.append("Training", range(3), [0.5, 0.25, 0.125])
    plot.append("Validation", [0, 2], [0.75, 0.375])
    plot.draw_now()
    qtbot.keyClick(plot, Qt.Key.Key_Left)
    qtbot.keyClick(plot, Qt.Key.Key_Left)
    assert plot.accessibleDescription() == "Epoch 0, Training 0.5, Validation 0.75"
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    assert "Training 0.25" in plot.accessibleDescription()


def test_where_a_stage_ends_a_line_bears_its_name_and_tells_why(plot: CurvePlot) -> None:
    plot.append("Training", range(11), range(11))
    plot.draw_now()
    before = plot.grab().toImage()
    plot.mark_stage(4, "encoder", "Ended: all epochs.")
    plot.mark_stage(8, "classifier", "Ended early.")
    plot.draw_now()
    assert plot.grab().toImage() != before
    frame, marks = plot.area.frame(), plot.area._marks
    assert frame is not None
    told = []
    for epoch in (4, 6, 8):
        marks.point_at(frame.place(epoch, 1)[0] + 2)
        told.append(marks.toolTip())
    assert told == ["Ended: all epochs.", "", "Ended early."]
    plot.mark_stage(6, "classifier", "Went back and ended here.")
    assert [end.x for end in plot._stages] == [4, 6]
    plot.clear()
    assert not marks.stages


def test_ticks_of_a_narrow_logarithmic_axis_are_round_numbers_that_differ() -> None:
    ticks = log_ticks(math.log10(0.66), math.log10(0.74), 8)
    assert log_texts(ticks) == ["0.66", "0.67", "0.68", "0.69", "0.70", "0.71", "0.72", "0.73", "0.74"]
    assert log_texts(log_ticks(-1.2, 1.1, 8)) == ["0.1", "0.2", "0.5", "1", "2", "5", "10"]


def test_the_best_epoch_is_marked(plot: CurvePlot) -> None:
    plot.append("Validation", range(5), [5.0, 3.0, 1.0, 2.0, 4.0])
    before = area_picture(plot)
    plot.mark_best(2, 1.0, "Best, epoch 2: 1.0")
    assert area_picture(plot) != before


def test_repaints_come_at_most_thirty_times_a_second(
    qtbot: QtBot, plot: CurvePlot, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = []
    redraw = plot.area.redraw
    monkeypatch.setattr(plot.area, "redraw", lambda: (drawn.append(1), redraw()))
    for step in range(30):
        plot.append("Training", step, 1.0 / (step + 1))
        qtbot.wait(5)
    assert 1 <= len(drawn) <= 12


def test_a_logarithmic_axis_leaves_out_what_has_no_logarithm(plot: CurvePlot) -> None:
    plot.set_log(log=True)
    plot.append("Training", range(4), [1.0, 0.0, -1.0, 0.01])
    plot.draw_now()
    frame = plot.area.frame()
    assert frame is not None
    assert frame.bottom < -2 < 0 < frame.top
    assert not plot.grab().isNull()


def test_curves_without_one_finite_value_can_be_shown(plot: CurvePlot) -> None:
    for log in (False, True):
        plot.set_log(log=log)
        plot.append("Training", range(len(plot.series) * 3, len(plot.series) * 3 + 3), [math.nan] * 3)
        assert not area_picture(plot).isNull()


def test_smoothing_can_be_turned_on_over_what_has_come(plot: CurvePlot) -> None:
    plot.append("Training", range(200), np.random.default_rng(0).normal(size=200))
    plot.set_smoothing(0.9)
    plot.append("Training", [200], [0.0])
    average = plot.series["Training"].average
    assert average is not None
    assert len(average) == 201
    assert float(np.std(average.y)) < 0.5 * float(np.std(plot.series["Training"].points.y))


def test_the_legend_hides_a_curve_in_every_plot(qtbot: QtBot, qapp: QApplication) -> None:
    legend = Legend()
    plots = [CurvePlot(title, legend=legend) for title in ("Loss", "Accuracy")]
    for widget in (legend, *plots):
        qtbot.addWidget(widget)
    for one in plots:
        one.append("Training", range(3), [1.0, 2.0, 3.0])
    assert list(legend.entries) == ["Training"]
    legend.entries["Training"].click()
    assert not any(one.series["Training"].shown for one in plots)


def test_further_runs_get_looks_of_their_own(plot: CurvePlot) -> None:
    for index in range(8):
        plot.append(f"run {index}", [0, 1], [index, index])
    looks = [series.look for series in plot.series.values()]
    for colors in (theme.DARK, theme.LIGHT):
        assert len({look.color(colors).name() for look in looks}) == len(looks)
    assert Look(3) in looks


def test_a_plot_is_saved_as_picture_drawing_and_numbers(plot: CurvePlot, tmp_path: Path) -> None:
    y = np.random.default_rng(0).normal(size=5000)
    plot.append("Training", np.arange(5000), y)
    for ending in ("png", "svg", "csv"):
        plot.save(tmp_path / f"loss.{ending}")
    image = QImage(str(tmp_path / "loss.png"))
    assert image.width() > plot.area.width()
    drawing = ElementTree.parse(tmp_path / "loss.svg").getroot()
    assert drawing.findall(".//{http://www.w3.org/2000/svg}polyline")
    assert not drawing.findall(".//{http://www.w3.org/2000/svg}image")
    with (tmp_path / "loss.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    np.testing.assert_array_equal([float(row["y"]) for row in rows], y)


def test_another_ending_and_a_missing_folder_are_refused_in_words(plot: CurvePlot, tmp_path: Path) -> None:
    plot.append("Training", [0, 1], [1.0, 0.5])
    with pytest.raises(ValueError, match=r'"loss.gif" ends with none of them'):
        plot.save(tmp_path / "loss.gif")
    with pytest.raises(OSError, match="could not be written"):
        plot.save(tmp_path / "missing" / "loss.png")


def test_a_plot_follows_the_theme(qapp: QApplication, plot: CurvePlot) -> None:
    plot.append("Training", range(10), np.linspace(1, 0.2, 10))
    theme.apply(qapp, theme.LIGHT)
    shown = colors_in(area_picture(plot))
    theme.apply(qapp, theme.DARK)
    assert theme.LIGHT.accent.name() in shown
    assert theme.DARK.panel.name() not in shown
