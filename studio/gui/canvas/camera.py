"""Where the view looks: scene points and view points, and the steps between zooms. Plain arithmetic."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import log2

from studio.gui.canvas.geometry import Point, Rect

SMALLEST, LARGEST = 0.02, 4.0
STEPS_PER_DOUBLING = 4
SAME_SCALE = 1e-9
MARGIN = 24.0
"""Free space around a graph that is fitted, in view pixels."""


@dataclass(frozen=True, slots=True)
class Camera:
    """A view point is the scene point times ``scale`` plus (``x``, ``y``).

    ``unit`` is the scale that the person sees as 100 %: larger text makes it larger.
    """

    scale: float = 1.0
    x: float = 0.0
    y: float = 0.0
    unit: float = 1.0

    @property
    def zoom(self) -> float:
        return self.scale / self.unit

    def at_unit(self, unit: float) -> Camera:
        """At the same zoom, where another scale is seen as 100 %."""
        return replace(self, scale=self.zoom * unit, unit=unit)

    def to_view(self, point: Point) -> Point:
        return point[0] * self.scale + self.x, point[1] * self.scale + self.y

    def to_scene(self, point: Point) -> Point:
        return (point[0] - self.x) / self.scale, (point[1] - self.y) / self.scale

    def rect_to_view(self, rect: Rect) -> Rect:
        x, y = self.to_view(rect[:2])
        return x, y, rect[2] * self.scale, rect[3] * self.scale

    def rect_to_scene(self, rect: Rect) -> Rect:
        x, y = self.to_scene(rect[:2])
        return x, y, rect[2] / self.scale, rect[3] / self.scale

    def panned(self, dx: float, dy: float) -> Camera:
        """Moved by whole pixels, so that faces are copied and never smeared."""
        return replace(self, x=float(round(self.x + dx)), y=float(round(self.y + dy)))

    def zoomed(self, zoom: float, at: Point) -> Camera:
        """At another zoom, with the scene point under ``at`` staying there."""
        scale = min(max(zoom, SMALLEST), LARGEST) * self.unit
        x, y = self.to_scene(at)
        return replace(self, scale=scale, x=float(round(at[0] - x * scale)), y=float(round(at[1] - y * scale)))

    def stepped(self, steps: float, at: Point) -> Camera:
        """So many steps nearer or farther, from one of the fixed zooms to another; parts of a step add up."""
        wanted = log2(self.zoom) * STEPS_PER_DOUBLING + steps
        return self.zoomed(2 ** ((round(wanted) if float(steps).is_integer() else wanted) / STEPS_PER_DOUBLING), at)

    def fitted(self, bounds: Rect, size: Point, *, foot: float = 0.0, most: float = 1.0) -> Camera:
        """Showing all of ``bounds`` in a view of this size, above what covers its foot, never nearer than ``most``."""
        x, y, width, height = bounds
        free = size[0], size[1] - foot
        room = max(free[0] - 2 * MARGIN, 1.0) / max(width, 1.0), max(free[1] - 2 * MARGIN, 1.0) / max(height, 1.0)
        scale = min(max(min(*room, most * self.unit), SMALLEST * self.unit), LARGEST * self.unit)
        left, top = (free[0] - width * scale) / 2 - x * scale, (free[1] - height * scale) / 2 - y * scale
        return replace(self, scale=scale, x=float(round(left)), y=float(round(top)))

    def toward(self, other: Camera, share: float) -> Camera:
        """On the way to another camera, from 0 to 1: the zoom grows evenly, and what is seen moves straight."""
        if share >= 1.0:
            return other
        scale = self.scale ** (1 - share) * other.scale**share
        rise = other.scale - self.scale
        part = (scale - self.scale) / rise if abs(rise) > SAME_SCALE else share
        x, y = self.x + (other.x - self.x) * part, self.y + (other.y - self.y) * part
        return replace(self, scale=scale, x=x, y=y)

    def shows(self, bounds: Rect, size: Point) -> bool:
        """Whether all of ``bounds`` lies in a view of this size."""
        x, y, width, height = self.rect_to_view(bounds)
        return x >= 0 and y >= 0 and x + width <= size[0] and y + height <= size[1]
