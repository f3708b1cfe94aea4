"""Who trains in a run's folder: a note that its process keeps fresh, for machines that see the folder alone."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

FILE = "process.json"
EVERY, FRESH = 10.0, 60.0
"""Seconds between two signs of life, and for how long one is believed."""


@dataclass(frozen=True)
class Presence:
    """A process that trains, or did so until it was killed: one that ends takes its note along.

    ``since`` is when it began and ``seen`` its last sign of life, both in seconds since 1970.
    """

    host: str
    pid: int
    since: float
    seen: float = 0.0

    @property
    def is_here(self) -> bool:
        """Whether it is a process of this machine, where the lock on the events says more than the note."""
        return self.host == platform.node()

    def in_words(self, today: date | None = None) -> str:
        """Where it trains, and since when: ``on this computer, since 14:02``, ``on gpu-box, since 25 Nov 14:02``."""
        then = datetime.fromtimestamp(self.since)
        time_of_day = f"{then:%H:%M}" if then.date() == (today or date.today()) else f"{then.day} {then:%b %H:%M}"
        return f"{'on this computer' if self.is_here else f'on {self.host}'}, since {time_of_day}"

    def is_fresh(self, now: float | None = None) -> bool:
        """Whether its last sign of life is so young that it may be believed to go on."""
        return (time.time() if now is None else now) - self.seen < FRESH


@contextmanager
def announced(folder: Path) -> Iterator[None]:
    """Say for as long as this lasts that this process trains here. Where the disk refuses, nobody hears of it."""
    file, over = folder / FILE, threading.Event()
    with contextlib.suppress(OSError):
        about = asdict(Presence(platform.node(), os.getpid(), time.time()))
        del about["seen"]  # that is when the file was last touched
        file.write_text(json.dumps(about), encoding="utf-8")
    threading.Thread(target=_keep_fresh, args=(file, over), name="presence", daemon=True).start()
    try:
        yield
    finally:
        over.set()
        with contextlib.suppress(OSError):
            file.unlink()


def presence(folder: Path) -> Presence | None:
    """Who says to be training here; None where nobody does."""
    file = folder / FILE
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        return Presence(str(content["host"]), int(content["pid"]), float(content["since"]), file.stat().st_mtime)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _keep_fresh(file: Path, over: threading.Event) -> None:
    while not over.wait(EVERY):
        with contextlib.suppress(OSError):
            os.utime(file)
