"""A tree of networks and the nodes in them that have weights, to choose from."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem

from studio.gui import fonts
from studio.gui.choosing.parts import Part
from studio.gui.style.measures import FORM_ROW

COLUMNS = (280, 112)
"""Widths of the columns of names and of weights; the last has the rest."""

Texts = Callable[[Part], str]


class PartsTree(QTreeWidget):
    """Rows of parts: the name, how many weights there are, and what is said of it in the last column."""

    def __init__(self, name: str, last: str) -> None:
        super().__init__()
        self.items: dict[Part, QTreeWidgetItem] = {}
        self.setHeaderLabels(["Part", "Weights", last])
        self.setAccessibleName(name)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        for column, width in enumerate(COLUMNS):
            self.header().resizeSection(column, fonts.scaled(width))
        self.header().setStretchLastSection(True)

    def add_heading(self, text: str) -> QTreeWidgetItem:
        """A row over others that is no part itself."""
        return self._row(self, [text])

    def add(self, part: Part, say: Texts, above: QTreeWidgetItem | None = None) -> QTreeWidgetItem:
        """Rows for a part and all that is inside, with what is said of each in the last column."""
        weights = f"{part.weights:,}" if part.weights else ""
        item = self.items[part] = self._row(above or self, [part.title, weights, say(part)])
        for each in part.inside:
            self.add(each, say, item)
        return item

    def part_at(self, item: QTreeWidgetItem | None) -> Part | None:
        """The part that a row stands for; None for a heading."""
        return next((part for part, each in self.items.items() if each is item), None)

    def _row(self, above: QTreeWidget | QTreeWidgetItem, texts: Sequence[str]) -> QTreeWidgetItem:
        item = QTreeWidgetItem(above, list(texts))
        item.setSizeHint(0, QSize(0, fonts.scaled(FORM_ROW)))
        item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return item
