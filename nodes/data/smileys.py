"""Drawn faces: happy, sad or frustrated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from nodes.data.drawing import Sheet, between, nearest
from studio.core.dataset import Column, ImageDataset
from studio.core.declaration import NotNegative
from studio.core.generated import Generated

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray[Any, Any]

FAMILY = "Data"

SIDE = 24
FRUSTRATED = 2


class Smileys(Generated, ImageDataset):
    """Faces of 24×24 grey pixels that are happy, sad or frustrated, each drawn a little differently."""

    grain: Annotated[NotNegative, "standard deviation of the noise on the faces"] = 0.1

    synonyms: ClassVar[tuple[str, ...]] = ("faces", "emoticon", "expression", "emotion", "toy data")
    purpose: ClassVar[str] = (
        "The chapter's first question to a network: how does this face feel? Place, size, turn and thickness vary, "
        "so that no single pixel gives the answer away."
    )
    trap: ClassVar[str] = (
        "The outermost pixels are 0 in every image. Their variance is 0, so they tell nothing, and normalising each "
        "pixel by its own deviation would divide by 0."
    )
    slide: ClassVar[str] = "MLP as function"
    shown: ClassVar[tuple[str, ...]] = ("samples", "grain", "normalise")
    classes: ClassVar[tuple[str, ...]] = ("happy", "sad", "frustrated")
    sample: ClassVar[tuple[int, int, int]] = (1, SIDE, SIDE)

    def made(self, random: numpy.random.Generator) -> Mapping[str, Column]:
        import numpy

        labels, count = self.even_labels(random), self.samples
        middle = ((SIDE - 1) / 2 - 1.5, (SIDE - 1) / 2 + 1.5)
        centre = (between(random, count, *middle), between(random, count, *middle))
        sheet = Sheet.of(SIDE, centre, between(random, count, 6.0, 8.2), between(random, count, -0.25, 0.25))
        lines = [
            abs(sheet.circle()),
            *_eyes(sheet, random),
            *_brows(sheet, labels, random),
            _mouth(sheet, labels, random),
        ]
        ink = sheet.ink(nearest(lines), between(random, count, 1.0, 2.0))
        ink *= between(random, count, 0.7, 1.0)
        noise = random.standard_normal(ink.shape, numpy.float32) * self.grain
        return {"image": numpy.clip(ink + noise * (sheet.circle() < 0), 0, 1), "label": labels}


def _eyes(sheet: Sheet, random: numpy.random.Generator) -> list[Array]:
    """Distances to two upright dashes."""
    apart, up, high = (
        between(random, len(sheet.radius), *bounds) for bounds in ((0.3, 0.4), (-0.4, -0.25), (0.02, 0.1))
    )
    return [sheet.line((side * apart, up - high), (side * apart, up + high)) for side in (-1, 1)]


def _brows(sheet: Sheet, labels: Array, random: numpy.random.Generator) -> list[Array]:
    """Distances to brows whose inner ends are lower than the outer ones on frustrated faces, higher on sad ones."""
    import numpy

    slant = numpy.array([0.0, -0.1, 0.15], numpy.float32)[labels][:, None, None]
    slant = slant + between(random, len(labels), -0.04, 0.04)
    up = between(random, len(labels), -0.7, -0.6)
    return [sheet.line((side * 0.15, up + slant), (side * 0.55, up - slant)) for side in (-1, 1)]


def _mouth(sheet: Sheet, labels: Array, random: numpy.random.Generator) -> Array:
    """Distance to a mouth whose ends turn up or down, or that runs to and fro."""
    import numpy

    count = len(labels)
    wide, bend, down = (between(random, count, *bounds) for bounds in ((0.35, 0.5), (0.12, 0.35), (0.4, 0.5)))
    frustrated = (labels == FRUSTRATED)[:, None, None]
    turn = numpy.array([-1, 1, 0], numpy.float32)[labels][:, None, None]
    points = []
    for place in range(-2, 3):
        bent = turn * bend * (place * place / 4 - 0.5)
        wavy = bend * 0.4 * (-1) ** place
        points.append((wide * place / 2, down + numpy.where(frustrated, wavy, bent)))
    return sheet.path(*points)
