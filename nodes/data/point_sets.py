"""Points in the plane, of two classes or more, in patterns that are easy or hard to separate."""

from __future__ import annotations

from collections.abc import Mapping
from math import pi
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from annotated_types import Ge, Le

from studio.core.dataset import Column
from studio.core.declaration import NotNegative
from studio.core.generated import Generated
from studio.core.shape import LABEL, Shape, vector

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray[Any, Any]

FAMILY = "Data"

Pattern = Literal["or", "and", "xor", "moons", "rings", "spirals", "gaussians"]

GATES = {"or": (0, 1, 1, 1), "and": (0, 0, 0, 1), "xor": (0, 1, 1, 0)}
"""Classes of the corners (0, 0), (0, 1), (1, 0), (1, 1)."""
NAMES = {"moons": "moon", "rings": "ring", "spirals": "arm", "gaussians": "cloud"}
TURNS = 1.25
"""How far a spiral goes round."""


class PointSets(Generated):
    """Points with two coordinates and a class: the gates OR, AND and XOR, moons, rings, spirals or clouds."""

    pattern: Annotated[Pattern, "how the points lie"] = "xor"
    groups: Annotated[int, Ge(2), Le(10), "classes of rings, spirals and gaussians; the others have two"] = 2
    task: Annotated[
        Literal["classes", "numbers"], "whether the label names the class, or is 0 or 1 of two classes, 1-of-n of more"
    ] = "classes"
    spread: Annotated[NotNegative, "standard deviation of the points round where they belong"] = 0.1

    synonyms: ClassVar[tuple[str, ...]] = ("or", "and", "xor", "moons", "circles", "blobs", "2d", "plane", "toy data")
    purpose: ClassVar[str] = (
        "Small enough to be drawn whole, with the boundary that a network finds. One perceptron draws a straight "
        "line: that is enough for OR and AND, but not for XOR."
    )
    trap: ClassVar[str] = "Clouds that overlap cannot be told apart entirely, however large the network."
    paper: ClassVar[str] = "Minsky & Papert 1969, Perceptrons"
    slide: ClassVar[str] = "Perceptron"
    shown: ClassVar[tuple[str, ...]] = ("pattern", "groups", "spread")
    outputs: ClassVar[tuple[str, ...]] = ("point", "label")

    def infer(self) -> tuple[Shape, ...]:
        count = len(self.known_classes())
        return vector(2), LABEL if self.task == "classes" else vector(count if count > 2 else 1)

    def known_classes(self) -> tuple[str, ...]:
        if self.pattern in GATES:
            return "0", "1"
        count = 2 if self.pattern == "moons" else self.groups
        return tuple(f"{NAMES[self.pattern]} {number}" for number in range(1, count + 1))

    def made(self, random: numpy.random.Generator) -> Mapping[str, Column]:
        import numpy

        if self.pattern in GATES:
            corners = random.permutation(numpy.arange(self.samples) % 4)
            labels = numpy.array(GATES[self.pattern], numpy.int64)[corners]
            points = numpy.stack([corners // 2, corners % 2], 1)
        else:
            labels = self.even_labels(random)
            points = self._curves(labels, random)
        points = points + random.standard_normal(points.shape) * self.spread
        if self.task == "numbers":
            count = len(self.known_classes())
            labels = numpy.eye(count, dtype=numpy.float32)[labels][:, (0 if count > 2 else 1) :]
        return {"point": points.astype(numpy.float32), "label": labels}

    def _curves(self, labels: Array, random: numpy.random.Generator) -> Array:
        """Where the points (N, 2) lie without spread."""
        import numpy

        along, groups = random.random(len(labels)), len(self.known_classes())
        turn = 2 * pi * labels / groups
        match self.pattern:
            case "moons":
                points = _polar(pi * along, 1.0)
                return numpy.where(labels[:, None] == 0, points, numpy.array([1.0, 0.5]) - points)
            case "rings":
                return _polar(2 * pi * along, (labels + 1) / groups)
            case "spirals":
                far = numpy.sqrt(along)  # as dense outside as inside
                return _polar(turn + 2 * pi * TURNS * far, 0.1 + 0.9 * far)
        return _polar(turn, 1.0)


def _polar(angle: Array, radius: Any) -> Array:
    """Points (N, 2) at these angles, in radians, and radii."""
    import numpy

    points: Array = numpy.stack([radius * numpy.cos(angle), radius * numpy.sin(angle)], 1)
    return points
