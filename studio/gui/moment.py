"""What may wait until an edit is on screen."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

MOMENT_MS = 30
"""Longer than a frame takes, shorter than anybody waits for."""


def moment_later(owner: QObject, do: Callable[[], object]) -> QTimer:
    """A timer that does this a moment after it was last started, when what an edit changed has been painted."""
    timer = QTimer(owner)
    timer.setSingleShot(True)
    timer.setInterval(MOMENT_MS)
    timer.timeout.connect(do)
    return timer
