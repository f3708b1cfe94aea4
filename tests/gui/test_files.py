"""Saving: what another program wrote meanwhile is not lost, and what cannot be written is said."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from studio.core import loom
from studio.core.catalog import catalog
from studio.core.problem import ProjectError
from studio.gui.window import Window
from tests.gui.conftest import Asked, OpenWindow


@pytest.fixture
def path(tmp_path: Path) -> Path:
    place = tmp_path / "mine.loom"
    loom.save(catalog().make_project("lenet5"), place)
    return place


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    sentences: list[str] = []
    monkeypatch.setattr("studio.gui.window.Window.say", lambda _, sentence: sentences.append(sentence))
    return sentences


@pytest.fixture
def opened(said: list[str], open_window: OpenWindow, path: Path) -> Window:
    """A window on the file, with an edit that is not saved."""
    window = open_window(str(path))
    window.document.apply(replace(window.document.project, name="Mine"), "Rename")
    return window


def overtake(path: Path) -> None:
    """Another program writes the file."""
    loom.save(replace(loom.load(path), name="Theirs"), path)


def choose(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """The person types this into the dialog for a file."""
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (name, ""))


def test_a_file_that_nobody_else_changed_is_saved_without_a_question(opened: Window, path: Path, asked: Asked):
    opened.run("Save")
    opened.document.apply(replace(opened.document.project, name="Mine again"), "Rename")
    opened.run("Save")
    assert not asked.sentences
    assert loom.load(path).name == "Mine again"


def test_a_file_that_was_only_touched_is_saved_without_a_question(opened: Window, path: Path, asked: Asked):
    path.write_text(path.read_text())
    opened.run("Save")
    assert not asked.sentences


def test_a_file_that_another_program_changed_is_not_overwritten_unasked(opened: Window, path: Path, asked: Asked):
    overtake(path)
    asked.plan("")
    opened.run("Save")
    assert "mine.loom was changed by another program" in asked.sentences[0]
    assert loom.load(path).name == "Theirs"
    assert opened.document.is_edited
    asked.plan("Overwrite")
    opened.run("Save")
    assert loom.load(path).name == "Mine"
    assert not opened.document.is_edited


def test_a_reload_takes_the_file_and_undo_brings_back_what_was_here(opened: Window, path: Path, asked: Asked):
    overtake(path)
    asked.plan("Reload")
    opened.run("Save")
    assert opened.document.project.name == "Theirs"
    assert not opened.document.is_edited
    opened.run("Undo")
    assert opened.document.project.name == "Mine"
    assert opened.document.is_edited
    opened.run("Save")
    assert len(asked.sentences) == 1
    assert loom.load(path).name == "Mine"


def test_a_window_stays_where_closing_ended_in_a_reload(opened: Window, path: Path, asked: Asked):
    overtake(path)
    asked.plan("Save", "Reload")
    opened.close()
    assert opened.isVisible()
    assert opened.document.project.name == "Theirs"


def test_saving_beside_what_another_program_wrote_keeps_both(
    opened: Window, path: Path, asked: Asked, monkeypatch: pytest.MonkeyPatch
):
    overtake(path)
    asked.plan("Save as…")
    choose(monkeypatch, str(path.with_name("other.loom")))
    opened.run("Save")
    assert loom.load(path).name == "Theirs"
    assert loom.load(path.with_name("other.loom")).name == "Mine"


def test_a_reload_of_a_damaged_file_is_said_and_changes_nothing(
    opened: Window, path: Path, asked: Asked, said: list[str]
):
    path.write_text("{")
    asked.plan("Reload")
    opened.run("Save")
    assert "no valid JSON" in said[0]
    assert opened.document.project.name == "Mine"


def test_a_file_that_is_gone_is_written_anew(opened: Window, path: Path, asked: Asked):
    path.unlink()
    opened.run("Save")
    assert not asked.sentences
    assert loom.load(path).name == "Mine"


def test_a_name_without_its_ending_does_not_overwrite_a_file_unasked(
    opened: Window, path: Path, asked: Asked, monkeypatch: pytest.MonkeyPatch
):
    other = path.with_name("other.loom")
    other.write_text("kept")
    choose(monkeypatch, str(path.with_name("other")))
    asked.plan("")
    opened.run("Save as…")
    assert other.read_text() == "kept"
    asked.plan("Overwrite")
    opened.run("Save as…")
    assert loom.load(other).name == "Mine"
    assert opened.document.path == other


def test_a_read_only_file_is_said_and_stays(opened: Window, path: Path, said: list[str]):
    before = path.read_text()
    path.chmod(0o444)
    opened.run("Save")
    assert said[0] == f"{path} is read-only. Save under another name, or allow writing to it."
    assert path.read_text() == before
    assert opened.document.is_edited


def test_a_folder_that_cannot_be_written_is_said(opened: Window, path: Path, said: list[str], tmp_path: Path):
    opened.document.path = tmp_path / "gone" / "mine.loom"
    opened.run("Save")
    assert "cannot be written" in said[0]
    assert opened.document.is_edited


def test_a_link_goes_on_pointing_at_its_file(tmp_path: Path, path: Path):
    link = tmp_path / "link.loom"
    link.symlink_to(path)
    loom.save(replace(loom.load(link), name="Through the link"), link)
    assert link.is_symlink()
    assert loom.load(path).name == "Through the link"


def test_a_read_only_file_is_refused_by_whoever_saves(path: Path):
    path.chmod(0o400)
    with pytest.raises(ProjectError, match="is read-only"):
        loom.save(catalog().make_project("mlp"), path)
    assert loom.load(path).template == "lenet5"
