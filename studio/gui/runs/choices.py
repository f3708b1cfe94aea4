"""What a person chose for the table of runs: its columns, and the folders whose runs it shows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QFileDialog, QWidget

from studio.gui.preferences import Preferences
from studio.training.run import runs_folder

KEPT = "runs_table"
COLUMNS, PLACES = "columns", "places"


class RunChoices:
    """Keeps the choices among the other preferences."""

    def __init__(self, preferences: Preferences) -> None:
        self._preferences = preferences

    @property
    def columns(self) -> tuple[str, ...] | None:
        """The titles of the columns that were chosen; None where nobody chose any."""
        kept = self._kept(COLUMNS)
        return tuple(kept) if kept is not None else None

    @columns.setter
    def columns(self, titles: Sequence[str] | None) -> None:
        self._keep(COLUMNS, titles)

    @property
    def places(self) -> list[Path]:
        """Where runs are looked for: where they are kept, and what a person opened."""
        opened = [Path(text) for text in self._kept(PLACES) or ()]
        return [runs_folder(), *opened, *self._preferences.recent_runs()]

    def add_place(self, folder: Path) -> None:
        """Look for runs in this folder too."""
        self._keep(PLACES, list(dict.fromkeys([*(self._kept(PLACES) or ()), str(folder)])))

    def ask_for_place(self, parent: QWidget) -> None:
        """Let a person choose a folder to look in."""
        name = QFileDialog.getExistingDirectory(parent, "Show runs of another folder")
        if name:
            self.add_place(Path(name))

    def _kept(self, name: str) -> list[str] | None:
        found = self._all().get(name)
        return [str(text) for text in found] if isinstance(found, list) else None

    def _keep(self, name: str, texts: Sequence[str] | None) -> None:
        every = {**self._all(), name: texts if texts is None else list(texts)}
        self._preferences.keep_bytes(KEPT, QByteArray(json.dumps(every).encode()))

    def _all(self) -> dict[str, object]:
        try:
            content = json.loads(bytes(self._preferences.bytes(KEPT).data()) or b"{}")
        except ValueError:
            return {}
        return content if isinstance(content, dict) else {}
