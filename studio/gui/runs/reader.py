"""Reads the folders of runs beside the window, which shows their names at once and the rest as it comes."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

from studio.gui.runs.rows import arranged
from studio.training.shelf import Shelf, Shelved, shelved
from studio.training.summary import Summary

POLL_MS, CHUNK = 15, 50
"""How often the window looks for what was read, and so many runs are handed over at once."""


class Piece(NamedTuple):
    """What was read since the last piece: the runs there are, or summaries of some of them."""

    shelf: Sequence[Shelved] | None = None
    summaries: Sequence[tuple[Path, Summary]] = ()
    is_last: bool = False


class Reader(QObject):
    """One reading at a time; who asks meanwhile has another one when it is over."""

    found = Signal(object)
    """The rows as far as they are known."""
    done = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._shelf = Shelf()
        self._shelved: Sequence[Shelved] = ()
        self._summaries: dict[Path, Summary] = {}
        self._pieces: SimpleQueue[Piece] = SimpleQueue()
        self._wanted: tuple[Path, ...] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self._take)

    @property
    def is_reading(self) -> bool:
        return self._timer.isActive()

    def read(self, places: Sequence[Path]) -> None:
        """Read the runs in these folders."""
        if self.is_reading:
            self._wanted = tuple(places)
            return
        self._pieces = SimpleQueue()
        arguments = (self._shelf, tuple(places), self._pieces)
        threading.Thread(target=_read, args=arguments, name="runs", daemon=True).start()
        self._timer.start()

    def _take(self) -> None:
        """Show what has come, and end when all has."""
        is_last, has_come = False, False
        while not is_last:
            try:
                piece = self._pieces.get_nowait()
            except Empty:
                break
            is_last, has_come = piece.is_last, True
            self._shelved = self._shelved if piece.shelf is None else piece.shelf
            self._summaries.update(piece.summaries)
        if has_come:
            self.found.emit(arranged(self._shelved, self._summaries))
        if is_last:
            self._finish()

    def _finish(self) -> None:
        self._timer.stop()
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self.read(wanted)
        else:
            self.done.emit()


def _read(shelf: Shelf, places: Sequence[Path], pieces: SimpleQueue[Piece]) -> None:
    """Find the runs, then read them, those first that were begun last."""
    found = shelved(places)
    pieces.put(Piece(shelf=found))
    order = sorted(found, key=lambda each: _begun(each.run.project_file), reverse=True)
    for start in range(0, len(order), CHUNK):
        some = order[start : start + CHUNK]
        pieces.put(Piece(summaries=[(each.run.folder, shelf.read(each.run)) for each in some]))
    pieces.put(Piece(is_last=True))


def _begun(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
