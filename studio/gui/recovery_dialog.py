"""Offers what windows left behind that ended without being closed: several at once, each to open or to discard."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from studio.gui import asking, fonts
from studio.gui.recovery import Recovered
from studio.gui.start.recent import when
from studio.gui.style.measures import GRID, PANEL_PADDING
from studio.gui.widgets.button import Button, Kind
from studio.gui.widgets.label import Role, label

ONE = "Layerloom ended without saving this project. What it held then was kept."
SEVERAL = "Layerloom ended without saving these projects. What they held then was kept."
LATER = "What is not chosen is offered again at the next start."
WIDTH, ROW = 520, 28
MOST_ROWS = 8
_FOUND = int(Qt.ItemDataRole.UserRole)


class RecoveryDialog(QDialog):
    """``chosen`` holds what the person wants to have open; what is discarded is removed here."""

    def __init__(self, parent: QWidget, found: Sequence[Recovered]) -> None:
        super().__init__(parent)
        self.setWindowTitle("Recover unsaved work")
        self.chosen: list[Recovered] = []
        self.list = QListWidget()
        self.list.setAccessibleName("Unsaved work that was kept")
        for one in found:
            item = QListWidgetItem(described(one), self.list)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked)
            item.setData(_FOUND, one)
            item.setSizeHint(QSize(0, fonts.scaled(ROW)))
            item.setToolTip(str(one.note.original or ""))
        self.list.setCurrentRow(0)
        self.list.itemChanged.connect(self._allow)
        self.open_button = Button("Open", icon="open", kind=Kind.PRIMARY)
        self.discard_button = Button("Discard", icon="trash")
        self.later_button = Button("Later")
        self._lay_out(len(found))
        self.open_button.clicked.connect(self._open)
        self.discard_button.clicked.connect(self._discard)
        self.later_button.clicked.connect(self.reject)
        self.open_button.setDefault(True)

    def _lay_out(self, count: int) -> None:
        self.list.setFixedHeight(fonts.scaled(ROW) * min(count, MOST_ROWS) + 2 * GRID)
        buttons = QHBoxLayout()
        buttons.addWidget(self.discard_button)
        buttons.addStretch()
        buttons.addWidget(self.later_button)
        buttons.addWidget(self.open_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(PANEL_PADDING, PANEL_PADDING, PANEL_PADDING, PANEL_PADDING)
        column.setSpacing(GRID)
        column.addWidget(label(ONE if count == 1 else SEVERAL, Role.BODY, wrap=True))
        column.addWidget(self.list)
        column.addWidget(label(LATER, Role.HINT, wrap=True))
        column.addLayout(buttons)
        self.setMinimumWidth(fonts.scaled(WIDTH))

    def _checked(self) -> list[QListWidgetItem]:
        items = [self.list.item(row) for row in range(self.list.count())]
        return [item for item in items if item.checkState() == Qt.CheckState.Checked]

    def _allow(self) -> None:
        """Both buttons act on what is checked."""
        for button in (self.open_button, self.discard_button):
            button.setEnabled(bool(self._checked()))

    def _open(self) -> None:
        self.chosen = [item.data(_FOUND) for item in self._checked()]
        self.accept()

    def _discard(self) -> None:
        """Remove the checked copies once the person has confirmed that; close where none is left."""
        checked = self._checked()
        what = checked[0].text() if len(checked) == 1 else f"{len(checked)} projects"
        answer = asking.ask(self, "Discard unsaved work?", f"Discard what was kept of {what}?", ("Discard",))
        for item in checked if answer else ():
            item.data(_FOUND).discard()
            self.list.takeItem(self.list.row(item))
        if not self.list.count():
            self.reject()
        self._allow()


def described(found: Recovered) -> str:
    """One line: ``mine.loom · Today 10:12 · a training was going on``."""
    parts = [found.title, when(found.folder / f"{found.stem}.loom")]
    return " · ".join([*parts, *(["a training was going on"] if found.note.run else [])])
