"""Asks what a sweep shall vary and how it shall search, and shows how far it is; it goes on when this is closed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QVBoxLayout, QWidget

from studio.core.problem import ProjectError
from studio.core.project import Project
from studio.gui import fonts
from studio.gui.style.measures import CARD_GAP, GRID, PANEL_PADDING
from studio.gui.sweeps.sweeping import Sweeping, Wanted
from studio.gui.sweeps.varied_row import VariedRow
from studio.gui.training.wording import figures
from studio.gui.widgets.button import Button, Kind
from studio.gui.widgets.choice import ChoiceBox
from studio.gui.widgets.label import Role, label, rule, set_role
from studio.gui.widgets.number import IntegerField
from studio.gui.widgets.progress import Progress
from studio.gui.widgets.toggle import Toggle
from studio.training.machine import cores
from studio.training.sweeps.picking import Pick
from studio.training.sweeps.plan import TRIALS
from studio.training.sweeps.trials import Aim, Trial, aims_of
from studio.training.sweeps.varying import Varied, grid_of, in_words, present_values

WIDTH = 640
ABOUT = "Trains the project many times with other values. Each trial is a run, judged by its validation part alone."
PICKS: dict[str, Pick] = {
    "By what did well so far": "tpe",
    "At random": "random",
    "Every combination of listed values": "grid",
}
FIRST = "learning_rate"
"""What varies where nothing has been chosen yet."""


class SweepDialog(QDialog):
    """``run_wanted`` carries the folder of a run that a person wants to open, ``runs_wanted`` asks for the table."""

    run_wanted = Signal(object)
    runs_wanted = Signal()

    def __init__(self, parent: QWidget, project: Project, sweeping: Sweeping, device: str) -> None:
        super().__init__(parent)
        self.setWindowTitle("Sweep")
        self.setMinimumWidth(fonts.scaled(WIDTH))
        self._project, self.sweeping, self._device = project, sweeping, device
        self._present, self._aims = present_values(project), list[Aim]()
        self.rows: list[VariedRow] = []
        self.add = Button("Vary something else", icon="plus", kind=Kind.QUIET, small=True)
        self.goal, self.pick = ChoiceBox("Judged by"), ChoiceBox("Values are picked")
        self.trials, self.jobs = IntegerField("Trials", 1, 10_000), IntegerField("At a time", 1, max(8, cores()))
        self.complaint = label("", Role.PROBLEM, wrap=True)
        self.prune = Toggle("Give up trials that fall behind the median of the others")
        self.progress, self.outcome = Progress(name="Progress of the sweep"), label("", Role.BODY, wrap=True)
        self.go, self.stop = Button("Start", icon="play", kind=Kind.PRIMARY), Button("Stop", icon="stop")
        self.go_on, self.leave = Button("Go on", icon="resume"), Button("Close")
        self.show_runs = Button("Show the runs", icon="folder", kind=Kind.LINK)
        self.open_best = Button("Open the best", icon="open", kind=Kind.LINK)
        self._fill()
        self._lay_out()
        self._connect()
        self._show()

    def _fill(self) -> None:
        """Offer what the project has, and begin with what searches begin with."""
        self.pick.addItems(list(PICKS))
        self.trials.setValue(TRIALS)
        self.prune.setChecked(True)
        try:
            self._aims = aims_of(self._project)
        except ProjectError as error:
            self._say(str(error), Role.PROBLEM)
        self.goal.addItems([_title(aim) for aim in self._aims])

    def _lay_out(self) -> None:
        self._lines = QVBoxLayout()
        self._lines.setSpacing(GRID)
        form = QFormLayout()
        form.setHorizontalSpacing(2 * GRID)
        form.setVerticalSpacing(GRID)
        for text, field in (("Judged by", self.goal), ("Values are picked", self.pick)):
            form.addRow(text, field)
        numbers = QHBoxLayout()
        numbers.setSpacing(2 * GRID)
        numbers.addWidget(self.trials)
        numbers.addWidget(label("At a time"))
        numbers.addWidget(self.jobs)
        numbers.addStretch()
        form.addRow("Trials", numbers)
        form.addRow("", self.prune)
        self._asked = QWidget()
        asked = QVBoxLayout(self._asked)
        asked.setContentsMargins(0, 0, 0, 0)
        asked.setSpacing(CARD_GAP)
        for layout in (self._lines, _left(self.add)):
            asked.addLayout(layout)
        asked.addWidget(self.complaint)
        asked.addWidget(rule())
        asked.addLayout(form)
        buttons = QHBoxLayout()
        for link in (self.show_runs, self.open_best):
            buttons.addWidget(link)
        buttons.addStretch()
        for button in (self.leave, self.stop, self.go_on, self.go):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(PANEL_PADDING, PANEL_PADDING, PANEL_PADDING, PANEL_PADDING)
        column.setSpacing(CARD_GAP)
        for part in (label(ABOUT, Role.HINT, wrap=True), self._asked, self.progress, self.outcome):
            column.addWidget(part)
        column.addLayout(buttons)

    def _connect(self) -> None:
        for button in (self.add, self.stop, self.go_on, self.leave, self.show_runs, self.open_best):
            button.setAutoDefault(False)
        self.add.clicked.connect(lambda: self.vary(self._unused()))
        self.pick.activated.connect(self._allow)
        self.go.clicked.connect(self.start)
        self.stop.clicked.connect(self.sweeping.stop)
        self.go_on.clicked.connect(self.sweeping.go_on)
        self.leave.clicked.connect(self.close)
        self.show_runs.clicked.connect(self.runs_wanted)
        self.open_best.clicked.connect(self._open_best)
        self.sweeping.changed.connect(self._show)
        wanted = self.sweeping.wanted
        for name in [each.name for each in wanted.varied if each.name in self._present] if wanted else [FIRST]:
            self.vary(name).values.setFocus()

    def vary(self, name: str) -> VariedRow:
        """Let this vary too."""
        row = VariedRow(self._present, name)
        row.changed.connect(self._allow)
        row.removed.connect(lambda: self._remove(row))
        self.rows.append(row)
        self._lines.addWidget(row)
        self._allow()
        return row

    def start(self) -> None:
        """Begin to search as the form says."""
        wanted = self._wanted
        if wanted is None:
            return
        try:
            self.sweeping.start(self._project, wanted)
        except ProjectError as error:
            self._say(str(error), Role.PROBLEM)

    @property
    def _wanted(self) -> Wanted | None:
        """What the form says; None where that is nothing that can be searched."""
        varied = tuple(each for row in self.rows if (each := row.varied) is not None)
        if not self._aims or not varied or len(varied) < len(self.rows) or self._why_not(varied):
            return None
        pick, trials = PICKS[self.pick.currentText()], self.trials.value()
        count = min(trials, len(grid_of(varied))) if pick == "grid" else trials
        aim = self._aims[self.goal.currentIndex()]
        return Wanted(varied, aim, count, self.jobs.value(), pick, self.prune.isChecked(), self._device)

    def _why_not(self, varied: Sequence[Varied]) -> str:
        """Why these cannot be varied together; empty where they can."""
        twice = [name for name, count in Counter(each.name for each in varied).items() if count > 1]
        if twice:
            return f"{twice[0]} varies twice: remove one of the two."
        try:
            grid_of(varied if PICKS[self.pick.currentText()] == "grid" else ())
        except ProjectError as error:
            return str(error)
        return ""

    def _unused(self) -> str:
        used = {row.name.currentData() for row in self.rows}
        return next((name for name in self._present if name not in used), FIRST)

    def _remove(self, row: VariedRow) -> None:
        self.rows.remove(row)
        row.hide()
        row.deleteLater()
        self._allow()

    def _allow(self) -> None:
        """What can be done as things stand."""
        runs = self.sweeping.is_running
        self._asked.setEnabled(not runs)
        self.go.setVisible(not runs)
        self.go.setEnabled(self._wanted is not None)
        why_not = self._why_not([each for row in self.rows if (each := row.varied) is not None])
        self.complaint.setText(why_not)
        self.complaint.setVisible(bool(why_not))
        self.stop.setVisible(runs)
        self.go_on.setVisible(self.sweeping.can_go_on)
        self.show_runs.setVisible(self.sweeping.folder is not None)
        self.open_best.setVisible(self.sweeping.best is not None)

    def _show(self) -> None:
        """How far the sweep is, and what it has come to."""
        sweeping, best = self.sweeping, self.sweeping.best
        running = [trial for trial in sweeping.trials.values() if trial.state == "running"]
        self.progress.setVisible(sweeping.is_running)
        left = ", ".join(f"trial {trial.trial}: {in_words(trial.values)}" for trial in running) or sweeping.doing
        self.progress.show_progress(sweeping.share, left=left, right=f"{sweeping.share:.0%}")
        if sweeping.sentence:
            self._say(sweeping.sentence, Role.WARN if sweeping.can_go_on else Role.PROBLEM)
        elif best is not None and sweeping.wanted is not None:
            self._say(best_in_words(best, sweeping.wanted.aim), Role.SUCCESS if sweeping.swept else Role.BODY)
        elif sweeping.swept is not None:
            self._say("No trial came to its end.", Role.PROBLEM)
        elif sweeping.is_running:
            self._say("No trial has come to its end yet.", Role.HINT)
        self._allow()
        self.adjustSize()

    def _open_best(self) -> None:
        if self.sweeping.best is not None:
            self.run_wanted.emit(Path(self.sweeping.best.run))
            self.close()

    def _say(self, sentence: str, role: Role) -> None:
        set_role(self.outcome, role)
        self.outcome.setText(sentence)


def best_in_words(best: Trial, aim: Aim) -> str:
    """``The best of cnn-digits-sweep-1 is trial 3 with width 32: accuracy 93.20 %.``"""
    name = aim.figure.name
    reached = {} if best.figure is None else {name: best.figure}
    said = figures(reached, {name: {"percent": aim.figure.percent}})
    return f"The best of {Path(best.run).parent.name} is trial {best.trial} with {in_words(best.values)}: {said}."


def _title(aim: Aim) -> str:
    """The title of a figure, with its objective where there are several."""
    objective = aim.figure.name.rpartition(": ")[0]
    return f"{objective}: {aim.figure.title}" if objective else aim.figure.title


def _left(button: Button) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addWidget(button)
    row.addStretch()
    return row
