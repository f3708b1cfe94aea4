"""What is taken for what: the map, the tables, and the samples behind a cell."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QTreeWidget
from pytestqt.qtbot import QtBot

from studio.engine.class_counting import described
from studio.gui.panels.answer_card import AnswerCard
from studio.gui.panels.classes import ClassesPanel
from studio.gui.panels.samples import SamplesPanel
from studio.gui.training.state import State
from studio.gui.window import Window
from studio.training.class_report import ClassReport
from studio.training.messages import EpochEnded, Event
from tests.gui.conftest import OpenWindow
from tests.gui.test_panels import STARTED, tell

LONG = 120_000
PAIRS = [[50, 0, 4], [1, 60, 9], [0, 2, 30]]
NAMES = ["cat", "dog", "frog"]


def epoch(*names: str) -> EpochEnded:
    classes = {name: described(torch.tensor(PAIRS), NAMES) for name in names or ("Net",)}
    return EpochEnded(3, 4, 0, 30, {"loss": 0.5}, {"loss": 0.5}, 2.0, classes=classes)


def panel_of(window: Window, qtbot: QtBot) -> ClassesPanel:
    """The panel, in front."""
    QApplication.processEvents()  # a window puts its docks in place a moment after it is shown
    window.workbench.show_panel("Classes")
    found = window.workbench.panels["Classes"]
    assert isinstance(found, ClassesPanel)
    qtbot.waitUntil(lambda: found.is_seen)
    return found


def rows(table: QTreeWidget) -> list[list[str]]:
    items = [table.topLevelItem(at) for at in range(table.topLevelItemCount())]
    return [[item.text(column) for column in range(table.columnCount())] for item in items]


def test_counts_mistakes_and_figures_are_shown(window: Window, qtbot: QtBot):
    panel = panel_of(window, qtbot)
    tell(window, STARTED, epoch())
    assert panel._caption.text() == "Validation part, epoch 3: 140 of 156 right"
    assert panel.confusion.counts == PAIRS
    assert rows(panel.mistakes)[:2] == [["dog → frog", "9", "12.9%"], ["cat → frog", "4", "7.4%"]]
    assert rows(panel.table)[2] == ["frog", "32", "69.8%", "93.8%", "80.0%"]
    assert panel.confusion.said(1, 2) == "9 of the class dog taken for frog, 12.9% of them"


def test_the_classes_are_sorted_by_the_column_that_is_clicked(window: Window, qtbot: QtBot):
    panel = panel_of(window, qtbot)
    tell(window, STARTED, epoch())
    header = panel.table.header()
    place = QPoint(header.sectionViewportPosition(2) + 8, header.height() // 2)
    panel.tabs.setCurrentIndex(1)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    by_precision = [row[0] for row in rows(panel.table)]
    assert by_precision in (["frog", "dog", "cat"], ["cat", "dog", "frog"])
    tell(window, epoch())
    assert [row[0] for row in rows(panel.table)] == by_precision, "the order stays with new figures"


def test_of_several_judged_outputs_one_is_chosen_and_stays(window: Window, qtbot: QtBot):
    panel = panel_of(window, qtbot)
    tell(window, STARTED, epoch("Net / coarse", "Net / fine"))
    assert panel.which.isVisible()
    panel.which.setFocus()
    qtbot.keyClick(panel.which, Qt.Key.Key_Down)
    tell(window, epoch("Net / coarse", "Net / fine"))
    assert panel.which.currentText() == "Net / fine"


def test_too_many_classes_for_a_map_keep_their_tables(window: Window, qtbot: QtBot):
    panel = panel_of(window, qtbot)
    classes = {"Net": described(torch.eye(120, dtype=torch.long), [str(at) for at in range(120)])}
    tell(window, STARTED, replace(epoch(), classes=classes))
    assert panel.confusion.isHidden()
    assert panel._few.text() == "120 classes are too many for a map."
    assert len(rows(panel.table)) == 120


def test_a_new_training_begins_without_counts(window: Window, qtbot: QtBot):
    panel = panel_of(window, qtbot)
    tell(window, STARTED, epoch(), STARTED)
    assert panel.report is None
    assert panel._stack.currentIndex() == 0


def test_a_matrix_is_made_of_what_is_right_and_the_mistakes():
    assert ClassReport.of(described(torch.tensor(PAIRS), NAMES)).matrix() == PAIRS


@pytest.mark.slow
def test_a_cell_leads_to_its_samples_and_a_run_that_is_opened_shows_its_last_counts(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("LAYERLOOM_HOME", str(tmp_path / "layerloom"))
    window = open_window("mlp", worker=True)
    project = window.document.project
    stage = replace(project.training.stages[0], epochs=1)
    assert project.data is not None
    short = replace(project, data=project.data.set(limit=320), training=replace(project.training, stages=(stage,)))
    window.document.apply(short, "A short training")
    told: list[Event] = []
    window.session.told.connect(told.append)
    panel, samples = panel_of(window, qtbot), window.workbench.panels["Samples & predictions"]
    assert isinstance(samples, SamplesPanel)
    window.run("Train")
    qtbot.waitUntil(lambda: window.session.state in (State.FINISHED, State.FAILED), timeout=LONG)
    counted = next(event.classes for event in told if isinstance(event, EpochEnded))
    (found,) = counted.values()
    label, answer, count = found["mistakes"][0]

    side, confusion = panel.confusion._side, panel.confusion
    at = QPoint(confusion._margin + answer * side + side // 2, confusion._top + label * side + side // 2)
    qtbot.mouseClick(confusion, Qt.MouseButton.LeftButton, pos=at)
    qtbot.waitUntil(lambda: samples.is_seen and samples.all.isVisible())
    cards = [card for card in samples._cards.cards if isinstance(card, AnswerCard)]
    assert 0 < len(cards) <= count
    pair = found["names"][label], found["names"][answer]
    assert {(card.answer.truth, card.answer.guesses[0][0]) for card in cards} == {pair}
    qtbot.mouseClick(samples.all, Qt.MouseButton.LeftButton)
    assert len(samples._cards.cards) == 24

    assert window.session.run is not None
    window.opener.open(str(window.session.run.folder))
    window.workbench.show_panel("Classes")
    qtbot.waitUntil(lambda: panel._caption.text().startswith("Test part, at the end: "))
    confusion.setFocus()
    qtbot.keyClick(confusion, Qt.Key.Key_Down)
    with qtbot.waitSignal(panel.pair_chosen) as chosen:
        qtbot.keyClick(confusion, Qt.Key.Key_Return)
    assert chosen.args == [(label + 1) % len(found["names"]), answer]
