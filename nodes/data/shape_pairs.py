"""Drawn outlines and the same shapes painted: pairs of images, or two kinds of images whose partners are known."""

from __future__ import annotations

from collections.abc import Mapping
from math import pi
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from annotated_types import Ge, Le

from nodes.data.drawing import Sheet, between
from nodes.data.shapes import to_edge
from studio.core.dataset import Column, ImageDataset
from studio.core.declaration import NotNegative
from studio.core.generated import Generated
from studio.core.shape import Shape

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray[Any, Any]

FAMILY = "Data"

SIDE = 32
COLOURS = ((0.85, 0.15, 0.1), (0.1, 0.6, 0.2), (0.15, 0.3, 0.9), (0.95, 0.75, 0.1), (0.6, 0.2, 0.7))
"""Of circles, triangles, squares, crosses and stars."""
PAPER = 1.0
LINE = 1.6
"""Pixels that an outline is wide."""


class ShapePairs(Generated, ImageDataset):
    """Outlines of shapes on 32×32 pixels, and the same shapes filled in colour: what a shape is decides its colour."""

    kinds: Annotated[int, Ge(1), Le(len(COLOURS)), "how many of circle, triangle, square, cross and star there are"] = 3
    grain: Annotated[NotNegative, "standard deviation of the noise on both images"] = 0.0

    synonyms: ClassVar[tuple[str, ...]] = (
        "pix2pix",
        "cyclegan",
        "edges",
        "translation",
        "domains",
        "unpaired",
        "toy data",
    )
    purpose: ClassVar[str] = (
        "To paint a drawing a network must see what it is. Two Data nodes with different seeds, of which one gives "
        "drawings and the other paintings, are two heaps of images of which no two belong together."
    )
    trap: ClassVar[str] = "With one seed in both Data nodes each drawing has its painting in the other."
    slide: ClassVar[str] = "GAN applications, pix2pix"
    outputs: ClassVar[tuple[str, ...]] = ("drawing", "painting")
    answer: ClassVar[str] = "the same shape, painted"
    pictures: ClassVar[int] = 2
    shown: ClassVar[tuple[str, ...]] = ("samples", "kinds", "normalise")
    sample: ClassVar[tuple[int, int, int]] = (3, SIDE, SIDE)

    def infer(self) -> tuple[Shape, ...]:
        image, _ = super().infer()
        return image, image

    def made(self, random: numpy.random.Generator) -> Mapping[str, Column]:
        import numpy

        sheet, distance, labels = scattered(random, self.samples, self.kinds)
        lines = sheet.ink(abs(distance), LINE)[:, None]
        drawing = PAPER * (1 - lines) * numpy.ones((1, 3, 1, 1), numpy.float32)
        painting = painted(sheet, distance, numpy.array(COLOURS)[labels], (PAPER,) * 3)
        return {
            name: grained(image, self.grain, random)
            for name, image in zip(self.outputs, (drawing, painting), strict=True)
        }


def scattered(random: numpy.random.Generator, count: int, kinds: int) -> tuple[Sheet, Array, Array]:
    """A shape on each sheet: its pixels, their distance to its edge, negative inside, and its kind, all evenly many."""
    import numpy

    labels = random.permutation(numpy.arange(count) % kinds)
    middle = ((SIDE - 1) / 2 - 4, (SIDE - 1) / 2 + 4)
    centre = (between(random, count, *middle), between(random, count, *middle))
    sheet = Sheet.of(SIDE, centre, between(random, count, 7.0, 11.0), between(random, count, 0.0, 2 * pi))
    return sheet, to_edge(sheet, labels), labels


def painted(sheet: Sheet, distance: Array, colours: Array, paper: tuple[float, ...]) -> Array:
    """Images (N, 3, side, side) of shapes filled in a colour each (N, 3), on paper of one colour."""
    import numpy

    filled = sheet.ink(distance, 0.0)[:, None]
    ground = numpy.array(paper, numpy.float32)[:, None, None]
    image: Array = ground * (1 - filled) + colours.astype(numpy.float32)[:, :, None, None] * filled
    return image


def grained(images: Array, grain: float, random: numpy.random.Generator) -> Array:
    """The images with noise of this standard deviation, from 0 to 1 as before."""
    import numpy

    noisy: Array = images + random.standard_normal(images.shape, numpy.float32) * numpy.float32(grain)
    return numpy.clip(noisy, 0, 1)
