"""Searching values from the window: what a person asks for, sees, stops and opens."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from studio.core import loom
from studio.gui.line_process import LineProcess
from studio.gui.panels.runs import RunsPanel
from studio.gui.sweeps.dialog import SweepDialog
from studio.gui.sweeps.sweeping import INTERRUPTED
from studio.gui.sweeps.varied_row import proposed
from studio.gui.widgets.toast import Toast
from studio.gui.window import Window
from studio.training.messages import Failed
from studio.training.sweeps.trials import Swept, Trial
from studio.training.sweeps.varying import setting_of
from studio.training.wire import plain
from tests.gui.conftest import Asked, OpenWindow
from tests.training.sweeps.projects import wide

LONG = 120_000
"""Milliseconds for what waits for processes on a busy machine."""


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The command lines that were started, though no process was."""
    found: list[list[str]] = []
    monkeypatch.setattr(LineProcess, "start", lambda _, *arguments: found.append(list(arguments)))
    monkeypatch.setattr(LineProcess, "is_running", property(lambda _: bool(found)))
    monkeypatch.setattr(LineProcess, "interrupt", lambda process: (found.clear(), process.ended.emit(130)))
    return found


def opened(window: Window) -> SweepDialog:
    window.run("Sweep…")
    return window.findChildren(SweepDialog)[-1]


def click(qtbot: QtBot, button: object) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def tell(window: Window, event: Trial | Swept | Failed, **more: int) -> None:
    """Let the process of the sweep say this."""
    window.workbench.sweeps.sweeping._process.told.emit({**plain(event), **more})


def trial(number: int, state: str = "complete", figure: float | None = None) -> Trial:
    figures = () if figure is None else (figure,)
    return Trial(number, {"width": 8 * number}, state, f"/runs/sweep/trial-{number}", figure, figures)  # type: ignore[arg-type]


def test_what_a_person_asks_for_is_what_the_command_line_is_told(
    open_window: OpenWindow, qtbot: QtBot, started: list[list[str]]
):
    window = open_window("cnn")
    dialog = opened(window)
    assert dialog.rows[0].values.text() == "0.0005..0.05:log"
    assert dialog.rows[0].note.text() == "Any number from 0.0005 to 0.05, evenly in the logarithm"
    click(qtbot, dialog.add)
    dialog.rows[1].choose("width")
    dialog.rows[1].values.setText("8..24")
    dialog.goal.setCurrentText("Accuracy")
    dialog.trials.setValue(5)
    dialog.jobs.setValue(2)
    click(qtbot, dialog.prune)
    click(qtbot, dialog.go)
    ((module, command, file, *options),) = started
    assert (module, command, Path(file).name) == ("studio", "sweep", "project.loom")
    assert loom.load(Path(file)) == window.document.project
    assert " ".join(options) == (
        "--vary learning_rate=0.0005..0.05:log --vary width=8..24 --trials 5 --jobs 2 --goal accuracy --pick tpe "
        "--no-prune --device auto --json"
    )


def test_what_cannot_be_searched_is_said_while_it_is_typed(open_window: OpenWindow, qtbot: QtBot):
    dialog = opened(open_window("cnn"))
    (row,) = dialog.rows
    row.values.setText("0.1..0.01")
    assert row.note.text() == "learning_rate cannot go from 0.1 to 0.01: give the lower end first."
    assert not dialog.go.isEnabled()
    row.values.setText("0.01..0.1")
    assert dialog.go.isEnabled()
    dialog.pick.setCurrentIndex(2)
    dialog.pick.activated.emit(2)
    assert dialog.complaint.text().startswith("All combinations need values that are listed")
    row.values.setText("0.01,0.1")
    assert (dialog.complaint.isHidden(), dialog.go.isEnabled(), row.note.text()) == (True, True, "2 values")
    second = dialog.vary("learning_rate")
    assert dialog.complaint.text() == "learning_rate varies twice: remove one of the two."
    click(qtbot, second.remove)
    assert (dialog.rows, dialog.go.isEnabled()) == ([row], True)
    click(qtbot, row.remove)
    assert not dialog.go.isEnabled()


