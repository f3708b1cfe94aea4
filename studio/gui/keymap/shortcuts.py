"""The keymap of a window, which changes while the window is open and is remembered."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from studio.gui.keymap.keymap import Keymap, Row
from studio.gui.keymap.presets import OURS


class Shortcuts(QObject):
    """Holds the keymap in force; menus, canvas and hints follow ``changed``."""

    changed = Signal()

    def __init__(self, rows: tuple[Row, ...], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._keymap = Keymap(rows, OURS)

    @property
    def keymap(self) -> Keymap:
        return self._keymap

    def use(self, keymap: Keymap) -> None:
        """Put another keymap in force."""
        self._keymap = keymap
        self.changed.emit()
