"""What learns in a stage, and with which weights its parts begin, is chosen in a tree."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from studio.compiler.check import check
from studio.core.catalog import catalog
from studio.core.project import Project
from studio.gui.stages.parts import Parts, sources_for
from studio.gui.stages.parts_dialog import HINT, NOTHING, OWN, PartsDialog
from studio.gui.window import Window

GAN = "gan"
LAYERS = "stacked-autoencoder-classifier"


def with_stage(project: Project, number: int, **changes: Any) -> Project:
    stages = list(project.training.stages)
    stages[number] = replace(stages[number], **changes)
    return replace(project, training=replace(project.training, stages=tuple(stages)))


def parts_of(project: Project, number: int = 0) -> Parts:
    return Parts.of(project, check(project), project.training.stages[number])


@pytest.mark.parametrize("name", sorted(catalog().templates))
def test_what_a_template_teaches_is_written_down_as_it_is_read(name: str):
    project = catalog().make_project(name)
    for number, stage in enumerate(project.training.stages):
        parts = parts_of(project, number)
        taught = [part for rows in parts.rows.values() for part in rows if parts.share(part) == "all"]
        again = with_stage(project, number, learns=parts.learns_of(taught))
        shares = {part: parts.share(part) for rows in parts.rows.values() for part in rows}
        assert {part: parts_of(again, number).share(part) for part in shares} == shares
        assert not check(again).problems, stage.name


def test_all_of_it_is_said_by_nothing_and_a_whole_network_by_its_name():
    project = catalog().make_project("mlp")
    parts = parts_of(project)
    ((whole, *nodes),) = parts.rows.values()
    assert parts.learns_of([whole, *nodes]) == ()
    assert parts.learns_of(nodes[:1]) == (nodes[0].name,)
    gan = parts_of(catalog().make_project(GAN))
    players = [rows[0] for rows in gan.rows.values()]
    assert gan.learns_of(players) == ()
    first = players[0]
    assert gan.learns_of([first]) == (f"{first.objective}: {first.network}",)


def test_what_is_taught_deeper_inside_of_a_block_stays():
    project = catalog().make_project("resnet")
    (network,) = project.networks
    block = next(name for name, node in project.graphs[network].nodes.items() if node.graph)
    inner = check(project).graphs[network].nodes[block].inner
    assert inner is not None
    node = next(name for name, found in inner.nodes.items() if found.weight_count)
    deep = with_stage(project, 0, learns=(f"{network}/{block}/{node}",))
    parts = parts_of(deep)
    (rows,) = parts.rows.values()
    assert parts.share(next(part for part in rows if part.path == block)) == "some"
    assert parts.learns_of([]) == deep.training.stages[0].learns
    other = next(part for part in rows if part.path not in ("", block))
    assert set(parts.learns_of([other])) == {f"{network}/{block}/{node}", other.name}


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
def dialog(window: Window) -> PartsDialog:
    """Over the last stage of a classifier that has grown from autoencoders."""
    window.document.open(catalog().make_project(LAYERS))
    window.workbench.place.choose_stage(len(window.document.project.training.stages) - 1)
    window.run("Choose what learns…")
    (found,) = window.findChildren(PartsDialog)
    return found


def test_a_tick_that_is_taken_away_freezes_a_node_and_one_undo_lets_it_learn_again(
    window: Window, dialog: PartsDialog, qtbot: QtBot
):
    before = window.document.project
    part = next(part for part in dialog.items if part.path)
    whole = next(each for each in dialog.items if each.network == part.network and not each.path)
    dialog.items[part].setCheckState(0, Qt.CheckState.Unchecked)
    assert dialog.items[whole].checkState(0) is Qt.CheckState.PartiallyChecked
    qtbot.mouseClick(dialog.use, Qt.MouseButton.LeftButton)
    stage = window.document.project.training.stages[-1]
    assert part.name not in stage.learns
    assert stage.learns
    assert check(window.document.project).can_run
    window.run("Undo")
    assert window.document.project is before


def test_something_has_to_learn(dialog: PartsDialog):
    for part in [part for part in dialog.items if not part.path]:
        dialog.items[part].setCheckState(0, Qt.CheckState.Unchecked)
    assert not dialog.use.isEnabled()
    assert dialog.hint.text() == NOTHING
    first = next(iter(dialog.items.values()))
    first.setCheckState(0, Qt.CheckState.Checked)
    assert dialog.use.isEnabled()
    assert dialog.hint.text() == HINT


def test_a_part_is_let_begin_with_the_weights_of_another_or_with_its_own(
    window: Window, dialog: PartsDialog, qtbot: QtBot
):
    part = next(part for part in dialog.items if sources_for(window.document.diagnosis, part.name))
    menu = dialog.offers(part)
    texts = [action.text() for action in menu.actions()]
    assert texts[0] == OWN
    menu.actions()[1].trigger()
    assert dialog.items[part].text(2) == texts[1]
    qtbot.mouseClick(dialog.use, Qt.MouseButton.LeftButton)
    assert window.document.project.training.stages[-1].takes[part.name] == texts[1]
    window.run("Choose what learns…")
    again = window.findChildren(PartsDialog)[-1]
    again.offers(part).actions()[0].trigger()
    qtbot.mouseClick(again.use, Qt.MouseButton.LeftButton)
    assert part.name not in window.document.project.training.stages[-1].takes


def test_enter_offers_the_weights_and_cancel_changes_nothing(window: Window, dialog: PartsDialog, qtbot: QtBot):
    before = window.document.project
    dialog.tree.setCurrentItem(next(iter(dialog.items.values())))
    qtbot.keyClick(dialog.tree, Qt.Key.Key_Space)
    qtbot.mouseClick(dialog.cancel, Qt.MouseButton.LeftButton)
    assert window.document.project is before
