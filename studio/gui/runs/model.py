"""The table of runs as Qt asks for it: rows, and below a sweep those of its trials."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from studio.gui import icons, theme
from studio.gui.curves.series import Look
from studio.gui.runs.columns import COLUMNS, Column, columns_of, hint
from studio.gui.runs.dots import dot
from studio.gui.runs.rows import Row, found

Index = QModelIndex | QPersistentModelIndex

STATE = next(at for at, column in enumerate(COLUMNS) if column.title == "State")
STARTED = next(at for at, column in enumerate(COLUMNS) if column.title == "Started")
LOOKS = {
    "new": ("file", "text3"),
    "running": ("play", "accent"),
    "paused": ("pause", "warn"),
    "finished": ("check", "success"),
    "failed": ("warning", "problem"),
    "interrupted": ("resume", "warn"),
}
"""Icon and the name of its colour by the state of a run."""


class RunsModel(QAbstractItemModel):
    """Sorts and filters by itself, and keeps what is selected and open through it."""

    columns_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns: tuple[Column, ...] = COLUMNS
        self.looks: Mapping[Path, Look] = {}
        """How runs that lie over the curves are drawn there."""
        self._all: Sequence[Row] = ()
        self._rows: list[Row] = []
        self._text, self._column, self._descending = "", STARTED, True
        self._groups: dict[Path, int] = {}
        """A number for each sweep that stays the same however rows are sorted."""

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows, sorted and filtered as before."""
        self._all = rows
        self._show_columns(columns_of(rows))
        self._arrange()

    def filter(self, text: str) -> None:
        """Show only rows in which all words of the text occur."""
        self._text = text
        self._arrange()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._column, self._descending = column, order == Qt.SortOrder.DescendingOrder
        self._arrange()

    def show_looks(self, looks: Mapping[Path, Look]) -> None:
        """Mark the runs that lie over the curves."""
        self.looks = looks
        self._arrange()

    def row_at(self, index: Index) -> Row:
        """What an index stands for."""
        parent = self.parent(index)
        return self._rows[parent.row()].trials[index.row()] if parent.isValid() else self._rows[index.row()]

    def index_of(self, folder: Path) -> QModelIndex:
        """Where a run or a sweep is shown; nowhere where the filter leaves it out."""
        for at, row in enumerate(self._rows):
            if row.folder == folder:
                return self.index(at, 0)
            for under, trial in enumerate(row.trials):
                if trial.folder == folder:
                    return self.index(under, 0, self.index(at, 0))
        return QModelIndex()

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self.createIndex(row, column, self._groups[self._rows[parent.row()].folder] if parent.isValid() else 0)

    def parent(self, index: Index = QModelIndex()) -> QModelIndex:  # type: ignore[override]  # noqa: B008
        number = index.internalId() if index.isValid() else 0
        if not number:
            return QModelIndex()
        folder = next(folder for folder, known in self._groups.items() if known == number)
        return self.createIndex(next(at for at, row in enumerate(self._rows) if row.folder == folder), 0, 0)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        if not parent.isValid():
            return len(self._rows)
        return len(self._rows[parent.row()].trials) if not parent.internalId() and not parent.column() else 0

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self.columns[section].title
        return None

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        row, column = self.row_at(index), self.columns[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.text(row)
            case Qt.ItemDataRole.ToolTipRole:
                return hint(row)
            case Qt.ItemDataRole.TextAlignmentRole if column.is_number:
                return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            case Qt.ItemDataRole.DecorationRole if index.column() == STATE:
                name, color = LOOKS[row.summary.state]
                return icons.icon(name, theme.current().named(color))
            case Qt.ItemDataRole.DecorationRole if index.column() == 0 and row.folder in self.looks:
                return dot(self.looks[row.folder].color(theme.current()))
        return None

    def _show_columns(self, columns: tuple[Column, ...]) -> None:
        old, new = len(self.columns), len(columns)
        if [column.title for column in columns] == [column.title for column in self.columns]:
            return
        self.beginResetModel()
        self.columns, self._column = columns, self._column if self._column < min(old, new) else STARTED
        self.endResetModel()
        self.columns_changed.emit()

    def _arrange(self) -> None:
        """Sort and filter; what Qt remembers of rows moves with them."""
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        folders = [self.row_at(index).folder for index in before]
        key = self.columns[self._column].key
        shown = found(self._all, self._text)
        self._rows = [
            replace(row, trials=tuple(sorted(row.trials, key=key, reverse=self._descending))) if row.trials else row
            for row in sorted(shown, key=key, reverse=self._descending)
        ]
        for row in self._rows:
            if row.trials:
                self._groups.setdefault(row.folder, len(self._groups) + 1)
        after = [self.index_of(at).siblingAtColumn(old.column()) for at, old in zip(folders, before, strict=True)]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()
