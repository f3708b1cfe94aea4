"""The line at the foot of the window: what the network costs, how fast it trains, what is wrong."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLayout, QWidget

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
from studio.gui.widgets.text_size import follow_text, give_way
from studio.training.messages import EpochEnded, Event

FACTS = ("weights", "multiply-adds", "memory", "pace", "best")


class StatusLine(QWidget):
    """``problems_wanted`` when the count of problems is pressed."""

    problems_wanted = Signal()

    def __init__(self, document: Document, session: Session, estimate: Estimate) -> None:
        super().__init__()
        self.setObjectName("status")
        self._document, self._estimate = document, estimate
        self.facts = {name: label("", Role.LABEL) for name in FACTS}
        self.set_batch = Button(name="Train with a batch that fits into memory", kind=Kind.QUIET, small=True)
        self.set_batch.clicked.connect(estimate.set_batch)
        self.problems = Button("", kind=Kind.QUIET, small=True)
        self.problems.clicked.connect(self.problems_wanted)
        row = self._row = QHBoxLayout(self)
        row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        row.setContentsMargins(CARD_PADDING, 0, CARD_PADDING, 0)
        row.setSpacing(CARD_PADDING)
        self._lines = {name: _line() for name in FACTS}
        for name in FACTS:
            row.addWidget(self._lines[name])
            row.addWidget(self.facts[name])
        row.insertWidget(row.indexOf(self._lines["pace"]), self.set_batch)
        row.insertStretch(row.indexOf(self._lines["best"]))
        row.addWidget(self.problems)
        for signal in (document.changed, document.opened):
            signal.connect(self.refresh)
        estimate.changed.connect(self.refresh)
        document.opened.connect(lambda: self._say(best=""))
        session.told.connect(self._take)
        follow_text(self, self._size)
        self.refresh()

    def minimumSizeHint(self) -> QSize:
        """The window may be narrower than all of this, which the inspector tells too."""
        return QSize(0, fonts.scaled(STATUS_HEIGHT))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_out()

    def _size(self) -> None:
        self.setFixedHeight(fonts.scaled(STATUS_HEIGHT))
        self._share_out()

    def _share_out(self) -> None:
        """Show the facts that there are, as many as there is room for, the last of them giving way first."""
        for name in FACTS:
            self._show_fact(name, wanted=True)
        give_way(self._row, self.width(), [partial(self._show_fact, name) for name in reversed(FACTS)])

    def _show_fact(self, name: str, wanted: bool) -> None:
        """Show a fact, if it is known, with a line that parts it from the one before."""
        shown, at = wanted and bool(self.facts[name].text()), FACTS.index(name)
        self.facts[name].setVisible(shown)
        self._lines[name].setVisible(shown and not all(self.facts[before].isHidden() for before in FACTS[:at]))

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
        count, hints = len(diagnosis.problems), len(diagnosis.hints)
        problems = "1 problem" if count == 1 else f"{count} problems"
        self.problems.setText(f"{problems}, {hints} hint{'s' * (hints != 1)}" if hints else problems)
        self.problems.show_icon("warning" if count else "check", "problem" if count else "success")
        self.problems.setAccessibleName(self.problems.text())
        self.problems.updateGeometry()

    def _take(self, event: Event) -> None:
        if isinstance(event, EpochEnded) and event.best:
            self._say(best=f"Best epoch {event.epoch}: {figures(event.metrics)}")

    def _say(self, **texts: str) -> None:
        for name, text in texts.items():
            shown: QLabel = self.facts[name]
            shown.setText(text)
        self._share_out()


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
