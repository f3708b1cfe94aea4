"""Filters that slide over signals, images and volumes."""

from __future__ import annotations

from math import gcd, prod
from typing import Annotated, Any, ClassVar, Literal

from studio.core.declaration import Count, Pair, Triple, Whole, WholePair, WholeTriple
from studio.core.node_class import Layer, WeightShapes
from studio.core.problem import Assign, Insert, Mismatch
from studio.core.record import Expression, Value, modules, nn
from studio.core.shape import Shape, Size, expect, fixed, image, largest_divisor, product
from studio.core.window import per_axis, places, shifted, short

FAMILY = "Convolution"

PaddingMode = Literal["zeros", "reflect", "replicate", "circular"]
SIGNAL = Shape(("C", "L"), (4, 20))
VOLUME = Shape(("C", "Z", "H", "W"), (2, 6, 8, 8))


class _Convolution(Layer):
    """What convolutions along one, two and three axes have in common."""

    kind: ClassVar[str]

    filters: Annotated[Count, "number of filters, and so of maps that leave"] = 16
    kernel: Annotated[Count | tuple[Count, ...], "size of the window"] = 3
    stride: Annotated[Count | tuple[Count, ...], "step of the window"] = 1
    padding: Annotated[Whole | tuple[Whole, ...], "border put around the values"] = 0
    dilation: Annotated[Count | tuple[Count, ...], "distance between the places that the window looks at"] = 1
    groups: Annotated[Count, "parts into which channels and filters are divided; each filter sees its part alone"] = 1
    bias: Annotated[bool, "one number for each filter, added everywhere"] = True
    padding_mode: Annotated[PaddingMode, "what the border holds"] = "zeros"

    formula: ClassVar[str] = "y_k = b_k + Σ_c w_{k,c} ⋆ x_c"
    shown: ClassVar[tuple[str, ...]] = ("filters", "kernel", "stride")

    def weights(self, values: Shape) -> WeightShapes:
        kernel = per_axis(self.kernel, len(values.sizes) - 1)
        weight = (self.filters, values.channels // self.groups, *kernel)
        return {"weight": weight, "bias": (self.filters,)} if self.bias else {"weight": weight}

    def multiply_adds(self, values: Shape) -> int:
        kernel = per_axis(self.kernel, len(values.sizes) - 1)
        return self._slid(values).elements * (values.channels // self.groups) * prod(kernel)

    def _slid(self, values: Shape) -> Shape:
        """The maps that leave. Raises Mismatch."""
        channels, *sides = expect(values, self.kind, self.kind)
        check_groups(self.groups, fixed(channels), self.filters)
        if self.padding_mode != "zeros":
            _check_border(self.padding_mode, per_axis(self.padding, len(sides)), tuple(sides))
        found = places(tuple(sides), self.kernel, self.stride, self.padding, self.dilation)
        return values.resized(self.filters, *found)

    def _record(self, module: Expression, values: Value) -> Expression:
        options = self.options("stride", "padding", "dilation", "groups", "bias", "padding_mode")
        return module(values.channels, self.filters, short(self.kernel), **options)


class Conv1d(_Convolution):
    """Slides filters along a signal and answers where each finds its pattern."""

    kind = "signal"
    kernel: Annotated[Count, "length of the window"] = 3
    stride: Annotated[Count, "step of the window"] = 1
    padding: Annotated[Whole, "border put at both ends"] = 0
    dilation: Annotated[Count, "distance between the places that the window looks at"] = 1

    synonyms: ClassVar[tuple[str, ...]] = ("convolution", "temporal", "filter")
    examples: ClassVar = (
        (SIGNAL,),
        (SIGNAL, {"filters": 6, "kernel": 5, "stride": 2, "padding": 2, "dilation": 2, "groups": 2, "bias": False}),
        (Shape(("C", "L"), (4, "L")), {"padding": 1}),
    )

    def infer(self, signal: Shape) -> Shape:
        return self._slid(signal)

    def build(self, signal: Value) -> Expression:
        return self._record(nn.Conv1d, signal)


class Conv2d(_Convolution):
    """Slides filters over an image and answers where each finds its pattern.

    As in every framework this is correlation: the filter is not flipped.
    """

    kind = "image"
    kernel: Annotated[Pair, "side, or height × width, of the window in pixels"] = 3
    stride: Annotated[Pair, "step of the window in pixels"] = 1
    padding: Annotated[WholePair, "border put around the image in pixels"] = 0
    dilation: Annotated[Pair, "distance between the pixels that the window looks at"] = 1

    synonyms: ClassVar[tuple[str, ...]] = ("convolution", "weight sharing", "filter", "kernel", "cnn")
    paper: ClassVar[str] = "LeCun et al. 1998, Gradient-based learning applied to document recognition"
    slide: ClassVar[str] = "Weight sharing"
    examples: ClassVar = (
        (image(1, 32, 32), {"filters": 6, "kernel": 5}),
        (image(4, 9, 11), {"filters": 6, "kernel": (3, 5), "stride": (2, 1), "padding": (1, 2), "groups": 2}),
        (image(3, 8, 8), {"dilation": 2, "bias": False, "padding": 2, "padding_mode": "reflect"}),
        (image(3, "H", "W"), {"padding": 1, "stride": 2}),
    )

    def infer(self, image: Shape) -> Shape:
        return self._slid(image)

    def build(self, image: Value) -> Expression:
        return self._record(nn.Conv2d, image)


class Conv3d(_Convolution):
    """Slides filters through a volume, or through the frames of a film."""

    kind = "volume"
    kernel: Annotated[Triple, "side, or depth × height × width, of the window"] = 3
    stride: Annotated[Triple, "step of the window"] = 1
    padding: Annotated[WholeTriple, "border put around the volume"] = 0
    dilation: Annotated[Triple, "distance between the places that the window looks at"] = 1

    synonyms: ClassVar[tuple[str, ...]] = ("convolution", "voxel", "video", "film")
    examples: ClassVar = (
        (VOLUME,),
        (VOLUME, {"filters": 4, "kernel": (1, 3, 3), "stride": (1, 2, 2), "padding": (0, 1, 1), "groups": 2}),
    )

    def infer(self, volume: Shape) -> Shape:
        return self._slid(volume)

    def build(self, volume: Value) -> Expression:
        return self._record(nn.Conv3d, volume)


class ConvTranspose2d(Layer):
    """Paints a pattern wherever a pixel answers: the transpose of a convolution, which enlarges an image."""

    filters: Annotated[Count, "number of maps that leave"] = 16
    kernel: Annotated[Pair, "side, or height × width, of the pattern in pixels"] = 2
    stride: Annotated[Pair, "distance in pixels between the patterns of two neighbours"] = 2
    padding: Annotated[WholePair, "pixels cut off on every side"] = 0
    output_padding: Annotated[WholePair, "rows and columns added at the lower and right side"] = 0
    groups: Annotated[Count, "parts into which channels and filters are divided"] = 1
    bias: Annotated[bool, "one number for each map, added everywhere"] = True
    dilation: Annotated[Pair, "distance between the pixels of the pattern"] = 1

    synonyms: ClassVar[tuple[str, ...]] = ("deconvolution", "up-convolution", "transposed", "fractionally strided")
    slide: ClassVar[str] = "Scene labeling, FCN"
    formula: ClassVar[str] = "y_k = b_k + Σ_c w_{c,k}^T x_c"
    shown: ClassVar[tuple[str, ...]] = ("filters", "kernel", "stride")
    examples: ClassVar = (
        (image(8, 7, 7),),
        (
            image(4, 5, 6),
            {"filters": 6, "kernel": (3, 4), "padding": 1, "output_padding": (1, 0), "groups": 2, "bias": False},
        ),
        (image(4, 5, 5), {"stride": 3, "kernel": 3, "dilation": 2, "output_padding": 2}),
        (image(4, "H", "W"), {"kernel": 4, "padding": 1}),
    )

    def infer(self, image: Shape) -> Shape:
        channels, *sides = expect(image, "image", "image")
        check_groups(self.groups, fixed(channels), self.filters)
        names = ("kernel", "stride", "padding", "output_padding", "dilation")
        rows = zip(sides, *(per_axis(getattr(self, name), 2) for name in names), strict=True)
        return image.resized(self.filters, *(_enlarged(*row) for row in rows))

    def build(self, image: Value) -> Expression:
        kernel, stride = short(self.kernel), short(self.stride)
        options = self.options("padding", "output_padding", "groups", "bias", "dilation")
        return nn.ConvTranspose2d(image.channels, self.filters, kernel, stride=stride, **options)

    def weights(self, image: Shape) -> WeightShapes:
        weight = (image.channels, self.filters // self.groups, *per_axis(self.kernel, 2))
        return {"weight": weight, "bias": (self.filters,)} if self.bias else {"weight": weight}

    def multiply_adds(self, image: Shape) -> int:
        return image.elements * (self.filters // self.groups) * prod(per_axis(self.kernel, 2))


class DepthwiseConv2d(Layer):
    """Slides filters of its own over every channel, and never mixes channels."""

    kernel: Annotated[Pair, "side, or height × width, of the window in pixels"] = 3
    multiplier: Annotated[Count, "filters for each channel"] = 1
    stride: Annotated[Pair, "step of the window in pixels"] = 1
    padding: Annotated[WholePair, "zeros put around the image in pixels"] = 0
    dilation: Annotated[Pair, "distance between the pixels that the window looks at"] = 1
    bias: Annotated[bool, "one number for each filter, added everywhere"] = True

    synonyms: ClassVar[tuple[str, ...]] = ("separable", "groups", "mobilenet")
    paper: ClassVar[str] = "Howard et al. 2017, MobileNets"
    formula: ClassVar[str] = "y_c = b_c + w_c ⋆ x_c"
    shown: ClassVar[tuple[str, ...]] = ("kernel", "stride")
    examples: ClassVar = (
        (image(6, 9, 9),),
        (image(4, 9, 9), {"multiplier": 2, "kernel": (5, 3), "stride": 2, "padding": 1, "bias": False}),
        (image(4, "H", "W"), {"padding": 1}),
    )

    def infer(self, image: Shape) -> Shape:
        channels, *sides = expect(image, "image", "image")
        found = places(tuple(sides), self.kernel, self.stride, self.padding, self.dilation)
        return image.resized(fixed(channels) * self.multiplier, *found)

    def build(self, image: Value) -> Expression:
        channels, options = image.channels, self.options("stride", "padding", "dilation", "bias")
        return nn.Conv2d(channels, channels * self.multiplier, short(self.kernel), groups=channels, **options)

    def weights(self, image: Shape) -> WeightShapes:
        filters = image.channels * self.multiplier
        weight = (filters, 1, *per_axis(self.kernel, 2))
        return {"weight": weight, "bias": (filters,)} if self.bias else {"weight": weight}

    def multiply_adds(self, image: Shape) -> int:
        return self.infer(image).elements * prod(per_axis(self.kernel, 2))


class SparseConv2d(Layer):
    """C3 of LeNet-5: each of 16 maps looks at three, four or six of the 6 maps before it, as the paper's table says.

    The 60 kernels are all that is learned; they are computed as one convolution in which the others are zero.
    """

    kernel: Annotated[Count, "side of the window in pixels"] = 5

    synonyms: ClassVar[tuple[str, ...]] = ("lenet", "c3", "connection table", "convolution")
    paper: ClassVar[str] = "LeCun et al. 1998, section II.B, table I"
    slide: ClassVar[str] = "LeNet-5"
    formula: ClassVar[str] = "y_k = b_k + Σ_{c in S(k)} w_{k,c} ⋆ x_c"
    examples: ClassVar = ((image(6, 14, 14),), (image(6, "H", "W"), {"kernel": 3}))

    def infer(self, image: Shape) -> Shape:
        channels, *sides = expect(image, "image", "image")
        if channels != 6:
            repairs = (Insert("Conv2d", f"Insert 1×1 convolution, {channels} → 6", {"filters": 6, "kernel": 1}),)
            raise Mismatch(f"The paper's table connects 6 maps to 16; {channels} arrive.", "image", repairs)
        return image.resized(16, *places(tuple(sides), self.kernel))

    def build(self, image: Value) -> Expression:
        return modules.sparse_conv.SparseConv2d(self.kernel)

    def weights(self, image: Shape) -> WeightShapes:
        return {"weight": (60, self.kernel, self.kernel), "bias": (16,)}

    def multiply_adds(self, image: Shape) -> int:
        return self.infer(image).elements * 6 * self.kernel**2


def check_groups(groups: int, *counts: int) -> None:
    """Raises Mismatch where channels or filters cannot be divided into so many groups."""
    if any(count % groups for count in counts):
        best = largest_divisor(gcd(*counts), groups)
        numbers = " and ".join(map(str, dict.fromkeys(counts)))
        raise Mismatch(
            f"{numbers} maps cannot be divided into {groups} equal groups.",
            repairs=(Assign("groups", best, f"Set groups to {best}"),),
        )


def _check_border(mode: str, padding: tuple[int, ...], sides: tuple[Any, ...]) -> None:
    """Raises Mismatch where a border would need more of the image than there is."""
    for pad, side in zip(padding, sides, strict=True):
        most = side - 1 if mode == "reflect" and isinstance(side, int) else side
        if mode != "replicate" and isinstance(most, int) and pad > most:
            repairs = (Assign("padding", most, f"Set padding to {most}"),)
            raise Mismatch(f"A {mode} border of {pad} needs more than the {side} pixels there are.", repairs=repairs)


def _enlarged(size: Size, kernel: int, stride: int, padding: int, more: int, dilation: int) -> Size:
    """The size that a transposed convolution makes of one side. Raises Mismatch where nothing would be left."""
    if more >= max(stride, dilation):
        raise Mismatch(
            f"Output padding {more} must be smaller than the stride {stride} or the dilation {dilation}.",
            repairs=(Assign("output_padding", 0, "Set output padding to 0"),),
        )
    grown = dilation * (kernel - 1) + 1 + more - stride - 2 * padding
    if isinstance(size, str):
        return shifted(str(product((size, stride))), grown)
    found = size * stride + grown
    if found < 1:
        raise Mismatch(
            f"Padding {padding} cuts off all {found + 2 * padding} pixels.",
            repairs=(Assign("padding", 0, "Set padding to 0"),),
        )
    return found
