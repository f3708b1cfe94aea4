"""The open project: undo, its file, and the copy that survives a crash."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from studio.core import loom
from studio.core.catalog import catalog
from studio.core.problem import ProjectError
from studio.core.project import Project
from studio.gui.document import Document
from studio.gui.recovery import left_behind

EDITED = """
import os, sys
from dataclasses import replace
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from studio.gui.document import Document
app = QCoreApplication([])
document = Document()
document.open(document.project, Path(sys.argv[1]))
document.apply(replace(document.project, name="Not saved"), "Rename")
document.keep_copy()
os._exit(9)
"""


@pytest.fixture
def document(qtbot: QtBot) -> Document:
    return Document(catalog().make_project("lenet5"))


def test_undo_gives_back_the_very_value_and_redo_the_edit(document: Document):
    before = document.project
    document.apply(replace(before, name="Other"), "Rename")
    document.undo()
    assert document.project is before
    assert not document.is_edited
    document.redo()
    assert document.project.name == "Other"


def test_quick_edits_of_one_setting_are_one_step(document: Document):
    for count in (2, 3, 4):
        training = replace(document.project.training, batch=count)
        document.apply(replace(document.project, training=training), "Batch", merge=True)
    assert [step.label for step in document.steps] == ["Open", "Batch"]
    assert document.project.training.batch == 4


def test_an_edit_after_saving_never_swallows_the_saved_value(document: Document, tmp_path: Path):
    document.apply(replace(document.project, name="A"), "Rename", merge=True)
    document.save(tmp_path / "a.loom")
    document.apply(replace(document.project, name="B"), "Rename", merge=True)
    document.undo()
    assert document.project.name == "A"
    assert not document.is_edited


def test_a_change_is_told_with_a_diagnosis_that_is_up_to_date(document: Document, qtbot: QtBot):
    graph = document.project.graphs["LeNet-5"]
    with qtbot.waitSignal(document.changed) as told:
        document.apply_graph("LeNet-5", graph.remove(["Flatten"]), "Delete")
    assert told.args[0].graphs["LeNet-5"].nodes_removed == {"Flatten"}
    assert any(problem.node == "C5" for problem in document.diagnosis.problems)


def test_saving_gives_the_suffix_and_the_name(qtbot: QtBot, tmp_path: Path):
    document = Document(Project())
    document.save(tmp_path / "My net")
    assert document.path == tmp_path / "My net.loom"
    assert loom.load(document.path).name == "My net"


def test_a_folder_that_is_missing_is_said_and_nothing_is_lost(document: Document, tmp_path: Path):
    document.apply(replace(document.project, name="Kept"), "Rename")
    with pytest.raises(ProjectError, match="cannot be written"):
        document.save(tmp_path / "nowhere" / "a.loom")
    assert document.is_edited
    assert document.path is None


def test_unsaved_work_of_a_process_that_crashed_is_found(tmp_path: Path):
    original = tmp_path / "mine.loom"
    ended = subprocess.run([sys.executable, "-c", EDITED, str(original)], env=os.environ, check=False)
    assert ended.returncode == 9
    (found,) = left_behind()
    assert found.note.original == original
    assert found.project().name == "Not saved"
    found.discard()
    assert not left_behind()


def test_work_of_a_window_that_is_alive_is_not_offered(document: Document):
    document.apply(replace(document.project, name="Mine"), "Rename")
    document.keep_copy()
    assert not left_behind()


def test_a_copy_is_written_by_itself_after_a_pause(document: Document, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch):
    document._idle.setInterval(10)
    document.apply(replace(document.project, name="Mine"), "Rename")
    copies = Path(os.environ["XDG_STATE_HOME"]) / "layerloom" / "recovery"
    qtbot.waitUntil(lambda: any(copies.glob("*.loom")), timeout=3000)
    document.let_go()
    assert not list(copies.glob("*.loom"))
