"""Blocks kept for other projects: files that hold all they need, under names that every system takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.core import loom
from studio.core.graph import Graph, Node
from studio.core.problem import ProjectError
from studio.core.project import Project
from studio.gui.blocks.library import Library


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "blocks")


@pytest.fixture
def project() -> Project:
    inner = Graph({"l": Node("Linear", {"features": "=width"})}, role="block")
    outer = Graph({"Inner": Node("Block", graph="Inner")}, role="block")
    return Project("p", {"N": Graph({}), "Outer": outer, "Inner": inner}, {"width": 3, "spare": 1})


def test_a_saved_block_holds_what_it_needs_and_nothing_else(library: Library, project: Project) -> None:
    assert library.save(project, "Outer") == "Outer"
    (saved,) = library.contents().blocks
    assert list(saved.project.graphs) == ["Outer", "Inner"]
    assert saved.project.variables == {"width": 3}
    adopted, title = library.bring("Outer", Project("q"))
    assert (title, adopted.project.graphs) == ("Outer", saved.project.graphs)


def test_an_empty_or_missing_folder_is_an_empty_library(library: Library) -> None:
    assert library.contents().blocks == ()
    with pytest.raises(ProjectError, match="no block 'Gone'"):
        library.bring("Gone", Project("q"))


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b", "CON?", "Über Block", "…", "x" * 150])
def test_any_name_gets_a_file_in_the_folder(library: Library, project: Project, name: str) -> None:
    library.save(project, "Inner", as_name=name)
    (saved,) = library.contents().blocks
    assert saved.name == name
    assert saved.path.parent == library.folder
    library.remove(name)
    assert list(library.folder.iterdir()) == []


def test_names_that_would_be_one_file_are_two(library: Library, project: Project) -> None:
    library.save(project, "Inner", as_name="a/b")
    library.save(project, "Inner", as_name="a?b")
    library.save(project, "Inner", as_name="a/b")
    assert [each.name for each in library.contents().blocks] == ["a/b", "a?b"]


def test_a_block_renamed_to_what_it_holds_keeps_both(library: Library, project: Project) -> None:
    library.save(project, "Outer")
    library.rename("Outer", "Inner")
    (saved,) = library.contents().blocks
    assert list(saved.project.graphs) == ["Inner", "Inner 2"]
    assert saved.project.graphs["Inner"].nodes["Inner"].graph == "Inner 2"
    library.save(project, "Outer")
    with pytest.raises(ProjectError, match="in your library already"):
        library.rename("Outer", "Inner")


def test_files_that_hold_no_block_are_passed_over_in_words(library: Library, project: Project) -> None:
    library.save(project, "Inner")
    loom.save(Project("N", {"N": Graph({})}), library.folder / "network.loom")
    (library.folder / "broken.loom").write_bytes(b"\xff\x00")
    contents = library.contents()
    assert [each.name for each in contents.blocks] == ["Inner"]
    assert len(contents.complaints) == 2
    assert all("was passed over" in sentence for sentence in contents.complaints)


def test_a_file_changed_by_another_window_is_read_again(library: Library, project: Project) -> None:
    library.save(project, "Inner")
    (saved,) = library.contents().blocks
    other = Library(library.folder)
    other.remove("Inner")
    assert library.contents().blocks == ()
    assert saved.project.name == "Inner"
