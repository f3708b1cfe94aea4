"""What the window remembers between two starts: theme, layout, recent projects and recent runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSettings, QStandardPaths

if TYPE_CHECKING:
    from studio.gui.canvas.look import Look

LAYOUT_VERSION = 3
"""Raised when docks come or go, so that an old layout is not forced on the new ones."""

LONGEST = 12
"""How many recent projects and runs are kept."""


class Choice:
    """What a person chose by name; the first time, ``default``."""

    def __init__(self, name: str, default: str) -> None:
        self._name, self._default = name, default

    def __get__(self, preferences: Preferences, _: type) -> str:
        return str(preferences._settings.value(self._name, self._default))

    def __set__(self, preferences: Preferences, value: str) -> None:
        preferences._settings.setValue(self._name, value)


class Preferences:
    """Reads and writes one small file in the person's configuration folder."""

    appearance = Choice("appearance", "system")
    """ "system" or the name of a theme: "dark", "light", "contrast-dark", "contrast-light"."""
    motion = Choice("motion", "system")
    """How much moves: "system", "full" or "reduced"."""
    device = Choice("device", "auto")
    """Where trainings go: "auto" or a kind of device."""

    def __init__(self, path: Path | None = None) -> None:
        home = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericConfigLocation)
        file = path or Path(home) / "layerloom" / "window.ini"
        self._settings = QSettings(str(file), QSettings.Format.IniFormat)

    @property
    def text_scale(self) -> float:
        """How many times its designed size text is shown."""
        try:
            return float(str(self._settings.value("text_scale", 1.0)))
        except ValueError:
            return 1.0

    @text_scale.setter
    def text_scale(self, factor: float) -> None:
        self._settings.setValue("text_scale", factor)

    @property
    def processes(self) -> int:
        """On how many devices at once trainings go."""
        count = str(self._settings.value("processes", 1))
        return max(1, int(count)) if count.isdecimal() else 1

    @processes.setter
    def processes(self, count: int) -> None:
        self._settings.setValue("processes", count)

    @property
    def look(self) -> Look:
        """What the canvas shows."""
        from studio.gui.canvas.look import Look  # late: the first paint does without

        return Look.from_text(str(self._settings.value("look", "")))

    @look.setter
    def look(self, look: Look) -> None:
        self._settings.setValue("look", look.text())

    def bytes(self, name: str) -> QByteArray:
        """A remembered geometry or layout; empty where none was kept."""
        value = self._settings.value(name)
        return value if isinstance(value, QByteArray) else QByteArray()

    def keep_bytes(self, name: str, value: QByteArray) -> None:
        self._settings.setValue(name, value)

    def recent_projects(self) -> list[Path]:
        """Files that still exist, the last one first."""
        return [path for path in self.opened_projects() if path.is_file()]

    def opened_projects(self) -> list[Path]:
        """Files that were open lately, the last one first, whether or not they still exist."""
        return self._paths("projects")

    def forget_projects(self) -> None:
        """Clear the list of recent projects."""
        self._settings.remove("projects")

    def recent_runs(self) -> list[Path]:
        """Run folders that still exist, the last one first."""
        return [path for path in self._paths("runs") if path.is_dir()]

    def remember_project(self, path: Path) -> None:
        self._remember("projects", path)

    def remember_run(self, path: Path) -> None:
        self._remember("runs", path)

    def _paths(self, name: str) -> list[Path]:
        self._settings.sync()  # another process may have remembered something meanwhile
        value = self._settings.value(name, [])
        texts = value if isinstance(value, list) else [value]
        return [Path(str(text)) for text in texts if text]

    def _remember(self, name: str, path: Path) -> None:
        path = path.resolve()
        kept = [path, *(other for other in self._paths(name) if other != path)]
        self._settings.setValue(name, [str(item) for item in kept[:LONGEST]])
        self._settings.sync()
