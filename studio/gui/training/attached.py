"""A training that another process does, followed by what it writes into the folder of its run."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from studio.training.following import Following
from studio.training.messages import Failed, WorkerDied
from studio.training.presence import presence
from studio.training.run import Run

QUICKEST_MS, SLOWEST_MS = 500, 4000
"""Between two looks while something comes, and at most where nothing does."""

DIED = "The process that trained this run has ended before it was done."
GONE = "The folder {} is out of reach: it was moved or deleted, or its disk is gone."
OPEN_AGAIN = "Open the run anew where it lies now."


class Attached(QObject):
    """Ends by itself with the training, and leaves its process alone in any case."""

    told = Signal(object)
    """Every event, first those that bring a late comer up to date."""
    lost = Signal(object)
    """The process has died, as a WorkerDied."""

    def __init__(self, run: Run, parent: QObject) -> None:
        super().__init__(parent)
        self.run = run
        self._following = Following(run)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)

    @property
    def where(self) -> str:
        """Where it is trained, and since when; empty where its process says nothing about itself."""
        writer = presence(self.run.folder)
        return writer.in_words() if writer is not None else ""

    def begin(self) -> None:
        """Tell how the training stands, and then whatever comes."""
        self._timer.start(QUICKEST_MS)
        self._tell()

    def end(self) -> None:
        """Look no more."""
        self._timer.stop()
        self.deleteLater()

    def _look(self) -> None:
        if self._tell():
            self._timer.setInterval(QUICKEST_MS)
        elif self.run.is_live():
            self._timer.setInterval(min(2 * self._timer.interval(), SLOWEST_MS))
        else:
            self._tell()  # its last words may have come after the look at the file
            self._miss()

    def _tell(self) -> bool:
        """Tell what is new; whether anything was."""
        events = self._following.read()
        for event in events:
            if self._timer.isActive():  # one before may have told the end
                self.told.emit(event)
        return bool(events)

    def _miss(self) -> None:
        """Say that nothing will come any more, where no end was told."""
        if not self._timer.isActive():
            return
        if self.run.project_file.is_file():
            self.lost.emit(WorkerDied(DIED, 0))
        else:
            self.told.emit(Failed(GONE.format(self.run.folder), OPEN_AGAIN))
