"""How well each class is told from the others, counted over all held-out samples."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from studio.gui.panels.class_lists import ClassTable, MistakeList
from studio.gui.panels.confusion import MOST_CLASSES, Confusion
from studio.gui.panels.panel import Context, Panel
from studio.gui.panels.scrolling import scrolling
from studio.gui.style.measures import CARD_PADDING, GRID, PANEL_PADDING
from studio.gui.widgets.empty import EmptyState
from studio.gui.widgets.label import Role, label
from studio.gui.widgets.tabs import TabStrip
from studio.training.class_report import ClassReport, Told, class_reports
from studio.training.messages import Event, Started
from studio.training.run import Run

NOT_YET = "Train a network that tells classes apart: after each epoch it is counted here which is taken for which."
ROOM_FOR_BOTH = 620
"""Pixels beside the map in which both tables stand; with less, tabs choose between them."""


class ClassesPanel(Panel):
    """``pair_chosen`` carries the label and the answer whose samples a person wants to see."""

    title, side = "Classes", "left"
    pair_chosen = Signal(int, int)

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.told: Told | None = None
        self.confusion, self.mistakes, self.table = Confusion(), MistakeList(), ClassTable()
        self.which, self.tabs = QComboBox(), TabStrip(("Confusions", "Classes"), name="Tables of the classes")
        self.which.setAccessibleName("What is judged")
        self._caption, self._few = label("", Role.CAPTION), label("", Role.HINT, wrap=True)
        self._stale = False
        self._lay_out()
        self.which.activated.connect(self._show)
        self.tabs.currentChanged.connect(self._make_room)
        for part in (self.confusion, self.mistakes):
            part.chosen.connect(self.pair_chosen)
        context.session.told.connect(self._take)

    def _lay_out(self) -> None:
        map_, tables = QVBoxLayout(), QVBoxLayout()
        head = QHBoxLayout()
        head.addWidget(self._caption)
        head.addStretch()
        head.addWidget(self.which)
        for part in (self._few, self.confusion):
            map_.addWidget(part)
        map_.addStretch()
        both = QHBoxLayout()
        both.setSpacing(CARD_PADDING)
        both.addWidget(self.mistakes, 3)
        both.addWidget(self.table, 4)
        tables.addWidget(self.tabs)
        tables.addLayout(both, 1)
        content = QWidget()
        content.setLayout(map_)
        map_.setContentsMargins(0, 0, 0, 0)
        self._map = scrolling(content)
        row = QHBoxLayout()
        row.setSpacing(PANEL_PADDING)
        row.addWidget(self._map)
        row.addLayout(tables, 1)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(PANEL_PADDING, GRID, GRID, 0)
        column.addLayout(head)
        column.addLayout(row, 1)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(EmptyState("grid", NOT_YET))
        self._stack.addWidget(page)

    def show_run(self, run: Run) -> None:
        """Show what was counted last in a run."""
        told = [found for event in run.history() if (found := class_reports(event)) is not None]
        self._tell(told[-1] if told else None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def appear(self) -> None:
        if self._stale:
            self._refresh()

    @property
    def report(self) -> ClassReport | None:
        """What is shown."""
        reports = list(self.told.reports.values()) if self.told is not None else []
        return reports[max(0, self.which.currentIndex())] if reports else None

    def _take(self, event: Event) -> None:
        found = class_reports(event)
        if found is not None or isinstance(event, Started):
            self._tell(found)

    def _tell(self, told: Told | None) -> None:
        self.told, self._stale = told, True
        if self.is_seen:
            self._refresh()

    def _refresh(self) -> None:
        self._stale = False
        if self.told is None:
            self._stack.setCurrentIndex(0)
            return
        before = self.which.currentText()
        self.which.clear()
        self.which.addItems(list(self.told.reports))
        self.which.setCurrentIndex(max(0, self.which.findText(before)))
        self.which.setVisible(self.which.count() > 1)
        self._stack.setCurrentIndex(1)
        self._show()

    def _show(self) -> None:
        report = self.report
        if report is None or self.told is None:
            return
        right, whole = sum(report.right), sum(report.present)
        self._caption.setText(f"{self.told.when}: {right:,} of {whole:,} right")
        drawn = len(report.names) <= MOST_CLASSES
        self._few.setText("" if drawn else f"{len(report.names):,} classes are too many for a map.")
        self._few.setVisible(not drawn)
        self.confusion.show_counts(report.names, report.matrix() if drawn else [])
        self.mistakes.show_report(report)
        self.table.show_report(report)
        self._make_room()

    def _make_room(self) -> None:
        """Both tables where there is room for both, and a map that need not be scrolled where that can be."""
        self.confusion.fit(self._map.height())
        width = self.confusion.sizeHint().width() if not self.confusion.isHidden() else 0
        self._map.setFixedWidth(min(width + 2 * GRID, self.width() // 2))
        both = self.width() - width >= ROOM_FOR_BOTH + 3 * PANEL_PADDING
        self.tabs.setVisible(not both)
        self.mistakes.setVisible(both or self.tabs.currentIndex() == 0)
        self.table.setVisible(both or self.tabs.currentIndex() == 1)
