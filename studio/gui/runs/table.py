"""The table of runs: sorted by a click on a heading, its columns chosen in the menu of the headings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, QPoint, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QMenu, QTreeView

from studio.gui import fonts
from studio.gui.runs.columns import Column
from studio.gui.runs.model import STARTED, RunsModel
from studio.gui.runs.rows import Row
from studio.gui.widgets.text_size import follow_text

FIXED = 1
"""Columns that are always shown: the name."""


class RunsTable(QTreeView):
    """``chosen`` when other rows are selected, ``opened`` with the Row that was double-clicked."""

    chosen = Signal()
    opened = Signal(object)
    columns_chosen = Signal()
    """A person has chosen which columns are shown."""

    def __init__(self) -> None:
        super().__init__()
        self.runs = RunsModel(self)
        self.titles: tuple[str, ...] | None = None
        """The columns that a person chose; those that are shown at first where nobody did."""
        self.setModel(self.runs)
        self.setAccessibleName("Runs")
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setSortingEnabled(True)
        self.sortByColumn(STARTED, Qt.SortOrder.DescendingOrder)
        heading = self.header()
        heading.setStretchLastSection(False)
        heading.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        heading.customContextMenuRequested.connect(lambda at: self.choose_columns(heading.mapToGlobal(at)))
        self.selectionModel().selectionChanged.connect(lambda *_: self.chosen.emit())
        self.activated.connect(lambda index: self.opened.emit(self.runs.row_at(index)))
        self.runs.columns_changed.connect(self.show_columns)
        follow_text(self, self.show_columns)

    @property
    def selected(self) -> list[Row]:
        """The selected rows from top to bottom; of a sweep its trials."""
        rows = [self.runs.row_at(index) for index in sorted(self.selectionModel().selectedRows(), key=self._height)]
        every = [each for row in rows for each in (row.trials or (row,))]
        return list({row.folder: row for row in every}.values())

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows; the first is current where none was."""
        self.runs.show_rows(rows)
        if not self.currentIndex().isValid() and self.runs.rowCount():
            self.setCurrentIndex(self.runs.index(0, 0))
        self.chosen.emit()

    def select(self, folder: Path) -> None:
        """Select the row of a run, wherever it is."""
        index = self.runs.index_of(folder)
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(index, flags)
        self.scrollTo(index)

    def show_columns(self) -> None:
        """Show the columns that were chosen, at their widths."""
        for at, column in enumerate(self.runs.columns):
            self.setColumnHidden(at, at >= FIXED and not self.shows(column))
            self.setColumnWidth(at, fonts.scaled(column.width))

    def shows(self, column: Column) -> bool:
        return column.at_first if self.titles is None else column.title in self.titles

    def choose_columns(self, at: QPoint) -> None:
        """Open the menu in which columns are shown and hidden."""
        menu = self.columns_menu()
        menu.exec(at)
        menu.deleteLater()

    def columns_menu(self) -> QMenu:
        """A line for each column, and one for those that are shown at first."""
        menu = QMenu(self)
        for at, column in enumerate(self.runs.columns[FIXED:], FIXED):
            action = menu.addAction(column.title)
            action.setCheckable(True)
            action.setChecked(not self.isColumnHidden(at))
            action.toggled.connect(lambda shown, at=at: self._show_column(at, shown=shown))
        menu.addSeparator()
        menu.addAction("As at first").triggered.connect(lambda: self._choose(None))
        return menu

    def _show_column(self, at: int, *, shown: bool) -> None:
        self.setColumnHidden(at, not shown)
        columns = enumerate(self.runs.columns)
        self._choose(tuple(column.title for at, column in columns if not self.isColumnHidden(at)))

    def _choose(self, titles: tuple[str, ...] | None) -> None:
        self.titles = titles
        self.show_columns()
        self.columns_chosen.emit()

    def _height(self, index: object) -> int:
        return self.visualRect(index).top()  # type: ignore[arg-type]
