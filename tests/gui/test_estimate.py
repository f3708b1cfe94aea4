"""What a training costs, said before it begins: in the status line and on the Training page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studio.core.project import Project
from studio.gui.moment import MOMENT_MS
from studio.gui.training import estimate as estimating
from studio.gui.training.estimate import Estimate, pace
from studio.gui.training.state import State
from studio.gui.window import Window
from studio.training.answers import Measured
from studio.training.commands import Command, Measure
from studio.training.messages import EpochEnded, Ready
from tests.gui.conftest import OpenWindow

LONG = 120_000


class Idle:
    """A training process that hears everything and says nothing."""

    alive = True

    def __init__(self) -> None:
        self.heard: list[Command] = []

    def send(self, command: Command) -> None:
        self.heard.append(command)

    def poll(self) -> list[object]:
        return []

    def close(self) -> None:
        """Nothing to end."""

    @property
    def questions(self) -> list[Measure]:
        return [command for command in self.heard if isinstance(command, Measure)]


@pytest.fixture
def idle(window: Window, monkeypatch: pytest.MonkeyPatch) -> Idle:
    """The window with a process that is ready, and edits that need not rest long."""
    process = Idle()
    window.session.worker = process  # type: ignore[assignment]
    window.workbench.estimate._timer.setInterval(0)
    window.session._take(Ready("2.15", {"cpu": 2}))
    return process


def of(window: Window) -> Estimate:
    return window.workbench.estimate


def status(window: Window, fact: str) -> str:
    return window.workbench.status.facts[fact].text()


def edit(window: Window, **training: object) -> Project:
    project = window.document.project
    edited = replace(project, training=replace(project.training, **training))  # type: ignore[arg-type]
    window.document.apply(edited, "Edit")
    QTest.qWait(2 * MOMENT_MS)
    return edited


def asked(window: Window, idle: Idle, qtbot: QtBot, count: int) -> Measure:
    qtbot.waitUntil(lambda: len(idle.questions) == count)
    return idle.questions[-1]


def test_the_process_that_waits_is_asked_and_its_answer_shown(window: Window, idle: Idle, qtbot: QtBot) -> None:
    question = asked(window, idle, qtbot, 1)
    assert '"LeNet-5"' in question.project
    assert status(window, "pace") == ""
    window.session._take(Measured(question.number, 0.01, 1.84, "cpu"))
    assert status(window, "pace") == "~1.8 s per epoch on this machine"


def test_an_edit_makes_it_ask_anew_and_late_answers_count_no_more(window: Window, idle: Idle, qtbot: QtBot) -> None:
    first = asked(window, idle, qtbot, 1)
    edit(window, batch=32)
    window.session._take(Measured(first.number, 0.01, 1.84, "cpu"))
    assert status(window, "pace") == ""
    second = asked(window, idle, qtbot, 2)
    assert second.number != first.number
    window.session._take(Measured(second.number, 0.02, 3.0, "cpu"))
    assert status(window, "pace") == "~3.0 s per epoch on this machine"


def test_moving_a_node_changes_nothing(window: Window, idle: Idle, qtbot: QtBot) -> None:
    question = asked(window, idle, qtbot, 1)
    window.session._take(Measured(question.number, 0.01, 1.84, "cpu"))
    graph = window.document.project.graphs["LeNet-5"]
    window.document.apply_graph("LeNet-5", graph.move({"C1": (0.0, 900.0)}), "Move")
    assert not of(window)._timer.isActive()
    assert status(window, "pace") == "~1.8 s per epoch on this machine"


def test_a_project_with_problems_is_not_measured(window: Window, idle: Idle, qtbot: QtBot) -> None:
    asked(window, idle, qtbot, 1)
    graph = window.document.project.graphs["LeNet-5"]
    window.document.apply_graph("LeNet-5", graph.remove(["C3"]), "Delete")
    with qtbot.waitSignal(of(window)._timer.timeout):
        pass
    assert len(idle.questions) == 1


def test_nothing_is_measured_while_something_trains(window: Window, idle: Idle, qtbot: QtBot) -> None:
    asked(window, idle, qtbot, 1)
    window.session._enter(State.TRAINING)
    with qtbot.waitSignal(of(window)._timer.timeout):
        edit(window, batch=32)
    assert len(idle.questions) == 1
    window.session._enter(State.FINISHED)
    asked(window, idle, qtbot, 2)


def test_another_device_is_another_question(window: Window, idle: Idle, qtbot: QtBot) -> None:
    asked(window, idle, qtbot, 1)
    menu = window.workbench.controls.device.menu()
    assert menu is not None
    next(action for action in menu.actions() if action.text() == "CPU").trigger()
    assert asked(window, idle, qtbot, 2).device == "cpu"


def test_the_epochs_of_a_training_say_it_better(window: Window, idle: Idle) -> None:
    window.session._take(EpochEnded(1, 5, 0, 100, {"loss": 1.0}, {"loss": 1.0}, 2.5))
    assert status(window, "pace") == "~2.5 s per epoch on this machine"


def test_too_large_a_batch_is_warned_of_and_mended_by_a_button(
    window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(estimating, "free_memory", lambda: 200 << 20)
    bar, before = window.workbench.status, window.document.project
    assert not bar.set_batch.isVisible()
    edit(window, batch=100_000)
    shortage = of(window).shortage
    assert shortage is not None
    assert shortage.sentence.startswith("A batch of 100,000 needs about 7.7 GB of memory; 200 MB are there.")
    assert bar.facts["memory"].toolTip() == shortage.sentence
    assert bar.set_batch.isVisible()
    assert bar.set_batch.text() == f"Set batch to {shortage.batch:,}"
    QTest.mouseClick(bar.set_batch, Qt.MouseButton.LeftButton)
    assert window.document.project.training.batch == shortage.batch
    qtbot.waitUntil(lambda: of(window).shortage is None)
    assert not bar.set_batch.isVisible()
    window.document.undo()
    window.document.undo()
    assert window.document.project is before


def test_the_training_page_says_the_same(window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(estimating, "free_memory", lambda: 200 << 20)
    window.workbench.inspector_tabs.setCurrentIndex(2)
    cost = window.workbench.inspector.training.cost
    assert not cost.warning.isVisible()
    edit(window, batch=100_000)
    assert cost.warning.isVisible()
    assert cost.warning.text() == of(window).shortage.sentence  # type: ignore[union-attr]
    QTest.mouseClick(cost.set_batch, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: of(window).shortage is None)
    assert not cost.warning.isVisible()


def test_a_device_that_ran_out_of_memory_names_the_batch_that_fits(window: Window, idle: Idle, qtbot: QtBot) -> None:
    question = asked(window, idle, qtbot, 1)
    window.session._take(Measured(question.number, device="cuda (H100)", there=80 << 30, fits=32))
    shortage = of(window).shortage
    assert shortage is not None
    assert shortage.sentence == "The memory of cuda (H100) does not do for a batch of 64. A batch of 32 would fit."
    assert shortage.batch == 32


def test_where_not_even_one_sample_fits_there_is_no_button(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(estimating, "free_memory", lambda: 100_000)
    edit(window, batch=32)
    shortage = of(window).shortage
    assert shortage is not None
    assert shortage.sentence.endswith("Not even one sample fits: make the network smaller.")
    assert not window.workbench.status.set_batch.isVisible()
    of(window).set_batch()
    assert window.document.project.training.batch == 32


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (1.84, "~1.8 s per epoch on this machine"),
        (600.0, "~10 min per epoch on this machine"),
        (9000.0, "~2.5 h per epoch on this machine"),
    ],
)
def test_a_pace_is_said_at_reading_length(seconds: float, text: str) -> None:
    assert pace(seconds) == text


@pytest.mark.slow
def test_soon_after_lenet_is_opened_the_window_knows_how_long_an_epoch_takes(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAYERLOOM_HOME", str(tmp_path))
    window = open_window("lenet5", worker=True)
    qtbot.waitUntil(lambda: "per epoch on this machine" in status(window, "pace"), timeout=LONG)
    assert window.session.state is State.IDLE
    assert list(tmp_path.iterdir()) == [], "nothing was trained, and no run was made"
