"""The dialog that changes a training while it runs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from studio.core.project import Stage
from studio.gui.inspector.fields import NumberField
from studio.gui.panels.curves import CurvesPanel
from studio.gui.steering.dialog import HINT, NOTHING, SteeringDialog
from studio.gui.training.pace import Pace
from studio.gui.training.plan import Plan
from studio.gui.training.session import Session
from studio.gui.training.state import State
from studio.gui.window import Window
from studio.training.commands import Command, SetEnd, SetLearningRate
from studio.training.messages import EndSet, EpochEnded, Event, LearningRateSet, Log, StageEnded, Started, StepDone
from tests.gui.conftest import OpenWindow

LONG = 120_000
"""Milliseconds for what waits for the training process on a busy machine."""


def started(*stage_steps: int) -> Started:
    steps = sum(stage_steps) if all(stage_steps) else 0
    return Started(
        run="run",
        project="Net",
        device="cpu",
        stages=("first", "second"),
        series=(),
        measures={},
        samples={},
        weights={},
        batch=8,
        steps_per_epoch=10,
        steps=steps,
        seed=0,
        precision="32-bit",
        stage_steps=stage_steps,
    )


def stage_ended(stage: int, step: int) -> StageEnded:
    return StageEnded(stage, "stage", step, 0, "all steps", None)


def end_set(stage: int, steps: int) -> EndSet:
    return EndSet(0, stage, 0, steps, 0.0, 0, 0.0, steps)


@pytest.mark.parametrize(
    ("events", "total"),
    [
        ([], 50),
        ([end_set(0, 30)], 60),
        ([stage_ended(0, 12)], 42),
        ([end_set(0, 30), stage_ended(0, 28), end_set(1, 100)], 128),
        ([stage_ended(0, 20), stage_ended(1, 25)], 25),
        ([end_set(1, 0)], 0),
    ],
)
def test_the_steps_of_a_training_are_those_that_its_stages_took_and_will_take(events: list[Event], total: int):
    plan = Plan(started(20, 30))
    for event in events:
        plan.take(event)
    assert plan.total == total


def test_epochs_are_those_of_each_stage_over_the_data_that_it_reads():
    plan = Plan(replace(started(20, 60), epoch_steps=(10, 20)))
    assert [plan.epochs_at(step) for step in (0, 15, 20, 30, 80)] == [0, 1.5, 2, 2.5, 5]
    plan.take(stage_ended(0, 15))
    assert [plan.epochs_at(step) for step in (15, 25, 75)] == [1.5, 2, 4.5]
    assert (plan.begin(0), plan.begin(1)) == (0, 15)
    assert Plan(started(20, 60)).epochs_at(40) == 4, "an older run does not say how many steps an epoch of a stage has"


def test_curves_of_a_later_stage_with_other_data_stand_at_its_own_epochs(window: Window):
    window.session.started = begun = replace(
        started(20, 60), epoch_steps=(10, 20), measures={"loss": {"title": "Loss"}}, series=("loss",)
    )
    told = (EpochEnded(2, 2, 0, 20, {"loss": 0.5}, {}, 1.0), stage_ended(0, 20))
    for event in (begun, *told, EpochEnded(1, 3, 1, 40, {"loss": 0.4}, {}, 1.0, best=True)):
        window.session.told.emit(event)
    curves = window.workbench.panels["Curves"]
    assert isinstance(curves, CurvesPanel)
    plot = curves.plots["loss"]
    assert list(plot.series["Validation"].points.x) == [2, 3]
    assert plot.area._marks.best is not None
    assert plot.area._marks.best.x == 3


def test_a_stage_of_which_nobody_knew_the_steps_counts_once_it_is_over():
    plan = Plan(started(20, 0))
    assert plan.total == 0
    assert not plan.take(stage_ended(0, 15))
    assert plan.take(stage_ended(1, 40))
    assert plan.total == 40


def test_the_time_that_is_left_follows_a_changed_end():
    pace = Pace()
    pace.take(started(20, 30))
    pace.take(StepDone(10, 1, 0, {}, 0.001, 80.0))
    assert pace.texts(State.TRAINING).right == "0:04 left"
    pace.take(end_set(0, 40))
    assert pace.texts(State.TRAINING).right == "0:06 left"


def test_epochs_and_steps_are_those_of_the_stage_that_is_under_way():
    pace = Pace()
    pace.take(replace(started(20, 60), epoch_steps=(10, 20)))

    def texts() -> tuple[str, str]:
        found = pace.texts(State.TRAINING)
        return found.strong, found.left

    pace.take(StepDone(12, 2, 0, {}, 0.001, 80.0))
    assert texts() == ("Epoch 2 of 2", "· first, step 2 of 10")
    pace.take(EpochEnded(2, 2, 0, 20, {}, {}, 1.0))
    assert texts() == ("Epoch 2 of 2", "· first, step 10 of 10")
    pace.take(stage_ended(0, 20))
    pace.take(StepDone(25, 1, 1, {}, 0.001, 80.0))
    assert texts() == ("Epoch 1 of 3", "· second, step 5 of 20")
    pace.take(EpochEnded(1, 3, 1, 40, {}, {}, 1.0))
    pace.take(StepDone(47, 2, 1, {}, 0.001, 80.0))
    assert texts() == ("Epoch 2 of 3", "· second, step 7 of 20")


@pytest.fixture
def orders(monkeypatch: pytest.MonkeyPatch) -> list[Command]:
    """What the training process is asked for."""
    commands: list[Command] = []
    monkeypatch.setattr(Session, "send", lambda _, command: commands.append(command))
    return commands


def opened(window: Window) -> SteeringDialog:
    window.run("Steer the training…")
    (dialog,) = window.findChildren(SteeringDialog)
    return dialog


def enter(qtbot: QtBot, dialog: SteeringDialog, name: str, text: str) -> None:
    field = dialog.form.rows[name].field
    assert isinstance(field, NumberField)
    field.edit.setFocus()
    field.edit.selectAll()
    qtbot.keyClicks(field.edit, text)
    qtbot.keyClick(field.edit, Qt.Key.Key_Return)


def busy(window: Window, *stages: Stage) -> None:
    """A window whose training runs, as far as it knows."""
    project = window.document.project
    window.session.project = replace(project, training=replace(project.training, stages=stages))
    window.session._enter(State.TRAINING)


def test_what_a_person_enters_is_asked_for_and_shown_once_it_is_so(window: Window, qtbot: QtBot, orders: list[Command]):
    busy(window, Stage(name="first", epochs=20, patience=3), Stage(name="second", epochs=5, learning_rate=0.5))
    dialog = opened(window)
    assert dialog.heading.text() == "Stage 1 of 2: first"
    enter(qtbot, dialog, "epochs", "30")
    enter(qtbot, dialog, "learning_rate", "0.01")
    assert orders == [SetEnd(epochs=30, patience=3), SetLearningRate(0.01)]
    window.session.told.emit(EndSet(5, 0, 30, 0, 0.0, 3, 0.0, 300))
    window.session.told.emit(LearningRateSet(5, 0.01))
    enter(qtbot, dialog, "patience", "0")
    assert orders[-1] == SetEnd(epochs=30)
    window.session.told.emit(Log("It would never end. It ends as before.", "warning"))
    assert dialog.hint.text() == "It would never end. It ends as before."
    enter(qtbot, dialog, "min_delta", "=width")
    assert len(orders) == 3, "what no stage can have is not asked for"
    assert dialog.hint.text() == HINT
    window.session.told.emit(stage_ended(0, 300))
    assert dialog.heading.text() == "Stage 2 of 2: second"
    enter(qtbot, dialog, "steps", "7")
    assert orders[-1] == SetEnd(epochs=5, steps=7)
    window.session._enter(State.FINISHED)
    assert dialog.heading.text() == NOTHING
    assert not dialog.form.isEnabled()
    assert not dialog.finish.isEnabled()


@pytest.mark.slow
def test_a_stage_that_is_lengthened_and_then_finished_leads_to_the_next(
    open_window: OpenWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv("LAYERLOOM_HOME", str(tmp_path))
    window = open_window("perceptron", worker=True)
    project = window.document.project
    stages = (Stage(name="first", epochs=100_000, restore_best=False), Stage(name="second", epochs=2))
    window.document.apply(replace(project, training=replace(project.training, stages=stages), goal=None), "Two stages")
    told: list[Event] = []
    window.session.told.connect(told.append)
    assert not window.workbench.controls.steer.isVisible()
    window.run("Train")
    qtbot.waitUntil(lambda: any(isinstance(event, StepDone) for event in told), timeout=LONG)
    qtbot.mouseClick(window.workbench.controls.steer, Qt.MouseButton.LeftButton)
    (dialog,) = window.findChildren(SteeringDialog)
    enter(qtbot, dialog, "epochs", "50000")
    qtbot.waitUntil(lambda: any(isinstance(event, EndSet) for event in told), timeout=LONG)
    curves = window.workbench.panels["Curves"]
    assert isinstance(curves, CurvesPanel)
    assert curves.plots["loss"].area.planned_end == 50_002
    qtbot.mouseClick(dialog.finish, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.session.state is State.FINISHED, timeout=LONG)
    assert [event.reason for event in told if isinstance(event, StageEnded)] == ["finished by hand", "all epochs"]
