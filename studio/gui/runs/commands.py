"""What a person does with the folders of runs, with the questions that are asked before."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from studio.core.problem import ProjectError
from studio.gui import asking
from studio.gui.line_process import LineProcess
from studio.gui.widgets.toast import Toast, Tone
from studio.training.run import Run
from studio.training.shelf import delete, rename, write_note
from studio.training.summary import note_of

DELETE = "Delete"
BOARD = "To see the run in TensorBoard: tensorboard --logdir {}"
LEFT = "{} is no run any more, but its folder holds more than that and was left: {}"


class RunCommands(QObject):
    """Asks a person, does it, and says what came of it."""

    said = Signal(str)
    """A sentence about what failed."""
    noted = Signal()
    renamed = Signal(object, object)
    """A Run, and the same under another name."""
    deleted = Signal(object)
    """A list of the Runs that are gone."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent

    def add_to(self, menu: QMenu, runs: Sequence[Run]) -> None:
        """What can be done with these runs, as rows of a menu."""
        for text, do in (
            ("Rename…", self.rename),
            ("Note…", self.note),
            ("Show the folder", self.reveal),
            ("Write files for TensorBoard", self.write_board),
        ):
            action = menu.addAction(text)
            action.setEnabled(len(runs) == 1)
            action.triggered.connect(lambda _=False, do=do: do(runs[0]))
        delete = menu.addAction("Delete…")
        delete.setEnabled(bool(runs))
        delete.triggered.connect(lambda: self.delete(runs))

    def rename(self, run: Run) -> None:
        """Ask for another name."""
        name, agreed = QInputDialog.getText(self._parent, "Rename", f"What {run.name} should be called:", text=run.name)
        if not agreed or name.strip() == run.name:
            return
        try:
            self.renamed.emit(run, rename(run, name))
        except ProjectError as error:
            self.said.emit(str(error))

    def note(self, run: Run) -> None:
        """Let a person write about the run."""
        text, agreed = QInputDialog.getMultiLineText(self._parent, "Note", f"About {run.name}:", note_of(run))
        try:
            if agreed:
                write_note(run, text)
                self.noted.emit()
        except ProjectError as error:
            self.said.emit(str(error))

    def write_board(self, run: Run) -> None:
        """Write what the run has told for TensorBoard, in a process of its own."""
        process, complaints = LineProcess(self), list[str]()
        process.told.connect(lambda said: complaints.append(str(said.get("message", ""))))

        def end(code: int) -> None:
            if code:
                why = " ".join(complaints) or process.complaint or f"its process ended with exit code {code}."
                self.said.emit(f"{run.name} could not be written for TensorBoard: {why}")
            else:
                Toast(self._parent.window(), BOARD.format(run.folder / "tensorboard"), Tone.SUCCESS)
            process.deleteLater()

        process.ended.connect(end)
        process.start("studio.engine.board", str(run.folder))

    def delete(self, runs: Sequence[Run]) -> None:
        """Remove runs once the person has confirmed that. One that is being trained stays."""
        live = [run for run in runs if run.is_live()]
        mortal = [run for run in runs if run not in live]
        if live:
            self.said.emit(f"{_called(live)} being trained and cannot be deleted. Stop it first.")
        if not mortal:
            return
        sentence = f"Delete {_named(mortal)} with all checkpoints? That cannot be undone."
        if asking.ask(self._parent, "Delete for good?", sentence, (DELETE,)) == DELETE:
            self.deleted.emit([run for run in mortal if self._delete(run)])

    def reveal(self, run: Run) -> None:
        """Open the run's folder in the system's browser of files."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(run.folder)))

    def _delete(self, run: Run) -> bool:
        try:
            if not delete(run):
                self.said.emit(LEFT.format(run.name, run.folder))
        except ProjectError as error:
            self.said.emit(str(error))
            return False
        return True


def _named(runs: Sequence[Run]) -> str:
    return f"the run {runs[0].name}" if len(runs) == 1 else f"{len(runs)} runs"


def _called(runs: Sequence[Run]) -> str:
    return f"{runs[0].name} is" if len(runs) == 1 else f"{len(runs)} runs are"
