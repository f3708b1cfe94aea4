"""Filters that paint their pattern wherever a place answers, and so enlarge signals, images and volumes."""

from __future__ import annotations

from math import prod
from typing import Annotated, ClassVar

from nodes.groups import check_groups
from nodes.siblings import siblings
from studio.core.declaration import Count, Pair, Triple, Whole, WholePair, WholeTriple
from studio.core.derivation import Labels, SizeLine, Term, merged, repeated_uses, worked
from studio.core.node_class import Layer, WeightShapes
from studio.core.record import Expression, Value, nn
from studio.core.shape import KINDS, Shape, Size, expect, fixed, image
from studio.core.window import Painting, per_axis, short, shown

FAMILY = "Convolution"

SIGNAL = Shape(("C", "L"), (4, 9))
VOLUME = Shape(("C", "Z", "H", "W"), (4, 3, 4, 5))


class _ConvTranspose(Layer):
    """What transposed convolutions along one, two and three axes have in common."""

    kind: ClassVar[str]

    filters: Annotated[Count, "number of maps that leave"] = 16
    kernel: Annotated[Count | tuple[Count, ...], "size of the pattern"] = 2
    stride: Annotated[Count | tuple[Count, ...], "distance between the patterns of two neighbours"] = 2
    padding: Annotated[Whole | tuple[Whole, ...], "what is cut off on every side"] = 0
    output_padding: Annotated[Whole | tuple[Whole, ...], "what is added at the far end"] = 0
    groups: Annotated[Count, "parts into which channels and filters are divided"] = 1
    bias: Annotated[bool, "one number for each map, added everywhere"] = True
    dilation: Annotated[Count | tuple[Count, ...], "distance between the places of the pattern"] = 1

    synonyms: ClassVar[tuple[str, ...]] = ("deconvolution", "up-convolution", "transposed", "fractionally strided")
    formula: ClassVar[str] = r"y_k = b_k + \sum_c w_{c,k}^\top x_c"
    purpose: ClassVar[str] = (
        "Every place that arrives paints its pattern of {kernel}, as strongly as the place answers, {stride} apart; "
        "where patterns overlap they add up. Decoders and generators grow with it."
    )
    trap: ClassVar[str] = (
        "It is not the inverse of a convolution: it has the sizes of one run backwards, with weights of its own. A "
        "kernel that the stride does not divide leaves a checkerboard."
    )
    learned: ClassVar[Labels] = {"weight": ("in", "filters", "kernel"), "bias": ("biases",)}
    shown: ClassVar[tuple[str, ...]] = ("filters", "kernel", "stride")

    def rule(self, values: Shape) -> tuple[SizeLine, ...]:
        maps = worked("C", self.filters, "one map for each filter")
        words = "(in − 1)·stride − 2·padding + kernel + output padding"
        if set(per_axis(self.dilation, self._axes())) != {1}:
            words = "(in − 1)·stride − 2·padding + dilation·(kernel − 1) + 1 + output padding"
        sides = zip(values.axes[1:], self._paintings(values.sizes[1:]), strict=True)
        return (maps, *merged(worked(axis, side.size_after(), words, side.working()) for axis, side in sides))

    def weights(self, values: Shape) -> WeightShapes:
        weight = (values.channels, self.filters // self.groups, *per_axis(self.kernel, self._axes()))
        return {"weight": weight, "bias": (self.filters,)} if self.bias else {"weight": weight}

    def multiply_adds(self, values: Shape) -> int:
        return values.elements * (self.filters // self.groups) * prod(per_axis(self.kernel, self._axes()))

    def work(self, values: Shape) -> tuple[Term, ...]:
        """The weights, each used once for every place that arrives."""
        places = tuple(size for size in values.sizes[1:] if isinstance(size, int))
        return repeated_uses(self.terms(values), self.multiply_adds(values), places, self.uses)

    def said(self) -> dict[str, str]:
        kernel, stride = " × ".join(map(str, per_axis(self.kernel, self._axes()))), shown(short(self.stride))
        return {**super().said(), "kernel": kernel, "stride": stride}

    def _painted(self, values: Shape) -> Shape:
        """The maps that leave. Raises Mismatch."""
        channels, *sides = expect(values, self.kind, self.kind, *siblings(self, values))
        check_groups(self.groups, fixed(channels), self.filters)
        return values.resized(self.filters, *(side.size_after() for side in self._paintings(tuple(sides))))

    def _paintings(self, sides: tuple[Size, ...]) -> tuple[Painting, ...]:
        """What happens along each side."""
        names = ("kernel", "stride", "padding", "output_padding", "dilation")
        rows = zip(sides, *(per_axis(getattr(self, name), len(sides)) for name in names), strict=True)
        return tuple(Painting(*row) for row in rows)

    def _axes(self) -> int:
        return len(KINDS[self.kind]) - 1

    def _record(self, module: Expression, values: Value) -> Expression:
        options = self.options("padding", "output_padding", "groups", "bias", "dilation")
        return module(values.channels, self.filters, short(self.kernel), stride=short(self.stride), **options)


class ConvTranspose1d(_ConvTranspose):
    """Paints a pattern wherever a signal answers: the transpose of a convolution, which lengthens a signal."""

    kind = "signal"
    kernel: Annotated[Count, "length of the pattern"] = 2
    stride: Annotated[Count, "distance between the patterns of two neighbours"] = 2
    padding: Annotated[Whole, "what is cut off at both ends"] = 0
    output_padding: Annotated[Whole, "what is added at the far end"] = 0
    dilation: Annotated[Count, "distance between the places of the pattern"] = 1

    paper: ClassVar[str] = (
        "Kong et al. 2020, HiFi-GAN: generative adversarial networks for efficient and high fidelity speech synthesis "
        "https://arxiv.org/abs/2010.05646"
    )
    examples: ClassVar = (
        (SIGNAL,),
        (SIGNAL, {"filters": 6, "kernel": 4, "padding": 1, "output_padding": 1, "groups": 2, "bias": False}),
        (SIGNAL, {"stride": 3, "kernel": 3, "dilation": 2, "output_padding": 2}),
        (SIGNAL.resized(4, "L"), {"kernel": 4, "padding": 1}),
    )

    def infer(self, signal: Shape) -> Shape:
        return self._painted(signal)

    def build(self, signal: Value) -> Expression:
        return self._record(nn.ConvTranspose1d, signal)


class ConvTranspose2d(_ConvTranspose):
    """Paints a pattern wherever a pixel answers: the transpose of a convolution, which enlarges an image."""

    kind = "image"
    kernel: Annotated[Pair, "side, or height × width, of the pattern in pixels"] = 2
    stride: Annotated[Pair, "distance in pixels between the patterns of two neighbours"] = 2
    padding: Annotated[WholePair, "pixels cut off on every side"] = 0
    output_padding: Annotated[WholePair, "rows and columns added at the lower and right side"] = 0
    dilation: Annotated[Pair, "distance between the pixels of the pattern"] = 1

    purpose: ClassVar[str] = (
        "Every pixel that arrives paints its pattern of {kernel}, as strongly as the pixel is bright, {stride} pixels "
        "apart; where patterns overlap they add up. Segmentation and generators grow images with it."
    )
    uses: ClassVar[str] = "pixels"
    paper: ClassVar[str] = (
        "Long et al. 2015, Fully convolutional networks for semantic segmentation https://arxiv.org/abs/1411.4038"
    )
    slide: ClassVar[str] = "Scene labeling, FCN"
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
        return self._painted(image)

    def build(self, image: Value) -> Expression:
        return self._record(nn.ConvTranspose2d, image)


class ConvTranspose3d(_ConvTranspose):
    """Paints a pattern wherever a voxel answers: the transpose of a convolution, which enlarges a volume."""

    kind = "volume"
    kernel: Annotated[Triple, "side, or depth × height × width, of the pattern"] = 2
    stride: Annotated[Triple, "distance between the patterns of two neighbours"] = 2
    padding: Annotated[WholeTriple, "what is cut off on every side"] = 0
    output_padding: Annotated[WholeTriple, "what is added at the far end of every side"] = 0
    dilation: Annotated[Triple, "distance between the voxels of the pattern"] = 1

    uses: ClassVar[str] = "voxels"
    paper: ClassVar[str] = (
        "Çiçek et al. 2016, 3D U-Net: learning dense volumetric segmentation from sparse annotation "
        "https://arxiv.org/abs/1606.06650"
    )
    examples: ClassVar = (
        (VOLUME,),
        (VOLUME, {"filters": 6, "kernel": (1, 3, 3), "stride": (1, 2, 2), "padding": (0, 1, 1), "groups": 2}),
        (VOLUME, {"output_padding": (0, 1, 1), "bias": False}),
        (VOLUME.resized(4, "Z", "H", "W"), {"kernel": 4, "padding": 1}),
    )

    def infer(self, volume: Shape) -> Shape:
        return self._painted(volume)

    def build(self, volume: Value) -> Expression:
        return self._record(nn.ConvTranspose3d, volume)
