"""The checkpoints of a run, to branch off at any of them, with its own project or with the one that is open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from studio.core.differences import differences
from studio.core.project import Project
from studio.gui import fonts
from studio.gui.runs.bar import ENDED, GOES_ON
from studio.gui.runs.fitting import Fitting
from studio.gui.style.measures import GRID, PANEL_PADDING
from studio.gui.training.wording import figures
from studio.gui.widgets.button import Button, Kind
from studio.gui.widgets.choice import ChoiceBox
from studio.gui.widgets.label import Role, label
from studio.training.checkpoints import Checkpoint
from studio.training.run import Run

REASONS = {
    "start": "Beginning",
    "time": "By time",
    "best": "Best so far",
    "stage": "End of a stage",
    "pause": "Pause",
    "stop": "Stop",
    "asked": "Asked for",
}
COLUMNS = {"Step": 80, "Epoch": 70, "Stage": 110, "Why": 120, "Figures": 220, "Written": 110}
WIDTH, HEIGHT = 760, 460
MOST_TOLD = 4
"""Settings that are named where the open project differs."""

NONE = "This run has no checkpoint: it ended before the first was written."
OLDER = "Only the newest checkpoint can be gone on from; fork here to go on from this one."
SAME = "The fork is a run of its own; this one stays as it is."
COMPARING = "Comparing the weights …"
_CHECKPOINT = int(Qt.ItemDataRole.UserRole)


class CheckpointsDialog(QDialog):
    """``fork_wanted`` carries the Checkpoint and the Project, ``resume_wanted`` nothing."""

    fork_wanted = Signal(object, object)
    resume_wanted = Signal()

    def __init__(self, parent: QWidget, run: Run, present: Project) -> None:
        """``present`` is the project that is open. Raises ProjectError where that of the run cannot be read."""
        super().__init__(parent)
        self.setWindowTitle(f"Checkpoints of {run.name}")
        self.resize(fonts.scaled(WIDTH), fonts.scaled(HEIGHT))
        self._run, self._own, self._present = run, run.project(), present
        self._goes_on = run.status().state in GOES_ON
        self.list = _list()
        self.which = ChoiceBox("Project of the fork")
        self.which.addItems([f"Its own project, {self._own.name}", f"The open project, {present.name}"])
        self._differs = differences([self._own, present])
        self.which.setVisible(bool(self._differs))
        self.told = label("", Role.LABEL, wrap=True)
        self.fork = Button("Fork here", icon="fork", kind=Kind.PRIMARY)
        self.resume, self.leave = Button("Resume", icon="resume"), Button("Close")
        self.fitting = Fitting(self)
        self._lay_out()
        self._connect()
        self._fill(run.checkpoints())

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.which)
        buttons.addStretch()
        for button in (self.leave, self.resume, self.fork):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(PANEL_PADDING, PANEL_PADDING, PANEL_PADDING, PANEL_PADDING)
        column.setSpacing(GRID)
        column.addWidget(self.list, 1)
        column.addWidget(self.told)
        column.addLayout(buttons)
        self.fork.setDefault(True)

    def _connect(self) -> None:
        self.list.currentItemChanged.connect(self._show)
        self.list.itemActivated.connect(self._fork)
        self.which.currentIndexChanged.connect(self._show)
        self.fork.clicked.connect(self._fork)
        self.resume.clicked.connect(self._resume)
        self.leave.clicked.connect(self.close)
        self.fitting.told.connect(self._add)

    def _fill(self, found: Sequence[Checkpoint]) -> None:
        """The newest first."""
        names = [stage.name for stage in self._own.training.stages]
        for each in reversed(found):
            stage = names[each.stage] if each.stage < len(names) else "End"
            written = f"{datetime.fromtimestamp(each.at):%d %b %H:%M}" if each.at else ""
            why = REASONS.get(each.why, each.why)
            item = QTreeWidgetItem(
                self.list, [f"{each.step:,}", f"{each.epoch}", stage, why, figures(each.metrics), written]
            )
            item.setData(0, _CHECKPOINT, each)
        self.list.setCurrentIndex(self.list.model().index(0, 0))
        self._show()

    @property
    def chosen(self) -> Checkpoint | None:
        item = self.list.currentItem()
        found = item.data(0, _CHECKPOINT) if item is not None else None
        return found if isinstance(found, Checkpoint) else None

    @property
    def _project(self) -> Project:
        return self._present if self.which.currentIndex() == 1 else self._own

    def _show(self) -> None:
        """Say what a fork of the chosen checkpoint would be."""
        chosen, is_newest = self.chosen, self.list.currentItem() is self.list.topLevelItem(0)
        self.fork.setEnabled(chosen is not None)
        self.resume.setEnabled(chosen is not None and is_newest and self._goes_on)
        self.resume.setToolTip("" if self.resume.isEnabled() else OLDER if self._goes_on else ENDED)
        self.fitting.end()
        if chosen is None:
            self.told.setText(NONE)
        elif self._project is self._own:
            self.told.setText(SAME)
        else:
            named = ", ".join(f"{row.place} {row.name}" for row in self._differs[:MOST_TOLD])
            more = len(self._differs) - MOST_TOLD
            self._said = [f"Other than in the run: {named}{f' and {more} more' if more > 0 else ''}."]
            self.told.setText("\n".join((*self._said, COMPARING)))
            self.fitting.start(self._project, chosen)

    def _add(self, sentence: str) -> None:
        self._said.append(sentence)
        self.told.setText("\n".join(self._said))

    def _fork(self) -> None:
        if self.chosen is not None:
            self.fork_wanted.emit(self.chosen, self._project)
            self.close()

    def _resume(self) -> None:
        self.resume_wanted.emit()
        self.close()

    def done(self, result: int) -> None:
        self.fitting.close()
        super().done(result)


def _list() -> QTreeWidget:
    tree = QTreeWidget()
    tree.setAccessibleName("Checkpoints, the newest first")
    tree.setHeaderLabels(list(COLUMNS))
    tree.setRootIsDecorated(False)
    tree.setUniformRowHeights(True)
    tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    for column, width in enumerate(COLUMNS.values()):
        tree.setColumnWidth(column, fonts.scaled(width))
    return tree
