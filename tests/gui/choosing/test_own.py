"""What parts of a stage have alone is chosen in a tree and a form that shows what they follow else."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from studio.compiler.check import check
from studio.core.catalog import catalog
from studio.core.project import Project
from studio.gui.choosing.own import Followed, Own, with_own
from studio.gui.choosing.own_dialog import HINT, OwnDialog
from studio.gui.choosing.parts import Part
from studio.gui.document import Document
from studio.gui.inspector.fields import NumberField
from tests.compiler.test_stage_rules import GAN, with_stage

TELLING, FOOLING = GAN.training.stages[0].objectives
RATE = GAN.training.stages[0].learning_rate


def followed(project: Project) -> dict[str, Part]:
    found = Followed.of(project, check(project), project.training.stages[0])
    return {part.name: part for whole in found.parts for part in whole.walk()}


def defaults(project: Project, name: str, own: Own) -> dict[str, object]:
    found = Followed.of(project, check(project), project.training.stages[0])
    return {setting.name: setting.default for setting in found.settings(followed(project)[name], own)}


def test_a_part_follows_what_it_lies_in_and_that_the_objective_that_teaches_it():
    own: Own = {FOOLING: {"momentum": 0.3, "learning_rate": 0.5}, "Generator": {"weight_decay": 0.2}}
    assert defaults(GAN, FOOLING, own)["learning_rate"] == RATE
    node = next(name for name in followed(GAN) if name.startswith("Generator/"))
    expected = {"learning_rate": 0.5, "momentum": 0.3, "weight_decay": 0.2}
    assert defaults(GAN, node, own).items() >= expected.items()
    assert defaults(GAN, "Generator", own)["weight_decay"] == 0.0
    assert defaults(GAN, "Discriminator", own)["learning_rate"] == RATE


def test_only_objectives_have_a_rule_and_clipping_of_their_own():
    assert {"optimizer", "clip"} <= defaults(GAN, TELLING, {}).keys()
    assert not {"optimizer", "clip"} & defaults(GAN, "Generator", {}).keys()
    assert TELLING in followed(GAN)
    alone = followed(catalog().make_project("mlp"))
    assert all(part.network for part in alone.values()), "one objective learns as its stage says"


def test_a_value_that_is_followed_anyway_is_none_of_its_own():
    found = Followed.of(GAN, check(GAN), GAN.training.stages[0])
    part = followed(GAN)["Generator"]
    rate = next(setting for setting in found.settings(part, {}) if setting.name == "learning_rate")
    own = with_own({TELLING: {"clip": 1.0}}, "Generator", rate, 0.5)
    assert own == {TELLING: {"clip": 1.0}, "Generator": {"learning_rate": 0.5}}
    assert with_own(own, "Generator", rate, RATE) == {TELLING: {"clip": 1.0}}


@pytest.fixture
def dialog(document: Document, below: QWidget) -> OwnDialog:
    return opened(document, below)


def opened(document: Document, below: QWidget) -> OwnDialog:
    found = OwnDialog(below, document, 0)
    found.show()
    return found


def at(dialog: OwnDialog, name: str) -> Part:
    """Go to a part."""
    part = next(part for part in dialog.tree.items if part.name == name)
    dialog.tree.setCurrentItem(dialog.tree.items[part])
    return part


def give(dialog: OwnDialog, setting: str, value: str, qtbot: QtBot) -> None:
    """Type a number, and leave the field by Enter."""
    field = dialog.form.rows[setting].field
    assert isinstance(field, NumberField)
    field.edit.lineEdit().selectAll()
    qtbot.keyClicks(field.edit.lineEdit(), value)
    qtbot.keyClick(field.edit.lineEdit(), Qt.Key.Key_Return)


def test_a_network_is_given_a_rate_of_its_own_and_one_undo_takes_it_away(
    document: Document, dialog: OwnDialog, qtbot: QtBot
):
    before = document.project
    part = at(dialog, "Discriminator")
    give(dialog, "learning_rate", "0.004", qtbot)
    give(dialog, "weight_decay", "0.1", qtbot)
    assert dialog.tree.items[part].text(2) == "learning rate 0.004, weight decay 0.1"
    assert dialog.isVisible(), "Enter is for the value"
    reset = dialog.form.rows["weight_decay"].reset
    assert reset.isVisible()
    assert reset.accessibleName() == "Back to 0"
    qtbot.mouseClick(reset, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(dialog.use, Qt.MouseButton.LeftButton)
    assert document.project.training.stages[0].own == {"Discriminator": {"learning_rate": 0.004}}
    assert document.diagnosis.can_run
    document.undo()
    assert document.project is before


def test_what_lies_inside_shows_what_it_follows(dialog: OwnDialog, qtbot: QtBot):
    part = at(dialog, "Generator")
    give(dialog, "learning_rate", "0.5", qtbot)
    at(dialog, part.inside[0].name)
    assert dialog.form.rows["learning_rate"].setting.default == 0.5
    assert not dialog.clear.isVisible()


def test_a_value_that_cannot_be_is_said_at_its_field_and_cannot_be_used(dialog: OwnDialog, qtbot: QtBot):
    at(dialog, "Discriminator")
    give(dialog, "learning_rate", "0", qtbot)
    assert "greater than 0" in dialog.form.rows["learning_rate"].note.text()
    assert "Discriminator: Learning rate should be greater than 0" in dialog.hint.text()
    assert not dialog.use.isEnabled()
    at(dialog, "Generator")
    assert not dialog.use.isEnabled()
    at(dialog, "Discriminator")
    qtbot.mouseClick(dialog.clear, Qt.MouseButton.LeftButton)
    assert (dialog.own, dialog.hint.text(), dialog.use.isEnabled()) == ({}, HINT, True)


def test_settings_that_do_not_go_together_are_said_while_they_are_chosen(dialog: OwnDialog):
    at(dialog, TELLING)
    dialog.form.edited.emit("optimizer", "adamw")
    dialog.form.edited.emit("l2", 0.1)
    assert f"for {TELLING!r}: AdamW keeps weight decay out of the gradient" in dialog.hint.text()
    assert dialog.use.isEnabled()


def test_what_stays_as_it_is_needs_no_settings_but_can_lose_those_it_has(qtbot: QtBot, below: QWidget):
    frozen = with_stage(GAN, objectives=(TELLING,), every=(), learns=("Discriminator",), own={"Generator": {"l2": 0.5}})
    dialog = opened(Document(frozen), below)
    generator = at(dialog, "Generator")
    assert dialog.tree.items[generator].text(2) == "l2 0.5"
    assert dialog.form.isEnabled()
    qtbot.mouseClick(dialog.clear, Qt.MouseButton.LeftButton)
    assert dialog.tree.items[generator].text(2) == "stays as it is"
    assert not dialog.form.isEnabled()
    qtbot.mouseClick(dialog.use, Qt.MouseButton.LeftButton)
    assert dialog.document.project.training.stages[0].own == {}
