"""What cuts pieces out of values along one axis."""

from __future__ import annotations

from typing import Annotated, ClassVar

from studio.core.axis import AxisName, place_of, without
from studio.core.declaration import Count
from studio.core.derivation import SizeLine, stays
from studio.core.node_class import Layer
from studio.core.problem import Assign, Insert, Mismatch
from studio.core.record import Expression, Value
from studio.core.shape import Shape, Size, expect, fixed, image, sequence, tokens, vector
from studio.core.window import shifted

FAMILY = "Combine & reshape"

BOOKKEEPING = "Cutting and arranging numbers is bookkeeping: there is nothing to cite."


class Slice(Layer):
    """Keeps the places from start up to stop along one axis, or every second, third ... of them."""

    axis: Annotated[AxisName, "axis that is cut; features means channels as well"] = "features"
    start: Annotated[int, "first place that is kept, counted from 0; negative counts from the end"] = 0
    stop: Annotated[int, "place before which it ends; negative counts from the end, 0 is the end"] = 0
    step: Annotated[Count, "1 keeps every place, 2 every second"] = 1

    synonyms: ClassVar[tuple[str, ...]] = ("cut", "crop", "narrow", "range", "channels", "subset", "index")
    formula: ClassVar[str] = r"y_i = x_{a + s i}"
    purpose: ClassVar[str] = (
        "Takes a part of a value: some channels, the first tokens, every second row. What is left out gets no "
        "gradient from here."
    )
    trap: ClassVar[str] = "Places count from 0, and stop itself is not kept: 0 to 3 are the places 0, 1 and 2."
    unsourced: ClassVar[str] = BOOKKEEPING
    examples: ClassVar = (
        (vector(12), {"start": 2, "stop": 9, "step": 3}),
        (image(6, 8, 9), {"start": 3}),
        (image(6, 8, 9), {"axis": "height", "start": -4, "stop": -1}),
        (sequence("T", 4), {"axis": "length", "start": 1}),
        (sequence(7, 4), {"axis": "length", "stop": -1}),
        (tokens("T"), {"axis": "length", "stop": -1}),
    )

    def infer(self, values: Shape) -> Shape:
        at = place_of(values, self.axis, "values")
        return values.resized(*values.sizes[:at], self._kept(values.sizes[at]), *values.sizes[at + 1 :])

    def rule(self, values: Shape) -> tuple[SizeLine, ...]:
        return stays(self.infer(values), "as it arrives, but for the places cut off")

    def build(self, values: Value) -> Expression:
        at = place_of(values.shape, self.axis, "values")
        step = self.step if self.step > 1 else None
        return values[(*(slice(None) for _ in range(at + 1)), slice(self.start or None, self.stop or None, step))]

    def _kept(self, size: Size) -> Size:
        """How many places are kept. Raises Mismatch where none is, or where it depends on a length that varies."""
        if isinstance(size, str):
            if self.start < 0 or self.stop > 0 or self.step > 1:
                fixed(size)
            return shifted(size, self.stop - self.start)
        kept = len(range(size)[self.start : self.stop or None : self.step])
        if not kept:
            repairs = (Assign("start", 0, "Set start to 0"),) if range(size)[: self.stop or None] else ()
            repairs = (*repairs, Assign("stop", 0, "Set stop to 0")) if range(size)[self.start :] else repairs
            raise Mismatch(f"From {self.start} to {self.stop} there is none of {size} places.", "values", repairs)
        return kept


class Select(Layer):
    """Takes one place along an axis, which is gone then: one token of a sequence, one channel of an image."""

    axis: Annotated[AxisName, "axis that goes; features means channels as well"] = "length"
    index: Annotated[int, "the place, counted from 0; negative counts from the end, -1 is the last"] = 0

    synonyms: ClassVar[tuple[str, ...]] = ("take", "index", "first", "last", "class token", "pick", "gather")
    formula: ClassVar[str] = r"y = x_k"
    purpose: ClassVar[str] = (
        "Takes place {index} of one axis. A classifier reads the class token of ViT and BERT so, or the last answer "
        "of a recurrent layer."
    )
    trap: ClassVar[str] = "Only the place that is taken gets a gradient from here."
    slide: ClassVar[str] = "ViT"
    examples: ClassVar = (
        (sequence(7, 4),),
        (sequence("T", 4), {"index": -1}),
        (image(6, 8, 9), {"axis": "features", "index": 2}),
        (image(6, 8, 9), {"axis": "height", "index": -3}),
        (vector(5), {"axis": "features", "index": 1}),
        (tokens("T"),),
    )

    def infer(self, values: Shape) -> Shape:
        at = place_of(values, self.axis, "values")
        size = values.sizes[at] if self.index in (0, -1) else fixed(values.sizes[at])
        if isinstance(size, int) and not -size <= self.index < size:
            last = Assign("index", -1, "Set index to -1, the last")
            raise Mismatch(f"There is no place {self.index} among {size}; they count from 0.", "values", (last,))
        return without(values, at)

    def rule(self, values: Shape) -> tuple[SizeLine, ...]:
        return stays(self.infer(values), f"as it arrives, without the {self.axis}")

    def build(self, values: Value) -> Expression:
        return values.select(1 + place_of(values.shape, self.axis, "values"), self.index)


