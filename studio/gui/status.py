"""The line at the foot of the window: what the network costs, how fast it trains, what is wrong."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from studio.compiler.results import Diagnosis, GraphResult
from studio.core.project import Project
from studio.gui import fonts
from studio.gui.document import Document
from studio.gui.style.measures import CARD_PADDING, STATUS_HEIGHT
from studio.gui.training.session import Session
from studio.gui.training.wording import figures
from studio.gui.widgets.button import Button, Kind
from studio.gui.widgets.label import Role, label
from studio.training.messages import EpochEnded, Event

BYTES_OF_A_NUMBER = 4
COPIES_OF_A_WEIGHT = 4
"""Adam keeps the weight, its gradient and two moments."""


class StatusLine(QWidget):
    """``problems_wanted`` when the count of problems is pressed."""

    problems_wanted = Signal()

    def __init__(self, document: Document, session: Session) -> None:
        super().__init__()
        self.setObjectName("status")
        self.setFixedHeight(fonts.scaled(STATUS_HEIGHT))
        self._document = document
        self.facts = {name: label("", Role.LABEL) for name in ("weights", "multiply-adds", "memory", "pace", "best")}
        self.problems = Button("", kind=Kind.QUIET, small=True)
        self.problems.clicked.connect(self.problems_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(CARD_PADDING, 0, CARD_PADDING, 0)
        row.setSpacing(CARD_PADDING)
        self._lines = {name: _line() for name in self.facts}
        for name in ("weights", "multiply-adds", "memory", "pace"):
            row.addWidget(self.facts[name])
            row.addWidget(self._lines[name])
        row.addStretch()
        row.addWidget(self.facts["best"])
        row.addWidget(self._lines["best"])
        row.addWidget(self.problems)
        for signal in (document.changed, document.opened):
            signal.connect(self.refresh)
        document.opened.connect(lambda: self._say(pace="", best=""))
        session.told.connect(self._take)
        self.refresh()

    def refresh(self) -> None:
        """Say what the project costs as it is now."""
        diagnosis = self._document.diagnosis
        networks = list(diagnosis.networks.values())
        self._say(
            **{
                "weights": " + ".join(f"{result.weights:,}" for result in networks) + " weights" if networks else "",
                "multiply-adds": f"{short(sum(result.multiply_adds for result in networks))} multiply-adds",
                "memory": f"~{memory(self._document.project, networks)} while training",
            }
        )
        self._count_problems(diagnosis)

    def _count_problems(self, diagnosis: Diagnosis) -> None:
        count = len(diagnosis.problems)
        self.problems.setText("1 problem" if count == 1 else f"{count} problems")
        self.problems.show_icon("warning" if count else "check")
        self.problems.setAccessibleName(self.problems.text())
        self.problems.updateGeometry()

    def _take(self, event: Event) -> None:
        if isinstance(event, EpochEnded):
            self._say(pace=f"~{event.seconds:.1f} s per epoch on this machine")
            if event.best:
                self._say(best=f"Best epoch {event.epoch}: {figures(event.metrics)}")

    def _say(self, **texts: str) -> None:
        for name, text in texts.items():
            shown: QLabel = self.facts[name]
            shown.setText(text)
            shown.setVisible(bool(text))
            self._lines[name].setVisible(bool(text))


def memory(project: Project, networks: list[GraphResult]) -> str:
    """What weights and activations of one step take, roughly: activations are kept for the way back."""
    batch = project.training.batch if isinstance(project.training.batch, int) else 1
    numbers = sum(result.weights * COPIES_OF_A_WEIGHT + result.activations * batch * 2 for result in networks)
    size = numbers * BYTES_OF_A_NUMBER / 2**20
    return f"{size / 1024:.1f} GB" if size >= 1024 else f"{size:.0f} MB" if size >= 1 else "1 MB"


def short(count: int) -> str:
    """A large number at reading length: ``0.42 M``, ``4.1 G``."""
    for size, letter in ((10**9, "G"), (10**5, "M")):
        if count >= size:
            return f"{count / (size if letter == 'G' else 10**6):.2f} {letter}"
    return f"{count:,}"


def _line() -> QFrame:
    line = QFrame()
    line.setProperty("role", "line")
    line.setFixedSize(1, 14)
    return line
