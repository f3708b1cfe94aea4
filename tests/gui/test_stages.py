"""Stages in their order: a person adds, copies, moves and deletes them, and follows them while they run."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.core.catalog import catalog
from studio.core.project import Stage
from studio.gui.choosing.own_dialog import OwnDialog
from studio.gui.choosing.parts_dialog import PartsDialog
from studio.gui.choosing.runs_dialog import RunsDialog
from studio.gui.inspector.stage_choices import LEARNS, OWN, RUNS
from studio.gui.panels.stages import StagesPanel
from studio.gui.stages.wording import end, how, learns, lines_of, rates, runs, takes
from studio.gui.widgets.button import Button
from studio.gui.window import Window
from studio.training.messages import EpochEnded, Finished, StageEnded
from tests.gui.test_panels import STARTED, tell

CLASSIFIER = "stacked-autoencoder-classifier"


@pytest.fixture
def panel(window: Window, qtbot: QtBot) -> StagesPanel:
    """The panel in front, over a training of several stages."""
    window.document.open(catalog().make_project(CLASSIFIER))
    QApplication.processEvents()  # a window puts its docks in place a moment after it is shown
    window.workbench.show_panel("Stages")
    found = window.workbench.panels["Stages"]
    assert isinstance(found, StagesPanel)
    qtbot.waitUntil(lambda: found.isVisible())
    return found


def names(panel: StagesPanel) -> list[str]:
    shown = [card.stage.name for card in panel.cards]
    assert shown == [stage.name for stage in panel.context.document.project.training.stages]
    return shown


def test_the_chosen_stage_is_the_one_that_the_inspector_shows(panel: StagesPanel, window: Window, qtbot: QtBot) -> None:
    qtbot.mouseClick(panel.cards[4], Qt.MouseButton.LeftButton)
    assert [card.isChecked() for card in panel.cards] == [at == 4 for at in range(6)]
    page = window.workbench.inspector.training
    assert page._stages.currentText() == "5  Classifier alone"
    page._stages.setCurrentIndex(1)
    page._stages.activated.emit(1)
    assert panel.cards[1].isChecked()


def test_stages_are_added_copied_moved_and_deleted_and_undo_brings_them_back(panel: StagesPanel, qtbot: QtBot) -> None:
    before = names(panel)
    qtbot.mouseClick(panel.cards[0], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(panel.copy, Qt.MouseButton.LeftButton)
    assert names(panel)[:3] == ["Layer 1", "Layer 1 2", "Layer 2"]
    assert panel.cards[1].isChecked()
    qtbot.keyClick(panel.cards[1], Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert names(panel)[:3] == ["Layer 1", "Layer 2", "Layer 1 2"]
    assert panel.cards[2].isChecked()
    qtbot.mouseClick(panel.remove, Qt.MouseButton.LeftButton)
    assert names(panel) == before
    qtbot.mouseClick(panel.add, Qt.MouseButton.LeftButton)
    assert "training" in names(panel)
    for _ in range(4):
        panel.context.document.undo()
    assert names(panel) == before


def test_the_only_stage_cannot_be_deleted(panel: StagesPanel, window: Window) -> None:
    window.document.open(catalog().make_project("gan"))
    assert names(panel) == ["training"]
    assert not panel.remove.isEnabled()
    assert not panel.left.isEnabled()
    assert not panel.right.isEnabled()


def test_arrow_keys_lead_from_stage_to_stage(panel: StagesPanel, qtbot: QtBot) -> None:
    panel.cards[0].setFocus()
    qtbot.keyClick(panel.cards[0], Qt.Key.Key_Right)
    assert panel.cards[1].isChecked()
    qtbot.keyClick(panel.cards[1], Qt.Key.Key_Left)
    assert panel.cards[0].isChecked()


def test_a_training_is_followed_from_stage_to_stage(panel: StagesPanel, window: Window) -> None:
    tell(window, STARTED, EpochEnded(3, 12, 0, 30, {}, {}, 1.0))
    assert [card.share for card in panel.cards[:2]] == [0.25, None]
    tell(window, StageEnded(0, "Layer 1", 120, 12, "all epochs"), EpochEnded(1, 4, 1, 130, {}, {}, 1.0))
    assert [card.share for card in panel.cards[:3]] == [1.0, 0.25, None]
    tell(window, StageEnded(1, "Layer 2", 160, 4, "all epochs"), Finished({}, "", 1.0, 1.0, 160, "complete"))
    assert panel.cards[1].share == 1.0


def test_a_card_says_what_a_stage_does() -> None:
    stage = Stage(
        objectives=("Critic's", "Generator's"),
        every=(1, 5),
        learns=("Critic", "Generator/Head"),
        takes={"Generator/Head": "First/Head"},
        own={"Critic's": {"learning_rate": 0.1}},
        schedule="cosine",
        epochs=20,
        patience=1,
    )
    assert dict(lines_of(stage)) == {
        "runs": "Critic's, Generator's (every 5 steps)",
        "learns": "Critic, Generator/Head",
        "takes": "Generator/Head from First/Head",
        "by": "adam 0.001, cosine, one of its own",
        "ends": "after 20 epochs or 1 epoch without improvement",
    }
    assert end(Stage(epochs=0)) == "never"
    assert how(Stage(average=0.999)) == "adam 0.001, mean of weights 0.999"


def test_the_curve_of_a_stage_is_that_of_its_learning_rate() -> None:
    falling = rates(Stage(schedule="cosine", epochs=4))
    assert falling[0] == 1.0
    assert falling == sorted(falling, reverse=True)
    assert rates(Stage(schedule="cosine", epochs=0, minutes=1.0)) == ()
    assert set(rates(Stage())) == {1.0}


def test_what_is_chosen_for_a_stage_is_read_in_the_inspector_and_leads_to_its_dialog(
    panel: StagesPanel, window: Window, qtbot: QtBot
):
    qtbot.mouseClick(panel.cards[4], Qt.MouseButton.LeftButton)
    choices = window.workbench.inspector.training.choices
    stage = window.document.project.training.stages[4]
    assert stage.takes
    said = [runs(stage), f"{learns(stage)}; takes {takes(stage)}", "nothing"]
    assert [button.text() for button in choices.buttons.values()] == said
    assert [button.accessibleDescription() for button in choices.buttons.values()] == said
    for title, dialog in {RUNS: RunsDialog, LEARNS: PartsDialog, OWN: OwnDialog}.items():
        choices.buttons[title].click()
        (found,) = window.findChildren(dialog)
        assert found.isVisible()
        assert found.number == 4
        qtbot.mouseClick(found.cancel, Qt.MouseButton.LeftButton)


def test_a_hint_that_has_no_room_beside_the_buttons_is_left_out(panel: StagesPanel):
    for width, shown in ((1200, True), (400, False), (1200, True)):
        panel.resize(width, 240)
        assert panel.hint.isVisible() is shown
    assert "Alt+←" in panel.left.toolTip()


def test_what_is_wrong_with_a_stage_is_seen_on_its_card_and_leads_there(window: Window, qtbot: QtBot):
    project = window.document.project
    stages = (*project.training.stages, Stage(name="endless", epochs=0))
    window.document.apply(replace(project, training=replace(project.training, stages=stages)), "An endless stage")
    panel, problems = window.workbench.panels["Stages"], window.workbench.panels["Problems"]
    assert isinstance(panel, StagesPanel)
    assert "would never end" in panel.cards[1].accessibleDescription()
    assert "would never end" not in panel.cards[0].accessibleDescription()
    window.workbench.show_panel("Problems")
    place = next(button for button in problems.findChildren(Button) if button.text() == "Stage 2")
    qtbot.mouseClick(place, Qt.MouseButton.LeftButton)
    assert window.workbench.place.stage == 1
    assert panel.is_seen
    assert window.workbench.inspector.training.isVisible()
    mend = next(button for button in problems.findChildren(Button) if button.text() == "End it after 10 epochs")
    mend.click()
    assert window.document.project.training.stages[1].epochs == 10
    assert panel.cards[1].accessibleDescription().startswith("runs")
    taking = replace(project.training.stages[0], takes={"LeNet-5/C1": "LeNet-5/C1"})
    window.document.apply(replace(project, training=replace(project.training, stages=(taking,))), "Take")
    assert window.document.diagnosis.can_run
    assert window.workbench.status.problems.text() == "0 problems, 1 hint"
    mend = next(button for button in problems.findChildren(Button) if button.text() == "Let it take nothing")
    mend.click()
    assert window.document.project == project
