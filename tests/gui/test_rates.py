"""The dialog that finds a learning rate."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest
from PySide6.QtCore import QPointF, Qt
from pytestqt.qtbot import QtBot

from studio.gui.rates.dialog import GONE, NEVER, RatesDialog
from studio.gui.training.session import Session
from studio.gui.training.state import State
from studio.gui.window import Window
from studio.training.answers import OVERTAKEN, RatesTried
from studio.training.commands import Command, Stop, TryRates
from studio.training.messages import WorkerDied
from tests.gui.conftest import OpenWindow

LONG = 120_000
"""Milliseconds for what waits for the training process on a busy machine."""

RATES = tuple(10.0**power for power in range(-6, 2))
LOSSES = (2.3, 2.3, 2.2, 1.5, 0.5, 0.3, 0.4, 2.0)


@pytest.fixture
def orders(monkeypatch: pytest.MonkeyPatch) -> list[Command]:
    """What the training process is asked for."""
    commands: list[Command] = []
    monkeypatch.setattr(Session, "send", lambda _, command: commands.append(command))
    return commands


def opened(window: Window) -> RatesDialog:
    window.run("Find a learning rate…")
    (dialog,) = window.findChildren(RatesDialog)
    return dialog


def answer(window: Window, dialog: RatesDialog, losses: Sequence[float] = LOSSES, **said: object) -> None:
    told = RatesTried(dialog.asked.number, RATES[: len(losses)], tuple(losses), len(RATES), **said)  # type: ignore[arg-type]
    window.session.told.emit(told)


def test_what_is_suggested_is_used_and_undone_as_one_edit(window: Window, qtbot: QtBot, orders: list[Command]):
    before = window.document.project
    dialog = opened(window)
    assert [type(order) for order in orders] == [TryRates]
    answer(window, dialog, LOSSES[:4])
    assert dialog.progress.value() == dialog.progress.maximum() // 2
    assert not dialog.use.isEnabled()
    answer(window, dialog, suggested=0.003, over=True)
    assert dialog.said.text().startswith("Learning rate 0.003, in place of 0.006.")
    qtbot.mouseClick(dialog.use, Qt.MouseButton.LeftButton)
    assert window.document.project.training.stages[0].learning_rate == 0.003
    assert not any(isinstance(order, Stop) for order in orders), "it was over"
    window.run("Undo")
    assert window.document.project is before


def test_another_rate_is_chosen_by_a_click_or_a_drag(window: Window, orders: list[Command]):
    dialog = opened(window)
    answer(window, dialog, suggested=0.003, over=True)
    box = dialog.plot.view.getViewBox()
    dialog.plot._choose_at(box.mapViewToScene(QPointF(math.log10(0.02), 1.0)), Qt.MouseButton.LeftButton)
    assert dialog.rate == pytest.approx(0.02, rel=0.05)
    dialog.plot.line.setValue(-4.0)
    assert dialog.rate == 0.0001
    assert dialog.said.text().startswith("Learning rate 0.0001,")


def test_answers_to_others_count_for_nothing_and_closing_ends_the_steps(window: Window, orders: list[Command]):
    dialog = opened(window)
    window.session.told.emit(RatesTried(dialog.asked.number + 1, RATES, LOSSES, 8, 0.5, over=True))
    assert not dialog.use.isEnabled()
    dialog.reject()
    assert isinstance(orders[-1], Stop)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"why_not": "The data is not here yet."}, "The data is not here yet."),
        ({"suggested": 0.0}, NEVER),
    ],
)
def test_why_nothing_is_suggested_is_said(
    window: Window, orders: list[Command], said: dict[str, object], sentence: str
):
    dialog = opened(window)
    answer(window, dialog, over=True, **said)
    assert dialog.said.text() == sentence
    assert dialog.progress.isHidden()
    assert not dialog.use.isEnabled()


def test_what_the_window_asks_by_itself_only_delays_the_trial(window: Window, orders: list[Command]):
    dialog = opened(window)
    answer(window, dialog, (), over=True, why_not=OVERTAKEN)
    assert orders == [dialog.asked, dialog.asked]
    assert not dialog.progress.isHidden()


def test_a_process_that_dies_is_said(window: Window, orders: list[Command]):
    dialog = opened(window)
    window.session.told.emit(WorkerDied("It was killed.", -9))
    assert dialog.said.text() == GONE


def test_while_a_training_runs_no_rates_are_tried(window: Window, orders: list[Command]):
    window.session._enter(State.TRAINING)
    window.run("Find a learning rate…")
    assert not window.findChildren(RatesDialog)


@pytest.mark.slow
def test_a_real_process_tries_the_rates_of_an_open_project(open_window: OpenWindow, qtbot: QtBot):
    window = open_window("perceptron", worker=True)
    dialog = opened(window)
    qtbot.waitUntil(lambda: dialog.progress.isHidden(), timeout=LONG)
    assert dialog.rate > 0
    assert dialog.use.isEnabled()
