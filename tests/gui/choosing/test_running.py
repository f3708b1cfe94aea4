"""What runs in a stage, in which order and how often, is chosen in a list of the objectives."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from studio.compiler.check import check
from studio.compiler.objective import DEFAULT
from studio.core.project import Project, Stage
from studio.gui.choosing.running import Running, running_in, with_running
from studio.gui.choosing.running_row import USES, RunningRow
from studio.gui.choosing.runs_dialog import HINT, NOTHING, RunsDialog
from studio.gui.document import Document
from tests.compiler.test_stage_rules import GAN, PLAIN, with_stage

TELLING, FOOLING = GAN.training.stages[0].objectives
(LOOK,) = GAN.training.stages[0].measures


def run(project: Project, *rows: Running) -> Project:
    after, stage = with_running(project, 0, rows)
    return with_stage(
        after, **{name: getattr(stage, name) for name in ("objectives", "every", "measures", "learns", "own")}
    )


def test_a_stage_is_read_in_the_order_in_which_it_runs():
    stage = replace(GAN.training.stages[0], objectives=(FOOLING, TELLING), every=(5, 1))
    rows = running_in(stage, [TELLING, FOOLING, LOOK, "Other"])
    assert rows == (
        Running(FOOLING, "teaches", 5),
        Running(TELLING, "teaches"),
        Running(LOOK, "measures"),
        Running("Other"),
    )
    assert running_in(Stage(), [DEFAULT]) == (Running(DEFAULT, "teaches"),)
    assert [row.every for row in running_in(replace(stage, every=(3,)), [])][:2] == [3, 1]


def test_order_and_frequency_are_written_down_and_nothing_where_all_run_at_every_step():
    swapped = run(GAN, Running(FOOLING, "teaches", 1), Running(TELLING, "teaches", 2), Running(LOOK, "measures"))
    stage = swapped.training.stages[0]
    assert (stage.objectives, stage.every, stage.measures) == ((FOOLING, TELLING), (1, 2), (LOOK,))
    assert stage.learns == GAN.training.stages[0].learns
    assert check(swapped).can_run
    again = run(swapped, Running(FOOLING, "teaches"), Running(TELLING, "teaches"), Running(LOOK))
    assert (again.training.stages[0].every, again.training.stages[0].measures) == ((), ())


def test_what_teaches_no_longer_takes_with_it_what_the_stage_says_of_it():
    own = with_stage(GAN, own={FOOLING: {"learning_rate": 0.1}, "Discriminator": {"learning_rate": 0.2}})
    stage = run(own, Running(TELLING, "teaches"), Running(FOOLING, "measures"), Running(LOOK)).training.stages[0]
    assert (stage.objectives, stage.measures) == ((TELLING,), (FOOLING,))
    assert stage.learns == (f"{TELLING}: Discriminator",)
    assert stage.own == {"Discriminator": {"learning_rate": 0.2}}


def test_the_objective_that_the_studio_makes_stays_made_until_it_runs_beside_others():
    look = PLAIN.with_graph("Look", replace(check(PLAIN).objectives[DEFAULT], role="objective"))
    measured = run(look, Running(DEFAULT, "teaches"), Running("Look", "measures"))
    assert measured.training.stages[0].objectives == ()
    assert DEFAULT not in measured.graphs
    both = run(look, Running("Look", "teaches"), Running(DEFAULT, "teaches"))
    assert both.training.stages[0].objectives == ("Look", DEFAULT)
    assert both.graphs[DEFAULT].nodes == check(PLAIN).objectives[DEFAULT].nodes
    assert check(both).can_run


@pytest.fixture
def dialog(document: Document, below: QWidget) -> RunsDialog:
    return opened(document, below)


def opened(document: Document, below: QWidget) -> RunsDialog:
    found = RunsDialog(below, document, 0)
    found.show()
    return found


def choose(row: RunningRow, use: str) -> None:
    at = row.use.findData(use)
    row.use.setCurrentIndex(at)
    row.use.activated.emit(at)


def test_objectives_are_put_into_another_order_by_keyboard(document: Document, dialog: RunsDialog, qtbot: QtBot):
    before = document.project
    telling, fooling, look = dialog.rows
    choose(look, "rests")
    telling.every.show_value(2)
    fooling.up.setFocus()
    qtbot.keyClick(fooling.up, Qt.Key.Key_Space)
    assert [row.objective for row in dialog.rows] == [FOOLING, TELLING, LOOK]
    assert not fooling.up.isEnabled()
    assert telling.up.isEnabled()
    assert dialog.focusWidget() is fooling.down, "where the button that was pressed does nothing any more"
    qtbot.mouseClick(dialog.use, Qt.MouseButton.LeftButton)
    stage = document.project.training.stages[0]
    assert (stage.objectives, stage.every, stage.measures) == ((FOOLING, TELLING), (1, 2), ())
    document.undo()
    assert document.project is before


def test_only_what_teaches_has_a_place_and_steps(dialog: RunsDialog):
    telling, fooling, look = dialog.rows
    assert [row.often.isVisible() for row in dialog.rows] == [True, True, False]
    choose(fooling, "measures")
    assert not fooling.place.isVisible()
    assert not telling.up.isEnabled()
    assert not telling.down.isEnabled()
    assert look.running == Running(LOOK, "measures")


def test_something_has_to_teach_and_what_would_be_wrong_is_said(dialog: RunsDialog):
    telling, fooling, look = dialog.rows
    for row in (telling, fooling):
        choose(row, "rests")
    assert (dialog.hint.text(), dialog.use.isEnabled()) == (NOTHING, False)
    choose(look, "teaches")
    assert "which has no loss" in dialog.hint.text()
    assert dialog.use.isEnabled()
    choose(look, "measures")
    choose(telling, "teaches")
    assert dialog.hint.text() == HINT


def test_every_control_has_a_name_of_its_own(dialog: RunsDialog):
    controls = [control for row in dialog.rows for control in (row.use, row.every, row.up, row.down)]
    names = [control.accessibleName() for control in controls]
    assert len(set(names)) == len(controls)
    assert all(row.objective in name for row, name in zip(dialog.rows, names[::4], strict=True))
    assert set(USES) == {"teaches", "measures", "rests"}


def test_to_use_what_is_so_already_is_no_step(qtbot: QtBot, below: QWidget):
    document = Document(with_stage(GAN, every=(1, 1)))
    before = document.project
    qtbot.mouseClick(opened(document, below).use, Qt.MouseButton.LeftButton)
    assert document.project is before
