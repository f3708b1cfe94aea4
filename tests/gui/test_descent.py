"""The dialog that compares optimizers on their way down an error of two weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from studio.core.surfaces import SURFACES
from studio.gui.descent.dialog import STEPS, WAITING, DescentDialog
from studio.gui.descent.surface_view import BANDS, CELLS, bands
from studio.gui.training.session import Session
from studio.gui.window import Window
from studio.training.answers import Descended
from studio.training.commands import Command, Descend
from tests.gui.conftest import OpenWindow


def opened(window: Window) -> DescentDialog:
    window.run("Ways down an error…")
    (dialog,) = window.findChildren(DescentDialog)
    return dialog


def test_bands_of_height_are_lowest_where_the_error_is():
    height = bands(SURFACES["valley"])
    left, right, bottom, top = SURFACES["valley"].bounds
    row, column = np.unravel_index(height.argmin(), height.shape)
    assert (height.min(), height.max()) == (0, BANDS - 1)
    assert left + (right - left) * column / CELLS == pytest.approx(0, abs=0.1)
    assert top - (top - bottom) * row / CELLS == pytest.approx(0, abs=0.1)


def test_what_a_person_chooses_is_asked_for_and_only_the_newest_answer_counts(
    window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
):
    asked: list[Command] = []
    monkeypatch.setattr(Session, "send", lambda _, command: asked.append(command))
    dialog = opened(window)
    first, second = asked
    assert isinstance(first, Descend)
    assert isinstance(second, Descend)
    assert first.settings == {"optimizer": "sgd", "learning_rate": 0.0891, "momentum": 0.0}
    assert dialog.walkers[0].reached.text() == WAITING
    dialog.walkers[1].momentum.setValue(90)
    qtbot.waitUntil(lambda: len(asked) == 4)
    newest = asked[3]
    assert isinstance(newest, Descend)
    assert newest.settings["momentum"] == 0.9
    window.session.told.emit(Descended(second.number, ((9.0, 9.0),), (1.0,)))
    assert not dialog.view.ways, "what was asked before counts no more"
    window.session.told.emit(Descended(newest.number, ((-4.0, 1.0), (-3.0, 0.5)), (18.0, 7.0)))
    assert dialog.view.ways == [((-4.0, 1.0), (-3.0, 0.5))]
    assert dialog.walkers[1].reached.text().startswith("Climbs out of all bounds after step 1")
    dialog.steps.slider.setValue(1)
    assert dialog.walkers[1].reached.text() == "Error 7 after 1 steps, from 18."
    scale = dialog.view.scale
    qtbot.mouseClick(dialog.view, Qt.MouseButton.LeftButton, pos=scale.at(1.0, -1.0).toPoint() + QPoint(0, 0))
    begun = asked[-1]
    assert isinstance(begun, Descend)
    assert begun.start == pytest.approx((1.0, -1.0), abs=0.02)
    dialog.close()


@pytest.mark.slow
def test_the_process_that_waits_takes_the_steps(open_window: OpenWindow, qtbot: QtBot, home: Path):
    window = open_window("lenet5", worker=True)
    dialog = opened(window)
    qtbot.waitUntil(lambda: len(dialog.view.ways) == 2, timeout=60_000)
    zigzag, carried = (np.array(way) for way in dialog.view.ways)
    assert zigzag.shape == carried.shape == (STEPS + 1, 2)
    assert (np.sign(zigzag[1:, 1]) != np.sign(zigzag[:-1, 1])).mean() > 0.9
    dialog.surface.setCurrentIndex(2)
    dialog.surface.activated.emit(2)
    qtbot.waitUntil(lambda: dialog.view.ways[0][0] == SURFACES["saddle"].start if dialog.view.ways else False)
    dialog.close()
