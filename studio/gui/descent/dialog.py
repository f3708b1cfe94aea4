"""Compares two optimizers on their way down an error of two weights: steps that zig-zag, and what momentum is for."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from studio.core.surfaces import SURFACES
from studio.gui import fonts
from studio.gui.descent.surface_view import SurfaceView
from studio.gui.descent.walker import Walker
from studio.gui.style.measures import CARD_GAP, PANEL_PADDING
from studio.gui.training.session import Session
from studio.gui.widgets.choice import ChoiceBox
from studio.gui.widgets.label import Role, label, rule
from studio.gui.widgets.scrubber import Scrubber
from studio.training.answers import Descended
from studio.training.commands import Descend
from studio.training.messages import Event

STEPS = 60
REST_MS = 30
"""A slider has to rest so long before the training process is asked."""
WIDTH, HEIGHT, COLUMN = 1040, 560, 300
WAITING = "Waiting for the training process, which takes the steps."


class DescentDialog(QDialog):
    """The training process takes the steps, with the optimizers that a training has; it does so between its own."""

    def __init__(self, parent: QWidget, session: Session) -> None:
        super().__init__(parent)
        self.setWindowTitle("Ways down an error")
        self.resize(fonts.scaled(WIDTH), fonts.scaled(HEIGHT))
        self._session = session
        self.surface, self.view, self.steps = ChoiceBox("Error surface"), SurfaceView(), Scrubber("Step")
        self.walkers = (Walker(0, "sgd", 0.09, 0.0), Walker(1, "classical-momentum", 0.03, 0.8))
        self._lesson = label("", Role.LABEL, wrap=True)
        self._start = (0.0, 0.0)
        self._answers: dict[int, Descended] = {}
        self._number = 0
        self._timer = QTimer(self, singleShot=True, interval=REST_MS)
        self._lay_out()
        self._connect()
        self._choose()

    def _lay_out(self) -> None:
        self.surface.addItems([each.title for each in SURFACES.values()])
        side = QWidget()
        side.setFixedWidth(fonts.scaled(COLUMN))
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * CARD_GAP)
        column.addWidget(self.surface)
        column.addWidget(self._lesson)
        for walker in self.walkers:
            column.addWidget(rule())
            column.addWidget(walker)
        column.addStretch()
        column.addWidget(label("Click into the picture to begin elsewhere.", Role.HINT, wrap=True))
        picture = QVBoxLayout()
        picture.addWidget(self.view, 1)
        picture.addWidget(self.steps)
        row = QHBoxLayout(self)
        row.setContentsMargins(PANEL_PADDING, PANEL_PADDING, PANEL_PADDING, PANEL_PADDING)
        row.setSpacing(PANEL_PADDING)
        row.addLayout(picture, 1)
        row.addWidget(side)

    def _connect(self) -> None:
        self.surface.activated.connect(self._choose)
        self.view.start_chosen.connect(self._begin_at)
        self.steps.moved.connect(self._show)
        self._timer.timeout.connect(self._ask)
        for walker in self.walkers:
            walker.changed.connect(self._timer.start)
        self._session.told.connect(self._take)

    def _choose(self) -> None:
        """Show the surface that is chosen, with ways from where it has something to teach."""
        surface = list(SURFACES.values())[self.surface.currentIndex()]
        self._lesson.setText(surface.lesson)
        self.view.show_surface(surface)
        self._begin_at(*surface.start)

    def _begin_at(self, first: float, second: float) -> None:
        self._start = (first, second)
        self._ask()

    def _ask(self) -> None:
        """Have both ways taken; what was asked before counts no more."""
        self._session.warm()
        self._number += len(self.walkers)
        name = list(SURFACES)[self.surface.currentIndex()]
        for at, walker in enumerate(self.walkers):
            walker.reached.setText(walker.reached.text() or WAITING)
            self._session.send(Descend(self._number + at, name, self._start, walker.settings, STEPS))

    def _take(self, event: Event) -> None:
        if not isinstance(event, Descended) or not 0 <= event.number - self._number < len(self.walkers):
            return
        self._answers[event.number - self._number] = event
        self.steps.set_count(STEPS + 1)
        self._show()

    def _show(self, _: int = 0) -> None:
        """Show the ways as far as the slider stands, and what was reached there."""
        at = self.steps.at
        self.steps.say(f"Step {at} of {STEPS}")
        self.view.show_ways([self._answers[number].path for number in sorted(self._answers)], at)
        for number, answer in self._answers.items():
            self.walkers[number].reached.setText(_reached(answer, at))


def _reached(answer: Descended, at: int) -> str:
    """How low a way is at a step."""
    if answer.why_not:
        return answer.why_not
    last = len(answer.errors) - 1
    if at > last:
        return f"Climbs out of all bounds after step {last}: the learning rate is too large."
    return f"Error {answer.errors[at]:.3g} after {at} steps, from {answer.errors[0]:.3g}."
