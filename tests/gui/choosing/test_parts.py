"""What learns in a stage, and with which weights its parts begin, is chosen in a tree."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from studio.compiler.check import check
from studio.core.catalog import catalog
from studio.core.project import Project
from studio.gui.choosing.parts import Part, Parts, sources_for
from studio.gui.choosing.parts_dialog import HINT, NOTHING, OWN, PartsDialog
from studio.gui.document import Document
from tests.compiler.test_stage_rules import with_stage

GAN = "gan"
LAYERS = "stacked-autoencoder-classifier"


def parts_of(project: Project, number: int = 0) -> Parts:
    return Parts.of(project, check(project), project.training.stages[number])


def named(parts: Parts, name: str) -> Part:
    return next(part for part in parts.walk() if part.name == name)


@pytest.mark.parametrize("name", sorted(catalog().templates))
def test_what_a_template_teaches_is_written_down_as_it_is_read(name: str):
    project = catalog().make_project(name)
    for number, stage in enumerate(project.training.stages):
        parts = parts_of(project, number)
        shares = {part: parts.share(part) for part in parts.walk()}
        again = with_stage(
            project, number, learns=parts.learns_of(part for part, share in shares.items() if share == "all")
        )
        read = parts_of(again, number)
        assert {part: read.share(part) for part in shares} == shares
        assert not check(again).problems, stage.name


def test_all_of_it_is_said_by_nothing_and_a_whole_network_by_its_name():
    parts = parts_of(catalog().make_project("mlp"))
    (whole,) = parts.wholes
    assert parts.learns_of(whole.walk()) == ()
    assert parts.learns_of(whole.inside[:1]) == (whole.inside[0].name,)
    gan = parts_of(catalog().make_project(GAN))
    assert gan.learns_of(gan.wholes) == ()
    first = gan.wholes[0]
    assert gan.learns_of([first]) == (f"{first.objective}: {first.network}",)


def test_parts_go_as_deep_as_blocks_do_and_count_the_repeats_of_these():
    project = catalog().make_project("resnet")
    parts = parts_of(project)
    (whole,) = parts.wholes
    for part in parts.walk():
        assert part.weights == sum(each.weights for each in part.inside) or not part.inside, part
    block = next(part for part in whole.inside if part.inside)
    inner = block.inside[0]
    deep = with_stage(project, 0, learns=(inner.name,))
    assert parts_of(deep).share(block) == "some"
    assert parts.learns_of([inner]) == (inner.name,)
    assert parts.learns_of(block.inside) == (block.name,)
    assert check(deep).can_run


def test_only_parts_of_the_same_sizes_are_offered_to_begin_with():
    diagnosis = check(catalog().make_project("stacked-autoencoder"))
    offered = sources_for(diagnosis, "Autoencoder 1/Encoder")
    own = diagnosis.graphs["Autoencoder 1"].nodes["Encoder"].weights
    assert offered
    for name in offered:
        network, node = name.split("/")
        assert diagnosis.graphs[network].nodes[node].weights == own
    assert "Autoencoder 1/Encoder" not in offered


@pytest.fixture
def document(qapp: QApplication) -> Document:
    return Document(catalog().make_project(LAYERS))


@pytest.fixture
def dialog(document: Document, below: QWidget) -> PartsDialog:
    """Over the last stage of a classifier that has grown from autoencoders."""
    return opened(document, below)


def opened(document: Document, below: QWidget) -> PartsDialog:
    return PartsDialog(below, document, len(document.project.training.stages) - 1)


def tick(dialog: PartsDialog, part: Part, state: Qt.CheckState) -> None:
    dialog.tree.items[part].setCheckState(0, state)
    QApplication.processEvents()


def test_a_tick_that_is_taken_away_freezes_a_node_and_one_undo_lets_it_learn_again(
    document: Document, dialog: PartsDialog, qtbot: QtBot
):
    before = document.project
    whole = dialog.parts.wholes[0]
    part = whole.inside[0]
    tick(dialog, part, Qt.CheckState.Unchecked)
    assert dialog.tree.items[whole].checkState(0) is Qt.CheckState.PartiallyChecked
    qtbot.mouseClick(dialog.use, Qt.MouseButton.LeftButton)
    stage = document.project.training.stages[-1]
    assert part.name not in stage.learns
    assert stage.learns
    assert document.diagnosis.can_run
    document.undo()
    assert document.project is before


def test_something_has_to_learn(dialog: PartsDialog):
    whole = dialog.parts.wholes[0]
    tick(dialog, whole, Qt.CheckState.Unchecked)
    assert not dialog.use.isEnabled()
    assert dialog.hint.text() == NOTHING
    tick(dialog, whole.inside[0], Qt.CheckState.Checked)
    assert dialog.use.isEnabled()
    assert dialog.hint.text() == HINT


def test_what_would_be_wrong_with_a_choice_is_said_before_it_is_used(qtbot: QtBot, below: QWidget):
    dialog = opened(Document(catalog().make_project(GAN)), below)
    ticked = next(part for part in dialog.parts.wholes if dialog.parts.share(part) == "all")
    tick(dialog, ticked, Qt.CheckState.Unchecked)
    assert f"nothing learns from {ticked.objective!r}" in dialog.hint.text()
    tick(dialog, ticked, Qt.CheckState.Checked)
    assert dialog.hint.text() == HINT


def test_a_part_is_let_begin_with_the_weights_of_another_or_with_its_own(
    document: Document, dialog: PartsDialog, qtbot: QtBot, below: QWidget
):
    part = next(part for part in dialog.parts.walk() if sources_for(document.diagnosis, part.name))
    menu = dialog.offers(part)
    texts = [action.text() for action in menu.actions()]
    assert texts[0] == OWN
    menu.actions()[1].trigger()
    assert dialog.tree.items[part].text(2) == texts[1]
    qtbot.mouseClick(dialog.use, Qt.MouseButton.LeftButton)
    assert document.project.training.stages[-1].takes[part.name] == texts[1]
    again = opened(document, below)
    again.offers(part).actions()[0].trigger()
    qtbot.mouseClick(again.use, Qt.MouseButton.LeftButton)
    assert part.name not in document.project.training.stages[-1].takes


def test_cancel_changes_nothing_and_to_use_what_is_so_already_is_no_step(
    document: Document, dialog: PartsDialog, qtbot: QtBot, below: QWidget
):
    before = document.project
    tick(dialog, dialog.parts.wholes[0].inside[0], Qt.CheckState.Unchecked)
    qtbot.mouseClick(dialog.cancel, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(opened(document, below).use, Qt.MouseButton.LeftButton)
    assert document.project is before
