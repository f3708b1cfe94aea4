"""Every training that was kept, with where it stands and what it reached."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QStackedLayout,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from studio.gui.panels.panel import Context, Panel
from studio.gui.style.measures import GRID
from studio.gui.training.state import State
from studio.gui.training.wording import figures
from studio.gui.widgets.button import Button
from studio.gui.widgets.empty import EmptyState
from studio.training.messages import EpochEnded, Event
from studio.training.run import Run, Status, all_runs

MOST = 100
WIDTHS = (150, 90, 60, 60, 200, 90)
STATES = {
    "new": "Not begun",
    "running": "Running",
    "paused": "Paused",
    "finished": "Finished",
    "failed": "Failed",
    "interrupted": "Interrupted",
}
_RUN = int(Qt.ItemDataRole.UserRole)


class RunsPanel(Panel):
    """A table of runs. ``open_wanted`` and ``resume_wanted`` carry the Run that a person chose."""

    title, side = "Runs", "left"
    open_wanted = Signal(object)
    resume_wanted = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.table = _table()
        self.table.itemActivated.connect(lambda item: self.open_wanted.emit(item.data(0, _RUN)))
        self.table.currentItemChanged.connect(self._allow)
        self._open = Button("Open", icon="open", small=True)
        self._open.clicked.connect(lambda: self.open_wanted.emit(self._chosen()))
        self._resume = Button("Resume", icon="resume", small=True)
        self._resume.clicked.connect(lambda: self.resume_wanted.emit(self._chosen()))
        buttons = QHBoxLayout()
        buttons.setContentsMargins(GRID, GRID // 2, GRID, 0)
        buttons.addWidget(self._open)
        buttons.addWidget(self._resume)
        buttons.addStretch()
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(buttons)
        column.addWidget(self.table)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(EmptyState("folder", "Every training is kept as a run and appears here."))
        self._stack.addWidget(page)
        context.session.state_changed.connect(self._follow)
        context.session.told.connect(self._take)

    def appear(self) -> None:
        self.refresh()

    def refresh(self) -> None:
        """Read the folder of runs again."""
        self.table.clear()
        for run in all_runs()[:MOST]:
            status = run.status()
            item = QTreeWidgetItem(self.table, _texts(run, status))
            item.setData(0, _RUN, run)
            item.setToolTip(0, str(run.folder))
        self.table.setCurrentIndex(self.table.model().index(0, 0))
        self._stack.setCurrentIndex(1 if self.table.topLevelItemCount() else 0)

    def _follow(self, state: State) -> None:
        if self.is_seen and state is not State.STARTING:
            self.refresh()

    def _take(self, event: Event) -> None:
        """Bring the row of the run that goes on up to date."""
        if not isinstance(event, EpochEnded):
            return
        texts = ["Running", f"{event.epoch}", f"{event.step:,}", figures(event.metrics)]
        for row in range(self.table.topLevelItemCount()):
            item = self.table.topLevelItem(row)
            if item is not None and item.data(0, _RUN) == self.context.session.run:
                for column, text in enumerate(texts, 1):
                    item.setText(column, text)

    def _chosen(self) -> Run | None:
        item = self.table.currentItem()
        run = item.data(0, _RUN) if item is not None else None
        return run if isinstance(run, Run) else None

    def _allow(self) -> None:
        run = self._chosen()
        self._open.setEnabled(run is not None)
        busy = self.context.session.state.is_busy
        self._resume.setEnabled(
            run is not None and not busy and run.status().state in ("interrupted", "failed", "paused")
        )


def _texts(run: Run, status: Status) -> list[str]:
    started = f"{datetime.fromtimestamp(status.started):%d %b %H:%M}" if status.started else ""
    return [run.name, STATES[status.state], f"{status.epoch}", f"{status.step:,}", figures(status.metrics), started]


def _table() -> QTreeWidget:
    table = QTreeWidget()
    table.setAccessibleName("Runs")
    table.setHeaderLabels(["Run", "State", "Epoch", "Step", "Figures", "Started"])
    table.setRootIsDecorated(False)
    table.setUniformRowHeights(True)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    for column, width in enumerate(WIDTHS):
        table.setColumnWidth(column, width)
    return table
