"""Points of the plane in the panel of samples: alone, then over what a network answers while it trains."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from nodes.data.point_sets import PointSets
from studio.core.catalog import catalog
from studio.gui.panels.plane import PlaneView
from studio.gui.panels.plane_drawing import class_color, field_image, scale_in
from studio.gui.panels.points import Points, points_told
from studio.gui.panels.samples import SamplesPanel
from studio.gui.training.state import State
from studio.gui.window import Window
from studio.training.answers import Predicted
from studio.training.messages import Finished
from studio.training.options import with_options
from studio.training.slots import Picture
from tests.gui.conftest import OpenWindow

LONG = 120_000
"""Milliseconds for what waits for the training process on a busy machine."""


def panel_of(window: Window) -> SamplesPanel:
    panel = window.workbench.panels["Samples & predictions"]
    assert isinstance(panel, SamplesPanel)
    window.workbench.show_panel(panel.title)
    return panel


def test_before_a_training_the_points_of_the_data_are_shown_alone(open_window: OpenWindow):
    window = open_window("perceptron")
    plane = panel_of(window).points.plane
    assert plane.isVisible()
    assert plane.points is not None
    assert plane.field is None
    made = PointSets(pattern="and").read(Path(), lambda *_: None).columns
    np.testing.assert_array_equal(plane.points.places, made["point"][:200])
    np.testing.assert_array_equal(plane.points.classes, made["label"][:200])

    project = window.document.project
    assert project.data is not None
    window.document.apply(replace(project, data=project.data.set(pattern="rings", groups=3)), "Rings")
    assert plane.points.names == ("ring 1", "ring 2", "ring 3")


def test_samples_that_are_no_points_stay_cards(window: Window):
    panel = panel_of(window)
    assert not panel.points.isVisible()
    predictions = window.workbench.context.predictions
    predictions.samples = Picture(np.zeros((2, 3)), 5)
    predictions.newest = Predicted(5, 0, (0, 1), (0, 1), ((0,), (1,)), ((1.0,), (1.0,)), ("a", "b"))
    assert points_told(predictions) is None
    predictions.samples = Picture(np.zeros((2, 2)), 5)
    assert points_told(predictions) is not None


@pytest.fixture
def plane(qtbot: QtBot) -> PlaneView:
    """Three points, of which the last is mistaken: class 0 is answered at the left, class 1 at the right."""
    view = PlaneView()
    qtbot.addWidget(view)
    view.resize(520, 260)
    view.show_points(
        Points(np.array([[0.0, 0.0], [1.0, 1.0], [0.2, 0.9]]), np.array([0, 1, 1]), ("no", "yes"), (4, 7, 9))
    )
    columns = np.arange(10) >= 5
    field = np.stack([np.broadcast_to(columns, (10, 10)), np.full((10, 10), 0.9)]).astype(np.float32)
    view.show_field(Picture(field, 12, {"bounds": [-0.5, 1.5, -0.5, 1.5]}))
    view.show()
    return view


def test_the_field_is_painted_in_the_colours_of_the_classes_the_lowest_row_below(plane: PlaneView):
    assert plane.field is not None
    field = plane.field.array.copy()
    field[:, 0] = [[1], [1.0]]
    image = field_image(field, 2)
    surest, paler, other = (image.pixelColor(*at) for at in ((0, 9), (9, 0), (0, 0)))

    def away(color: QColor, number: int) -> float:
        return sum(abs(a - b) for a, b in zip(color.getRgb(), class_color(number).getRgb(), strict=True))

    assert away(surest, 1) < away(paler, 1)
    assert away(other, 0) < away(other, 1)
    assert away(paler, 1) < away(paler, 0)


def test_arrow_keys_lead_from_point_to_point_and_enter_looks_at_its_sample(plane: PlaneView, qtbot: QtBot):
    assert list(plane.answered()) == [0, 1, 0]  # type: ignore[call-overload]
    qtbot.keyClick(plane, Qt.Key.Key_Left)
    assert plane.accessibleDescription() == "Sample 9 at 0.20, 0.90: yes, answered no"
    with qtbot.waitSignal(plane.chosen) as chosen:
        qtbot.keyClick(plane, Qt.Key.Key_Return)
    assert chosen.args == [9]
    with qtbot.waitSignal(plane.chosen) as chosen:
        qtbot.mouseClick(plane, Qt.MouseButton.LeftButton, pos=plane.place(1).toPoint())
    assert chosen.args == [7]


def test_one_unit_is_as_long_across_as_up_unless_the_ranges_differ_much():
    even = scale_in(500, 300, (0.0, 2.0, 0.0, 1.0)).area
    assert even.width() == pytest.approx(2 * even.height())
    assert even.right() < 500
    wide = scale_in(500, 300, (0.0, 1000.0, 0.0, 1.0)).area
    assert wide.height() > 200


@pytest.mark.slow
def test_what_a_perceptron_answers_appears_and_changes_while_it_trains(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("LAYERLOOM_HOME", str(tmp_path / "layerloom"))
    window = open_window("perceptron", worker=True)
    window.document.apply(with_options(window.document.project, epochs=200), "Some seconds")
    panel = panel_of(window)
    plane, fields = panel.points.plane, list[Picture]()
    window.workbench.context.views.pictured.connect(lambda _, found: fields.append(found))
    qtbot.mouseClick(window.workbench.controls.train, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.session.started is not None, timeout=LONG)
    panel_of(window)  # docks are arranged once more when the window is first shown
    qtbot.waitUntil(lambda: window.session.state in (State.FINISHED, State.FAILED), timeout=LONG)
    ended = window.session.ended
    assert isinstance(ended, Finished)
    qtbot.waitUntil(lambda: plane.field is not None and plane.field.step == ended.step)
    shown = [found.array for found in fields if found.about["look_at"] == "plane"]
    assert len(shown) > 2
    assert not np.array_equal(shown[0], shown[-1])
    answered = plane.answered()
    assert plane.points is not None
    assert answered is not None
    assert plane.points.samples == tuple(range(200))
    wrong = int((answered != plane.points.classes).sum())
    assert wrong <= 6
    told = f"{wrong} of 200 held-out points lie where another class is answered, at step {ended.step:,}"
    assert panel.points._caption.text() == told

    window.document.open(catalog().make_project("lenet5"))
    qtbot.waitUntil(lambda: not panel.points.isVisible())
    assert plane.field is None
