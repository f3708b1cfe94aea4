"""Reads arrays of a run beside the window, which never waits for a disk."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, Thread
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

MOST_NUMBERS = 4 << 20
"""Of one array; a larger one is read coarser along its last two axes."""
MOST_BYTES = 96 << 20
"""Of all arrays that are kept at hand."""
MOST_SAMPLES = 64

Numbers = NDArray[np.float32]
Prepare = Callable[[Iterable[Numbers]], Any]
"""Makes of arrays what is drawn; runs beside the window. Each is read when it is asked for."""


@dataclass(frozen=True, eq=False)
class Wish:
    """What is wanted of files; a newer wish of the same owner replaces it."""

    files: tuple[Path, ...]
    prepare: Prepare


class Loader(QObject):
    """Fulfils wishes in one thread, which ends where none is left."""

    loaded = Signal(object, object)
    """A Wish and what was made of its files."""
    failed = Signal(object, str)
    """A Wish and why there is nothing."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._wishes: dict[int, Wish] = {}
        self._kept: OrderedDict[Path, Numbers] = OrderedDict()
        self._lock = Lock()
        self._thread: Thread | None = None

    def ask(self, owner: object, wish: Wish) -> None:
        """Fulfil this wish, and no longer any that the owner had before."""
        with self._lock:
            self._wishes[id(owner)] = wish
            if self._thread is None:
                self._thread = Thread(target=self._work, name="previews", daemon=True)
                self._thread.start()

    def wait(self) -> None:
        """Return when nothing is being read any more."""
        thread = self._thread
        if thread is not None:
            thread.join()

    def _work(self) -> None:
        while (wish := self._next()) is not None:
            told, said = self.loaded, None
            try:
                said = wish.prepare(self._array(file) for file in wish.files)
            except (OSError, ValueError) as error:
                told, said = self.failed, why_not(error, wish.files)
            if isValid(self):  # the window may have been closed meanwhile
                told.emit(wish, said)

    def _next(self) -> Wish | None:
        with self._lock:
            owner = next(iter(self._wishes), None)
            if owner is None:
                self._thread = None
                return None
            return self._wishes.pop(owner)

    def _array(self, file: Path) -> Numbers:
        found = self._kept.pop(file, None)
        found = read(file) if found is None else found
        self._kept[file] = found
        while len(self._kept) > 1 and sum(array.nbytes for array in self._kept.values()) > MOST_BYTES:
            self._kept.popitem(last=False)
        return found


def read(file: Path) -> Numbers:
    """The array of a preview, batch first: at most 64 samples, coarser where it is large.

    Raises OSError where it cannot be read, ValueError where it is no array of numbers.
    """
    there = np.lib.format.open_memmap(file, mode="r")
    if there.dtype.kind not in "fiub" or not there.ndim:
        raise ValueError("it holds no batch of numbers")
    shown = there[:MOST_SAMPLES]
    while shown.size > MOST_NUMBERS and shown.ndim > 2:
        shown = shown[..., ::2, ::2]
    return np.array(shown, np.float32)


def why_not(error: Exception, files: Sequence[Path]) -> str:
    """Why previews cannot be shown, in words."""
    if isinstance(error, FileNotFoundError):
        place = "/".join(Path(str(error.filename or files[0])).parts[-3:])
        return f"{place} is missing: the run's folder was not copied whole."
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return f"The preview cannot be read: {reason}."
