"""The table of runs: what a person sees in it and does with it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog
from pytestqt.qtbot import QtBot

from studio.core.catalog import catalog
from studio.gui.actions.condition import Condition
from studio.gui.actions.run_actions import RUNS
from studio.gui.panels.curves import CurvesPanel
from studio.gui.panels.runs import RunsPanel
from studio.gui.runs.columns import COLUMNS, natural
from studio.gui.runs.compare import CompareDialog
from studio.gui.runs.model import RunsModel
from studio.gui.runs.overlay import PLACES, Overlay
from studio.gui.runs.rows import arranged, found
from studio.gui.widgets.toast import Toast
from studio.gui.window import Window
from studio.training.journal import Journal
from studio.training.messages import EpochEnded
from studio.training.run import Run, runs_folder
from studio.training.shelf import FOLDS, SWEEP, shelved
from studio.training.summary import TRIAL, summarize
from tests.gui.conftest import Asked, OpenWindow
from tests.training.runs import append, epoch, finished, run_with, started, step, whole


@pytest.fixture(autouse=True)
def _runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAYERLOOM_HOME", str(tmp_path))


def in_runs(name: str, accuracy: float = 0.9) -> Run:
    """A finished run of LeNet-5 of this name."""
    project = catalog().make_project("lenet5")
    return run_with(*whole(accuracy), folder=runs_folder() / name, project=project)


def sweep_of(*widths: int) -> list[Run]:
    """The trials of a sweep over a width: the wider, the better."""
    runs = []
    for number, width in enumerate(widths, 1):
        run = in_runs(f"sweep-1/trial-{number}", width / 100)
        (run.folder / TRIAL).write_text(json.dumps({"number": number, "values": {"width": width}}))
        runs.append(run)
    (runs_folder() / "sweep-1" / SWEEP).write_text("{}")
    return runs


def seen(window: Window, qtbot: QtBot, count: int) -> RunsPanel:
    """The panel when it shows so many rows."""
    panel = window.workbench.panels["Runs"]
    assert isinstance(panel, RunsPanel)
    window.workbench.show_panel("Runs")
    qtbot.waitUntil(lambda: panel.table.runs.rowCount() == count and not panel._reader.is_reading)
    return panel


def names(panel: RunsPanel) -> list[str]:
    model = panel.table.runs
    return [model.row_at(model.index(row, 0)).summary.name for row in range(model.rowCount())]


def press(qtbot: QtBot, panel: RunsPanel, text: str) -> None:
    qtbot.mouseClick(panel.bar.buttons[text], Qt.MouseButton.LeftButton)


def select(panel: RunsPanel, runs: Sequence[Run]) -> None:
    """Click the first row, and the others with Ctrl held."""
    panel.table.select(runs[0].folder)
    selection, flags = panel.table.selectionModel(), panel.table.selectionModel().SelectionFlag
    for run in runs[1:]:
        selection.select(panel.table.runs.index_of(run.folder), flags.Select | flags.Rows)


def cells(panel: RunsPanel, run: Run) -> dict[str, str]:
    """What a row says, by column."""
    model, index = panel.table.runs, panel.table.runs.index_of(run.folder)
    return {
        column.title: str(index.siblingAtColumn(at).data() or "")
        for at, column in enumerate(model.columns)
        if not panel.table.isColumnHidden(at)
    }


def test_a_row_says_what_became_of_a_run(open_window: OpenWindow, qtbot: QtBot):
    run = in_runs("first")
    panel = seen(open_window("lenet5"), qtbot, 1)
    row = cells(panel, run)
    assert (row["Run"], row["State"], row["Epoch"]) == ("first", "Finished", "2")
    assert row["Best"] == "loss 0.1, accuracy 90.00 %"
    assert (row["Final"], row["Time"], row["Weights"]) == ("loss 0.2, accuracy 80.00 %", "0:04", "61,706")
    assert (row["Batch"], row["Learning rate"]) == ("64", "0.006")


def test_a_run_that_goes_on_elsewhere_is_brought_up_to_date(open_window: OpenWindow, qtbot: QtBot):
    run = run_with(started(), epoch(1, 0.5), folder=runs_folder() / "first")
    journal = Journal(run.events_file)
    panel = seen(open_window("lenet5"), qtbot, 1)
    assert cells(panel, run)["State"] == "Running"
    journal.append(epoch(2, 0.7))
    journal.append(finished(0.8))
    journal.close()
    panel._clock.timeout.emit()
    qtbot.waitUntil(lambda: cells(panel, run)["State"] == "Finished")
    assert cells(panel, run)["Epoch"] == "2"


def test_runs_are_sorted_by_any_column_and_stay_selected(open_window: OpenWindow, qtbot: QtBot):
    runs = [in_runs(f"run-{number}", accuracy) for number, accuracy in ((2, 0.5), (10, 0.9), (1, 0.7))]
    panel = seen(open_window("lenet5"), qtbot, 3)
    select(panel, runs[:2])
    panel.table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    assert names(panel) == ["run-1", "run-2", "run-10"]
    best = next(at for at, column in enumerate(COLUMNS) if column.title == "Best")
    panel.table.sortByColumn(best, Qt.SortOrder.AscendingOrder)
    assert names(panel) == ["run-10", "run-1", "run-2"]
    assert set(panel.selected) == set(runs[:2])


def test_a_search_finds_runs_by_project_state_and_note(open_window: OpenWindow, qtbot: QtBot):
    run, other = in_runs("first"), in_runs("second")
    (run.folder / "note.txt").write_text("with the small batch")
    panel = seen(open_window("lenet5"), qtbot, 2)
    for text, expected in (("small first", {"first"}), ("LENET finished", {"first", "second"}), ("failed", set())):
        panel.bar.search.setText(text)
        assert set(names(panel)) == expected
    panel.bar.search.clear()
    assert set(names(panel)) == {run.name, other.name}


def test_columns_are_chosen_and_remembered(open_window: OpenWindow, qtbot: QtBot):
    run = in_runs("first")
    window = open_window("lenet5")
    panel = seen(window, qtbot, 1)
    menu = panel.table.columns_menu()
    actions = {action.text(): action for action in menu.actions()}
    actions["Final accuracy"].trigger()
    actions["Final"].trigger()
    assert cells(panel, run)["Final accuracy"] == "80.00 %"
    assert "Final" not in cells(panel, run)
    another = seen(open_window("lenet5"), qtbot, 1)
    assert cells(another, run) == cells(panel, run)
    actions["As at first"].trigger()
    assert "Final" in cells(panel, run)
    assert panel.choices.columns is None


def test_the_trials_of_a_sweep_stand_under_it(open_window: OpenWindow, qtbot: QtBot):
    runs = [in_runs("alone"), *sweep_of(50, 90, 70)]
    panel = seen(open_window("lenet5"), qtbot, 2)
    model = panel.table.runs
    sweep = model.index_of(runs_folder() / "sweep-1")
    assert model.rowCount(sweep) == 3
    assert cells(panel, runs[2])["Varied"] == "width 90"
    assert model.row_at(sweep).summary.best["accuracy"] == 0.9
    best = next(at for at, column in enumerate(COLUMNS) if column.title == "Best")
    panel.table.sortByColumn(best, Qt.SortOrder.AscendingOrder)
    sweep = model.index_of(runs_folder() / "sweep-1")
    assert [model.index(row, 0, sweep).data() for row in range(3)] == ["trial-2", "trial-3", "trial-1"]
    panel.table.select(runs_folder() / "sweep-1")
    assert set(panel.selected) == set(runs[1:])
    panel.bar.search.setText("width=70")
    sweep = model.index_of(runs_folder() / "sweep-1")
    assert [model.index(row, 0, sweep).data() for row in range(model.rowCount(sweep))] == ["trial-3"]


def test_chosen_runs_lie_over_the_curves_until_they_are_taken_away(open_window: OpenWindow, qtbot: QtBot):
    runs = [in_runs("first", 0.9), in_runs("second", 0.7)]
    window = open_window("lenet5")
    panel, curves = seen(window, qtbot, 2), window.workbench.panels["Curves"]
    assert isinstance(curves, CurvesPanel)
    select(panel, runs)
    press(qtbot, panel, "Overlay")
    loss = curves.plots["loss"]
    assert list(loss.series["first, loss, validation"].points.y) == pytest.approx([0.1, 0.2])
    assert loss.series["second, loss, training"].points.y[0] == 1.0
    assert [loss.series[f"{run.name}, loss, validation"].look.place for run in runs] == [2, 3]
    assert loss.series["first, loss, validation"].look.dashed
    assert panel.bar.buttons["Overlay"].isChecked()
    assert not panel.table.runs.index_of(runs[0].folder).data(Qt.ItemDataRole.DecorationRole).isNull()
    assert loss.legend is not None
    qtbot.mouseClick(loss.legend.entries["first"], Qt.MouseButton.LeftButton)
    assert not any(loss.series[f"first, loss, {part}"].shown for part in ("training", "validation"))
    select(panel, runs[:1])
    press(qtbot, panel, "Overlay")
    assert set(curves.plots["loss"].series) == {"second, loss, training", "second, loss, validation"}
    assert list(loss.legend.entries) == ["second"]


def test_an_overlay_stays_when_a_training_begins(open_window: OpenWindow, qtbot: QtBot):
    run = in_runs("first")
    window = open_window("lenet5")
    panel, curves = seen(window, qtbot, 1), window.workbench.panels["Curves"]
    assert isinstance(curves, CurvesPanel)
    select(panel, [run])
    press(qtbot, panel, "Overlay")
    window.session._take(started())
    assert {"Training", "Validation", "first, loss, training"} <= set(curves.plots["loss"].series)


def test_colours_stay_with_their_runs_and_are_not_more_than_there_are():
    runs = [in_runs(f"run-{number}") for number in range(len(PLACES) + 1)]
    overlay = Overlay()
    assert overlay.choose(runs) == runs[:-1]
    third = overlay.looks[runs[2].folder]
    overlay.choose([runs[2], runs[-1]])
    assert overlay.looks[runs[2].folder] == third
    assert overlay.looks[runs[-1].folder] != third
    assert overlay.choose([run_with()]) == []


def test_a_run_is_opened_renamed_noted_and_deleted(
    open_window: OpenWindow, qtbot: QtBot, asked: Asked, monkeypatch: pytest.MonkeyPatch
):
    run = in_runs("first")
    window = open_window("mlp")
    panel = seen(window, qtbot, 1)
    select(panel, [run])
    press(qtbot, panel, "Open")
    assert window.document.project == catalog().make_project("lenet5")
    assert window.session.run == run
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: ("the best", True))
    monkeypatch.setattr(QInputDialog, "getMultiLineText", lambda *_, **__: ("keep this", True))
    actions = {action.text(): action for action in panel.menu().actions()}
    actions["Rename…"].trigger()
    qtbot.waitUntil(lambda: names(panel) == ["the best"])
    renamed = Run(runs_folder() / "the best")
    assert window.session.run == renamed
    panel.table.select(renamed.folder)
    actions = {action.text(): action for action in panel.menu().actions()}
    actions["Note…"].trigger()
    qtbot.waitUntil(lambda: cells(panel, renamed)["Note"] == "keep this")
    asked.plan("", "Delete")
    actions["Delete…"].trigger()
    assert renamed.folder.exists()
    actions["Delete…"].trigger()
    qtbot.waitUntil(lambda: not names(panel))
    assert not renamed.folder.exists()
    assert window.session.run is None
    assert "cannot be undone" in asked.sentences[-1]


def test_a_run_that_is_being_trained_is_not_deleted(open_window: OpenWindow, qtbot: QtBot, asked: Asked):
    run = run_with(started(), folder=runs_folder() / "first")
    journal = Journal(run.events_file)
    panel = seen(open_window("lenet5"), qtbot, 1)
    said: list[str] = []
    panel.said.connect(said.append)
    panel.commands.delete([run])
    journal.close()
    assert said == ["first is being trained and cannot be deleted. Stop it first."]
    assert (run.folder.exists(), asked.sentences) == (True, [])


@pytest.mark.slow
def test_a_run_that_is_over_is_written_for_tensorboard(open_window: OpenWindow, qtbot: QtBot):
    run = in_runs("first")
    window = open_window("lenet5")
    panel = seen(window, qtbot, 1)
    select(panel, [run])
    {action.text(): action for action in panel.menu().actions()}["Write files for TensorBoard"].trigger()
    qtbot.waitUntil(lambda: bool(window.findChildren(Toast)), timeout=60_000)
    folder = run.folder / "tensorboard"
    assert (
        window.findChildren(Toast)[0].message.text() == f"To see the run in TensorBoard: tensorboard --logdir {folder}"
    )
    assert list(folder.glob("events.out.tfevents.*"))
    run.project_file.write_text("damaged")
    said: list[str] = []
    panel.said.connect(said.append)
    panel.commands.write_board(run)
    qtbot.waitUntil(lambda: bool(said), timeout=60_000)
    assert said[0].startswith("first could not be written for TensorBoard: ")
    assert "is not a Layerloom project" in said[0]


def test_what_the_buttons_do_stands_in_the_menu_too_and_says_why_it_cannot(open_window: OpenWindow, qtbot: QtBot):
    runs = [in_runs("first"), in_runs("second")]
    window = open_window("lenet5")
    panel = seen(window, qtbot, 2)
    actions = {action.title: action for action in RUNS}
    compare, checkpoints = actions["Compare the selected runs…"], actions["Checkpoints of the selected run…"]
    assert isinstance(compare.when, Condition)
    assert isinstance(checkpoints.when, Condition)
    assert compare.when.why_not(window) == "Select two runs or more in the Runs panel first."
    select(panel, runs)
    assert checkpoints.when.why_not(window) == "Select one run in the Runs panel first."
    assert compare.when(window)
    window.run(compare.title)
    qtbot.waitUntil(lambda: bool(window.findChildren(CompareDialog)))
    window.run("Lay the selected runs over the curves")
    assert panel.overlaid == runs


def test_buttons_say_why_they_cannot_act(open_window: OpenWindow, qtbot: QtBot):
    runs = [in_runs("first"), in_runs("second")]
    interrupted = run_with(started(), step(1), folder=runs_folder() / "third")
    panel = seen(open_window("lenet5"), qtbot, 3)
    buttons = panel.bar.buttons
    select(panel, runs)
    assert buttons["Open"].toolTip() == "Select one run first."
    assert buttons["Compare"].isEnabled()
    select(panel, runs[:1])
    assert buttons["Resume"].toolTip() == "Only a training that was interrupted can go on."
    assert buttons["Compare"].toolTip() == "Select two runs or more first."
    select(panel, [interrupted])
    assert buttons["Resume"].isEnabled()


def test_runs_of_another_folder_are_shown_from_then_on(open_window: OpenWindow, qtbot: QtBot, tmp_path: Path):
    in_runs("first")
    run_with(*whole(), folder=tmp_path / "usb" / "copied")
    panel = seen(open_window("lenet5"), qtbot, 1)
    panel.choices.add_place(tmp_path / "usb")
    panel.refresh()
    qtbot.waitUntil(lambda: set(names(panel)) == {"first", "copied"})


def test_the_model_is_one_that_qt_can_rely_on(qtmodeltester):
    runs = sweep_of(3, 1, 2)
    in_runs("alone")
    shelf = shelved([runs_folder()])
    model = RunsModel()
    model.show_rows(arranged(shelf, {run.folder: summarize(run) for run in runs}))
    qtmodeltester.check(model)
    model.sort(0, Qt.SortOrder.AscendingOrder)
    model.filter("trial-1")
    qtmodeltester.check(model)


def test_the_best_of_a_sweep_is_the_best_by_what_its_trials_are_judged_by():
    runs = sweep_of(50, 90)
    epochs = [EpochEnded(1, 1, 0, 10, {"loss": loss, "accuracy": loss}, {}, 1.0, True) for loss in (0.1, 0.2)]
    for run, ended in zip(runs, epochs, strict=True):
        append(run, ended)
    shelf, read = shelved([runs_folder()]), {run.folder: summarize(run) for run in runs}
    assert arranged(shelf, read)[0].summary.note == "2 trials, best trial-2"
    (runs_folder() / "sweep-1" / SWEEP).write_text(json.dumps({"goal": "loss"}))
    assert arranged(shelf, read)[0].summary.note == "2 trials, best trial-1"


def test_the_folds_of_a_cross_validation_stand_under_their_mean():
    runs = [in_runs(f"digits-folds-1/fold-{fold}", accuracy) for fold, accuracy in ((1, 0.8), (2, 0.9))]
    (runs_folder() / "digits-folds-1" / FOLDS).write_text(json.dumps({"folds": 3}))
    read = {run.folder: summarize(run) for run in runs}
    (row,) = arranged(shelved([runs_folder()]), read)
    assert (row.summary.name, row.summary.state, row.summary.note) == ("digits-folds-1", "interrupted", "2 of 3 folds")
    assert row.summary.best == {}
    kept = {"folds": 2, "metrics": {"accuracy": 0.85}, "deviations": {"accuracy": 0.0707}}
    (runs_folder() / "digits-folds-1" / FOLDS).write_text(json.dumps(kept))
    (row,) = arranged(shelved([runs_folder()]), read)
    assert (row.summary.state, row.summary.best) == ("finished", {"accuracy": 0.85})
    assert row.summary.note == "mean of 2 folds: accuracy ± 0.071"
    assert {trial.summary.name for trial in row.trials} == {"fold-1", "fold-2"}


def test_a_sweep_is_found_by_its_own_words_with_all_its_trials():
    runs = sweep_of(10, 20)
    rows = arranged(shelved([runs_folder()]), {run.folder: summarize(run) for run in runs})
    assert [len(row.trials) for row in found(rows, "sweep-1")] == [2]
    assert [trial.summary.name for row in found(rows, "trial-2") for trial in row.trials] in (
        [["trial-2"], ["trial-1", "trial-2"], ["trial-2", "trial-1"]]
    )  # the note of the sweep names its best trial
    assert found(rows, "nothing like it") == []


def test_names_are_sorted_by_their_numbers():
    assert sorted(["run-10", "run-9", "a", "run"], key=natural) == ["a", "run", "run-9", "run-10"]


def test_appended_events_after_a_fork_keep_the_curves_in_order():
    run = run_with(started(), *(step(number) for number in range(1, 9)), folder=runs_folder() / "first")
    append(run, started(4), step(5), epoch(1, 0.5))
    overlay = Overlay()
    assert overlay.choose([run]) == [run]
    assert overlay.measures.keys() == {"loss", "accuracy"}
