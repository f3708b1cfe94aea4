"""A button that hears the next key: pressed, it waits for a combination instead of acting on it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent

from studio.gui.keymap.combination import pressed
from studio.gui.widgets.button import Button

WAITING = "Press the keys, Esc to leave"


class ListenButton(Button):
    """``heard`` carries a combination such as ``Ctrl+Shift+D``. Esc and a click elsewhere end the waiting."""

    heard = Signal(str)

    def __init__(self, text: str) -> None:
        super().__init__(text, icon="plus", small=True)
        self._idle = text
        self.setCheckable(True)
        self.toggled.connect(self._show_state)

    def listen(self) -> None:
        """Wait for a key, as after a click."""
        self.setFocus()
        self.setChecked(True)

    def event(self, event: QEvent) -> bool:
        if self.isChecked() and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress and not event.isAutoRepeat():
                self._hear(event)
                return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.setChecked(False)
        super().focusOutEvent(event)

    def _hear(self, event: QKeyEvent) -> None:
        """A modifier alone is the beginning of a combination."""
        names = pressed(event)
        if not names:
            return
        self.setChecked(False)
        if names[0] != "Esc":
            self.heard.emit(names[0])

    def _show_state(self, waits: bool) -> None:
        self.setText(WAITING if waits else self._idle)
        self.setAccessibleName(self.text())
        self.updateGeometry()
