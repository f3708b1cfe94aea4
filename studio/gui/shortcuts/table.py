"""Every row that can have keys, under the title of its menu."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem

from studio.gui.keymap.combination import shown
from studio.gui.keymap.keymap import WINDOW, Keymap, Row
from studio.gui.palette.matching import Words, score

COLUMNS = ("Action", "Keys", "Where", "")
_TITLE = int(Qt.ItemDataRole.UserRole)


class KeyTable(QTreeWidget):
    """``chosen`` carries the title of the row that is current; ``key_wanted`` on a double-click or Enter."""

    chosen = Signal(str)
    key_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Actions and their keys")
        self.setHeaderLabels(COLUMNS)
        self.setUniformRowHeights(True)
        self.setIndentation(16)
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        # Rows with the headings over them, by title.
        self._items: dict[str, tuple[QTreeWidgetItem, QTreeWidgetItem]] = {}
        self.currentItemChanged.connect(lambda: self.chosen.emit(self.title))
        self.itemActivated.connect(lambda item: self.key_wanted.emit() if item.data(0, _TITLE) else None)

    @property
    def title(self) -> str:
        """The title of the current row; empty on the heading of a menu."""
        item = self.currentItem()
        return str(item.data(0, _TITLE) or "") if item is not None else ""

    def show_keymap(self, keymap: Keymap) -> None:
        """Show the keys in force, in the rows that are there or in new ones."""
        if self._items.keys() != {row.title for row in keymap.rows}:
            self._fill(keymap.rows)
        for row in keymap.rows:
            texts = (row.title, ", ".join(map(shown, keymap.keys(row.title))), where(row), state(keymap, row))
            for column, text in enumerate(texts):
                self._items[row.title][0].setText(column, text)

    def filter(self, query: str) -> None:
        """Show the rows whose title, menu or keys fit."""
        for item, heading in self._items.values():
            words = Words(item.text(0), (), f"{heading.text(0)} {item.text(3)}")
            item.setHidden(not score(query, words) and query.strip().lower() not in item.text(1).lower())
        shown_headings = {heading.text(0) for item, heading in self._items.values() if not item.isHidden()}
        for _, heading in self._items.values():
            heading.setHidden(heading.text(0) not in shown_headings)
        first, current = next(self.visible(), None), self.currentItem()
        if first is not None and (current is None or current.isHidden()):
            self.setCurrentItem(first)

    def visible(self) -> Iterator[QTreeWidgetItem]:
        """The rows that are shown, from the top."""
        return (item for item, _ in self._items.values() if not item.isHidden())

    def select(self, title: str) -> None:
        """Make a row the current one."""
        item, _ = self._items[title]
        self.setCurrentItem(item)
        self.scrollToItem(item)

    def _fill(self, rows: tuple[Row, ...]) -> None:
        self.clear()
        self._items = {}
        for menu, group in groupby(rows, key=lambda row: row.menu):
            heading = QTreeWidgetItem(self, [menu])
            heading.setExpanded(True)
            for row in group:
                item = QTreeWidgetItem(heading, [row.title])
                item.setData(0, _TITLE, row.title)
                self._items[row.title] = item, heading
        self.setCurrentItem(next(self.visible()))


def where(row: Row) -> str:
    """Where the keys of a row act."""
    return "Everywhere" if row.scope == WINDOW else f"In the {row.scope}"


def state(keymap: Keymap, row: Row) -> str:
    """What is special about the keys of a row."""
    if row.is_fixed:
        return "Fixed"
    if row.title in keymap.own:
        return "Yours"
    return "Given away" if keymap.lost(row.title) else ""
