"""What dialogs share that choose something for one stage."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from studio.compiler.stage_rules import stage_problems
from studio.core.project import Project, Stage
from studio.gui import fonts
from studio.gui.document import Document
from studio.gui.style.measures import CARD_GAP, PANEL_PADDING
from studio.gui.widgets.button import Button, Kind
from studio.gui.widgets.label import Role, label, set_role


class StageDialog(QDialog):
    """Chooses something for a stage, and says meanwhile what would be wrong with it.

    What is used is one step of the history, called as ``step`` says.
    """

    title, step = "", ""
    size_wanted = (640, 520)

    def __init__(self, parent: QWidget, document: Document, number: int) -> None:
        super().__init__(parent)
        self.document, self.number = document, number
        self.setWindowTitle(self.title)
        self.resize(QSize(*map(fonts.scaled, self.size_wanted)).boundedTo(self.screen().availableSize()))
        self.use, self.cancel = Button("Use", kind=Kind.PRIMARY), Button("Cancel", kind=Kind.QUIET)
        self.hint = label("", Role.HINT, wrap=True)
        self.use.clicked.connect(self._use)
        self.cancel.clicked.connect(self.reject)

    @property
    def stage(self) -> Stage:
        """The stage as it is."""
        return self.document.project.training.stages[self.number]

    def edited(self) -> Project:
        """The project with what is chosen; the very same where that is what it says already."""
        raise NotImplementedError

    def lay_out(self, body: QWidget) -> None:
        """Put the body between a heading and the buttons."""
        row = QHBoxLayout()
        for button in (self.use, self.cancel):
            button.setAutoDefault(False)  # Enter is for what is chosen from
        row.addWidget(self.use)
        row.addStretch()
        row.addWidget(self.cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(PANEL_PADDING, PANEL_PADDING, PANEL_PADDING, PANEL_PADDING)
        column.setSpacing(CARD_GAP)
        column.addWidget(label(f"Stage {self.number + 1}, {self.stage.name}", Role.HEADING))
        column.addWidget(body, 1)
        column.addWidget(self.hint)
        column.addLayout(row)

    def follow(self, hint: str, refusal: str = "") -> None:
        """Say what would be wrong with what is chosen, else a hint; a refusal says why it cannot be used at all."""
        complaint = refusal or self._complaint()
        self.use.setEnabled(not refusal)
        self.hint.setText(complaint or hint)
        set_role(self.hint, Role.PROBLEM if complaint else Role.HINT)

    def with_stage(self, stage: Stage, project: Project | None = None) -> Project:
        """The project with another stage in the place of this one; the very same where they are equal."""
        project = project or self.document.project
        return project if project.training.stages[self.number] == stage else project.with_stage(self.number, stage)

    def _complaint(self) -> str:
        """What would be wrong with the stage; graphs that are wrong themselves have to be mended first."""
        found = self.document.diagnosis
        if any(problem.stage is None for problem in found.problems):
            return ""
        problems = stage_problems(self.edited(), found.graphs, found.objectives)
        return next((problem.message for problem in problems if problem.stage == self.number), "")

    def _use(self) -> None:
        project = self.edited()
        if project is not self.document.project:
            self.document.apply(project, self.step)
        self.accept()
