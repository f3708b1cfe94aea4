"""Waits for what a training process tells."""

from __future__ import annotations

import time
from collections.abc import Callable

from studio.training.messages import Event
from studio.training.worker_client import Worker


def until(worker: Worker, found: Callable[[Event], bool], *, seconds: float = 120) -> list[Event]:
    events: list[Event] = []
    end = time.monotonic() + seconds
    while not any(found(event) for event in events):
        assert time.monotonic() < end, events[-5:]
        assert worker.alive, events[-5:]
        worker.wait(0.1)
        events += worker.poll()
    return events


def is_a(*kinds: type[Event]) -> Callable[[Event], bool]:
    return lambda event: isinstance(event, kinds)
