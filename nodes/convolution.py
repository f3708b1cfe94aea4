"""Filters that slide over signals, images and volumes."""

from __future__ import annotations

from math import prod
from typing import Annotated, Any, ClassVar, Literal

from nodes.groups import check_groups
from nodes.siblings import siblings
from nodes.weight_norm import WeightNorm, normed, normed_labels, normed_terms, normed_weights
from studio.core.declaration import Count, Pair, Triple, Whole, WholePair, WholeTriple
from studio.core.derivation import Factor, Labels, SizeLine, Term, window_lines, worked
from studio.core.node_class import Layer, WeightShapes
from studio.core.problem import Assign, Insert, Mismatch
from studio.core.record import Expression, Value, modules, nn
from studio.core.shape import KINDS, Shape, expect, fixed, image
from studio.core.window import per_axis, places, short, slidings

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
    weight_norm: WeightNorm = "none"

    formula: ClassVar[str] = r"y_k = b_k + \sum_c w_{k,c} \star x_c"
    purpose: ClassVar[str] = (
        "{each} slides a window of {kernel} over the {kind} and answers where its pattern occurs. It uses the same few "
        "weights everywhere, so a pattern is found wherever it lies."
    )
    trap: ClassVar[str] = "The star is correlation: the filter is not flipped, although everybody says convolution."
    learned: ClassVar[Labels] = normed_labels({"weight": ("filters", "in", "kernel"), "bias": ("biases",)})
    shown: ClassVar[tuple[str, ...]] = ("filters", "kernel", "stride")

    def weights(self, values: Shape) -> WeightShapes:
        kernel = per_axis(self.kernel, len(values.sizes) - 1)
        weight = (self.filters, values.channels // self.groups, *kernel)
        shapes = {"weight": weight, "bias": (self.filters,)} if self.bias else {"weight": weight}
        return normed_weights(shapes, self.weight_norm)

    def multiply_adds(self, values: Shape) -> int:
        kernel = per_axis(self.kernel, len(values.sizes) - 1)
        return self._slid(values).elements * (values.channels // self.groups) * prod(kernel)

    def said(self) -> dict[str, str]:
        kernel = per_axis(self.kernel, len(KINDS[self.kind]) - 1)
        each = f"Each of {self.filters} filters" if self.filters > 1 else "The one filter"
        return {**super().said(), "kernel": " × ".join(map(str, kernel)), "kind": self.kind, "each": each}

    def rule(self, values: Shape) -> tuple[SizeLine, ...]:
        windows = slidings(values.sizes[1:], self.kernel, self.stride, self.padding, self.dilation)
        maps = worked("C", self.filters, "one map for each filter")
        return (maps, *window_lines(values.axes[1:], windows))

    def terms(self, values: Shape) -> tuple[Term, ...]:
        """The weights, with groups named where there are several."""
        weight, *bias = normed_terms(super().terms(values))
        if self.groups == 1:
            return (weight, *bias)
        factors = tuple(Factor(f.numbers, "in of its group") if f.label == "in" else f for f in weight.factors)
        return (Term(factors), *bias)

    def _slid(self, values: Shape) -> Shape:
        """The maps that leave. Raises Mismatch."""
        channels, *sides = expect(values, self.kind, self.kind, *siblings(self, values))
        check_groups(self.groups, fixed(channels), self.filters)
        if self.padding_mode != "zeros":
            _check_border(self.padding_mode, per_axis(self.padding, len(sides)), tuple(sides))
        found = places(tuple(sides), self.kernel, self.stride, self.padding, self.dilation, border="padding")
        return values.resized(self.filters, *found)

    def _record(self, module: Expression, values: Value) -> Expression:
        options = self.options("stride", "padding", "dilation", "groups", "bias", "padding_mode")
        return normed(module(values.channels, self.filters, short(self.kernel), **options), self.weight_norm)


class Conv1d(_Convolution):
    """Slides filters along a signal and answers where each finds its pattern."""

    kind = "signal"
    kernel: Annotated[Count, "length of the window"] = 3
    stride: Annotated[Count, "step of the window"] = 1
    padding: Annotated[Whole, "border put at both ends"] = 0
    dilation: Annotated[Count, "distance between the places that the window looks at"] = 1

    synonyms: ClassVar[tuple[str, ...]] = ("convolution", "temporal", "filter")
    paper: ClassVar[str] = (
        "Waibel et al. 1989, Phoneme recognition using time-delay neural networks https://doi.org/10.1109/29.21701"
    )
    slide: ClassVar[str] = "Weight sharing"
    examples: ClassVar = (
        (SIGNAL,),
        (SIGNAL, {"filters": 6, "kernel": 5, "stride": 2, "padding": 2, "dilation": 2, "groups": 2, "bias": False}),
        (Shape(("C", "L"), (4, "L")), {"padding": 1}),
        (SIGNAL, {"weight_norm": "weight", "groups": 2}),
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
    paper: ClassVar[str] = (
        "LeCun et al. 1998, Gradient-based learning applied to document recognition https://doi.org/10.1109/5.726791"
    )
    slide: ClassVar[str] = "Weight sharing"
    examples: ClassVar = (
        (image(1, 32, 32), {"filters": 6, "kernel": 5}),
        (image(4, 9, 11), {"filters": 6, "kernel": (3, 5), "stride": (2, 1), "padding": (1, 2), "groups": 2}),
        (image(3, 8, 8), {"dilation": 2, "bias": False, "padding": 2, "padding_mode": "reflect"}),
        (image(3, "H", "W"), {"padding": 1, "stride": 2}),
        (image(3, 8, 8), {"filters": 4, "weight_norm": "spectral"}),
        (image(4, 7, 6), {"filters": 6, "weight_norm": "weight", "bias": False}),
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
    paper: ClassVar[str] = (
        "Tran et al. 2015, Learning spatiotemporal features with 3D convolutional networks "
        "https://arxiv.org/abs/1412.0767"
    )
    slide: ClassVar[str] = "Weight sharing"
    examples: ClassVar = (
        (VOLUME,),
        (VOLUME, {"filters": 4, "kernel": (1, 3, 3), "stride": (1, 2, 2), "padding": (0, 1, 1), "groups": 2}),
    )

    def infer(self, volume: Shape) -> Shape:
        return self._slid(volume)

    def build(self, volume: Value) -> Expression:
        return self._record(nn.Conv3d, volume)


class SparseConv2d(Layer):
    """C3 of LeNet-5: each of 16 maps looks at three, four or six of the 6 maps before it, as the paper's table says.

    The 60 kernels are all that is learned; they are computed as one convolution in which the others are zero.
    """

    kernel: Annotated[Count, "side of the window in pixels"] = 5

    synonyms: ClassVar[tuple[str, ...]] = ("lenet", "c3", "connection table", "convolution")
    formula: ClassVar[str] = r"y_k = b_k + \sum_{c \in S(k)} w_{k,c} \star x_c"
    purpose: ClassVar[str] = (
        "Each of the 16 maps sees its own choice S(k) of the 6 maps before it. Different choices force the maps to "
        "look for different things, and save weights."
    )
    trap: ClassVar[str] = (
        "Most copies of LeNet-5 connect every map with every map: 2,416 weights here instead of the paper's 1,516."
    )
    learned: ClassVar[Labels] = {"weight": ("connections", "kernel"), "bias": ("biases",)}
    paper: ClassVar[str] = "LeCun et al. 1998, section II.B, table I https://doi.org/10.1109/5.726791"
    slide: ClassVar[str] = "LeNet-5"
    examples: ClassVar = ((image(6, 14, 14),), (image(6, "H", "W"), {"kernel": 3}))

    def infer(self, image: Shape) -> Shape:
        channels, *sides = expect(image, "image", "image")
        if channels != 6:
            repairs = (Insert("Conv2d", f"Insert 1×1 convolution, {channels} → 6", {"filters": 6, "kernel": 1}),)
            raise Mismatch(f"The paper's table connects 6 maps to 16; {channels} arrive.", "image", repairs)
        return image.resized(16, *places(tuple(sides), self.kernel))

    def rule(self, image: Shape) -> tuple[SizeLine, ...]:
        return (
            worked("C", 16, "as the paper's table says"),
            *window_lines("HW", slidings(image.sizes[1:], self.kernel)),
        )

    def build(self, image: Value) -> Expression:
        return modules.sparse_conv.SparseConv2d(self.kernel)

    def work(self, image: Shape) -> tuple[Term, ...]:
        """A full convolution: the kernels that are zero are multiplied as well."""
        places = tuple(size for size in self.infer(image).sizes[1:] if isinstance(size, int))
        factors = ((places or (1,), "places"), ((self.kernel, self.kernel), "kernel"), ((6,), "in"), ((16,), "maps"))
        return (Term(tuple(Factor(*factor) for factor in factors)),)

    def weights(self, image: Shape) -> WeightShapes:
        return {"weight": (60, self.kernel, self.kernel), "bias": (16,)}

    def multiply_adds(self, image: Shape) -> int:
        return self.infer(image).elements * 6 * self.kernel**2


def _check_border(mode: str, padding: tuple[int, ...], sides: tuple[Any, ...]) -> None:
    """Raises Mismatch where a border would need more of the image than there is."""
    for pad, side in zip(padding, sides, strict=True):
        most = side - 1 if mode == "reflect" and isinstance(side, int) else side
        if mode != "replicate" and isinstance(most, int) and pad > most:
            plain = Assign("padding_mode", "zeros", "Set padding mode to zeros")
            repairs = (Assign("padding", most, f"Set padding to {most}"), plain)
            raise Mismatch(f"A {mode} border of {pad} needs more than the {side} pixels there are.", repairs=repairs)
