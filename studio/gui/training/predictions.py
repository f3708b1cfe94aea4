"""What the network makes of held-out samples: asks for them, and keeps the newest answers."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from studio.gui.training.session import Session
from studio.gui.training.state import State
from studio.training.answers import Predicted
from studio.training.commands import Predict
from studio.training.messages import Event, Started
from studio.training.slots import Picture

SLOT, ANSWERS = 0, 15
"""The picture slots into which the samples go, and what they shall be again."""

MOST = 200
"""Samples that are followed in every epoch."""


class Predictions(QObject):
    """Follows the first held-out samples, and one more that a person picked."""

    changed = Signal()
    """``newest``, ``samples`` and ``again`` are others."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._picked: int | None = None
        self.newest: Predicted | None = None
        self.samples: Picture | None = None
        """The samples themselves, in the order of ``newest.samples``."""
        self.again: Picture | None = None
        """The samples as the network answers them where they shall be its answers; or numbers, answered and wanted."""
        session.told.connect(self._take)
        session.state_changed.connect(self._forget)

    def pick(self, sample: int) -> None:
        """Follow this sample too."""
        if self.index_of(sample) is None and sample != self._picked:
            self._picked = sample
            self._ask()
        self._picked = sample

    def index_of(self, sample: int) -> int | None:
        """Where the sample stands among the newest answers."""
        found = self.newest.samples if self.newest else ()
        return found.index(sample) if sample in found else None

    def _ask(self) -> None:
        started = self._session.started
        if started is None:
            return
        count = min(started.samples.get("validation", MOST), MOST)
        wanted = dict.fromkeys(range(count))
        if self._picked is not None and self._picked < started.samples.get("validation", MOST):
            wanted[self._picked] = None
        self._session.send(Predict(tuple(wanted), SLOT, ANSWERS))

    def _forget(self, state: State) -> None:
        """Another project or run was opened: it has answered nothing yet."""
        if state is State.IDLE:
            self.newest = self.samples = self.again = None
            self.changed.emit()

    def _take(self, event: Event) -> None:
        if isinstance(event, Started):
            self.newest = self.samples = self.again = None
            self._ask()
        elif isinstance(event, Predicted):
            self.newest = event
            self.samples = self._read(event.slot) or self.samples
            self.again = (self._read(ANSWERS) or self.again) if event.errors else None
            self.changed.emit()

    def _read(self, slot: int) -> Picture | None:
        worker = self._session.worker
        return worker.pictures.read(slot) if worker is not None else None
