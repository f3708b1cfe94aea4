"""How much of a graph is drawn at a zoom: first the settings give way, then the shapes, then the text."""

from __future__ import annotations

from enum import IntEnum


class Detail(IntEnum):
    """From a speck to everything; what a level draws, the levels above it draw too."""

    SPECKS = 0
    BLOCKS = 1
    TITLES = 2
    SHAPES = 3
    ALL = 4

    @classmethod
    def at(cls, zoom: float) -> Detail:
        """The level for a zoom, where 1 is 100 %."""
        return cls(sum(zoom >= start for start in (0.12, 0.30, 0.50, 0.75)))
