"""Which part of a comment frame lies under a point, what lies inside, and how an edge moves. Plain functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from studio.core.graph import Frame
from studio.gui.canvas.geometry import Point, Rect, contains, grown
from studio.gui.style.measures import GRID

TITLE_BAR = 36.0
LEAST_WIDTH, LEAST_HEIGHT = 96.0, 64.0
SPACE = 24.0
"""Room between a frame and the nodes it is drawn around."""

Edges = tuple[int, int]
"""Which edges move: -1 the left or upper one, 1 the right or lower one, 0 neither; both 0 is the title bar."""

TITLE: Edges = (0, 0)


@dataclass(frozen=True, slots=True)
class FramePart:
    """A frame by its place among the frames of the graph, and the part of it that is meant."""

    index: int
    edges: Edges


def drawn_order(frames: Sequence[Frame]) -> list[int]:
    """Frames from the largest to the smallest, so that one inside another lies above it."""
    return sorted(range(len(frames)), key=lambda at: -_area(frames[at].rectangle))


def part_at(point: Point, frames: Sequence[Frame], reach: float) -> FramePart | None:
    """The title bar or the edges under a point; of frames above each other those of the topmost."""
    for index in reversed(drawn_order(frames)):
        edges = edges_at(point, frames[index].rectangle, reach)
        if edges is not None:
            return FramePart(index, edges)
        if contains(frames[index].rectangle, point):
            return None
    return None


def edges_at(point: Point, rect: Rect, reach: float) -> Edges | None:
    """The edges within reach of a point, the title bar where it lies in that, else None."""
    if not contains(grown(rect, reach), point):
        return None
    x, y = point
    left, top, width, height = rect
    edges = (_side(x, left, left + width, reach), _side(y, top, top + height, reach))
    if edges != TITLE or y <= top + TITLE_BAR:
        return edges
    return None


def title_rect(rect: Rect) -> Rect:
    return rect[0], rect[1], rect[2], TITLE_BAR


def inside(rect: Rect, places: Mapping[str, Rect]) -> Iterator[str]:
    """The nodes whose middle lies in a rectangle."""
    for name, (x, y, width, height) in places.items():
        if contains(rect, (x + width / 2, y + height / 2)):
            yield name


def frames_inside(index: int, frames: Sequence[Frame]) -> list[int]:
    """The frames that lie wholly in another."""
    outer = frames[index].rectangle
    return [at for at, frame in enumerate(frames) if at != index and _holds(outer, frame.rectangle)]


def resized(rect: Rect, edges: Edges, by: Point) -> Rect:
    """The rectangle with some of its edges moved, onto the grid and never past each other."""
    left, right = _moved(rect[0], rect[0] + rect[2], edges[0], by[0], LEAST_WIDTH)
    top, bottom = _moved(rect[1], rect[1] + rect[3], edges[1], by[1], LEAST_HEIGHT)
    return left, top, right - left, bottom - top


def shifted(frame: Frame, by: Point) -> Frame:
    x, y, width, height = frame.rectangle
    return replace(frame, rectangle=(x + by[0], y + by[1], width, height))


def around(rects: Iterable[Rect]) -> Rect:
    """The rectangle of a frame around others, with room for its title."""
    corners = [(x, y, x + width, y + height) for x, y, width, height in rects]
    left, top = min(c[0] for c in corners) - SPACE, min(c[1] for c in corners) - SPACE - TITLE_BAR
    right, bottom = max(c[2] for c in corners) + SPACE, max(c[3] for c in corners) + SPACE
    return left, top, right - left, bottom - top


def _moved(low: float, high: float, side: int, by: float, least: float) -> tuple[float, float]:
    if side < 0:
        return min(_on_grid(low + by), high - least), high
    if side > 0:
        return low, max(_on_grid(high + by), low + least)
    return low, high


def _side(value: float, low: float, high: float, reach: float) -> int:
    if abs(value - low) <= reach:
        return -1
    return 1 if abs(value - high) <= reach else 0


def _on_grid(value: float) -> float:
    return float(GRID * round(value / GRID))


def _area(rect: Rect) -> float:
    return rect[2] * rect[3]


def _holds(outer: Rect, rect: Rect) -> bool:
    x, y, width, height = rect
    return contains(outer, (x, y)) and contains(outer, (x + width, y + height))
