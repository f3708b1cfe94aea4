"""Runs side by side, and branching off at a checkpoint."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from safetensors.numpy import save_file

from studio.core.catalog import catalog
from studio.core.project import Project
from studio.gui.runs.changed import CHANGED, GONE, NEW, picture_of, sorts_of
from studio.gui.runs.checkpoints import NONE, OLDER, SAME, CheckpointsDialog
from studio.gui.runs.compare import SAME_DRAWING, CompareDialog
from studio.gui.style.tokens import DARK, LIGHT
from studio.gui.training.state import State
from studio.training.run import Run, runs_folder
from tests.gui.conftest import Asked, OpenWindow
from tests.training.runs import add_checkpoint, epoch, run_with, started, whole

LENET = catalog().make_project("lenet5")
GRAPH = LENET.graphs["LeNet-5"]


@pytest.fixture(autouse=True)
def _runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAYERLOOM_HOME", str(tmp_path))


def edited() -> Project:
    """LeNet-5 with another C1, without S2, and with a new node."""
    graph = GRAPH.put({"C1": GRAPH.nodes["C1"].set(filters=8)}).remove(["S2"], heal=True)
    return LENET.with_graph("LeNet-5", graph.add("New", GRAPH.nodes["Tanh"]))


def in_runs(name: str, project: Project = LENET, accuracy: float = 0.9) -> Run:
    return run_with(*whole(accuracy), folder=runs_folder() / name, project=project)


def interrupted() -> Run:
    """A run that ended in its second epoch and has three checkpoints."""
    run = run_with(started(), epoch(1, 0.5), folder=runs_folder() / "first", project=LENET)
    for at_step, why in ((0, "start"), (10, "best"), (15, "stop")):
        add_checkpoint(run, at_step, why)
    return run


def lines(dialog: CompareDialog) -> dict[str, list[str]]:
    """The rows of the table by the words they begin with."""
    table = dialog.table
    groups = [table.topLevelItem(at) for at in range(table.topLevelItemCount())]
    items = [group.child(at) for group in groups if group is not None for at in range(group.childCount())]
    return {item.text(0): [item.text(column) for column in range(1, table.columnCount())] for item in items}


def test_runs_are_compared_by_figures_settings_nodes_and_curves(qtbot: QtBot):
    dialog = CompareDialog(None, [in_runs("first"), in_runs("second", edited(), 0.7)])  # type: ignore[arg-type]
    qtbot.addWidget(dialog)
    dialog.show()
    rows = lines(dialog)
    assert rows["Best accuracy"] == ["90.00 %", "70.00 %"]
    assert rows["filters"] == ["6", "8"]
    assert "batch" not in rows
    assert dialog.told.text() == "new: New\nchanged: C1\ngone: S2"
    assert not dialog.picture.image.isNull()
    assert "changed: C1" in dialog.picture.accessibleDescription()
    assert {"first, accuracy, validation", "second, accuracy, validation"} <= set(dialog.plots["accuracy"].series)
    assert not dialog.other.isVisible()


def test_of_three_runs_any_is_compared_with_the_first(qtbot: QtBot):
    runs = [in_runs("first"), in_runs("second"), in_runs("third", edited())]
    dialog = CompareDialog(None, runs)  # type: ignore[arg-type]
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.told.text() == SAME_DRAWING
    assert lines(dialog)["filters"] == ["6", "6", "8"]
    dialog.other.setCurrentIndex(1)
    assert "gone: S2" in dialog.told.text()


def test_a_run_whose_project_is_damaged_is_compared_by_what_it_told(qtbot: QtBot):
    runs = [in_runs("first"), in_runs("second")]
    runs[1].project_file.write_text("{")
    dialog = CompareDialog(None, runs)  # type: ignore[arg-type]
    qtbot.addWidget(dialog)
    assert lines(dialog)["Best accuracy"] == ["90.00 %", "90.00 %"]
    assert dialog.told.text() == "The project of one of them cannot be read."


@pytest.mark.parametrize("chosen", [DARK, LIGHT])
def test_changed_nodes_stand_out_in_the_picture_and_those_that_are_gone_are_in_it(chosen):
    sorts = sorts_of(GRAPH, edited().graphs["LeNet-5"])
    assert (sorts["New"], sorts["C1"], sorts["S2"]) == (NEW, CHANGED, GONE)
    assert "F6" not in sorts
    plain = picture_of(LENET, LENET, "LeNet-5", chosen)
    marked = picture_of(LENET, edited(), "LeNet-5", chosen)
    colors = {chosen.named(name).rgb() for name in ("success", "warn", "problem")}

    def seen(image) -> set[int]:
        return {image.pixel(x, y) for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)} & colors

    assert seen(plain) == set()
    assert seen(marked) == colors


def test_any_checkpoint_can_be_forked_and_the_newest_be_gone_on_from(qtbot: QtBot):
    dialog = CheckpointsDialog(None, interrupted(), LENET)  # type: ignore[arg-type]
    qtbot.addWidget(dialog)
    dialog.show()
    texts = [[dialog.list.topLevelItem(row).text(column) for column in (0, 3)] for row in range(3)]
    assert texts == [["15", "Stop"], ["10", "Best so far"], ["0", "Beginning"]]
    assert dialog.resume.isEnabled()
    assert (dialog.told.text(), dialog.which.isVisible()) == (SAME, False)
    dialog.list.setCurrentItem(dialog.list.topLevelItem(1))
    assert dialog.resume.toolTip() == OLDER
    with qtbot.waitSignal(dialog.fork_wanted) as wanted:
        qtbot.mouseClick(dialog.fork, Qt.MouseButton.LeftButton)
    assert (wanted.args[0].step, wanted.args[1]) == (10, LENET)
    assert not dialog.isVisible()


def test_a_run_without_checkpoints_says_so(qtbot: QtBot):
    dialog = CheckpointsDialog(None, run_with(project=LENET), LENET)  # type: ignore[arg-type]
    qtbot.addWidget(dialog)
    assert (dialog.told.text(), dialog.fork.isEnabled()) == (NONE, False)


def test_a_fork_is_a_run_of_its_own_that_begins_at_the_checkpoint(open_window: OpenWindow):
    run, window = interrupted(), open_window("mlp")
    checkpoint = run.checkpoints()[1]
    sent: list[object] = []
    window.session.send = sent.append  # type: ignore[method-assign]
    window.opener.fork(checkpoint, run.project())  # type: ignore[attr-defined]
    assert window.document.project == LENET
    assert window.session.state is State.STARTING
    assert window.session.run is not None
    assert window.session.run.folder.parent == runs_folder()
    assert window.session.run != run
    assert getattr(sent[-1], "resume", "") == str(checkpoint.folder)


def test_a_training_that_runs_is_not_forked_away(open_window: OpenWindow, asked: Asked):
    window = open_window("mlp")
    sent: list[object] = []
    window.session.send = sent.append  # type: ignore[method-assign]
    window.session._enter(State.TRAINING)
    asked.plan("")
    window.opener.fork(interrupted().checkpoints()[1], window.document.project)  # type: ignore[attr-defined]
    assert "is being trained" in asked.sentences[0]
    assert (window.session.state, sent) == (State.TRAINING, [])
    window.session._enter(State.IDLE)


@pytest.mark.slow
def test_before_a_changed_project_is_forked_it_is_said_what_fits(qtbot: QtBot):
    import studio

    run = interrupted()
    weights = {key: value.numpy() for key, value in studio.build_network(LENET).state_dict().items()}
    checkpoint = run.checkpoints()[-1]
    save_file(weights, checkpoint.weights("lenet_5"))
    wider = LENET.with_graph("LeNet-5", GRAPH.put({"F6": GRAPH.nodes["F6"].set(features=50)}))
    dialog = CheckpointsDialog(None, run, wider)  # type: ignore[arg-type]
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.which.setCurrentIndex(1)
    assert "Other than in the run: LeNet-5 / F6 features." in dialog.told.text()
    with qtbot.waitSignal(dialog.fitting.done, timeout=60_000):
        pass
    assert "tensors fit. Fresh: f6.weight" in dialog.told.text()
    dialog.close()
