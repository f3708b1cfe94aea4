"""The line at the foot of the window: what the network costs, how fast it trains, what is wrong."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from studio.compiler.memory import amount
from studio.compiler.results import Diagnosis
from studio.gui import fonts
from studio.gui.document import Document
from studio.gui.style.measures import CARD_PADDING, STATUS_HEIGHT
from studio.gui.training.estimate import BREAKDOWN, Estimate, amounts, pace
from studio.gui.training.session import Session
from studio.gui.training.wording import figures
from studio.gui.widgets.button import Button, Kind
from studio.gui.widgets.label import Role, label, set_role
from studio.training.messages import EpochEnded, Event


class StatusLine(QWidget):
    """``problems_wanted`` when the count of problems is pressed."""

    problems_wanted = Signal()

    def __init__(self, document: Document, session: Session, estimate: Estimate) -> None:
        super().__init__()
        self.setObjectName("status")
        self.setFixedHeight(fonts.scaled(STATUS_HEIGHT))
        self._document, self._estimate = document, estimate
        self.facts = {name: label("", Role.LABEL) for name in ("weights", "multiply-adds", "memory", "pace", "best")}
        self.set_batch = Button(name="Train with a batch that fits into memory", kind=Kind.QUIET, small=True)
        self.set_batch.clicked.connect(estimate.set_batch)
        self.problems = Button("", kind=Kind.QUIET, small=True)
        self.problems.clicked.connect(self.problems_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(CARD_PADDING, 0, CARD_PADDING, 0)
        row.setSpacing(CARD_PADDING)
        self._lines = {name: _line() for name in self.facts}
        for name in ("weights", "multiply-adds", "memory", "pace"):
            row.addWidget(self.facts[name])
            row.addWidget(self._lines[name])
        row.insertWidget(row.indexOf(self._lines["memory"]), self.set_batch)
        row.addStretch()
        row.addWidget(self.facts["best"])
        row.addWidget(self._lines["best"])
        row.addWidget(self.problems)
        for signal in (document.changed, document.opened):
            signal.connect(self.refresh)
        estimate.changed.connect(self.refresh)
        document.opened.connect(lambda: self._say(best=""))
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
                "memory": f"~{amount(self._estimate.memory.total)} while training",
                "pace": pace(self._estimate.seconds) if self._estimate.seconds else "",
            }
        )
        self._show_shortage()
        self._count_problems(diagnosis)

    def _show_shortage(self) -> None:
        """Warn where memory will not do, with the batch that would fit."""
        shortage, shown = self._estimate.shortage, self.facts["memory"]
        set_role(shown, Role.WARN if shortage else Role.LABEL)
        shown.setToolTip(shortage.sentence if shortage else BREAKDOWN.format(**amounts(self._estimate.memory)))
        shown.setAccessibleDescription(shown.toolTip())
        if shortage:
            shown.setText(f"⚠ {shown.text()}: too much")
        self.set_batch.setVisible(bool(shortage and shortage.batch))
        if shortage:
            self.set_batch.setText(f"Set batch to {shortage.batch:,}")
            self.set_batch.setToolTip(shortage.sentence)

    def _count_problems(self, diagnosis: Diagnosis) -> None:
        count = len(diagnosis.problems)
        self.problems.setText("1 problem" if count == 1 else f"{count} problems")
        self.problems.show_icon("warning" if count else "check")
        self.problems.setAccessibleName(self.problems.text())
        self.problems.updateGeometry()

    def _take(self, event: Event) -> None:
        if isinstance(event, EpochEnded) and event.best:
            self._say(best=f"Best epoch {event.epoch}: {figures(event.metrics)}")

    def _say(self, **texts: str) -> None:
        for name, text in texts.items():
            shown: QLabel = self.facts[name]
            shown.setText(text)
            shown.setVisible(bool(text))
            self._lines[name].setVisible(bool(text))


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
