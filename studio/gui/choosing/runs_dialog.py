"""Chooses which objectives run in a stage, in which order and how often, and which only measure."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from studio.core.project import Project
from studio.gui.choosing.dialog import StageDialog
from studio.gui.choosing.running import running_in, with_running
from studio.gui.choosing.running_row import RunningRow
from studio.gui.document import Document
from studio.gui.inspector.page import chain
from studio.gui.panels.scrolling import scrolling
from studio.gui.style.measures import CARD_PADDING, GRID
from studio.gui.widgets.label import Role, label

TITLES = ("Objective", "In this stage", "Runs at every", "Order")
HINT = (
    "At each step those that teach run one after the other, in this order. Those that only measure run when an "
    "epoch ends."
)
NOTHING = "Something has to teach in a stage."


class RunsDialog(StageDialog):
    """The objectives of the project in a list."""

    title, step = "What runs", "Choose what runs"
    size_wanted = (680, 400)

    def __init__(self, parent: QWidget, document: Document, number: int) -> None:
        super().__init__(parent, document, number)
        self.rows = [RunningRow(each) for each in running_in(self.stage, document.diagnosis.objectives)]
        self._grid = QGridLayout()
        self.lay_out(self._list())
        for row in self.rows:
            row.changed.connect(self._follow)
            row.moved.connect(lambda by, row=row: self._move(row, by))
        self._place()
        self._follow()
        self.rows[0].use.setFocus()

    def edited(self) -> Project:
        project, stage = with_running(self.document.project, self.number, [row.running for row in self.rows])
        return self.with_stage(stage, project)

    def _list(self) -> QWidget:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(CARD_PADDING, CARD_PADDING, CARD_PADDING, CARD_PADDING)
        column.addLayout(self._grid)
        column.addStretch()
        self._grid.setHorizontalSpacing(2 * GRID)
        self._grid.setVerticalSpacing(GRID // 2)
        self._grid.setColumnStretch(0, 1)
        for at, title in enumerate(TITLES):
            self._grid.addWidget(label(title, Role.LABEL), 0, at)
        return scrolling(content)

    def _place(self) -> None:
        """Put the rows where they belong; Tab follows them."""
        for at, row in enumerate(self.rows, 1):
            for column, part in enumerate((row.name, row.use, row.often, row.place)):
                self._grid.addWidget(part, at, column)
        chain(self._grid)

    def _teaching(self) -> list[RunningRow]:
        return [row for row in self.rows if row.running.use == "teaches"]

    def _move(self, row: RunningRow, by: int) -> None:
        """Let a row and the next one that teaches change places."""
        teaching = self._teaching()
        here, there = (self.rows.index(each) for each in (row, teaching[teaching.index(row) + by]))
        self.rows[here], self.rows[there] = self.rows[there], self.rows[here]
        self._place()
        self._follow()

    def _follow(self) -> None:
        teaching = self._teaching()
        for row in teaching:
            row.bound(first=row is teaching[0], last=row is teaching[-1])
        self.follow(HINT, "" if teaching else NOTHING)
