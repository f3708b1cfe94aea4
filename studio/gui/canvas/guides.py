"""Where moved nodes line up with those that stand: edges, centres and ports. Plain arithmetic on arrays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np

from studio.gui.canvas.geometry import Point, Rect
from studio.gui.canvas.routes import Floats

SAME = 0.5
"""Scene pixels within which two lines are one."""

Number = TypeVar("Number", float, Floats)
Axis = Literal[0, 1]
"""0 for lines at an x, 1 for lines at a y."""


@dataclass(frozen=True, slots=True)
class Guide:
    """A line that shows what lines up: at an x (axis 0) or a y (axis 1), from ``low`` to ``high`` along it."""

    axis: Axis
    at: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Wire:
    """A link between a moved and a standing node: how high its two ports lie where the move begins."""

    moved: float
    standing: float


@dataclass(frozen=True)
class Rails:
    """The lines of standing nodes along each axis: near edges, far edges and centres, each kind sorted.

    Each row of ``lines[axis][kind]`` is a place and the index of its node in ``rects``.
    """

    rects: Floats
    lines: tuple[tuple[Floats, ...], tuple[Floats, ...]]
    wires: tuple[Wire, ...] = ()

    @classmethod
    def of(cls, rects: Floats, wires: Iterable[Wire] = ()) -> Rails:
        """The rails of standing nodes (n, 4): left, top, width, height."""
        kinds = [tuple(map(_sorted, _parts(rects[:, axis], rects[:, axis + 2]))) for axis in (0, 1)]
        return cls(rects, (kinds[0], kinds[1]), tuple(wires))


@dataclass(frozen=True, slots=True)
class Aligned:
    """How far to go so that something lines up, None along an axis where nothing is near, and the guides to draw."""

    x: float | None
    y: float | None
    guides: tuple[Guide, ...]


def align(rails: Rails, moving: Rect, by: Point, reach: float) -> Aligned:
    """Where a rectangle lines up that is to go so far from ``moving``; ``reach`` is how far it may be drawn aside.

    Along each axis the nearest line wins; at equal distance a straight link before an edge, an edge before a centre.
    Edges line up with edges of the same side.
    """
    found = [_along(rails, moving, by[axis], reach, axis) for axis in (0, 1)]
    rect = moving[0] + (by[0] if found[0] is None else found[0]), moving[1] + (by[1] if found[1] is None else found[1])
    placed = (*rect, moving[2], moving[3])
    guides = [guide for axis in (0, 1) if found[axis] is not None for guide in _guides(rails, placed, axis)]
    return Aligned(found[0], found[1], tuple(guides))


def _along(rails: Rails, moving: Rect, by: float, reach: float, axis: int) -> float | None:
    """How far to go along an axis."""
    low, size = moving[axis] + by, moving[axis + 2]
    steps = [wire.standing - wire.moved - by for wire in rails.wires] if axis == 1 else []
    pairs = zip(rails.lines[axis], _parts(low, size), strict=True)
    steps += [_nearest(lines, at) - at for lines, at in pairs]
    best = min(steps, key=abs)
    return by + best if abs(best) <= reach else None


def _nearest(lines: Floats, at: float) -> float:
    """The line nearest to a place; infinitely far where there is none."""
    if len(lines) == 0:
        return np.inf
    after = int(np.searchsorted(lines[:, 0], at))
    near = lines[max(after - 1, 0) : after + 1, 0]
    return float(near[np.abs(near - at).argmin()])


def _guides(rails: Rails, placed: Rect, axis: int) -> list[Guide]:
    """A guide for every line of the placed rectangle that standing nodes share."""
    pairs = zip(rails.lines[axis], _parts(placed[axis], placed[axis + 2]), strict=True)
    return [guide for lines, at in pairs if (guide := _guide(rails, lines, at, placed, axis)) is not None]


def _guide(rails: Rails, lines: Floats, at: float, placed: Rect, axis: int) -> Guide | None:
    start, stop = np.searchsorted(lines[:, 0], [at - SAME, at + SAME])
    if start == stop:
        return None
    across = 1 - axis
    rects = rails.rects[lines[start:stop, 1].astype(np.intp)]
    low = min(float(rects[:, across].min()), placed[across])
    high = max(float((rects[:, across] + rects[:, across + 2]).max()), placed[across] + placed[across + 2])
    return Guide(0 if axis == 0 else 1, at, low, high)


def _parts(low: Number, size: Number) -> tuple[Number, Number, Number]:
    """Near edge, far edge and centre."""
    return low, low + size, low + size / 2


def _sorted(places: Floats) -> Floats:
    """Places with the index of each, (n, 2), in order."""
    order = places.argsort(kind="stable")
    return np.stack([places[order], order.astype(float)], axis=1)
