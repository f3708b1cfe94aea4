"""The keys of one row: each can be taken away, another can be added by pressing it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from studio.gui.emptying import empty
from studio.gui.keymap.combination import shown
from studio.gui.keymap.keymap import Keymap
from studio.gui.shortcuts.listening import ListenButton
from studio.gui.shortcuts.table import where
from studio.gui.style.measures import CARD_PADDING, GRID
from studio.gui.widgets.button import Button, Kind
from studio.gui.widgets.label import Role, label

FIXED = "What this does depends on what goes on in the canvas, so its keys stay as they are."


class KeyDetail(QFrame):
    """``dropped`` and ``added`` carry a key, ``reset_wanted`` asks for what the preset gives."""

    dropped = Signal(str)
    added = Signal(str)
    reset_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._title, self._hint = label("", Role.HEADING), label("", Role.HINT, wrap=True)
        self.add = ListenButton("Add a key")
        self.add.heard.connect(self.added)
        self.reset = Button("Reset", icon="undo", kind=Kind.QUIET, small=True)
        self.reset.clicked.connect(self.reset_wanted)
        self._keys = QHBoxLayout()
        self._keys.setSpacing(GRID // 2)
        row = QHBoxLayout()
        row.setSpacing(GRID // 2)
        row.addLayout(self._keys)
        row.addWidget(self.add)
        row.addStretch()
        row.addWidget(self.reset)
        column = QVBoxLayout(self)
        column.setContentsMargins(CARD_PADDING, GRID, CARD_PADDING, GRID)
        column.setSpacing(GRID // 2)
        column.addWidget(self._title)
        column.addWidget(self._hint)
        column.addLayout(row)

    def show_row(self, keymap: Keymap, title: str) -> None:
        """Show a row of the keymap; none where the title is empty."""
        row = keymap.row(title) if title else None
        self.setEnabled(row is not None)
        empty(self._keys)
        if row is None:
            self._title.setText("Choose an action")
            self._hint.setText("Its keys appear here and can be changed.")
            return
        self._title.setText(row.title)
        given = ", ".join(map(shown, keymap.given(title))) or "none"
        self._hint.setText(FIXED if row.is_fixed else f"{where(row)}. {keymap.preset.title} gives it: {given}.")
        for key in keymap.keys(title):
            button = Button(shown(key), icon="" if row.is_fixed else "close", small=True)
            button.setAccessibleName(f"Take {shown(key)} away from {title}")
            button.setToolTip("" if row.is_fixed else f"Take {shown(key)} away")
            button.setEnabled(not row.is_fixed)
            button.clicked.connect(lambda _=False, key=key: self.dropped.emit(key))
            self._keys.addWidget(button)
        self.add.setVisible(not row.is_fixed)
        self.reset.setVisible(title in keymap.own or bool(keymap.lost(title)))
        self.reset.setAccessibleName(f"Reset {title} to {given}")
