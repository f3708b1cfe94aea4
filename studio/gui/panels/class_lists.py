"""The mistakes between classes, the most frequent first, and the figures of every class, as tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem

from studio.training.class_report import ClassReport

_PAIR = int(Qt.ItemDataRole.UserRole)
SHOWN = 200


class _Row(QTreeWidgetItem):
    """Sorted by what the cells hold, not by how it is written."""

    def __init__(self, table: QTreeWidget, texts: Sequence[str], values: Sequence[Any]) -> None:
        super().__init__(table, list(texts))
        self.values = values
        for column in range(1, len(texts)):
            self.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def __lt__(self, other: QTreeWidgetItem) -> bool:
        column = self.treeWidget().sortColumn()
        return bool(self.values[column] < other.values[column]) if isinstance(other, _Row) else False


class MistakeList(QTreeWidget):
    """``chosen`` carries the label and the answer of the line that is clicked or entered."""

    chosen = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        _prepare(self, "Worst confusions", ["Taken for another class", "Samples", "Share"])
        self.itemActivated.connect(lambda item: self.chosen.emit(*item.data(0, _PAIR)))
        self.itemClicked.connect(lambda item: self.chosen.emit(*item.data(0, _PAIR)))

    def show_report(self, report: ClassReport) -> None:
        """List the mistakes; shares are those of the samples of the class."""
        self.clear()
        for each in report.mistakes[:SHOWN]:
            share = each.count / max(report.present[each.label], 1)
            pair = f"{report.names[each.label]} → {report.names[each.answer]}"
            row = _Row(self, [pair, f"{each.count:,}", f"{share:.1%}"], [pair, each.count, share])
            row.setData(0, _PAIR, (each.label, each.answer))
            row.setToolTip(0, f"{report.names[each.label]} taken for {report.names[each.answer]}")


class ClassTable(QTreeWidget):
    """One row for each class, sorted by any column."""

    def __init__(self) -> None:
        super().__init__()
        _prepare(self, "Figures of the classes", ["Class", "Samples", "Precision", "Recall", "F1"])
        self.setSortingEnabled(True)
        self.sortByColumn(0, Qt.SortOrder.AscendingOrder)

    def show_report(self, report: ClassReport) -> None:
        """Show every class; the order that a person chose stays."""
        self.setSortingEnabled(False)
        self.clear()
        for number, name in enumerate(report.names):
            figures = report.precision[number], report.recall[number], report.f1[number]
            texts = [name, f"{report.present[number]:,}", *(f"{figure:.1%}" for figure in figures)]
            _Row(self, texts, [number, report.present[number], *figures])
        self.setSortingEnabled(True)


def _prepare(table: QTreeWidget, name: str, titles: list[str]) -> None:
    table.setAccessibleName(name)
    table.setHeaderLabels(titles)
    table.setRootIsDecorated(False)
    table.setUniformRowHeights(True)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    header = table.header()
    header.setStretchLastSection(False)
    header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    for column in range(1, len(titles)):
        header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        table.headerItem().setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
