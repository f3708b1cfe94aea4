"""The lines of links as arrays of points: curves forwards, rounded corners through the gap between rows backwards."""

from __future__ import annotations

from math import dist

import numpy as np
from numpy.typing import NDArray

from studio.gui.canvas.geometry import Point, Rect

Floats = NDArray[np.float64]
Ends = Floats
"""(n, 4): x and y of the output, x and y of the input."""

LEAST_REACH = 24.0
"""How far a curve runs straight on at least."""
BACKWARDS = 16.0
"""A link whose input is not at least so far to the right of its output goes round."""
LEAVE, ARRIVE = 40.0, 28.0
CORNER = 20.0
AROUND = 24.0
NARROW_GAP = 16.0
ROUND = 0.5523
"""How far the control points of a cubic that looks like a quarter circle lie from its ends, by its radius."""

Piece = tuple[Point, Point, Point, Point]
"""A cubic curve: where it begins, two control points, where it ends."""


def is_backwards(ends: Ends) -> NDArray[np.bool_]:
    return np.asarray(ends[:, 2] - ends[:, 0] < BACKWARDS)


def points_of(ends: Ends, gap: Floats, steps: int) -> list[Floats]:
    """Points along every link, as two arrays (n, k, 2): of the curves, and of those that go round."""
    back = is_backwards(ends)
    return [curves(ends[~back], steps), detours(ends[back], gap[back], max(2, steps // 3))]


def curves(ends: Ends, steps: int) -> Floats:
    """Points along cubic curves: (n, steps + 1, 2)."""
    t = np.linspace(0.0, 1.0, steps + 1)
    x0, y0, x1, y1 = (column[:, None] for column in ends.T)
    reach = np.maximum(LEAST_REACH, (x1 - x0) / 2)
    a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
    x = a * x0 + b * (x0 + reach) + c * (x1 - reach) + d * x1
    y = (a + b) * y0 + (c + d) * y1
    return np.stack([x, y], axis=-1)


def detours(ends: Ends, gap: Floats, arc: int = 6) -> Floats:
    """Points along links that run backwards at height ``gap``, ``arc`` of them a corner: (n, 2 + 4 arc, 2)."""
    x0, y0, x1, y1 = ends.T
    right, left = x0 + LEAVE, x1 - ARRIVE
    run = (right - left) / 2
    first = np.minimum(np.minimum(CORNER, np.abs(gap - y0) / 2), run)
    last = np.minimum(np.minimum(CORNER, np.abs(y1 - gap) / 2), run)
    down, on = np.sign(gap - y0), np.sign(y1 - gap)
    zero, one = np.zeros_like(x0), np.ones_like(x0)
    parts = [
        np.stack([x0, y0], axis=-1)[:, None],
        _corner(arc, right, y0, first, (one, zero), (zero, down)),
        _corner(arc, right, gap, first, (zero, down), (-one, zero)),
        _corner(arc, left, gap, last, (-one, zero), (zero, on)),
        _corner(arc, left, y1, last, (zero, on), (one, zero)),
        np.stack([x1, y1], axis=-1)[:, None],
    ]
    return np.concatenate(parts, axis=1)


def square(ends: Ends, gap: Floats) -> Floats:
    """Corners of links that run backwards at height ``gap``, for a look from afar: (n, 6, 2)."""
    x0, y0, x1, y1 = ends.T
    right, left = x0 + LEAVE, x1 - ARRIVE
    corners: Floats = np.stack([x0, y0, right, y0, right, gap, left, gap, left, y1, x1, y1], axis=-1)
    return corners.reshape(-1, 6, 2)


def through(points: Floats) -> Floats:
    """The cubic pieces (m, 4, 2) of a line through points (k, 2): it leaves and arrives to the right.

    Each point is passed in the direction in which the line goes on the whole; where it has to turn, it does so with
    the rounded corners of a link that runs backwards.
    """
    ahead = [1.0, *np.where(points[2:, 0] < points[:-2, 0], -1.0, 1.0).tolist(), 1.0]
    places = [(x, y) for x, y in points.tolist()]
    spans = zip(places[:-1], places[1:], ahead[:-1], ahead[1:], strict=True)
    return np.array([piece for span in spans for piece in _span(*span)])


def _span(start: Point, end: Point, leaving: float, arriving: float) -> list[Piece]:
    """The line between two points, which leaves and arrives to the right (1) or to the left (-1)."""
    (x0, y0), (x1, y1) = start, end
    if leaving == arriving and (x1 - x0) * leaving >= 0:
        reach = leaving * max(LEAST_REACH, abs(x1 - x0) / 2)
        return [(start, (x0 + reach, y0), (x1 - reach, y1), end)]
    if leaving == arriving:
        out, back, middle = x0 + leaving * LEAVE, x1 - arriving * ARRIVE, (y0 + y1) / 2
        return _rounded([start, (out, y0), (out, middle), (back, middle), (back, y1), end])
    turn = max(x0, x1) + LEAVE if leaving > 0 else min(x0, x1) - ARRIVE
    return _rounded([start, (turn, y0), (turn, y1), end])


def _rounded(corners: list[Point]) -> list[Piece]:
    """Straight lines from corner to corner, and quarter circles around the inner ones."""
    pieces: list[Piece] = []
    at = corners[0]
    for before, corner, after in zip(corners, corners[1:], corners[2:], strict=False):
        radius = min(CORNER, dist(before, corner) / 2, dist(corner, after) / 2)
        entry, leave = _towards(corner, before, radius), _towards(corner, after, radius)
        pull = (1 - ROUND) * radius
        curve = (entry, _towards(corner, before, pull), _towards(corner, after, pull), leave)
        pieces += [_straight(at, entry), curve]
        at = leave
    return [*pieces, _straight(at, corners[-1])]


def _straight(start: Point, end: Point) -> Piece:
    return start, _towards(start, end, dist(start, end) / 3), _towards(end, start, dist(start, end) / 3), end


def _towards(start: Point, goal: Point, length: float) -> Point:
    share = length / max(dist(start, goal), 1e-9)
    return start[0] + share * (goal[0] - start[0]), start[1] + share * (goal[1] - start[1])


def beziers(spans: Floats, steps: int) -> Floats:
    """Points along cubic curves given by their control points (n, 4, 2): (n, steps + 1, 2)."""
    t = np.linspace(0.0, 1.0, steps + 1)
    weights = np.stack([(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3])
    points: Floats = np.einsum("ks,nkc->nsc", weights, spans)
    return points


def nearest_span(points: Floats, point: Point) -> int:
    """Between which two neighbours of a line through points (k, 2) a point lies: 0 for the first two."""
    away = [distance_to(points[at : at + 2], point) for at in range(len(points) - 1)]
    return int(np.argmin(away))


def _corner(
    arc: int, x: Floats, y: Floats, radius: Floats, into: tuple[Floats, Floats], out: tuple[Floats, Floats]
) -> Floats:
    """Quarter circles that round the corners at (x, y): (n, arc, 2)."""
    angle = np.linspace(0.0, np.pi / 2, arc)
    back, ahead = (1 - np.sin(angle)) * radius[:, None], (1 - np.cos(angle)) * radius[:, None]
    return np.stack(
        [
            x[:, None] - into[0][:, None] * back + out[0][:, None] * ahead,
            y[:, None] - into[1][:, None] * back + out[1][:, None] * ahead,
        ],
        axis=-1,
    )


def middles(ends: Ends, gap: Floats) -> Floats:
    """Where the shape of each link is written, and the room it has there: (n, 3)."""
    x0, y0, x1, y1 = ends.T
    back = is_backwards(ends)
    x = np.where(back, x0 + LEAVE + x1 - ARRIVE, x0 + x1) / 2
    y = np.where(back, gap, (y0 + y1) / 2)
    room = np.where(back, x0 + LEAVE - x1 + ARRIVE - 2 * CORNER, np.hypot(x1 - x0, y1 - y0))
    return np.stack([x, y, room], axis=-1)


def bounds_of(ends: Ends, gap: Floats) -> Floats:
    """The rectangle around each link as left, top, right, bottom: (n, 4)."""
    x0, y0, x1, y1 = ends.T
    back = is_backwards(ends)
    reach_out, reach_in = np.where(back, LEAVE, LEAST_REACH), np.where(back, ARRIVE, LEAST_REACH)
    level = np.where(back, gap, y0)
    return np.stack(
        [
            np.minimum(x0, x1 - reach_in),
            np.minimum(np.minimum(y0, y1), level),
            np.maximum(x1, x0 + reach_out),
            np.maximum(np.maximum(y0, y1), level),
        ],
        axis=-1,
    )


def corridor(source: Rect, target: Rect) -> Rect | None:
    """The space between two rows that a link between these nodes may run through; None where they have none."""
    left, right = target[0] - ARRIVE, source[0] + source[2] + LEAVE
    upper, lower = (source, target) if source[1] <= target[1] else (target, source)
    top, bottom = upper[1] + upper[3], lower[1]
    return (left, top, right - left, bottom - top) if bottom - top >= NARROW_GAP else None


def gaps_between(sources: Floats, targets: Floats, obstacles: Floats) -> list[float]:
    """The heights at which backwards links run: the middle of the widest free gap, or below both nodes.

    All are rectangles of nodes (n, 4): left, top, width, height; a link leads from each source to its target.
    """
    x, y, w, h = obstacles.T
    edges = np.stack([x, y, x + w, y + h])
    pairs = zip(sources.tolist(), targets.tolist(), strict=True)
    return [_gap_between(source, target, edges) for source, target in pairs]


def _gap_between(source: Rect, target: Rect, edges: Floats) -> float:
    """The height of one link; ``edges`` (4, n) are left, top, right and bottom of what stands in the way."""
    space = corridor(source, target)
    if space is None:
        return max(source[1] + source[3], target[1] + target[3]) + AROUND
    left, top, width, height = space
    starts, tops, stops, bottoms = edges
    hit = (starts < left + width) & (stops > left) & (tops < top + height) & (bottoms > top)
    taken = sorted(edges[1::2, hit].T.tolist())
    best, reached = (0.0, top + height / 2), top
    for start, end in [*taken, (top + height, top + height)]:
        best = max(best, (start - reached, (start + reached) / 2))
        reached = max(reached, end)
    return best[1]


def segments_of(points: Floats) -> Floats:
    """Pieces (m, 4) of lines (n, k, 2), without those of no length."""
    pieces = np.concatenate([points[:, :-1], points[:, 1:]], axis=-1).reshape(-1, 4)
    kept: Floats = pieces[(pieces[:, 0] != pieces[:, 2]) | (pieces[:, 1] != pieces[:, 3])]
    return kept


def dashes(line: Floats, on: float, off: float) -> Floats:
    """The dashes of a line (k, 2), each so long and so far from the next along it: (m, 4)."""
    lengths = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    starts = np.arange(0.0, max(lengths[-1], on), on + off)
    ends = np.minimum(starts + on, lengths[-1])
    at = [np.interp(places, lengths, line[:, axis]) for places in (starts, ends) for axis in (0, 1)]
    return np.stack(at, axis=1)


def clipped(pieces: Floats, view: Rect) -> Floats:
    """Pieces (m, 4) cut at the edge of a view: what lies outside costs more to stroke than all nodes."""
    left, top, right, bottom = view[0], view[1], view[0] + view[2], view[1] + view[3]
    x0, y0, x1, y1 = pieces.T
    inside = (np.minimum(x0, x1) >= left) & (np.maximum(x0, x1) <= right)
    inside &= (np.minimum(y0, y1) >= top) & (np.maximum(y0, y1) <= bottom)
    near = (np.minimum(x0, x1) <= right) & (np.maximum(x0, x1) >= left)
    near &= (np.minimum(y0, y1) <= bottom) & (np.maximum(y0, y1) >= top)
    return np.concatenate([pieces[inside], _cut(pieces[near & ~inside], view)])


def _cut(pieces: Floats, view: Rect) -> Floats:
    """The parts of pieces that lie in a view, by the way of Liang and Barsky."""
    low, high = np.array(view[:2]), np.array(view[:2]) + np.array(view[2:])
    start, along = pieces[:, :2], pieces[:, 2:] - pieces[:, :2]
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        a, b = (low - start) / along, (high - start) / along
    enter = np.nan_to_num(np.minimum(a, b), nan=-np.inf).max(axis=1)
    leave = np.nan_to_num(np.maximum(a, b), nan=np.inf).min(axis=1)
    still = along == 0
    outside = (still & ((start < low) | (start > high))).any(axis=1)
    enter, leave = np.maximum(enter, 0.0)[:, None], np.minimum(leave, 1.0)[:, None]
    kept = (enter <= leave)[:, 0] & ~outside
    start, along, enter, leave = start[kept], along[kept], enter[kept], leave[kept]
    visible: Floats = np.concatenate([start + enter * along, start + leave * along], axis=1)
    return visible


def distance_to(points: Floats, point: Point) -> float:
    """How far a point is from a line through points (k, 2)."""
    start, along = points[:-1], np.diff(points, axis=0)
    length = np.maximum((along**2).sum(axis=1), 1e-9)
    share = np.clip(((np.array(point) - start) * along).sum(axis=1) / length, 0.0, 1.0)
    away = start + share[:, None] * along - np.array(point)
    return float(np.hypot(away[:, 0], away[:, 1]).min())
