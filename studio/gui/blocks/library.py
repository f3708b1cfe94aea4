"""The person's own blocks: a folder with a small project for each, which every project may take from."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from studio.core import loom
from studio.core.adopting import Adopted, adopt, alone
from studio.core.problem import ProjectError
from studio.core.project import Project
from studio.core.renaming import rename_graph
from studio.training.run import layerloom_folder

SUFFIX = ".loom"
LONGEST = 80


@dataclass(frozen=True, slots=True)
class Saved:
    """A block of the library: what it is called, its file, and the project that holds it and what it needs."""

    name: str
    path: Path
    project: Project


@dataclass(frozen=True, slots=True)
class Contents:
    """What lies in the library, in the order of names, and a sentence for each file that cannot be read."""

    blocks: tuple[Saved, ...] = ()
    complaints: tuple[str, ...] = ()


def library_folder() -> Path:
    """Where the blocks of this person lie."""
    return layerloom_folder() / "blocks"


class Library:
    """Reads and writes the folder. A file that was read once is read again only when it is another."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._read: dict[Path, tuple[float, Saved | str]] = {}

    @property
    def folder(self) -> Path:
        return self._folder or library_folder()

    def contents(self) -> Contents:
        """Everything that is there; files that are broken are passed over, with a sentence each."""
        found = [self._entry(path) for path in sorted(self.folder.glob(f"*{SUFFIX}"))]
        blocks = sorted((each for each in found if isinstance(each, Saved)), key=lambda each: each.name.lower())
        return Contents(tuple(blocks), tuple(each for each in found if isinstance(each, str)))

    def block(self, name: str) -> Saved:
        """The block of this name. Raises ProjectError where it is gone."""
        found = next((each for each in self.contents().blocks if each.name == name), None)
        if found is None:
            raise ProjectError(f"There is no block {name!r:.80} in your library any more.")
        return found

    def holds(self, name: str) -> bool:
        return any(each.name == name for each in self.contents().blocks)

    def save(self, project: Project, graph: str, *, as_name: str = "") -> str:
        """Keep a block with all it needs, in place of one of that name; answers with its name. Raises ProjectError."""
        return self._write(_called(alone(project, graph), as_name or graph))

    def bring(self, name: str, project: Project) -> tuple[Adopted, str]:
        """The project with a block of the library in it, and what its graph is called there. Raises ProjectError."""
        saved = self.block(name)
        adopted = adopt(project, saved.project, [saved.name])
        return adopted, adopted.names[saved.name]

    def rename(self, old: str, new: str) -> None:
        """Call a block otherwise. Raises ProjectError for a name in use."""
        if new != old and self.holds(new):
            raise ProjectError(f"There is a block {new!r:.80} in your library already.")
        saved = self.block(old)
        self._write(_called(saved.project, new))
        if self._path(new) != saved.path:
            self._remove(saved.path)

    def remove(self, name: str) -> None:
        """Forget a block; projects that took it keep theirs. Raises ProjectError."""
        self._remove(self.block(name).path)

    def _entry(self, path: Path) -> Saved | str:
        try:
            stamp = path.stat().st_mtime
        except OSError as error:
            return f"{path.name} cannot be read: {error.strerror or error}."
        known = self._read.get(path)
        if known is None or known[0] != stamp:
            known = self._read[path] = stamp, _loaded(path)
        return known[1]

    def _write(self, project: Project) -> str:
        path = next((s.path for s in self.contents().blocks if s.name == project.name), self._path(project.name))
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ProjectError(f"{self.folder} cannot be made: {error.strerror or error}.") from None
        loom.save(project, path)
        self._read.pop(path, None)
        return project.name

    def _remove(self, path: Path) -> None:
        self._read.pop(path, None)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise ProjectError(f"{path.name} cannot be removed: {error.strerror or error}.") from None

    def _path(self, name: str) -> Path:
        """The file of a block: its name as far as every system takes it, with a number where that is taken."""
        stem = re.sub(r"[^\w \-]+", "_", name).strip(" ._")[:LONGEST] or "Block"
        taken = {each.path: each.name for each in self.contents().blocks}
        path, number = self.folder / f"{stem}{SUFFIX}", 2
        while path.exists() and taken.get(path) != name:
            path, number = self.folder / f"{stem} {number}{SUFFIX}", number + 1
        return path


def _called(project: Project, name: str) -> Project:
    """A project of one block under another name; that graph is the first."""
    root = next(iter(project.graphs))
    others = {key: graph for key, graph in project.graphs.items() if key != root}
    taken = rename_graph(project, name, f"{name} 2") if name in others else project
    return replace(rename_graph(taken, root, name), name=name)


def _loaded(path: Path) -> Saved | str:
    try:
        project = loom.load(path)
    except ProjectError as error:
        return f"A block of your library was passed over: {error}"
    if project.name not in project.graphs or project.graphs[project.name].role != "block":
        return f"A block of your library was passed over: {path.name} holds no block called {project.name!r:.80}."
    return Saved(project.name, path, project)
