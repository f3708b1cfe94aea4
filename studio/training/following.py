"""A run that another process trains, read as it grows, for somebody who comes late."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace

from studio.training.messages import EpochEnded, Event, Failed, Finished, Paused, Resumed, Started
from studio.training.run import Run, counting, status_after

OVERTAKEN = (Paused, Resumed, Failed, Finished)
"""What holds until a training goes on."""

Stamp = tuple[int, int, int]


class Following:
    """Reads no more than what is new, and nothing at all where the file is as it was."""

    def __init__(self, run: Run) -> None:
        self._run, self._tail = run, run.tail()
        self._stamp: Stamp | None = None
        self._has_read = False

    def read(self) -> list[Event]:
        """What was told since the last call; at first, and after each start of the training, how it stands by now."""
        stamp = self._stamp_now()
        if stamp == self._stamp:
            return []
        self._stamp = stamp
        events = self._tail.read() if self._has_read else []
        if self._has_read and not any(isinstance(event, Started) for event in events):
            return events
        # What was told of steps that are taken again counts no more, and only the whole file tells what does.
        self._has_read, self._tail = True, self._run.tail()
        return caught_up(self._tail.outline())

    def _stamp_now(self) -> Stamp | None:
        try:
            found = os.stat(self._run.events_file)
        except OSError:
            return None
        return found.st_ino, found.st_size, found.st_mtime_ns


def caught_up(events: Sequence[Event]) -> list[Event]:
    """What brings somebody up to date: a start at the step that was reached, then the newest of each kind.

    So it looks like a training that goes on from a checkpoint: what was before, those who draw it read from the file.
    """
    counted = counting(events)
    start: Started | None = None
    newest: dict[tuple[type[Event], bool], Event] = {}
    for event in counted:
        if isinstance(event, Started):
            start = event
            newest = {kind: each for kind, each in newest.items() if not isinstance(each, OVERTAKEN)}
        else:
            kind = type(event), isinstance(event, EpochEnded) and event.best
            newest.pop(kind, None)
            newest[kind] = event
    begun = [replace(start, step=status_after(counted).step)] if start is not None else []
    return [*begun, *newest.values()]
