"""Windows cut out of images and laid back: what turns a convolution into a product of matrices."""

from __future__ import annotations

from math import prod
from typing import Annotated, ClassVar

from studio.core.declaration import Pair, WholePair
from studio.core.derivation import SizeLine, worked
from studio.core.node_class import Layer
from studio.core.problem import Mismatch
from studio.core.record import Expression, Value, nn
from studio.core.shape import Shape, expect, fixed, image, product
from studio.core.window import per_axis, places, short, slidings

FAMILY = "Convolution"


class _Windows(Layer):
    """What cutting windows out and laying them back have in common."""

    kernel: Annotated[Pair, "side, or height × width, of a window in pixels"] = 3
    stride: Annotated[Pair, "step of the window in pixels"] = 1
    padding: Annotated[WholePair, "border of zeros around the image in pixels"] = 0
    dilation: Annotated[Pair, "distance between the pixels that the window looks at"] = 1

    shown: ClassVar[tuple[str, ...]] = ("kernel", "stride")

    def said(self) -> dict[str, str]:
        return {**super().said(), "kernel": " × ".join(map(str, self._kernel()))}

    def _kernel(self) -> tuple[int, ...]:
        return per_axis(self.kernel, 2)


class Unfold2d(_Windows):
    """Cuts every window out of an image and lays its pixels out as the channels of a signal."""

    synonyms: ClassVar[tuple[str, ...]] = ("im2col", "patches", "window", "sliding")
    formula: ClassVar[str] = r"y_{(c,i,j),l} = x_{c,h_l + i,w_l + j}"
    purpose: ClassVar[str] = (
        "Every window of {kernel} becomes one column. A linear layer on the columns is a convolution: libraries "
        "compute it so, and layers that weigh windows in other ways are built of it."
    )
    trap: ClassVar[str] = "Where windows overlap, pixels are copied: with a window of 3 × 3 and step 1, nine times."
    paper: ClassVar[str] = (
        "Chellapilla et al. 2006, High performance convolutional neural networks for document processing "
        "https://inria.hal.science/inria-00112631"
    )
    examples: ClassVar = (
        (image(3, 7, 8),),
        (image(2, 9, 9), {"kernel": (2, 3), "stride": (2, 1), "padding": (0, 1)}),
        (image(1, 9, 9), {"dilation": 2, "padding": 1}),
        (image(3, "H", "W"), {"padding": 1}),
    )

    def infer(self, image: Shape) -> Shape:
        channels, *sides = expect(image, "image", "image")
        found = places(tuple(sides), self.kernel, self.stride, self.padding, self.dilation)
        return Shape(("C", "L"), (fixed(channels) * prod(self._kernel()), product(found)))

    def rule(self, image: Shape) -> tuple[SizeLine, ...]:
        channels, length = self.infer(image).sizes
        windows = slidings(image.sizes[1:], self.kernel, self.stride, self.padding, self.dilation)
        numbers = "·".join(map(str, (image.channels, *self._kernel())))
        along = "·".join(str(window.places()) for window in windows)
        return (
            worked("C", channels, "in × pixels of a window", numbers),
            worked("L", length, "places of the window along height × width", along if isinstance(length, int) else ""),
        )

    def build(self, image: Value) -> Expression:
        return nn.Unfold(short(self.kernel), **self.options("stride", "padding", "dilation"))


class Fold2d(_Windows):
    """Lays windows back to where they were cut out of an image, and adds up where they overlap."""

    size: Annotated[Pair, "side, or height × width, of the image that leaves"] = 8

    synonyms: ClassVar[tuple[str, ...]] = ("col2im", "patches", "window", "overlap", "stitch")
    formula: ClassVar[str] = r"y_{c,h,w} = \sum_{h_l + i = h, w_l + j = w} x_{(c,i,j),l}"
    purpose: ClassVar[str] = (
        "Puts windows of {kernel} together to an image of {size}. It is the transpose of cutting them out: what a "
        "transposed convolution does after its product of matrices."
    )
    trap: ClassVar[str] = (
        "It undoes the cutting out only where windows do not overlap; else each pixel comes out as often as it was "
        "copied."
    )
    paper: ClassVar[str] = (
        "Chellapilla et al. 2006, High performance convolutional neural networks for document processing "
        "https://inria.hal.science/inria-00112631"
    )
    examples: ClassVar = (
        (Shape(("C", "L"), (27, 36)),),
        (Shape(("C", "L"), (8, 12)), {"size": (6, 8), "kernel": 2, "stride": 2}),
        (Shape(("C", "L"), (12, 16)), {"size": (6, 8), "kernel": (3, 2), "stride": (1, 2)}),
        (Shape(("C", "L"), (9, 25)), {"size": 7, "dilation": 2, "padding": 1}),
    )

    def infer(self, signal: Shape) -> Shape:
        channels, length = map(fixed, expect(signal, "signal", "signal"))
        pixels = prod(self._kernel())
        if channels % pixels:
            raise Mismatch(f"{channels} numbers are no multiple of the {pixels} pixels of a window.", "signal")
        sides = per_axis(self.size, 2)
        found = places(sides, self.kernel, self.stride, self.padding, self.dilation)
        if prod(map(fixed, found)) != length:
            wanted = f"{prod(map(fixed, found))} windows"
            raise Mismatch(f"An image of {self.said()['size']} has {wanted}; {length} arrive.", "signal")
        return image(channels // pixels, *sides)

    def rule(self, signal: Shape) -> tuple[SizeLine, ...]:
        kernel = self._kernel()
        fewer = rf"\frac{{{signal.channels}}}{{{'·'.join(map(str, kernel))}}}"
        maps = worked("C", signal.channels // prod(kernel), "in / pixels of a window", fewer)
        return (maps, SizeLine(("H", "W"), per_axis(self.size, 2), "as the setting says"))

    def said(self) -> dict[str, str]:
        return {**super().said(), "size": " × ".join(map(str, per_axis(self.size, 2)))}

    def build(self, signal: Value) -> Expression:
        return nn.Fold(per_axis(self.size, 2), short(self.kernel), **self.options("stride", "padding", "dilation"))
