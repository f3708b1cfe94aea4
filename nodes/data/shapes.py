"""Drawn shapes: circles, triangles, squares, crosses and stars."""

from __future__ import annotations

from collections.abc import Mapping
from math import cos, pi
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from nodes.data.drawing import Sheet, between
from studio.core.dataset import Column, ImageDataset
from studio.core.declaration import NotNegative
from studio.core.generated import Generated

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray[Any, Any]

FAMILY = "Data"

SIDE = 28


class Shapes(Generated, ImageDataset):
    """Circles, triangles, squares, crosses and stars on 28×28 pixels, filled or as outlines, of any size and turn."""

    colour: Annotated[bool, "red, green and blue instead of grey"] = False
    grain: Annotated[NotNegative, "standard deviation of the noise on the image"] = 0.1

    synonyms: ClassVar[tuple[str, ...]] = ("geometry", "circle", "triangle", "square", "cross", "star", "toy data")
    purpose: ClassVar[str] = (
        "Which shape is it? Place, size, turn and brightness say nothing about that, so a network has to find edges "
        "and corners: a task for convolutions."
    )
    trap: ClassVar[str] = (
        "Random turns, shifts and zooms blur the noise of what is learned from, but not of what is measured: with "
        "them the network does worse. Mirroring blurs nothing."
    )
    slide: ClassVar[str] = "CNN"
    shown: ClassVar[tuple[str, ...]] = ("samples", "colour", "grain")
    classes: ClassVar[tuple[str, ...]] = ("circle", "triangle", "square", "cross", "star")
    sample: ClassVar[tuple[int, int, int]] = (1, SIDE, SIDE)

    def size(self) -> tuple[int, int, int]:
        return (3 if self.colour else 1, SIDE, SIDE)

    def made(self, random: numpy.random.Generator) -> Mapping[str, Column]:
        import numpy

        labels, count, channels = self.even_labels(random), self.samples, self.size()[0]
        middle = ((SIDE - 1) / 2 - 4, (SIDE - 1) / 2 + 4)
        centre = (between(random, count, *middle), between(random, count, *middle))
        sheet = Sheet.of(SIDE, centre, between(random, count, 5.0, 9.0), between(random, count, 0.0, 2 * pi))
        distance = to_edge(sheet, labels)
        filled = random.random((count, 1, 1)) < 0.5
        ink = sheet.ink(numpy.where(filled, distance, abs(distance)), between(random, count, 1.2, 2.5))[:, None]
        dark = random.uniform(0.0, 0.4, (count, channels, 1, 1)).astype(numpy.float32)
        light = random.uniform(0.6, 1.0, (count, channels, 1, 1)).astype(numpy.float32)
        images = dark + (light - dark) * ink
        images += random.standard_normal(images.shape, numpy.float32) * numpy.float32(self.grain)
        return {"image": numpy.clip(images, 0, 1, out=images), "label": labels}


def to_edge(sheet: Sheet, labels: Array) -> Array:
    """Distance of each image's pixels to the edge of its shape, by number of class, negative inside."""
    import numpy

    drawn = (
        sheet.circle(),
        sheet.star(3, cos(pi / 3)),
        sheet.star(4, cos(pi / 4)),
        sheet.cross(0.3),
        sheet.star(5, 0.45),
    )
    return numpy.choose(labels[:, None, None], drawn)
