"""The panel of what goes into a node and comes out: activations, dropout, norms, and how large weights grow."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from nodes.dropout import Dropout
from studio.core.builder import node_of
from studio.core.graph import Graph, Link
from studio.gui.panels.passage.panel import NO_INPUT, NO_NODE, NOT_YET, PASSAGE, PassagePanel
from studio.gui.panels.passage.response import linear_share
from studio.gui.training.state import State
from studio.gui.window import Window
from studio.training.messages import EpochEnded, Finished
from studio.training.options import with_options
from studio.training.slots import Picture
from tests.gui.conftest import OpenWindow
from tests.gui.test_panels import STARTED, tell

LONG = 120_000


def panel_of(window: Window) -> PassagePanel:
    panel = window.workbench.panels["In and out"]
    assert isinstance(panel, PassagePanel)
    window.workbench.show_panel(panel.title)
    return panel


def shown(panel: PassagePanel, node: str, rows: dict[str, list[float]], **about: object) -> None:
    longest = max(map(len, rows.values()))
    table = np.array([row + [np.nan] * (longest - len(row)) for row in rows.values()], np.float32)
    panel.context.views.pictured.emit(PASSAGE, Picture(table, 12, {"node": node, "rows": list(rows), **about}))


def test_a_straight_line_tells_all_where_weights_are_small_and_less_where_they_are_large():
    x = np.linspace(-40, 40, 4001)
    inputs = np.random.default_rng(0).standard_normal(2000)
    shares = [linear_share(inputs * scale, x, np.tanh(x)) for scale in (0.1, 1.0, 10.0)]
    assert shares[0] > 0.999
    assert shares[0] > shares[1] > shares[2]
    slope, shift = np.polyfit(inputs, np.tanh(inputs), 1)
    by_hand = 1 - np.var(np.tanh(inputs) - slope * inputs - shift) / np.var(np.tanh(inputs))
    assert shares[1] == pytest.approx(by_hand, abs=1e-4)
    assert linear_share(inputs - 9, x, np.maximum(x, 0)) == 1.0, "a unit that is dead answers nothing but zero"


def test_the_panel_says_what_can_be_looked_at(window: Window):
    panel = panel_of(window)
    canvas = window.workspace.canvas
    assert panel._empty.sentence.text() == NOT_YET
    tell(window, STARTED)
    canvas.select(())
    assert panel._empty.sentence.text() == NO_NODE
    canvas.select(("Image",))
    assert panel._empty.sentence.text() == NO_INPUT.format("Image")


def test_the_slider_scales_the_weights_in_the_picture_alone(window: Window):
    panel = panel_of(window)
    x = np.linspace(-8, 8, 401)
    shown(panel, "Tanh", {"in": [-2.0, -1.0, 1.0, 2.0], "out": [0.0] * 4, "x": x.tolist(), "y": np.tanh(x).tolist()})
    assert panel.response.isVisible()
    assert panel._times.text() == "× 1.00, in the picture alone"
    before, picture = panel._said.text(), panel.response.grab().toImage()
    panel.scale.setValue(panel.scale.minimum())
    assert panel._times.text() == "× 0.06, in the picture alone"
    assert panel._said.text() == "A straight line tells 100.0% of how the answers vary."
    assert panel._said.text() != before
    assert panel.response.grab().toImage() != picture
    assert list(panel.response.inputs) == [-2, -1, 1, 2]


def test_units_that_dropout_switches_off_are_black(window: Window):
    panel = panel_of(window)
    rows = {"in": [1.0] * 6, "out": [1.0] * 6, "trained": [2.0, 0, 2, 0, 2, 2], "kept": [1.0, 0, 1, 0, 1, 1]}
    shown(panel, "Dropout", rows, units=[6], share=0.5)
    assert panel.spread.isVisible()
    assert panel.spread.names == ("in", "out", "out while training")
    assert panel._kept.text() == "2 of 6 off, black, for this sample; of all samples 50.0% are kept."
    assert panel.units.maps.reshape(-1)[:6].tolist() == rows["kept"]
    said = "Mean and standard deviation: in 1 ± 0, out 1 ± 0, out while training 1.33 ± 0.943."
    assert panel._said.text() == said


def test_the_sum_of_squared_weights_grows_epoch_by_epoch(window: Window):
    panel = panel_of(window)
    ends = [EpochEnded(n, 2, 0, 10 * n, {}, {}, 1.0, squares={"LeNet-5": 7.0 * n}) for n in (1, 2)]
    tell(window, STARTED, *ends)
    series = panel.squares.series["LeNet-5"].points
    assert (list(series.x), list(series.y)) == ([1, 2], [7, 14])
    tell(window, STARTED)
    assert not panel.squares.series


@pytest.mark.slow
def test_dropout_is_drawn_again_while_a_real_training_goes_on(open_window: OpenWindow, qtbot: QtBot, home: Path):
    window = open_window("lenet5", worker=True)
    project = with_options(window.document.project, epochs=100)
    graph = project.graphs["LeNet-5"]
    window.document.open(project.with_graph("LeNet-5", with_dropout(graph)))
    panel = panel_of(window)
    qtbot.mouseClick(window.workbench.controls.train, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.session.started is not None, timeout=LONG)
    window.workspace.canvas.select(("Dropout",))
    panel_of(window)
    qtbot.waitUntil(lambda: panel._kept.text() != "", timeout=LONG)
    before = panel.units.maps.copy()
    qtbot.mouseClick(panel.again, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not np.array_equal(panel.units.maps, before), timeout=LONG)
    window.session.stop()
    qtbot.waitUntil(lambda: window.session.state in (State.FINISHED, State.FAILED), timeout=LONG)
    assert isinstance(window.session.ended, Finished)


def with_dropout(graph: Graph) -> Graph:
    """LeNet-5 with units of its last hidden layer switched off."""
    (out,) = graph.answers()
    (last,) = graph.links.into[graph.links.into[out][0].source]
    graph = graph.add("Dropout", node_of(Dropout()))
    links = [link for link in graph.links if link != last]
    into = Link(last.source, last.output, "Dropout", "values")
    return replace(graph, links=type(graph.links)([*links, into, replace(last, source="Dropout", output="out")]))
