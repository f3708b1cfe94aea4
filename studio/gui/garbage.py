"""Looks for garbage between events: Python's own timing may come while Qt destroys widgets, and end the process."""

from __future__ import annotations

import gc


def collect() -> None:
    """Look through the oldest generation of objects that is due, as Python would by itself."""
    counts, most = gc.get_count(), gc.get_threshold()
    due = [generation for generation in range(len(counts)) if counts[generation] > most[generation] > 0]
    if due:
        gc.collect(due[-1])