def test_trials_are_followed_stopped_and_gone_on_with_behind_a_closed_dialog(
    open_window: OpenWindow, qtbot: QtBot, started: list[list[str]], asked: Asked
):
    window = open_window("cnn")
    dialog = opened(window)
    dialog.trials.setValue(4)
    click(qtbot, dialog.go)
    tell(window, trial(1, "running"))
    assert dialog.outcome.text() == "No trial has come to its end yet."
    assert "trial 1: width 8" in dialog.progress.accessibleDescription()
    tell(window, Failed("The loss is no number."), trial=1)
    tell(window, trial(1, "failed"))
    tell(window, trial(2, "complete", 0.25))
    assert dialog.outcome.text() == "The best of sweep is trial 2 with width 16: loss 0.25."
    assert dialog.progress.accessibleDescription().endswith("50%")
    click(qtbot, dialog.leave)
    asked.plan("")
    assert not window.close(), "the sweep would end with the window, so the person is asked"
    assert asked.sentences[-1].startswith("A sweep is at work, 50% of which is done.")
    dialog = opened(window)
    click(qtbot, dialog.stop)
    assert (dialog.outcome.text(), dialog.go_on.isHidden()) == (INTERRUPTED, False)
    click(qtbot, dialog.go_on)
    assert started[0][-2:] == ["--out", "/runs/sweep"]
    dialog.close()
    tell(window, trial(3, "complete", 0.125))
    tell(window, Swept("/runs/sweep", {}, (), "/runs/sweep/trial-3"))
    started.clear()
    window.workbench.sweeps.sweeping._process.ended.emit(0)
    (toast,) = window.findChildren(Toast)
    assert toast.message.text() == "The sweep is over. The best of sweep is trial 3 with width 24: loss 0.125."
    assert opened(window).outcome.text() == "The best of sweep is trial 3 with width 24: loss 0.125."


def test_why_a_sweep_could_not_begin_is_said(open_window: OpenWindow, qtbot: QtBot, started: list[list[str]]):
    window = open_window("cnn")
    dialog = opened(window)
    click(qtbot, dialog.go)
    tell(window, Failed("A sweep needs Optuna, which is not installed."))
    started.clear()
    window.workbench.sweeps.sweeping._process.ended.emit(1)
    assert dialog.outcome.text() == "A sweep needs Optuna, which is not installed."
    assert (dialog.go_on.isHidden(), dialog.open_best.isHidden(), dialog.go.isHidden()) == (True, True, False)


def test_values_are_proposed_around_the_present_one():
    assert proposed(0.001, setting_of("learning_rate")) == "0.0001..0.01:log"
    assert proposed(0.9, setting_of("momentum")) == "0..1"
    assert proposed(0.0, setting_of("weight_decay")) == "0..0.1"
    assert proposed(64, None) == "32..128"
    assert proposed(0, setting_of("patience")) == "1..8"
    assert proposed(True, setting_of("restore_best")) == "true,false"
    assert proposed("adam", setting_of("optimizer")).startswith("gradient-descent,sgd,")


@pytest.mark.slow
def test_a_sweep_ends_with_its_trials_in_the_table_and_the_best_opened(
    open_window: OpenWindow,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv("LAYERLOOM_HOME", str(tmp_path / "home"))
    loom.save(wide(), tmp_path / "wide.loom")
    window = open_window(str(tmp_path / "wide.loom"))
    dialog = opened(window)
    dialog.rows[0].choose("width")
    dialog.rows[0].values.setText("4,16")
    dialog.pick.setCurrentIndex(2)
    dialog.pick.activated.emit(2)
    click(qtbot, dialog.go)
    qtbot.waitUntil(lambda: dialog.sweeping.swept is not None and not dialog.sweeping.is_running, timeout=LONG)
    assert dialog.outcome.text().startswith("The best of good-smalldigits-sweep-1 is trial ")
    click(qtbot, dialog.show_runs)
    runs = window.workbench.panels["Runs"]
    assert isinstance(runs, RunsPanel)
    folder = dialog.sweeping.folder
    assert folder == tmp_path / "home" / "runs" / "good-smalldigits-sweep-1"
    qtbot.waitUntil(lambda: runs.table.runs.rowCount(runs.table.runs.index_of(folder)) == 2, timeout=LONG)
    click(qtbot, dialog.open_best)
    best = dialog.sweeping.best
    qtbot.waitUntil(lambda: window.session.run is not None, timeout=LONG)
    assert best is not None
    assert window.session.run is not None
    assert window.session.run.folder == Path(best.run)
