"""Drawn roads as ALVINN saw them, and how to steer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from nodes.data.drawing import between
from studio.core.dataset import Column
from studio.core.declaration import NotNegative
from studio.core.generated import Generated
from studio.core.shape import Shape, image, vector

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray[Any, Any]

FAMILY = "Data"

HEIGHT, WIDTH, UNITS = 30, 32, 30
HILL = 10
"""The hill of activity round the direction d is exp(-(i - d)² / HILL)."""

NEAR, FAR = 4.0, 25.0
"""Metres ahead that the lowest and the highest row show."""
AHEAD = 12.0
"""Metres ahead of the place on the road that is steered for."""
PIXELS = 16.0
"""Columns that a metre is wide, one metre ahead."""
METRES = 4.0
"""How far to the side that place lies at most."""
HALF_ROAD = 2.0
"""Metres from the middle of the road to its edge."""


class Roads(Generated):
    """Roads on 30×32 grey pixels, seen from a car, and the steering direction as a hill over 30 units."""

    grain: Annotated[NotNegative, "standard deviation of the noise on the image"] = 0.05
    normalise: Annotated[Literal["zero-one", "minus-one-one", "z-score"], "range of the grey values"] = "zero-one"

    synonyms: ClassVar[tuple[str, ...]] = ("alvinn", "driving", "steering", "car", "regression", "toy data")
    purpose: ClassVar[str] = (
        "What ALVINN learned to drive by. The direction d from 0 (left) to 29 (right) is told as a hill: unit i "
        "should answer exp(−(i − d)² / 10), so that units which are nearly right count as nearly right."
    )
    trap: ClassVar[str] = (
        "The direction lies between the units: it is read from the peak of a Gaussian fitted to all answers, not from "
        "the number of the strongest unit."
    )
    paper: ClassVar[str] = (
        "Pomerleau 1991, Efficient training of artificial neural networks for autonomous navigation "
        "https://doi.org/10.1162/neco.1991.3.1.88"
    )
    slide: ClassVar[str] = "ALVINN"
    shown: ClassVar[tuple[str, ...]] = ("samples", "grain", "normalise")
    outputs: ClassVar[tuple[str, ...]] = ("image", "steering")
    answer: ClassVar[str] = "30 steering units, a hill round the direction"

    def infer(self) -> tuple[Shape, ...]:
        return image(1, HEIGHT, WIDTH), vector(UNITS)

    def made(self, random: numpy.random.Generator) -> Mapping[str, Column]:
        import numpy

        direction = random.uniform(1, UNITS - 2, self.samples).astype(numpy.float32)
        units = numpy.arange(UNITS, dtype=numpy.float32)
        hills = numpy.exp(-((units - direction[:, None]) ** 2) / HILL)
        images = _images(_beside(direction, random), random)
        images += random.standard_normal(images.shape, numpy.float32) * numpy.float32(self.grain)
        return {"image": numpy.clip(images, 0, 1, out=images)[:, None], "steering": hills}


def _beside(direction: Array, random: numpy.random.Generator) -> Array:
    """How many columns (N, 30, 32) each pixel lies beside the edge of the road, negative on it.

    The middle of the road is a parabola of the distance ahead, which goes through the place to steer for.
    """
    import numpy

    count, middle = len(direction), (UNITS - 1) / 2
    # of a flat ground, the distance ahead grows with 1 / row
    rows = numpy.linspace(1 / FAR, 1 / NEAR, HEIGHT, dtype=numpy.float32)[:, None]
    ahead = 1 / rows
    target = ((direction - middle) / middle * METRES)[:, None, None]
    offset, bend = between(random, count, -1.5, 1.5), between(random, count, -0.01, 0.01)
    heading = (target - offset - bend * AHEAD**2) / AHEAD
    metres = offset + heading * ahead + bend * ahead**2
    columns = numpy.arange(WIDTH, dtype=numpy.float32) - (WIDTH - 1) / 2
    return abs(columns - PIXELS * metres * rows) - HALF_ROAD * PIXELS * rows


def _images(beside: Array, random: numpy.random.Generator) -> Array:
    """Light roads of any grey in darker ground, in changing light."""
    import numpy

    count = len(beside)
    ground, contrast = between(random, count, 0.2, 0.6), between(random, count, 0.2, 0.4)
    across, down = (numpy.linspace(-1, 1, size, dtype=numpy.float32) for size in (WIDTH, HEIGHT))
    light = between(random, count, -0.15, 0.15) * across + between(random, count, -0.15, 0.15) * down[:, None]
    images: Array = ground + light + contrast * numpy.clip(0.5 - beside, 0, 1)
    return images
