"""Finds out what of a checkpoint fits a project that was changed since, one network after the other."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from studio.core.names import identifiers
from studio.core.project import Project
from studio.gui.weights.comparison import Comparison
from studio.training.checkpoints import Checkpoint
from studio.training.messages import WeightsLoaded

FRESH = "{} is not in the checkpoint and begins with fresh weights."


class Fitting(QObject):
    """Asks the engine, in a process of its own; ``told`` carries a sentence for each network."""

    told = Signal(str)
    done = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._comparison: Comparison | None = None
        self._left: list[tuple[str, str]] = []
        self._project = Project()

    def start(self, project: Project, checkpoint: Checkpoint) -> None:
        """Compare all networks of the project; what was asked before is dropped."""
        self._project = project
        files = {name: checkpoint.weights(key) for name, key in identifiers(project.networks).items()}
        self._left = [(name, str(file)) for name, file in files.items() if file.is_file()]
        for name, file in files.items():
            if not file.is_file():
                self.told.emit(FRESH.format(name))
        self._next()

    def end(self) -> None:
        """Ask no longer."""
        self._left = []
        if self._comparison is not None:
            self._comparison.end()

    def close(self) -> None:
        """End, and leave nothing behind."""
        self._left = []
        if self._comparison is not None:
            self._comparison.close()

    def _next(self) -> None:
        if self._comparison is None:
            self._comparison = Comparison(self)
            self._comparison.done.connect(self._take)
            self._comparison.failed.connect(self._fail)
        if self._left:
            self._comparison.start(self._project, *self._left.pop(0))
        else:
            self.done.emit()

    def _take(self, found: WeightsLoaded, _fetched: bool) -> None:
        self.told.emit(in_words(found))
        self._next()

    def _fail(self, sentence: str) -> None:
        self.told.emit(sentence)
        self._next()


def in_words(found: WeightsLoaded) -> str:
    """``LeNet-5: 8 of its 10 tensors fit. Fresh: f6.weight, f6.bias.``"""
    fresh = [*(text.split(" ")[0].rstrip(":") for text in found.refused), *found.missing]
    whole = len(found.loaded) + len(fresh)
    if not fresh:
        return f"{found.network}: all {whole} tensors fit."
    return f"{found.network}: {len(found.loaded)} of {whole} tensors fit. Fresh: {', '.join(fresh)}."
