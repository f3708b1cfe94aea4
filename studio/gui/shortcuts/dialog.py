"""The shortcut editor: presets, a search, every action with its keys. What is changed acts at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QDialog, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from studio.gui.keymap.combination import shown
from studio.gui.keymap.keymap import Keymap, in_words
from studio.gui.keymap.presets import PRESETS
from studio.gui.keymap.shortcuts import Shortcuts
from studio.gui.keymap.stored import from_text, to_text
from studio.gui.shortcuts.detail import KeyDetail
from studio.gui.shortcuts.notice import Notice
from studio.gui.shortcuts.table import KeyTable
from studio.gui.style.measures import GRID, PANEL_PADDING
from studio.gui.widgets.button import Button, Kind
from studio.gui.widgets.label import Role, label
from studio.gui.widgets.search import SearchField

SIZE = (760, 680)
FILE_KIND = "Keys (*.json)"


class ShortcutDialog(QDialog):
    """Edits the keymap of a window. ``used`` carries every Keymap that is put in force."""

    used = Signal(object)

    def __init__(self, parent: QWidget, shortcuts: Shortcuts) -> None:
        super().__init__(parent)
        self.setWindowTitle("Shortcuts")
        self.resize(*SIZE)
        self._shortcuts = shortcuts
        self.preset = QComboBox()
        self.preset.setAccessibleName("Preset")
        self.preset.addItems([preset.title for preset in PRESETS])
        self._about = label("", Role.HINT, wrap=True)
        self.search = SearchField("Search actions and keys")
        self.table, self.detail, self.notice = KeyTable(), KeyDetail(), Notice()
        self.reset_all = Button("Reset all", icon="undo", kind=Kind.QUIET)
        self._lay_out()
        self.preset.activated.connect(lambda at: self._choose_preset(at))
        self.search.textChanged.connect(self.table.filter)
        self.table.chosen.connect(self._show_row)
        self.table.key_wanted.connect(self.detail.add.listen)
        self.detail.added.connect(self.add)
        self.detail.dropped.connect(lambda key: self._use(self._keymap.drop(self.table.title, key)))
        self.detail.reset_wanted.connect(self._reset)
        self.reset_all.clicked.connect(self._reset_all)
        self.notice.answered.connect(self.table.setFocus)
        shortcuts.changed.connect(self.refresh)
        self.refresh()
        if shortcuts.complaint:
            self.notice.say(shortcuts.complaint, Role.PROBLEM)
        self.search.setFocus()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(label("Preset", Role.LABEL))
        head.addWidget(self.preset)
        head.addWidget(self._about, 1)
        foot = QHBoxLayout()
        foot.setSpacing(GRID // 2)
        foot.addWidget(self.reset_all)
        foot.addStretch()
        steps: tuple[tuple[str, str, Callable[[], object]], ...] = (
            ("Import…", "import", self._import),
            ("Export…", "export", self._export),
            ("Close", "", self.close),
        )
        for text, icon, do in steps:
            button = Button(text, icon=icon)
            button.setAutoDefault(False)
            button.clicked.connect(do)
            foot.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(PANEL_PADDING, PANEL_PADDING, PANEL_PADDING, PANEL_PADDING)
        column.setSpacing(GRID)
        column.addLayout(head)
        column.addWidget(self.search)
        column.addWidget(self.table, 1)
        column.addWidget(self.detail)
        column.addWidget(self.notice)
        column.addLayout(foot)
        for button in (self.reset_all, self.detail.add, self.detail.reset, self.notice.yes, self.notice.no):
            button.setAutoDefault(False)

    @property
    def _keymap(self) -> Keymap:
        return self._shortcuts.keymap

    def refresh(self) -> None:
        """Show the keymap as it is now."""
        keymap = self._keymap
        self.preset.setCurrentIndex(PRESETS.index(keymap.preset))
        self._about.setText(keymap.preset.about)
        self.table.show_keymap(keymap)
        self.detail.show_row(keymap, self.table.title)
        self.reset_all.setEnabled(bool(keymap.own))

    def add(self, key: str) -> None:
        """Give the chosen row a key; where something else has it, ask first."""
        title, keymap = self.table.title, self._keymap
        holders = keymap.holders(title, key)
        if key in keymap.keys(title):
            self.notice.say(f"{shown(key)} does that already.")
        elif any(row.is_fixed for row in holders):
            self.notice.say(f"{in_words(shown(key), holders)} That stays so.", Role.WARN)
        elif holders:
            take = ("Take it over", lambda: self._use(self._keymap.take(title, key)))
            self.notice.say(in_words(shown(key), holders), Role.WARN, take, ("Leave it", lambda: None))
            self.notice.yes.setFocus()
        else:
            self._use(keymap.take(title, key))

    def _show_row(self, title: str) -> None:
        self.notice.say("")
        self.detail.show_row(self._keymap, title)

    def _use(self, keymap: Keymap) -> None:
        self.notice.say("")
        self._shortcuts.use(keymap)
        self.used.emit(keymap)

    def _choose_preset(self, at: int) -> None:
        self._use(replace(self._keymap, preset=PRESETS[at]))
        if count := len(self._keymap.own):
            self.notice.say(f"{'One action keeps' if count == 1 else f'{count} actions keep'} the keys you gave.")

    def _reset(self) -> None:
        """What the preset gives may meanwhile belong to something else, which is asked about."""
        title = self.table.title
        self._use(self._keymap.reset(title))
        for key in self._keymap.lost(title)[:1]:
            self.add(key)

    def _reset_all(self) -> None:
        before = self._keymap
        self._use(replace(before, own={}))
        back = ("Bring them back", lambda: self._use(before))
        self.notice.say(f"All keys are those of {before.preset.title} again.", Role.SUCCESS, back)

    def _import(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "Import keys", str(Path.home()), FILE_KIND)
        if not name:
            return
        before = self._keymap
        try:
            self._use(from_text(before.rows, Path(name).read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError, ValueError) as error:
            self.notice.say(str(error), Role.PROBLEM)
            return
        back = ("Bring the old ones back", lambda: self._use(before))
        self.notice.say(f"The keys of {Path(name).name} are in force.", Role.SUCCESS, back)

    def _export(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "Export keys", str(Path.home() / "layerloom-keys.json"), FILE_KIND)
        if not name:
            return
        try:
            Path(name).write_text(to_text(self._keymap) + "\n", encoding="utf-8")
        except OSError as error:
            self.notice.say(f"{name} cannot be written: {error.strerror}.", Role.PROBLEM)
            return
        self.notice.say(f"Written to {name}.")
