"""What a layout knows of the things it places: how large they are, and how high their ports sit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from studio.core.graph import Point

GAP: Point = (84.0, 56.0)
"""Space between two nodes in a row, wide enough for most shapes, and between two rows."""

ROOM: Point = (240.0, 176.0)
"""What a node with the space around it takes, where its own size is not known."""

TALL = 3 * ROOM[1]
"""From this height on a group has several rows, so that the ports at its sides differ much in height."""

ROW = 1240.0
"""How long a row may become, so that a laptop shows it with all details."""

PORT, PORT_STEP = 16.0, 34.0
"""Height of a node's first port below its top, and from one port to the next."""

MARGIN = (24.0, 48.0, 24.0, 24.0)
"""Space between a frame and its nodes: left, top with room for the title, right, bottom."""


@dataclass(frozen=True, slots=True)
class Body:
    """Something to place: its size, and the heights of its ports below its top.

    ``margin`` is the part of it, on the left, at the top, on the right and at the bottom, that is a frame's and empty.
    """

    width: float = ROOM[0] - GAP[0]
    height: float = ROOM[1] - GAP[1]
    inputs: Mapping[str, float] = field(default_factory=dict)
    outputs: Mapping[str, float] = field(default_factory=dict)
    margin: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)


Bodies = Mapping[str, Body]
"""What is known of nodes, by name."""


def ports_below(names: Iterable[str]) -> dict[str, float]:
    """Heights of ports that sit one below the other."""
    return {name: PORT + index * PORT_STEP for index, name in enumerate(dict.fromkeys(names))}
