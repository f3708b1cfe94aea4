"""Changes a training while it runs: its learning rate, and when its present stage ends."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from studio.core.problem import Mismatch
from studio.core.project import Stage
from studio.gui import fonts
from studio.gui.inspector.form import Form
from studio.gui.style.measures import CARD_GAP, PANEL_PADDING
from studio.gui.training.session import Session
from studio.gui.widgets.button import Button, Kind
from studio.gui.widgets.label import Role, label
from studio.training.commands import ENDS, FinishStage, SetEnd, SetLearningRate
from studio.training.messages import EndSet, Event, LearningRateSet, Log, StageEnded

RATE = "learning_rate"
WIDTH = 420
HINT = "Each change holds from the next step on; 0 is no limit. The project keeps the settings that it has."
NOTHING = "Nothing is being trained now."


class SteeringDialog(QDialog):
    """A form of the stage that runs. What it shows is what the training process said, not what was typed."""

    def __init__(self, parent: QWidget, session: Session) -> None:
        super().__init__(parent)
        self.setWindowTitle("Steer the training")
        self.setMinimumWidth(fonts.scaled(WIDTH))
        self._session = session
        self._at, self._values = 0, dict[str, Any]()
        self.heading, self.hint = label("", Role.HEADING, wrap=True), label(HINT, Role.HINT, wrap=True)
        settings = {setting.name: setting for setting in Stage.settings()}
        self.form = Form([settings[name] for name in (RATE, *ENDS)])
        self.finish = Button("Finish this stage now", icon="check")
        self.close_button = Button("Close", kind=Kind.QUIET)
        self._lay_out()
        self.form.edited.connect(self._edit)
        self.finish.clicked.connect(lambda: session.send(FinishStage()))
        self.close_button.clicked.connect(self.close)
        session.state_changed.connect(self._refresh)
        session.told.connect(self._hear)
        self._look_back()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(PANEL_PADDING, PANEL_PADDING, PANEL_PADDING, PANEL_PADDING)
        column.setSpacing(CARD_GAP)
        for part in (self.heading, self.form, self.hint):
            column.addWidget(part)
        column.addStretch()
        row = QHBoxLayout()
        for button in (self.finish, self.close_button):
            button.setAutoDefault(False)
        row.addWidget(self.finish)
        row.addStretch()
        row.addWidget(self.close_button)
        column.addLayout(row)

    def _look_back(self) -> None:
        """Take up what the training told before this was opened."""
        self._begin_stage(0)
        if self._session.run is not None:
            for event in self._session.run.history():
                self._take(event)
        self._refresh()

    def _begin_stage(self, at: int) -> None:
        project = self._session.project
        if project is not None and at < len(project.training.stages):
            self._at, stage = at, project.training.stages[at]
            self._values = {name: getattr(stage, name) for name in self.form.rows}

    def _hear(self, event: Event) -> None:
        if self._take(event):
            self._refresh()

    def _take(self, event: Event) -> bool:
        """Whether the event changed what is shown."""
        match event:
            case StageEnded():
                self._begin_stage(event.stage + 1)
            case Log(level="warning"):
                self.hint.setText(event.message)
                return False
            case EndSet():
                self._values |= {name: getattr(event, name) for name in ENDS}
            case LearningRateSet():
                self._values[RATE] = event.value
            case _:
                return False
        return True

    def _refresh(self, _: object = None) -> None:
        project, busy = self._session.project, self._session.state.is_busy
        self.form.setEnabled(busy)
        self.finish.setEnabled(busy)
        if project is None or not busy:
            self.heading.setText(NOTHING)
            return
        stages = project.training.stages
        self.heading.setText(f"Stage {self._at + 1} of {len(stages)}: {stages[self._at].name}")
        self.form.show_values(self._values, {})

    def _edit(self, name: str, value: object) -> None:
        """Ask the training process; the form shows it once that is done."""
        self.hint.setText(HINT)
        wanted = self._values | {name: value}
        try:
            Stage.of(wanted)
        except Mismatch as error:
            self.form.show_values(wanted, {}, {name: error.message})
            return
        if name == RATE:
            self._session.send(SetLearningRate(wanted[RATE]))
        else:
            self._session.send(SetEnd(**{each: wanted[each] for each in ENDS}))
