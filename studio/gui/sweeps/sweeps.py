"""Opens the dialog for sweeps, and says when one is over that goes on without it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from studio.gui import asking
from studio.gui.document import Document
from studio.gui.sweeps.dialog import SweepDialog, best_in_words
from studio.gui.sweeps.sweeping import Sweeping
from studio.gui.training.session import Session
from studio.gui.widgets.toast import Notices, Tone

END = "End the sweep"
ENDING = "A sweep is at work, {:.0%} of which is done. It ends with this window; what ran is kept, and can go on."


class Sweeps(QObject):
    """The sweep of a window with its dialog. Its signals are those of the dialog."""

    run_wanted = Signal(object)
    runs_wanted = Signal()

    def __init__(self, parent: QWidget, document: Document, session: Session) -> None:
        super().__init__(parent)
        self._parent, self._document, self._session = parent, document, session
        self._notices = Notices(parent)
        self._dialog: SweepDialog | None = None
        self.sweeping = Sweeping(self)
        self.sweeping.ended.connect(self._tell)

    def open(self) -> None:
        """Ask what a sweep shall vary; where one goes on, show how far it is."""
        dialog = self._dialog = SweepDialog(self._parent, self._document.project, self.sweeping, self._session.device)
        dialog.run_wanted.connect(self.run_wanted)
        dialog.runs_wanted.connect(self.runs_wanted)
        dialog.finished.connect(self._forget)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def may_end(self) -> bool:
        """Whether nothing is searched, or the person says that it may end."""
        if not self.sweeping.is_running:
            return True
        return asking.ask(self._parent, "End the sweep?", ENDING.format(self.sweeping.share), (END,)) == END

    def close(self) -> None:
        """End with the window; what ran is kept and can go on."""
        self.sweeping.close()

    def _forget(self) -> None:
        self._dialog = None

    def _tell(self) -> None:
        """Say how the sweep ended, where no dialog does."""
        sweeping = self.sweeping
        if self._dialog is not None:
            return
        if sweeping.best is not None and sweeping.wanted is not None and sweeping.swept is not None:
            said = best_in_words(sweeping.best, sweeping.wanted.aim)
            self._notices.show(f"The sweep is over. {said}", Tone.SUCCESS)
        else:
            self._notices.show(sweeping.sentence or "The sweep is over: no trial came to its end.", Tone.PROBLEM)
