"""Filters that differ from place to place: local receptive fields before weights were shared."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, ClassVar

from studio.core.declaration import Count, Pair, WholePair
from studio.core.derivation import Labels, SizeLine, Term, window_lines, worked
from studio.core.node_class import Layer, WeightShapes
from studio.core.record import Expression, Value, modules
from studio.core.shape import Shape, expect, fixed, image
from studio.core.window import per_axis, places, slidings

FAMILY = "Convolution"


class LocallyConnected2d(Layer):
    """Looks at every window of an image with filters of its own: a convolution that shares no weights.

    Each place learns its own kernels and biases, so the image must have one fixed size.
    """

    filters: Annotated[Count, "number of filters at each place, and so of maps that leave"] = 16
    kernel: Annotated[Pair, "side, or height × width, of the window in pixels"] = 3
    stride: Annotated[Pair, "step of the window in pixels"] = 1
    padding: Annotated[WholePair, "border of zeros put around the image in pixels"] = 0
    bias: Annotated[bool, "one number for each filter at each place"] = True

    synonyms: ClassVar[tuple[str, ...]] = ("local receptive field", "unshared convolution", "untied", "deepface")
    formula: ClassVar[str] = r"y_{k,h,w} = b_{k,h,w} + \sum_{c,i,j} w_{k,c,i,j}^{h,w} x_{c,h + i,w + j}"
    purpose: ClassVar[str] = (
        "Each unit sees a window of {kernel} alone instead of the whole image, and {filters} units look at each "
        "window. What a place learns stays there: a pattern has to be learned anew wherever it may lie."
    )
    trap: ClassVar[str] = (
        "It is as large as the image: places times the weights of a convolution. Set the kernels of all places equal "
        "and it is one; sharing them is what makes a convolution."
    )
    learned: ClassVar[Labels] = {
        "weight": ("places", "places", "filters", "in", "kernel"),
        "bias": ("biases", "places"),
    }
    paper: ClassVar[str] = (
        "LeCun 1989, Generalization and network design strategies http://yann.lecun.com/exdb/publis/pdf/lecun-89.pdf"
    )
    slide: ClassVar[str] = "Local receptive fields"
    shown: ClassVar[tuple[str, ...]] = ("filters", "kernel", "stride")
    shared_form: ClassVar[str] = "Conv2d"
    examples: ClassVar = (
        (image(1, 28, 28), {"filters": 4}),
        (image(2, 9, 7), {"filters": 3, "kernel": (3, 2), "stride": (2, 1), "padding": (1, 0), "bias": False}),
        (image(3, 5, 5), {"kernel": 5, "filters": 2}),
    )

    def infer(self, image: Shape) -> Shape:
        channels, *sides = expect(image, "image", "image")
        sizes = tuple(map(fixed, sides))
        fixed(channels)
        return image.resized(self.filters, *places(sizes, self.kernel, self.stride, self.padding, border="padding"))

    def rule(self, image: Shape) -> tuple[SizeLine, ...]:
        windows = slidings(image.sizes[1:], self.kernel, self.stride, self.padding)
        return (worked("C", self.filters, "one map for each filter"), *window_lines("HW", windows))

    def build(self, image: Value) -> Expression:
        named = {name: per_axis(value, 2) for name, value in self.options("stride", "padding").items()}
        size, kernel = (image.height, image.width), per_axis(self.kernel, 2)
        layer = modules.locally_connected.LocallyConnected2d
        return layer(image.channels, self.filters, size, kernel, **named, **self.options("bias"))

    def weights(self, image: Shape) -> WeightShapes:
        _, height, width = map(fixed, self.infer(image).sizes)
        weight = (height, width, self.filters, image.channels, *per_axis(self.kernel, 2))
        return {"weight": weight, "bias": (self.filters, height, width)} if self.bias else {"weight": weight}

    def terms(self, image: Shape) -> tuple[Term, ...]:
        """The biases have several axes here, and are added all the same."""
        weight, *biases = super().terms(image)
        return (weight, *(replace(term, is_matrix=False) for term in biases))

    def multiply_adds(self, image: Shape) -> int:
        height, width = per_axis(self.kernel, 2)
        return self.infer(image).elements * image.channels * height * width

    def said(self) -> dict[str, str]:
        return {**super().said(), "kernel": " × ".join(map(str, per_axis(self.kernel, 2)))}
