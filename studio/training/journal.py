"""A run's events as a file of lines: one process appends, anybody follows, and a torn line harms nobody."""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

from studio.core.problem import ProjectError
from studio.training.messages import Event
from studio.training.wire import content_of, line, message_of

STEP = b'{"event":"step",'
"""How the line of a step begins; most lines are of steps."""


class Tail:
    """Reads the events in pieces; a line that is still being written waits for its end."""

    def __init__(self, path: Path) -> None:
        self._path, self._offset = path, 0
        self._file = (0, 0)
        """Device and number of the file that was read."""

    def read(self) -> list[Event]:
        """The events that came since the last call, all of them where another file lies in the place of the last.

        Lines that are none of ours are passed over.
        """
        try:
            with self._path.open("rb") as file:
                self._recognise(os.fstat(file.fileno()))
                file.seek(self._offset)
                data = file.read()
        except FileNotFoundError:
            return []
        whole = _whole(data)
        self._offset += len(whole)
        return _events(whole.splitlines())

    def _recognise(self, found: os.stat_result) -> None:
        """Begin anew in a file that is another one, or shorter than what was read of it."""
        file = (found.st_dev, found.st_ino)
        if file != self._file or found.st_size < self._offset:
            self._file, self._offset = file, 0


def outline(path: Path) -> list[Event]:
    """The events of a file without most steps: of each row of them the last is kept. Empty where there is no file."""
    try:
        lines = _whole(path.read_bytes()).splitlines()
    except OSError:
        return []
    return _events(
        text for text, after in pairwise([*lines, b""]) if not (text.startswith(STEP) and after.startswith(STEP))
    )


def _whole(data: bytes) -> bytes:
    """The lines that have an end."""
    return data[: data.rfind(b"\n") + 1]


def _events(lines: Iterable[bytes]) -> list[Event]:
    messages = (message_of(content_of(text)) for text in lines)
    return [message for message in messages if isinstance(message, Event)]


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

    def append(self, event: Event) -> None:
        """Write the event. Raises OSError where the disk refuses."""
        data = line(event, time=round(time.time(), 3))
        end = self._file.seek(0, os.SEEK_END)
        if self._file.write(data) != len(data):
            self._file.truncate(end)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def close(self) -> None:
        self._file.close()


def is_being_written(path: Path) -> bool:
    """Whether a process of this machine has a journal open here."""
    try:
        with path.open("rb") as file:
            return not _locked(file.fileno())
    except FileNotFoundError:
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
