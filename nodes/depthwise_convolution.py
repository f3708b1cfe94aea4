"""Filters that each see one channel alone."""

from __future__ import annotations

from math import prod
from typing import Annotated, ClassVar

from nodes.siblings import siblings
from studio.core.declaration import Count, Pair, Triple, Whole, WholePair, WholeTriple
from studio.core.derivation import Labels, SizeLine, window_lines, worked
from studio.core.node_class import Layer, WeightShapes
from studio.core.record import Expression, Value, nn
from studio.core.shape import KINDS, Shape, expect, fixed, image
from studio.core.window import per_axis, places, short, slidings

FAMILY = "Convolution"

SIGNAL = Shape(("C", "L"), (4, 9))
VOLUME = Shape(("C", "Z", "H", "W"), (2, 6, 8, 8))


class _DepthwiseConv(Layer):
    """What depthwise convolutions along one, two and three axes have in common."""

    kind: ClassVar[str]

    kernel: Annotated[Count | tuple[Count, ...], "size of the window"] = 3
    multiplier: Annotated[Count, "filters for each channel"] = 1
    stride: Annotated[Count | tuple[Count, ...], "step of the window"] = 1
    padding: Annotated[Whole | tuple[Whole, ...], "zeros put around the values"] = 0
    dilation: Annotated[Count | tuple[Count, ...], "distance between the places that the window looks at"] = 1
    bias: Annotated[bool, "one number for each filter, added everywhere"] = True

    synonyms: ClassVar[tuple[str, ...]] = ("separable", "groups", "mobilenet")
    formula: ClassVar[str] = r"y_c = b_c + w_c \star x_c"
    purpose: ClassVar[str] = (
        "Each channel has a filter of {kernel} of its own, and channels never meet: far fewer weights than a full "
        "convolution. A {pointwise} convolution behind it mixes the channels."
    )
    trap: ClassVar[str] = (
        "It saves weights and multiply-adds, not always time: each number that is read is used for little."
    )
    learned: ClassVar[Labels] = {"weight": ("filters", "in each", "kernel"), "bias": ("biases",)}
    paper: ClassVar[str] = "Howard et al. 2017, MobileNets https://arxiv.org/abs/1704.04861"
    slide: ClassVar[str] = "Multi-channel layers"
    shown: ClassVar[tuple[str, ...]] = ("kernel", "stride")

    def weights(self, values: Shape) -> WeightShapes:
        filters = values.channels * self.multiplier
        weight = (filters, 1, *self._kernel())
        return {"weight": weight, "bias": (filters,)} if self.bias else {"weight": weight}

    def multiply_adds(self, values: Shape) -> int:
        return self._slid(values).elements * prod(self._kernel())

    def rule(self, values: Shape) -> tuple[SizeLine, ...]:
        windows = slidings(values.sizes[1:], self.kernel, self.stride, self.padding, self.dilation)
        maps = worked(
            "C", values.channels * self.multiplier, "in × filters for each", f"{values.channels}·{self.multiplier}"
        )
        return (maps, *window_lines(values.axes[1:], windows))

    def said(self) -> dict[str, str]:
        kernel = self._kernel()
        pointwise = " × ".join("1" for _ in kernel)
        return {**super().said(), "kernel": " × ".join(map(str, kernel)), "pointwise": pointwise}

    def _kernel(self) -> tuple[int, ...]:
        return per_axis(self.kernel, len(KINDS[self.kind]) - 1)

    def _slid(self, values: Shape) -> Shape:
        """The maps that leave. Raises Mismatch."""
        channels, *sides = expect(values, self.kind, self.kind, *siblings(self, values))
        found = places(tuple(sides), self.kernel, self.stride, self.padding, self.dilation)
        return values.resized(fixed(channels) * self.multiplier, *found)

    def _record(self, module: Expression, values: Value) -> Expression:
        channels, options = values.channels, self.options("stride", "padding", "dilation", "bias")
        return module(channels, channels * self.multiplier, short(self.kernel), groups=channels, **options)


class DepthwiseConv1d(_DepthwiseConv):
    """Slides filters of its own along every channel of a signal, and never mixes channels."""

    kind = "signal"
    kernel: Annotated[Count, "length of the window"] = 3
    stride: Annotated[Count, "step of the window"] = 1
    padding: Annotated[Whole, "zeros put at both ends"] = 0
    dilation: Annotated[Count, "distance between the places that the window looks at"] = 1

    paper: ClassVar[str] = (
        "Wu et al. 2019, Pay less attention with lightweight and dynamic convolutions https://arxiv.org/abs/1901.10430"
    )
    examples: ClassVar = (
        (SIGNAL,),
        (SIGNAL, {"multiplier": 2, "kernel": 5, "stride": 2, "padding": 1, "bias": False}),
        (SIGNAL.resized(4, "L"), {"padding": 1}),
    )

    def infer(self, signal: Shape) -> Shape:
        return self._slid(signal)

    def build(self, signal: Value) -> Expression:
        return self._record(nn.Conv1d, signal)


class DepthwiseConv2d(_DepthwiseConv):
    """Slides filters of its own over every channel, and never mixes channels."""

    kind = "image"
    kernel: Annotated[Pair, "side, or height × width, of the window in pixels"] = 3
    stride: Annotated[Pair, "step of the window in pixels"] = 1
    padding: Annotated[WholePair, "zeros put around the image in pixels"] = 0
    dilation: Annotated[Pair, "distance between the pixels that the window looks at"] = 1

    examples: ClassVar = (
        (image(6, 9, 9),),
        (image(4, 9, 9), {"multiplier": 2, "kernel": (5, 3), "stride": 2, "padding": 1, "bias": False}),
        (image(4, "H", "W"), {"padding": 1}),
    )

    def infer(self, image: Shape) -> Shape:
        return self._slid(image)

    def build(self, image: Value) -> Expression:
        return self._record(nn.Conv2d, image)


class DepthwiseConv3d(_DepthwiseConv):
    """Slides filters of its own through every channel of a volume, and never mixes channels."""

    kind = "volume"
    kernel: Annotated[Triple, "side, or depth × height × width, of the window"] = 3
    stride: Annotated[Triple, "step of the window"] = 1
    padding: Annotated[WholeTriple, "zeros put around the volume"] = 0
    dilation: Annotated[Triple, "distance between the places that the window looks at"] = 1

    paper: ClassVar[str] = (
        "Tran et al. 2019, Video classification with channel-separated convolutional networks "
        "https://arxiv.org/abs/1904.02811"
    )
    examples: ClassVar = (
        (VOLUME,),
        (VOLUME, {"multiplier": 2, "kernel": (1, 3, 5), "stride": (1, 2, 2), "padding": (0, 1, 2), "bias": False}),
    )

    def infer(self, volume: Shape) -> Shape:
        return self._slid(volume)

    def build(self, volume: Value) -> Expression:
        return self._record(nn.Conv3d, volume)