class Split(Layer):
    """Cuts a value in two along one axis: so many places first, and the rest."""

    outputs: ClassVar[tuple[str, ...]] = ("first", "rest")

    axis: Annotated[AxisName, "axis that is cut; features means channels as well"] = "features"
    at: Annotated[Count, "how many places the first piece has"] = 1

    synonyms: ClassVar[tuple[str, ...]] = ("chunk", "divide", "cut", "branch", "unbind", "mean and variance")
    formula: ClassVar[str] = r"[y_1, y_2] = x"
    purpose: ClassVar[str] = (
        "Sends the first {at} places one way and the rest another, as where a VAE cuts the answer of its encoder into "
        "mean and log variance. Joined again they are the value."
    )
    trap: ClassVar[str] = "It cuts by place, not by what the numbers mean; the layer before must learn the order."
    slide: ClassVar[str] = "Why doesn't this work?"
    examples: ClassVar = (
        (vector(12), {"at": 5}),
        (image(6, 8, 9), {"at": 2}),
        (image(6, 8, 9), {"axis": "width", "at": 4}),
        (sequence("T", 4), {"axis": "length"}),
    )

    def infer(self, values: Shape) -> tuple[Shape, Shape]:
        at = place_of(values, self.axis, "values")
        size = values.sizes[at] if self.at == 1 else fixed(values.sizes[at])
        if isinstance(size, int) and self.at >= size:
            repairs = (Assign("at", size // 2, f"Set at to {size // 2}"),) if size > 1 else ()
            raise Mismatch(f"Cutting {size} places after {self.at} leaves no rest.", "values", repairs)
        rest = shifted(size, -self.at) if isinstance(size, str) else size - self.at
        return self._sized(values, at, self.at), self._sized(values, at, rest)

    def rule(self, values: Shape) -> tuple[SizeLine, ...]:
        first, rest = self.infer(values)
        words = "as it arrives, but for the axis that is cut"
        return (*stays(first, words), *stays(rest, words, port="rest"))

    def build(self, values: Value) -> tuple[Expression, Expression]:
        before = tuple(slice(None) for _ in range(1 + place_of(values.shape, self.axis, "values")))
        return values[(*before, slice(None, self.at))], values[(*before, slice(self.at, None))]

    @staticmethod
    def _sized(values: Shape, at: int, size: Size) -> Shape:
        return values.resized(*values.sizes[:at], size, *values.sizes[at + 1 :])


class CenterCrop(Layer):
    """Cuts an image to the height and width of another, all sides alike, as the skip connections of U-Net do."""

    synonyms: ClassVar[tuple[str, ...]] = ("crop", "cut", "unet", "u-net", "skip", "fcn", "center")
    formula: ClassVar[str] = r"y_{h,w} = x_{h+a,w+b}"
    purpose: ClassVar[str] = (
        "Keeps the middle of a large image, as much as the other image shows, so that both can be joined whatever "
        "their sizes are."
    )
    trap: ClassVar[str] = "Of an odd number of pixels too many the last side loses one more."
    paper: ClassVar[str] = (
        "Ronneberger et al. 2015, U-Net: Convolutional networks for biomedical image segmentation "
        "https://arxiv.org/abs/1505.04597"
    )
    slide: ClassVar[str] = "U-Net"
    examples: ClassVar = (
        (image(6, 9, 8), image(3, 4, 5)),
        (image(2, 7, 7), image(5, 7, 2)),
        (image(6, 64, 64), image(3, 56, 56)),
    )

    def infer(self, image: Shape, like: Shape) -> Shape:
        sides = self._sides(image, "image"), self._sides(like, "like")
        if any(have < wanted for have, wanted in zip(*sides, strict=True)):
            have, wanted = (f"{height}×{width}" for height, width in sides)
            resize = Insert("Resize", f"Insert Resize to {wanted}", {"size": sides[1]})
            raise Mismatch(f"An image of {have} has no middle of {wanted}.", "image", (resize,))
        return image.resized(image.sizes[0], *sides[1])

    def rule(self, image: Shape, like: Shape) -> tuple[SizeLine, ...]:
        channels = SizeLine(("C",), image.sizes[:1], "as it arrives")
        return (channels, SizeLine(("H", "W"), like.sizes[1:], "those of the other image"))

    def build(self, image: Value, like: Value) -> Expression:
        height, width = ((a - b) // 2 for a, b in self._pairs(image.shape, like.shape))
        return image[..., slice(height, height + like.height), slice(width, width + like.width)]

    @staticmethod
    def _sides(shape: Shape, port: str) -> tuple[int, int]:
        _, height, width = expect(shape, "image", port)
        return fixed(height), fixed(width)

    def _pairs(self, image: Shape, like: Shape) -> tuple[tuple[int, int], ...]:
        return tuple(zip(self._sides(image, "image"), self._sides(like, "like"), strict=True))
