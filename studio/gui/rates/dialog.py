"""Tries learning rates on a stage of the open project, and lets one of them be taken over."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from studio.core import loom
from studio.core.project import Project
from studio.gui import fonts
from studio.gui.document import Document
from studio.gui.rates.plot import RatesPlot
from studio.gui.style.measures import CARD_GAP, PANEL_PADDING
from studio.gui.training.session import Session
from studio.gui.widgets.button import Button, Kind
from studio.gui.widgets.label import Role, label
from studio.gui.widgets.progress import Progress
from studio.training.answers import OVERTAKEN, RatesTried
from studio.training.commands import Stop, TryRates
from studio.training.messages import Event, WorkerDied

NUMBERS = count(1)
"""Tell an answer from those to others."""

WIDTH, HEIGHT = 720, 480
WHAT = (
    "The stage takes real steps while its learning rate grows from one to the next. Too low, its loss stays; too high, "
    "it leaves all bounds. A good rate lies where the loss falls fastest."
)
WAITING = "Trying rates, with the weights with which the project begins"
NEVER = "The loss fell at none of these rates. Look at the loss and the data first."
GONE = "The training process has ended. Close this and try again."


class RatesDialog(QDialog):
    """The process that waits takes the steps; nothing of them is kept."""

    def __init__(self, parent: QWidget, document: Document, session: Session, stage: int) -> None:
        super().__init__(parent)
        name = document.project.training.stages[stage].name
        self.setWindowTitle("Find a learning rate")
        self.resize(fonts.scaled(WIDTH), fonts.scaled(HEIGHT))
        self._document, self._session, self._stage = document, session, stage
        self.rate = 0.0
        self._is_over = False
        self.plot, self.progress = RatesPlot(), Progress(name="Progress of the steps")
        self.said = label("", Role.BODY, wrap=True)
        self.use = Button("Use this rate", kind=Kind.PRIMARY)
        self.close_button = Button("Cancel", kind=Kind.QUIET)
        self._lay_out(name)
        self.plot.chosen.connect(self._show_choice)
        self.use.clicked.connect(self._use)
        self.close_button.clicked.connect(self.reject)
        self.use.setEnabled(False)
        session.told.connect(self._take)
        session.warm()
        self.asked = TryRates(next(NUMBERS), loom.dumps(document.project), stage, session.device)
        session.send(self.asked)

    def _lay_out(self, name: str) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(PANEL_PADDING, PANEL_PADDING, PANEL_PADDING, PANEL_PADDING)
        column.setSpacing(CARD_GAP)
        column.addWidget(label(f"Stage “{name}”", Role.HEADING))
        column.addWidget(label(WHAT, Role.LABEL, wrap=True))
        column.addWidget(label("Loss, smoothed, over the learning rate", Role.CAPTION))
        column.addWidget(self.plot, 1)
        self.progress.show_progress(0.0, left=WAITING)
        column.addWidget(self.progress)
        column.addWidget(self.said)
        row = QHBoxLayout()
        row.addWidget(self.use)
        row.addStretch()
        row.addWidget(self.close_button)
        column.addLayout(row)

    def done(self, result: int) -> None:
        """However this is closed, no more steps are taken."""
        if not self._is_over:
            self._session.send(Stop(keep=False))  # a process that waits has nothing to stop, but hears that it is asked
        super().done(result)

    def _take(self, event: Event) -> None:
        if isinstance(event, WorkerDied) and not self._is_over:
            self._end(GONE)
        if not isinstance(event, RatesTried) or event.number != self.asked.number:
            return
        if event.why_not == OVERTAKEN:  # such as how long an epoch takes, which the window asks by itself
            self._session.send(self.asked)
            return
        share = len(event.rates) / event.steps if event.steps else 0.0
        self.progress.show_progress(share, left=WAITING)
        if event.rates:
            self.plot.show_losses(event.rates, event.losses, whole=(self.asked.lowest, self.asked.highest))
        if event.over:
            self._end(event.why_not or ("" if event.suggested else NEVER))
            self.plot.choose(event.suggested)

    def _end(self, sentence: str) -> None:
        self._is_over = True
        self.progress.hide()
        self.said.setText(sentence)
        self.close_button.setText("Close")

    def _show_choice(self, rate: float) -> None:
        self.rate = rate
        self.use.setEnabled(True)
        before = self._document.project.training.stages[self._stage].learning_rate
        self.said.setText(f"Learning rate {rate:g}, in place of {before:g}. Click or drag to choose another.")

    def _use(self) -> None:
        self._document.apply(with_rate(self._document.project, self._stage, self.rate), "Use the rate that was found")
        self.accept()


def with_rate(project: Project, stage: int, rate: float) -> Project:
    """The project with a stage of another learning rate."""
    return project.with_stage(stage, replace(project.training.stages[stage], learning_rate=rate))
