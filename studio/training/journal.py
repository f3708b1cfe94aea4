"""A run's events as a file of lines: one process appends, anybody follows, and a torn line harms nobody."""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

from studio.core.problem import ProjectError
from studio.training.messages import Event, Log
from studio.training.wire import content_of, line, message_of

STEP = b'{"event":"step",'
"""How the line of a step begins; most lines are of steps."""


class Tail:
    """Reads the events in pieces; a line that is still being written waits for its end."""

    def __init__(self, path: Path) -> None:
        self._path, self._offset, self._last = path, 0, b""

    def read(self) -> list[Event]:
        """The events that came since the last call, all of them where another file lies in the place of the last.

        Lines that are none of ours are passed over; nothing comes of a file that cannot be read.
        """
        return _events(self._lines())

    def outline(self) -> list[Event]:
        """The same without most steps: of each row of them the last is kept."""
        pairs = pairwise([*self._lines(), b""])
        return _events(text for text, after in pairs if not (text.startswith(STEP) and after.startswith(STEP)))

    def _lines(self) -> list[bytes]:
        """The lines that came and have an end."""
        try:
            with self._path.open("rb") as file:
                self._go_to_end_of_what_was_read(file)
                data = file.read()
        except OSError:
            return []
        whole = data[: data.rfind(b"\n") + 1]
        lines = whole.splitlines(keepends=True)
        self._offset += len(whole)
        self._last = lines[-1] if lines else self._last
        return lines

    def _go_to_end_of_what_was_read(self, file: BinaryIO) -> None:
        """Or to the beginning, where the line that was read last is not there: of another file, or of one that was cut.

        A copy that is brought up to date is another file each time, and still goes on where the last one ended.
        """
        file.seek(self._offset - len(self._last))
        if file.read(len(self._last)) != self._last:
            self._offset, self._last = 0, b""
            file.seek(0)


def _events(lines: Iterable[bytes]) -> list[Event]:
    messages = (message_of(content_of(text)) for text in lines)
    return [message for message in messages if isinstance(message, Event)]


def unreadable(path: Path) -> int:
    """How many lines of a file hold nothing that can be read: torn ones, and whatever else came in between."""
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError:
        return 0
    return sum(bool(text) and not content_of(text) for text in lines)


class Journal:
    """The writing end: append-only, one process at a time, every line whole before the next."""

    def __init__(self, path: Path) -> None:
        """Raises ProjectError where another process writes here."""
        self._file = path.open("ab", buffering=0)
        if not _locked(self._file.fileno(), patience=0.5):
            self._file.close()
            raise ProjectError(
                f"{path.parent.name} is being trained by another process. Wait for it, or stop it first."
            )
        # A process that was killed may have left half a line, and the next one must not be glued to it.
        self._file.truncate(path.read_bytes().rfind(b"\n") + 1)
        self.missed = 0
        """Events that the disk has refused since the last one that it took."""

    def append(self, event: Event) -> None:
        """Write the event, and before it how many are missing. Raises OSError where the disk refuses."""
        missing = Log(f"Events that the disk refused are missing here: {self.missed:,}.", "warning")
        try:
            self._write(_timed(missing) + _timed(event) if self.missed else _timed(event))
        except OSError:
            self.missed += 1
            raise
        self.missed = 0

    def _write(self, data: bytes) -> None:
        """Write all of it or nothing."""
        end = self._file.seek(0, os.SEEK_END)
        if self._file.write(data) != len(data):
            self._file.truncate(end)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def close(self) -> None:
        self._file.close()


def _timed(event: Event) -> bytes:
    return line(event, time=round(time.time(), 3))


def is_being_written(path: Path) -> bool:
    """Whether a process of this machine has a journal open here."""
    try:
        with path.open("rb") as file:
            return not _locked(file.fileno())
    except OSError:
        return False


def _locked(handle: int, *, patience: float = 0.0) -> bool:
    """Claim an open file for as long as it stays open; whether that was possible.

    Who only asks holds the lock for an instant, so the writer tries for a while.
    """
    if sys.platform == "win32":
        return True
    import fcntl

    until = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if time.monotonic() >= until:
                return False
            time.sleep(0.02)
        else:
            return True
