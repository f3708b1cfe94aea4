"""What the network makes of held-out samples: asks for them, and keeps the newest answers."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from studio.gui.training.session import Session
from studio.training.messages import Event, Predict, Predicted, Started
from studio.training.slots import Picture

SLOT = 0
"""The picture slot into which the samples go."""

MOST = 200
"""Samples that are followed in every epoch."""


class Predictions(QObject):
    """Follows the first held-out samples, and one more that a person picked."""

    changed = Signal()
    """``newest`` and ``samples`` are others."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._picked: int | None = None
        self.newest: Predicted | None = None
        self.samples: Picture | None = None
        """The samples themselves, in the order of ``newest.samples``."""
        session.told.connect(self._take)

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
        self._session.send(Predict(tuple(wanted), SLOT))

    def _take(self, event: Event) -> None:
        if isinstance(event, Started):
            self.newest = self.samples = None
            self._ask()
        elif isinstance(event, Predicted):
            worker = self._session.worker
            self.newest = event
            self.samples = (worker.pictures.read(event.slot) if worker is not None else None) or self.samples
            self.changed.emit()
