"""Copies of unsaved work that bring a project back after a crash."""

from __future__ import annotations

import json
import os
import uuid
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from platformdirs import user_state_path
from PySide6.QtCore import QLockFile

from studio.core import loom
from studio.core.problem import ProjectError
from studio.core.project import Project


def recovery_folder() -> Path:
    """Where the copies lie; made when first needed."""
    folder = user_state_path("layerloom", appauthor=False) / "recovery"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@dataclass(frozen=True, slots=True)
class Note:
    """What is kept beside a copy: whose it is, and what it was doing."""

    original: Path | None = None
    """The file of the project; None where it was never saved."""
    held: str = ""
    """Digest of that file as it was last read or written by the window."""
    run: Path | None = None
    """Folder of the training that went on."""
    edited: bool = True
    """Whether the copy holds more than the file."""

    def dumps(self) -> str:
        texts = {"path": str(self.original or ""), "held": self.held, "run": str(self.run or "")}
        return json.dumps({**texts, "edited": self.edited})

    @classmethod
    def loads(cls, text: str) -> Note:
        """The note that was written; an empty one where the text is damaged."""
        try:
            said = json.loads(text)
            path, held, run = (str(said.get(name, "")) for name in ("path", "held", "run"))
            return cls(Path(path) if path else None, held, Path(run) if run else None, bool(said.get("edited", True)))
        except (ValueError, AttributeError):
            return cls()


class RecoveryCopy:
    """The copy of one open project. A lock beside it says that its window is alive."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or recovery_folder()
        self._stem = uuid.uuid4().hex
        self._lock = QLockFile(str(self._folder / f"{self._stem}.lock"))
        self._lock.setStaleLockTime(0)  # only the end of its process makes a lock stale, never its age

    def write(self, project: Project, note: Note) -> None:
        """Keep the project as it is now, whole or not at all. Raises ProjectError where the disk refuses."""
        if not self._lock.isLocked() and not self._lock.tryLock(0):
            raise ProjectError(f"{self._folder} cannot be written, so unsaved work would not survive a crash.")
        loom.save(project, self._folder / f"{self._stem}.loom")
        (self._folder / f"{self._stem}.json").write_text(note.dumps(), encoding="utf-8")

    def discard(self) -> None:
        """Remove the copy: the work is saved, or the person let it go."""
        _remove(self._folder, self._stem)
        self._lock.unlock()


@dataclass(frozen=True, slots=True)
class Recovered:
    """Work that a window left behind when it ended without being closed."""

    folder: Path
    stem: str
    note: Note
    saved: datetime

    @property
    def title(self) -> str:
        """What a person knows it by: the file's name, or the project's own where it was never saved."""
        if self.note.original is not None:
            return self.note.original.name
        try:
            return f"{self.project().name}, never saved"
        except ProjectError:
            return "A project that was never saved"

    def project(self) -> Project:
        """The project as it was last kept. Raises ProjectError where the copy is damaged."""
        return loom.load(self.folder / f"{self.stem}.loom")

    def discard(self) -> None:
        _remove(self.folder, self.stem)


def left_behind(folder: Path | None = None) -> list[Recovered]:
    """What crashed windows left, newest first; copies of windows that are alive are not touched."""
    home = folder or recovery_folder()
    found = []
    for copy in home.glob("*.loom"):
        lock = QLockFile(str(home / f"{copy.stem}.lock"))
        lock.setStaleLockTime(0)
        if lock.tryLock(0):
            lock.unlock()
            found.append(Recovered(home, copy.stem, _note(copy), datetime.fromtimestamp(copy.stat().st_mtime)))
    return sorted(found, key=lambda item: item.saved, reverse=True)


def _note(copy: Path) -> Note:
    try:
        return Note.loads(copy.with_suffix(".json").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return Note()


def _remove(folder: Path, stem: str) -> None:
    for suffix in (".loom", ".json"):
        path = folder / f"{stem}{suffix}"
        if os.path.lexists(path):
            path.unlink()
