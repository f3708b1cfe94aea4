"""The keymap of a window, which changes while the window is open and is remembered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QByteArray, QObject, Signal

from studio.gui.keymap.combination import shown
from studio.gui.keymap.keymap import Keymap, Row
from studio.gui.keymap.presets import OURS
from studio.gui.keymap.stored import from_text, to_text

STORED = "keys"


class Store(Protocol):
    """Remembers bytes by name from one start to the next."""

    def bytes(self, name: str) -> QByteArray: ...

    def keep_bytes(self, name: str, value: QByteArray) -> None: ...


class Shortcuts(QObject):
    """Holds the keymap in force; menus, canvas and hints follow ``changed``."""

    changed = Signal()

    def __init__(self, rows: tuple[Row, ...], store: Store, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self.keymap = Keymap(rows, OURS)
        self.complaint = ""
        """Why the keys that were remembered could not be read, if so."""
        remembered = store.bytes(STORED).toStdString()
        if remembered:
            try:
                self.keymap = from_text(rows, remembered)
            except ValueError as error:
                self.complaint = f"Your own keys could not be read: {error}"

    def use(self, keymap: Keymap) -> None:
        """Put another keymap in force and remember it."""
        self.keymap = keymap
        self._store.keep_bytes(STORED, QByteArray(to_text(keymap).encode()))
        self.changed.emit()

    def follow(self, show: Callable[[Callable[[str], str]], object]) -> None:
        """Let something show keys, now and whenever they change; it is given ``hint``."""
        self.changed.connect(lambda: show(self.hint))
        show(self.hint)

    def hint(self, title: str) -> str:
        """The key to show beside an action; empty where it has none."""
        return shown(self.keymap.key(title))
