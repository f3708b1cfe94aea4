"""The docks below the canvas, fed with what a training tells."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from studio.compiler.check import check
from studio.core.catalog import catalog
from studio.core.graph import Node
from studio.gui import theme
from studio.gui.panels.code import CodePanel
from studio.gui.panels.curves import CurvesPanel
from studio.gui.panels.log import LogPanel
from studio.gui.panels.numbers_card import NumbersCard
from studio.gui.panels.problems import ProblemsPanel
from studio.gui.panels.profile import draw_profile
from studio.gui.panels.rebuilt_card import RebuiltCard
from studio.gui.panels.sample_view import maps_of, sample_image
from studio.gui.panels.samples import SamplesPanel, answers, numbers, rebuilt
from studio.gui.panels.weight_pictures import image_before, weight_maps
from studio.gui.status import short
from studio.gui.training.averages import Averages
from studio.gui.training.pace import Pace
from studio.gui.training.state import State
from studio.gui.training.wording import clock, sentence
from studio.gui.widgets.button import Button
from studio.gui.window import Window
from studio.training.answers import Predicted
from studio.training.memory import shared_memory
from studio.training.messages import EpochEnded, Failed, Finished, Paused, StageEnded, Started, StepDone, WorkerDied
from studio.training.ring import RING_BYTES, RingReader, RingWriter
from studio.training.run import Run
from studio.training.slots import Picture
from tests.training.runs import run_with

MEASURES = {
    "loss": {"title": "Loss", "percent": False, "higher_is_better": False},
    "accuracy": {"title": "Accuracy", "percent": True, "higher_is_better": True},
}
STARTED = Started(
    "run-1",
    "LeNet-5",
    "cpu",
    ("training",),
    ("loss", "accuracy"),
    MEASURES,
    {"train": 80, "validation": 10},
    {},
    8,
    10,
    40,
    0,
    "32-bit",
)


def epoch(number: int, loss: float, *, best: bool = True) -> EpochEnded:
    return EpochEnded(number, 4, 0, number * 10, {"loss": loss, "accuracy": 0.9}, {"loss": loss}, 2.0, best)


def tell(window: Window, *events: object) -> None:
    for event in events:
        window.session._take(event)  # type: ignore[arg-type]


def test_validation_is_drawn_in_epochs_and_the_best_is_marked(window: Window):
    tell(window, STARTED, epoch(1, 0.5), epoch(2, 0.25))
    curves = window.workbench.panels["Curves"]
    assert isinstance(curves, CurvesPanel)
    validation = curves.plots["loss"].series["Validation"].points
    assert list(validation.x) == [1.0, 2.0]
    assert list(validation.y) == [0.5, 0.25]
    assert list(curves.plots["accuracy"].series["Validation"].points.y) == [90.0, 90.0]
    assert window.workbench.status.facts["best"].text() == "Best epoch 2: loss 0.25, accuracy 90.00 %"


def test_a_training_that_goes_on_shows_every_step_before_its_checkpoint(window: Window):
    steps = [StepDone(number, 1, 0, {"loss": 1 / number}, 0.001, 104.0) for number in range(1, 9)]
    window.session.run = run_with(STARTED, *steps, replace(STARTED, step=5), project=window.document.project)
    tell(window, replace(STARTED, step=5))
    curves = window.workbench.panels["Curves"]
    assert isinstance(curves, CurvesPanel)
    assert list(curves.plots["loss"].series["Training"].points.x) == [0.1, 0.2, 0.3, 0.4, 0.5]


def test_an_early_stop_says_which_weights_were_put_back(window: Window):
    ended = StageEnded(0, "learn", 40, 4, "no improvement for 2 epochs", restored=20)
    tell(window, STARTED, epoch(1, 0.5), epoch(2, 0.25), epoch(3, 0.3, best=False), epoch(4, 0.4, best=False), ended)
    curves = window.workbench.panels["Curves"]
    assert isinstance(curves, CurvesPanel)
    plot = curves.plots["loss"]
    assert plot.area._marks.best is not None
    assert plot.area._marks.best.x == 2, "the epoch whose weights were put back"
    (end,) = plot.area._marks.stages
    assert (end.x, end.name) == (4, "learn")
    assert end.text == (
        'Stage "learn" ended after epoch 4: no improvement for 2 epochs.\n'
        "The weights of epoch 2 were put back: on the validation part they are the best; "
        "later ones fit the training part alone."
    )


def test_losses_of_adversaries_share_a_plot_and_are_hidden_one_by_one(window: Window):
    measures = {f"{name}: loss": MEASURES["loss"] for name in ("Critic's", "Generator's")}
    measures["Look: coverage"] = {"title": "Coverage", "percent": True, "higher_is_better": True}
    both = {"Critic's: loss": 0.5, "Generator's: loss": 2.0}
    told = [EpochEnded(n, 2, 0, 10 * n, {**both, "Look: coverage": n / 4}, both, 1.0, best=n == 1) for n in (1, 2)]
    ended = StageEnded(0, "play", 20, 2, "all epochs")
    tell(window, replace(STARTED, series=tuple(both), measures=measures), *told, ended)
    curves = window.workbench.panels["Curves"]
    assert isinstance(curves, CurvesPanel)
    loss, coverage = curves.plots["Critic's: loss"], curves.plots["Look: coverage"]
    assert curves.plots["Generator's: loss"] is loss
    assert list(loss.series) == ["Critic's", "Critic's, validation", "Generator's", "Generator's, validation"]
    assert list(loss.series["Generator's, validation"].points.y) == [2.0, 2.0]
    assert list(coverage.series["Validation"].points.y) == [25.0, 50.0]
    assert loss.legend is not None
    loss.legend.entries["Generator's"].click()
    assert [series.shown for series in loss.series.values()] == [True, True, False, False]
    assert len(loss.area._marks.stages) == 1
    assert loss.area._marks.best is not None
    assert (loss.area._marks.best.x, loss.area._marks.best.y) == (1, 0.5)
    assert curves._log.isChecked()
    assert loss.area._log
    assert not coverage.area._log


def test_live_figures_are_averaged_so_that_they_can_be_read():
    averages = Averages(steps_per_epoch=80)
    steps, means = averages.feed(np.arange(1, 6), np.array([1.0, 3.0, 5.0, 7.0, 100.0]))
    assert (list(steps), list(means)) == ([2, 4], [2.0, 6.0])
    steps, means = averages.feed(np.array([6]), np.array([102.0]))
    assert (list(steps), list(means)) == ([6], [101.0])


def test_what_a_training_before_wrote_last_is_not_drawn_as_of_the_next(
    window: Window, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv("LAYERLOOM_HOME", str(tmp_path))
    memory = shared_memory(RING_BYTES)[1]
    reader = RingReader(memory)
    RingWriter(memory).write(0, [50, 51], [1.0, 0.9])
    with monkeypatch.context() as patched:
        patched.setattr(window.session, "worker", SimpleNamespace(metrics=reader, send=lambda _: None))
        window.session.start(window.document.project)
    window.session._enter(State.IDLE)
    assert reader.read().steps.size == 0


def test_the_log_tells_in_sentences_and_keeps_the_traceback(window: Window):
    tell(
        window,
        STARTED,
        epoch(1, 0.5),
        Failed("PyTorch stopped at C1.", "Look there.", "LeNet-5", "C1", 3, "Traceback: deep"),
    )
    log = window.workbench.panels["Log"]
    assert isinstance(log, LogPanel)
    text = log.text.toPlainText()
    assert "Training goes on cpu with 80 train, 10 validation samples." in text
    assert "Epoch 1: loss 0.5, accuracy 90.00 % after 0:02 (best so far)." in text
    assert "Traceback: deep" in text


def test_a_failure_is_said_over_the_canvas_and_leads_to_its_node(window: Window, qtbot: QtBot):
    tell(window, STARTED, Failed("PyTorch stopped at C3.", "Look there.", "LeNet-5", "C3", 3, ""))
    banner = window.workbench.banner
    assert banner.isVisible()
    assert banner.sentence.text() == "C3: PyTorch stopped at C3. Look there."
    qtbot.mouseClick(banner.go, Qt.MouseButton.LeftButton)
    assert window.workspace.canvas.selected == {"C3"}


def test_a_pause_with_a_reason_is_said_and_one_without_is_not(window: Window):
    tell(window, STARTED, Paused(3, ""))
    assert not window.workbench.banner.isVisible()
    tell(window, Paused(3, "The disk is full. Nothing is lost: make room, then resume."))
    assert window.workbench.banner.isVisible()
    assert window.workbench.banner.resume.isVisible()


def test_a_process_that_dies_while_it_waits_is_no_alarm(window: Window):
    tell(window, WorkerDied("The training process was killed.", -9, ""))
    assert window.session.state is State.IDLE
    assert not window.workbench.banner.isVisible()


@pytest.mark.parametrize(
    ("state", "train", "pause"),
    [
        (State.IDLE, "Train", "Pause"),
        (State.TRAINING, "Training", "Pause"),
        (State.PAUSED, "Paused", "Resume"),
        (State.STOPPING, "Stopping", "Pause"),
        (State.FAILED, "Train", "Pause"),
        (State.FINISHED, "Train", "Pause"),
    ],
)
def test_buttons_say_what_they_would_do(window: Window, state: State, train: str, pause: str):
    window.session._enter(state)
    controls = window.workbench.controls
    controls.refresh()
    assert (controls.train.text(), controls.pause.text()) == (train, pause)


def test_progress_tells_epoch_step_and_time_left():
    pace = Pace()
    pace.take(STARTED)
    pace.take(StepDone(14, 2, 0, {}, 0.001, 104.0))
    found = pace.texts(State.TRAINING)
    assert (found.strong, found.left, found.right) == ("Epoch 2 of 4", "· step 4 of 10", "0:02 left")
    assert found.share == pytest.approx(0.35)
    pace.take(Finished({"accuracy": 0.98}, "run-1", 36.0, 100.0, 40, "complete"))
    assert pace.texts(State.FINISHED).left == "· accuracy 98.00 %"


def test_mistakes_come_first_and_the_surest_of_them_before_the_others(window: Window):
    predictions = window.workbench.context.predictions
    predictions.newest = Predicted(
        5, 0, (0, 1, 2), (1, 1, 0), ((1, 0), (0, 1), (1, 0)), ((0.9, 0.1), (0.6, 0.4), (0.99, 0.01)), ("cat", "dog")
    )
    found = answers(predictions)
    assert [answer.sample for answer in found] == [2, 1, 0]
    assert (found[0].truth, found[0].guesses[0]) == ("cat", ("dog", 0.99))
    samples = window.workbench.panels["Samples & predictions"]
    assert isinstance(samples, SamplesPanel)
    window.workbench.show_panel("Samples & predictions")
    samples._refresh()
    assert samples._caption.text() == "2 of 3 held-out samples are mistaken, at step 5"


def test_samples_stand_beside_what_was_rebuilt_of_them_in_the_same_greys_the_worst_first(window: Window):
    predictions = window.workbench.context.predictions
    samples = np.stack([np.full((1, 2, 2), low) + np.array([[0, 1], [1, 0]]) for low in (0.0, 5.0)])
    predictions.samples, predictions.again = Picture(samples, 5), Picture(samples - 1, 5)
    predictions.newest = Predicted(5, 0, (3, 8), (), (), (), errors=(0.25, 0.75))
    panel = window.workbench.panels["Samples & predictions"]
    assert isinstance(panel, SamplesPanel)
    window.workbench.show_panel("Samples & predictions")
    panel._refresh()
    worst, _ = found = rebuilt(predictions)
    assert [each.sample for each in found] == [8, 3]
    assert [worst.image.pixelColor(x, 0).lightness() for x in (0, 1)] == [0, 255]
    assert [worst.again.pixelColor(x, 0).lightness() for x in (0, 1)] == [0, 0]
    assert "2 held-out samples and what was rebuilt of them, mean squared error 0.5000" in panel._caption.text()
    assert next(card.text() for card in panel.findChildren(RebuiltCard)).startswith("Sample 8")


def test_numbers_stand_beside_those_that_are_wanted_with_what_is_read_off_them(window: Window):
    predictions = window.workbench.context.predictions
    predictions.samples = Picture(np.zeros((2, 1, 3, 4)), 5)
    predictions.again = Picture(np.stack([np.eye(2, 30), np.eye(2, 30, 2)]), 5)
    told = {"errors": (0.04, 0.16), "numbers": True}
    predictions.newest = Predicted(5, 0, (3, 8), (), (), (), **told)  # type: ignore[arg-type]
    panel = window.workbench.panels["Samples & predictions"]
    assert isinstance(panel, SamplesPanel)
    window.workbench.show_panel("Samples & predictions")
    panel._refresh()
    assert [card.text() for card in panel.findChildren(NumbersCard)][:1] == ["Sample 8: off by 0.4, root mean square"]
    assert "2 held-out samples, off by 0.316 as root mean square" in panel._caption.text()
    readings = {"reading": "Direction", "read": (4.0, 2.0), "wanted": (6.0, 1.0)}
    predictions.newest = Predicted(5, 0, (3, 8), (), (), (), **told, **readings)  # type: ignore[arg-type]
    panel._refresh()
    assert [each.texts for each in numbers(predictions)] == [
        ("direction 4.0", "wanted 6.0"),
        ("direction 2.0", "wanted 1.0"),
    ]
    assert "direction off by 1.5 on average" in panel._caption.text()
    assert not panel.grab().isNull()


def test_a_row_of_numbers_is_drawn_from_zero_with_what_is_wanted_over_it():
    image = QImage(30, 20, QImage.Format.Format_RGB32)
    image.fill(0)
    painter = QPainter(image)
    draw_profile(painter, QRectF(0, 0, 30, 20), np.array([1.0, -1.0, np.nan]))
    painter.end()
    bar = theme.current().accent.rgb()
    assert [image.pixel(5, y) == bar for y in (2, 17)] == [True, False]
    assert [image.pixel(15, y) == bar for y in (2, 17)] == [False, True]
    assert image.pixel(25, 2) != bar


def test_a_problem_is_listed_leads_to_its_node_and_is_repaired_by_its_button(window: Window, qtbot: QtBot):
    graph = window.workspace.place.graph
    window.document.apply_graph("LeNet-5", graph.remove(["Flatten"], heal=True), "Delete")
    panel = window.workbench.panels["Problems"]
    assert isinstance(panel, ProblemsPanel)
    window.workbench.show_panel("Problems")
    buttons = {button.text(): button for button in panel.findChildren(Button)}
    qtbot.mouseClick(buttons["LeNet-5 / C5"], Qt.MouseButton.LeftButton)
    assert window.workspace.canvas.selected == {"C5"}
    qtbot.mouseClick(buttons["Insert Flatten"], Qt.MouseButton.LeftButton)
    assert not window.document.diagnosis.problems
    assert window.document.steps[-1].label == "Insert Flatten"


def test_code_and_canvas_select_each_other(window: Window, qtbot: QtBot):
    window.workbench.show_panel("Code")
    panel = window.workbench.panels["Code"]
    assert isinstance(panel, CodePanel)
    qtbot.waitUntil(lambda: panel.source is not None)
    window.workspace.canvas.select({"C3"})
    marked = [selection.cursor.block().text().strip() for selection in panel.text.extraSelections()]  # type: ignore[attr-defined]
    assert marked[0] == "self.c3 = nn.Conv2d(6, 16, 5)"
    assert panel.source is not None
    line = panel.source.lines_of("LeNet-5", "F6")[0]
    cursor = panel.text.textCursor()
    cursor.setPosition(panel.text.document().findBlockByNumber(line - 1).position())
    panel.text.setTextCursor(cursor)
    assert window.workspace.canvas.selected == {"F6"}


def test_code_follows_an_edit_and_says_why_there_is_none(window: Window, qtbot: QtBot):
    window.workbench.show_panel("Code")
    panel = window.workbench.panels["Code"]
    assert isinstance(panel, CodePanel)
    graph = window.workspace.place.graph
    window.document.apply_graph("LeNet-5", graph.put({"C1": graph.nodes["C1"].set(filters=7)}), "Filters")
    qtbot.waitUntil(lambda: "nn.Conv2d(1, 7, 5)" in panel.text.toPlainText(), timeout=3000)
    window.document.apply_graph("LeNet-5", graph.remove(["C5"]), "Delete")
    qtbot.waitUntil(lambda: panel.source is None, timeout=3000)
    assert "mended" in panel._empty.sentence.text()


def test_outputs_and_weights_become_pictures():
    assert maps_of(np.zeros((6, 28, 28))).shape == (6, 28, 28)
    assert maps_of(np.zeros((5, 7))).shape == (1, 5, 7)
    assert maps_of(np.zeros(10)).shape == (1, 4, 3)
    assert maps_of(np.zeros((2, 3, 4, 5))).shape == (6, 4, 5)
    assert weight_maps(np.zeros((16, 6, 5, 5))).shape == (96, 5, 5)
    assert weight_maps(np.zeros((10, 84))).shape == (1, 10, 84)
    units = np.arange(4 * 30 * 32).reshape(4, 960)
    assert (weight_maps(units, (1, 30, 32))[2] == units[2].reshape(30, 32)).all()
    assert weight_maps(np.zeros((4, 12)), (3, 2, 2)).shape == (12, 2, 2)
    sizes = [sample_image(np.zeros(shape)).size().toTuple() for shape in ((1, 8, 6), (3, 8, 6), (5, 8, 6), (4,))]
    assert sizes == [(6, 8), (6, 8), (6, 8), (4, 1)]


def test_units_see_an_image_where_it_arrives_flattened_and_unmixed():
    graphs = check(catalog().make_project("mlp", settings={"dropout": 0.5, "data": "small-digits"})).graphs
    assert image_before(graphs["MLP"], "Hidden 1") == (1, 8, 8)
    assert image_before(graphs["MLP"], "Hidden 2") == ()
    assert image_before(graphs["MLP"], "Flatten") == ()
    roads = check(catalog().make_project("alvinn")).graphs["ALVINN"]
    assert image_before(roads, "Hidden") == (1, 30, 32)
    assert image_before(roads, "Units") == image_before(None, "Hidden") == ()


def test_large_numbers_and_times_read_well():
    assert [short(count) for count in (12, 41_652, 416_520, 4_100_000_000)] == ["12", "41,652", "0.42 M", "4.10 G"]
    assert [clock(seconds) for seconds in (36.2, 605, 3725)] == ["0:36", "10:05", "1:02:05"]


def test_every_ending_has_a_sentence():
    endings = [
        Failed("It broke."),
        WorkerDied("The process was killed.", -9),
        Finished({}, "r", 1.0, 1.0, 1, "complete"),
        Paused(1),
    ]
    assert all(sentence(event).endswith(".") for event in endings)


def test_data_that_is_missing_is_offered_to_be_fetched(window: Window):
    project = window.document.project
    window.session.project = replace(project, data=Node("MNIST"))
    tell(window, Failed("MNIST is not downloaded yet."))
    assert window.workbench.banner.get.isVisible()
    window.session.project = project
    tell(window, Failed("The digits are lost."))
    assert not window.workbench.banner.get.isVisible()


def test_a_training_that_another_project_ends_is_said(window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    said: list[str] = []
    monkeypatch.setattr("studio.gui.window.Window.say", lambda _, sentence: said.append(sentence))
    window.session.run = Run(tmp_path / "lenet-5-digits-1")
    window.session._enter(State.TRAINING)
    window.run("New")
    assert len(said) == 1
    assert "lenet-5-digits-1 was saved" in said[0]
    assert window.session.state is State.IDLE
