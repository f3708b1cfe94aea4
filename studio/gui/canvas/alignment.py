"""Lines nodes up and spaces them evenly: from places to places, in scene pixels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from studio.gui.canvas.geometry import Point, Rect

Side = Literal["left", "center", "right", "top", "middle", "bottom"]
Axis = Literal["across", "down"]

Places = dict[str, Point]
Rects = Mapping[str, Rect]

_AXIS: dict[Side, int] = {"left": 0, "center": 0, "right": 0, "top": 1, "middle": 1, "bottom": 1}
_SHARE: dict[Side, float] = {"left": 0.0, "center": 0.5, "right": 1.0, "top": 0.0, "middle": 0.5, "bottom": 1.0}


def aligned(rects: Rects, side: Side) -> Places:
    """Places in which all nodes have one edge, or one middle, in common: the outermost edge, the middle of all."""
    axis, share = _AXIS[side], _SHARE[side]
    start = min(rect[axis] for rect in rects.values())
    end = max(rect[axis] + rect[axis + 2] for rect in rects.values())
    line = start + share * (end - start)
    return {name: _at(rect, axis, line - share * rect[axis + 2]) for name, rect in rects.items()}


def distributed(rects: Rects, axis: Axis) -> Places:
    """Places with even gaps between neighbours; the first and the last node stay where they are."""
    at = 0 if axis == "across" else 1
    order = sorted(rects, key=lambda name: rects[name][at])
    start, last = rects[order[0]][at], rects[order[-1]]
    taken = sum(rects[name][at + 2] for name in order)
    gap = (last[at] + last[at + 2] - start - taken) / max(len(order) - 1, 1)
    places: Places = {}
    for name in order:
        places[name] = _at(rects[name], at, start)
        start += rects[name][at + 2] + gap
    return places


def _at(rect: Rect, axis: int, value: float) -> Point:
    place = round(value, 3)
    return (place, rect[1]) if axis == 0 else (rect[0], place)
