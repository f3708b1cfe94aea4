"""Drawn scenes of things on the ground, told pixel by pixel: what it is, where its middle lies, and how near."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, pi
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from annotated_types import Ge, Le

from nodes.data.drawing import Sheet, between
from studio.core.dataset import Column
from studio.core.declaration import NotNegative
from studio.core.generated import Generated
from studio.core.shape import Shape, image

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray[Any, Any]

FAMILY = "Data"

CLASSES = ("sky", "ground", "ball", "box", "cone")
"""What a pixel shows, by number."""
SKY, GROUND, FIRST_THING = 0, 1, 2

DIRECTIONS = 9
"""0 where there is no thing; then where the middle of the thing lies: right, and on clockwise in steps of 45°."""

MOST = 4
"""Things of a scene at most."""
SHARE = 0.6
"""Of them that are there, on average."""
HORIZON = 0.3
"""Share of the image above the ground, about."""
RADIUS = 0.4
"""Of a middling thing at the lower edge, as a share of the image."""
NEAREST, FARTHEST = 0.9, 0.3
"""Nearness of things: 1 is the ground at the lower edge, 0 the horizon."""
FEET = (1.0, cos(pi / 4), 0.5)
"""How far below its middle a ball, a box and a cone end, in radii."""


class Scenes(Generated):
    """Balls, boxes and cones that stand on the ground before and behind each other, with three answers a pixel.

    ``scene`` is what the pixel shows, ``instance`` the direction to the middle of what is seen of its thing, by which
    things of a class are told apart, and ``depth`` its nearness: the inverse of its distance, 0 for the sky.
    """

    side: Annotated[int, Ge(8), Le(1024), "side of an image in pixels"] = 32
    grain: Annotated[NotNegative, "standard deviation of the noise on the image"] = 0.03
    normalise: Annotated[Literal["zero-one", "minus-one-one", "z-score"], "range of the values"] = "zero-one"

    synonyms: ClassVar[tuple[str, ...]] = (
        "segmentation",
        "depth",
        "instances",
        "perspective",
        "multi-task",
        "toy data",
    )
    purpose: ClassVar[str] = (
        "Three questions about the same pixels, with exact answers: what is this, which thing does it belong to, how "
        "near is it? A thing is as near as the ground it stands on, so size and height in the image tell."
    )
    trap: ClassVar[str] = (
        "Most pixels are ground or sky, so always answering these is right for most of them: judge by the mean over "
        "classes."
    )
    paper: ClassVar[str] = (
        "Direction to the middle: Uhrig et al. 2016, Pixel-level encoding and depth layering for instance-level "
        "semantic labeling https://arxiv.org/abs/1604.05096"
    )
    slide: ClassVar[str] = "Multi-task learning"
    shown: ClassVar[tuple[str, ...]] = ("samples", "side", "grain")
    outputs: ClassVar[tuple[str, ...]] = ("image", "scene", "instance", "depth")
    answer: ClassVar[str] = "class, direction to the middle and nearness of each pixel"

    def infer(self) -> tuple[Shape, ...]:
        numbers = Shape(("H", "W"), (self.side, self.side), "int")
        return image(3, self.side, self.side), numbers, numbers, image(1, self.side, self.side)

    def made(self, random: numpy.random.Generator) -> Mapping[str, Column]:
        import numpy

        scene = _Scene.of(random, self.samples, self.side)
        near = numpy.sort(random.uniform(FARTHEST, NEAREST, (MOST, self.samples)), axis=0)
        there = random.random((MOST, self.samples)) < SHARE
        for number in range(MOST):  # the farthest first, so that what is nearer hides it
            scene.add(random, number + 1, near[number], there[number])
        noise = random.standard_normal(scene.image.shape, numpy.float32) * numpy.float32(self.grain)
        return {
            "image": numpy.clip(scene.image + noise, 0, 1),
            "scene": scene.classes,
            "instance": directions(scene.things),
            "depth": scene.near[:, None],
        }


@dataclass
class _Scene:
    """Images (N, 3, side, side) being drawn, and what is seen at each pixel: class, thing, nearness (N, side, side)."""

    image: Array
    classes: Array
    things: Array
    near: Array
    horizon: Array
    """Row where the ground ends (N, 1, 1)."""

    @classmethod
    def of(cls, random: numpy.random.Generator, count: int, side: int) -> _Scene:
        """Nothing but sky and ground, the ground darker towards the horizon."""
        import numpy

        horizon = side * between(random, count, HORIZON - 0.05, HORIZON + 0.05)
        rows = numpy.broadcast_to(numpy.arange(side, dtype=numpy.float32)[:, None], (count, side, side))
        near = numpy.clip((rows - horizon) / (side - 1 - horizon), 0, 1)
        sky = _colours(random, count, 0.6, 1.0)
        ground = _colours(random, count, 0.2, 0.6) * (0.6 + 0.4 * near[:, None])
        above = rows < horizon
        classes = numpy.where(above, SKY, GROUND)
        return cls(numpy.where(above[:, None], sky, ground), classes, numpy.zeros_like(classes), near, horizon)

    def add(self, random: numpy.random.Generator, number: int, near: Array, there: Array) -> None:
        """Draw a thing of this number and nearness (N,) into those images where it is to be ``there`` (N,)."""
        import numpy

        count, side = self.classes.shape[:2]
        kind = random.integers(0, len(FEET), count)
        near = near.astype(numpy.float32)[:, None, None]
        radius = side * RADIUS * near * between(random, count, 0.8, 1.2)
        foot = self.horizon + near * (side - 1 - self.horizon)
        centre = (
            between(random, count, 0.1, 0.9) * side,
            foot - radius * numpy.array(FEET, numpy.float32)[kind, None, None],
        )
        sheet = Sheet.of(side, centre, radius, numpy.where(kind == 1, pi / 4, 0.0).astype(numpy.float32)[:, None, None])
        edges = (sheet.circle(), sheet.star(4, cos(pi / 4)), sheet.star(3, 0.5))
        edge = numpy.where(there[:, None, None], numpy.choose(kind[:, None, None], edges), numpy.float32(2.0))
        cover = sheet.ink(edge, 0.0)[:, None]
        self.image += cover * (_colours(random, count, 0.1, 0.9) - self.image)
        seen = edge <= 0
        self.classes = numpy.where(seen, FIRST_THING + kind[:, None, None], self.classes)
        self.things = numpy.where(seen, number, self.things)
        self.near = numpy.where(seen, near, self.near)


def directions(things: Array) -> Array:
    """Where from each pixel (N, side, side) the middle of the pixels with its number lies; 0 where the number is 0."""
    import numpy

    rows, columns = (numpy.arange(size, dtype=numpy.float32) for size in things.shape[1:])
    found = numpy.zeros_like(things)
    for number in range(1, things.max(initial=0) + 1):
        mine = things == number
        count = numpy.maximum(mine.sum((1, 2)), 1)
        down = ((mine.sum(2) * rows).sum(1) / count)[:, None, None] - rows[:, None]
        right = ((mine.sum(1) * columns).sum(1) / count)[:, None, None] - columns
        step = numpy.rint(numpy.arctan2(down, right) / (pi / 4)).astype(numpy.int64) % (DIRECTIONS - 1)
        found[mine] = 1 + step[mine]
    return found


def _colours(random: numpy.random.Generator, count: int, low: float, high: float) -> Array:
    """A random colour for each image (N, 3, 1, 1)."""
    import numpy

    return random.uniform(low, high, (count, 3, 1, 1)).astype(numpy.float32)
