"""Draws many images at once: how far each pixel is from a line or an edge, and the ink that this makes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from math import cos, hypot, pi, sin
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray[Any, Any]

Point = tuple[Any, Any]
"""Two coordinates: numbers, or arrays (N, 1, 1) with one number for each image."""


def between(random: numpy.random.Generator, count: int, low: float, high: float) -> Array:
    """A random number for each image (N, 1, 1)."""
    import numpy

    return random.uniform(low, high, (count, 1, 1)).astype(numpy.float32)


def nearest(distances: Iterable[Array]) -> Array:
    """The distance to what is nearest of several things."""
    import numpy

    return reduce(numpy.minimum, distances)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The pixels of images in the coordinates of what is drawn: its centre is 0, its radius 1, y points down."""

    x: Array
    y: Array
    """Both (N, side, side)."""
    radius: Array
    """Pixels of one unit (N, 1, 1)."""

    @classmethod
    def of(cls, side: int, centre: Point, radius: Array, turn: Array) -> Sheet:
        """Sheets of ``side`` × ``side`` pixels; centre and radius in pixels, turn in radians, clockwise."""
        import numpy

        pixels = numpy.arange(side, dtype=numpy.float32)
        x, y = pixels - centre[0], pixels[:, None] - centre[1]
        cosine, sine = numpy.cos(turn) / radius, numpy.sin(turn) / radius
        return cls(x * cosine + y * sine, y * cosine - x * sine, radius)

    def circle(self) -> Array:
        """Distance to the circle of radius 1, negative inside."""
        import numpy

        return numpy.hypot(self.x, self.y) - 1

    def line(self, start: Point, end: Point) -> Array:
        """Distance to the straight line between two points."""
        import numpy

        (ax, ay), (bx, by) = start, end
        dx, dy = bx - ax, by - ay
        along = numpy.clip(((self.x - ax) * dx + (self.y - ay) * dy) / (dx * dx + dy * dy), 0, 1)
        distance: Array = numpy.hypot(self.x - ax - along * dx, self.y - ay - along * dy)
        return distance

    def path(self, *points: Point) -> Array:
        """Distance to the straight lines from point to point."""
        return nearest(self.line(start, end) for start, end in pairwise(points))

    def star(self, tips: int, notch: float) -> Array:
        """Distance to the edge of a star, negative inside; one tip points up, all lie at radius 1, notches at this one.

        With notches at cos(π / tips) it is the regular polygon.
        """
        import numpy

        half = pi / tips
        angle = abs((numpy.arctan2(self.x, -self.y) + half) % (2 * half) - half)
        far = numpy.hypot(self.x, self.y)
        across, up = far * numpy.sin(angle), far * numpy.cos(angle)
        # the edge from the tip (0, 1) to the notch, of which the whole star is made by turning and mirroring
        edge_x, edge_y = notch * sin(half), notch * cos(half) - 1
        distance: Array = ((up - 1) * edge_x - across * edge_y) / hypot(edge_x, edge_y)
        return distance

    def cross(self, arm: float) -> Array:
        """Distance to the edge of a cross of two bars, negative inside; an arm is 2 × ``arm`` wide."""
        import numpy

        x, y = abs(self.x), abs(self.y)
        distance: Array = numpy.minimum(numpy.maximum(x - arm, y - 1), numpy.maximum(x - 1, y - arm))
        return distance

    def ink(self, distance: Array, thickness: Any) -> Array:
        """Ink from 0 to 1 where a line of so many pixels is drawn, its edges softened over one pixel."""
        import numpy

        ink: Array = numpy.clip(thickness / 2 + 0.5 - distance * self.radius, 0, 1)
        return ink
