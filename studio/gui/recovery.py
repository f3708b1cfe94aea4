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


class RecoveryCopy:
    """The copy of one open project. A lock beside it says that its window is alive."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or recovery_folder()
        self._stem = uuid.uuid4().hex
        self._lock = QLockFile(str(self._folder / f"{self._stem}.lock"))
        self._lock.setStaleLockTime(0)  # only the end of its process makes a lock stale, never its age

    def write(self, project: Project, path: Path | None) -> None:
        """Keep the project as it is now, whole or not at all. Raises ProjectError where the disk refuses."""
        if not self._lock.isLocked() and not self._lock.tryLock(0):
            raise ProjectError(f"{self._folder} cannot be written, so unsaved work would not survive a crash.")
        loom.save(project, self._folder / f"{self._stem}.loom")
        note = self._folder / f"{self._stem}.json"
        note.write_text(json.dumps({"path": str(path) if path else ""}), encoding="utf-8")

    def discard(self) -> None:
        """Remove the copy: the work is saved, or the person let it go."""
        _remove(self._folder, self._stem)
        self._lock.unlock()


@dataclass(frozen=True, slots=True)
class Recovered:
    """Work that a window left behind when it ended without being closed."""

    folder: Path
    stem: str
    original: Path | None
    saved: datetime

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
            found.append(Recovered(home, copy.stem, _original(copy), datetime.fromtimestamp(copy.stat().st_mtime)))
    return sorted(found, key=lambda item: item.saved, reverse=True)


def _original(copy: Path) -> Path | None:
    """The file that the copy belongs to; None where it was never saved or the note is lost."""
    try:
        text = json.loads(copy.with_suffix(".json").read_text(encoding="utf-8"))["path"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Path(text) if text else None


def _remove(folder: Path, stem: str) -> None:
    for suffix in (".loom", ".json"):
        path = folder / f"{stem}{suffix}"
        if os.path.lexists(path):
            path.unlink()
