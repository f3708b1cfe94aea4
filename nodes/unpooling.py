"""Pooling that remembers where the strongest responses were, and the layer that puts them back there."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, ClassVar

from nodes.pooling import _MaxPool
from studio.core.declaration import Pair, WholePair
from studio.core.derivation import SizeLine, merged, worked
from studio.core.node_class import Layer
from studio.core.problem import Mismatch
from studio.core.record import Expression, Value, nn
from studio.core.shape import Shape, Size, arriving, expect, image, product
from studio.core.window import per_axis, shifted, short, steps_of
from studio.core.window import places as places_of

FAMILY = "Pooling & resize"

PLACES = Shape(("C", "H", "W"), (3, 4, 5), "int")


class MaxPoolPlaces2d(_MaxPool):
    """Keeps the strongest response in every small window, and tells where in the image it was."""

    kind = "image"
    window: Annotated[Pair, "side, or height × width, of the window in pixels"] = 2
    stride: Annotated[WholePair, "step of the window in pixels; 0 steps by a whole window"] = 0
    padding: Annotated[WholePair, "border put around the image, at most half a window"] = 0

    outputs: ClassVar[tuple[str, ...]] = ("out", "places")
    synonyms: ClassVar[tuple[str, ...]] = ("return indices", "switches", "argmax", "unpool", "segnet")
    purpose: ClassVar[str] = (
        "As max pooling, of every window of {window}; its second output says at which pixel the winner was. Unpooling "
        "needs that to put responses back where they came from."
    )
    trap: ClassVar[str] = "The places are whole numbers, counted row by row in each map: no layer can learn from them."
    slide: ClassVar[str] = ""
    paper: ClassVar[str] = (
        "Zeiler & Fergus 2014, Visualizing and understanding convolutional networks https://arxiv.org/abs/1311.2901"
    )
    examples: ClassVar = (
        (image(3, 8, 9),),
        (image(3, 13, 12), {"window": (3, 2), "stride": (2, 0), "padding": 1, "ceil_mode": True}),
        (image(3, "H", "W"),),
    )

    def infer(self, image: Shape) -> tuple[Shape, ...]:
        expect(image, "image", "image")
        pooled = self._pooled(image)
        return pooled, replace(pooled, dtype="int")

    def rule(self, image: Shape) -> tuple[SizeLine, ...]:
        lines = super().rule(image)
        return (*lines, *(replace(line, port="places") for line in lines))

    def build(self, image: Value) -> tuple[Expression, ...]:
        both = self._record(nn.MaxPool2d, return_indices=True)(image)
        return both[0], both[1]


class MaxUnpool2d(Layer):
    """Puts each response back at the pixel where pooling found it, and zeros everywhere else."""

    window: Annotated[Pair, "side, or height × width, of the window that pooled"] = 2
    stride: Annotated[WholePair, "step of the window that pooled; 0 steps by a whole window"] = 0

    synonyms: ClassVar[tuple[str, ...]] = ("unpooling", "switches", "indices", "segnet", "deconvnet", "upsample")
    formula: ClassVar[str] = r"y_p = \cases{x_i & \text{if } p = p_i \\ 0 & \text{otherwise}}"
    purpose: ClassVar[str] = (
        "Makes the image as large as it was before pooling, with every response exactly where it had been: edges stay "
        "sharp without a weight being learned. SegNet and the pictures of ZFNet are made so."
    )
    trap: ClassVar[str] = (
        "An odd side was rounded down in pooling. Link the image that was pooled to like, or what is put back lands in "
        "wrong places."
    )
    paper: ClassVar[str] = (
        "Badrinarayanan et al. 2017, SegNet: a deep convolutional encoder-decoder architecture "
        "https://arxiv.org/abs/1511.00561"
    )
    examples: ClassVar = (
        (image(3, 4, 5), PLACES),
        (image(3, 4, 5), PLACES, image(1, 9, 10)),
        (image(3, 4, 5), PLACES, {"window": (3, 2), "stride": (2, 2)}),
        (image(3, "H", "W"), PLACES.resized(3, "H", "W")),
    )

    def infer(self, image: Shape, places: Shape, like: Shape | None = None) -> Shape:
        channels, *sides = expect(image, "image", "image")
        if (places.axes, places.dtype) != (image.axes, "int"):
            raise Mismatch(f"This needs the places that pooling found; {arriving(places)}.", "places")
        if places.sizes != image.sizes:
            raise Mismatch(f"Each response needs its place; {image} responses meet {places} places.", "places")
        grown = self._grown(tuple(sides))
        if like is None:
            return image.resized(channels, *grown)
        wanted = expect(like, "image", "like")[1:]
        pooled = places_of(wanted, self.window, self._steps(), setting="window")
        for side, found, here, fits, step in zip(wanted, pooled, sides, grown, self._steps(), strict=True):
            if isinstance(side, str) or isinstance(fits, str):
                if found != here:
                    raise Mismatch(f"{side} varies and would be pooled to {found}, but {here} arrives.", "like")
            elif abs(side - fits) >= step:
                raise Mismatch(f"Pooling {side} pixels would not leave what arrives; {fits} would.", "like")
        return image.resized(channels, *wanted)

    def rule(self, image: Shape, places: Shape, like: Shape | None = None) -> tuple[SizeLine, ...]:
        maps = SizeLine(("C",), image.sizes[:1], "as it arrives")
        if like is not None:
            return (maps, SizeLine(("H", "W"), like.sizes[1:], "those of the image linked to like"))
        rows = zip("HW", image.sizes[1:], self._grown(image.sizes[1:]), self._windows(), self._steps(), strict=True)
        return (
            maps,
            *merged(
                worked(axis, grown, "(in − 1)·stride + window", f"({side} - 1)·{step} + {wide}")
                for axis, side, grown, wide, step in rows
            ),
        )

    def build(self, image: Value, places: Value, like: Value | None = None) -> Expression:
        window, steps = short(self.window), short(self._steps())
        unpool = nn.MaxUnpool2d(window, **({} if steps == window else {"stride": steps}))
        return unpool(image, places) if like is None else unpool(image, places, output_size=like.size())

    def _grown(self, sides: tuple[Size, ...]) -> tuple[Size, ...]:
        """The sides that windows of this kind came from, where none was left over."""
        rows = zip(sides, self._windows(), self._steps(), strict=True)
        return tuple(_before(side, wide, step) for side, wide, step in rows)

    def _windows(self) -> tuple[int, ...]:
        return per_axis(self.window, 2)

    def _steps(self) -> tuple[int, ...]:
        return steps_of(self.stride, self.window, 2)


def _before(side: Size, wide: int, step: int) -> Size:
    """The side that so many windows cover."""
    if isinstance(side, str):
        return shifted(str(product((side, step))), wide - step)
    return (side - 1) * step + wide
