"""Painted shapes by day and by night: two kinds of images without pairs, whose partners are known all the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar

from annotated_types import Ge, Le

from nodes.data.shape_pairs import COLOURS, PAPER, SIDE, grained, painted, scattered
from studio.core.dataset import Column, ImageDataset
from studio.core.declaration import NotNegative
from studio.core.generated import Generated
from studio.core.shape import Shape

if TYPE_CHECKING:
    import numpy

FAMILY = "Data"

SKY = (0.05, 0.05, 0.25)
GLOW = 0.3
"""How much nearer to white a colour is by night."""


class DayAndNight(Generated, ImageDataset):
    """Coloured shapes of 32×32 pixels on white paper by day, and the same aglow on dark blue by night."""

    kinds: Annotated[int, Ge(1), Le(len(COLOURS)), "how many of circle, triangle, square, cross and star there are"] = 3
    alike: Annotated[bool, "paint all kinds in one colour, so that only one night fits each day"] = False
    grain: Annotated[NotNegative, "standard deviation of the noise on both images"] = 0.0

    synonyms: ClassVar[tuple[str, ...]] = ("cyclegan", "unpaired", "domains", "translation", "colours", "toy data")
    purpose: ClassVar[str] = (
        "Two Data nodes with different seeds, of which one gives days and the other nights, are two heaps of images of "
        "which no two belong together. One node that gives both tells how well days are turned into nights."
    )
    trap: ClassVar[str] = (
        "With one seed in both Data nodes each day has its night in the other. And where kinds have colours of their "
        "own, red days may well become green nights: there and back they are red again."
    )
    slide: ClassVar[str] = "CycleGAN video"
    outputs: ClassVar[tuple[str, ...]] = ("day", "night")
    answer: ClassVar[str] = "the same shape by night"
    pictures: ClassVar[int] = 2
    shown: ClassVar[tuple[str, ...]] = ("samples", "kinds", "normalise")
    sample: ClassVar[tuple[int, int, int]] = (3, SIDE, SIDE)

    def infer(self) -> tuple[Shape, ...]:
        image, _ = super().infer()
        return image, image

    def made(self, random: numpy.random.Generator) -> Mapping[str, Column]:
        import numpy

        sheet, distance, labels = scattered(random, self.samples, self.kinds)
        colours = numpy.array(COLOURS)[0 * labels if self.alike else labels]
        by_day = painted(sheet, distance, colours, (PAPER,) * 3)
        by_night = painted(sheet, distance, colours + GLOW * (1 - colours), SKY)
        return {"day": grained(by_day, self.grain, random), "night": grained(by_night, self.grain, random)}
