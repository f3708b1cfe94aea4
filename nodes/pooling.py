"""Windows that slide over signals, images and volumes and leave one number of each."""

from __future__ import annotations

from typing import Annotated, ClassVar

from nodes.siblings import siblings
from studio.core.declaration import Count, Pair, Triple, Whole, WholePair, WholeTriple
from studio.core.derivation import Labels, SizeLine, window_lines
from studio.core.node_class import Layer, WeightShapes
from studio.core.problem import Assign, Mismatch
from studio.core.record import Expression, Value, modules, nn
from studio.core.shape import KINDS, Shape, expect, image
from studio.core.window import PerAxis, per_axis, places, short, slidings, steps_of

FAMILY = "Pooling & resize"

SIGNAL = Shape(("C", "L"), (4, 21))
VOLUME = Shape(("C", "Z", "H", "W"), (2, 5, 6, 7))


class _Pooling(Layer):
    """What windows that summarise have in common."""

    kind: ClassVar[str]

    window: Annotated[Count | tuple[Count, ...], "size of the window"] = 2
    stride: Annotated[Whole | tuple[Whole, ...], "step of the window; 0 steps by a whole window"] = 0
    padding: Annotated[Whole | tuple[Whole, ...], "border put around the values, at most half a window"] = 0
    ceil_mode: Annotated[bool, "whether a window that hangs over the edge counts"] = False

    shown: ClassVar[tuple[str, ...]] = ("window", "stride")

    def _pooled(self, values: Shape, dilation: PerAxis = 1) -> Shape:
        """What the windows leave. Raises Mismatch."""
        channels, *sides = expect(values, self.kind, self.kind, *siblings(self, values))
        pads, wides = per_axis(self.padding, len(sides)), per_axis(self.window, len(sides))
        if any(2 * pad > wide for pad, wide in zip(pads, wides, strict=True)):
            most = min(wide // 2 for wide in wides)
            repairs = (Assign("padding", most, f"Set padding to {most}"),)
            raise Mismatch("The border may be at most half as wide as the window.", repairs=repairs)
        found = places(
            tuple(sides), self.window, steps_of(self.stride, self.window, len(sides)), self.padding, dilation,
            ceil=self.ceil_mode, setting="window",
        )  # fmt: skip
        return values.resized(channels, *found)

    def rule(self, values: Shape) -> tuple[SizeLine, ...]:
        sides = values.sizes[1:]
        steps, dilation = steps_of(self.stride, self.window, len(sides)), getattr(self, "dilation", 1)
        windows = slidings(sides, self.window, steps, self.padding, dilation, ceil=self.ceil_mode)
        maps = SizeLine(("C",), values.sizes[:1], "as it arrives: each map is treated alone")
        return (maps, *window_lines(values.axes[1:], windows, "window"))

    def said(self) -> dict[str, str]:
        window = per_axis(self.window, len(KINDS[self.kind]) - 1)
        return {**super().said(), "window": " × ".join(map(str, window))}

    def _record(self, module: Expression, *more: str, **also: bool) -> Expression:
        window, steps = short(self.window), short(steps_of(self.stride, self.window, len(KINDS[self.kind]) - 1))
        stride = {} if steps == window else {"stride": steps}
        return module(window, **stride, **self.options("padding", "ceil_mode", *more), **also)


class _MaxPool(_Pooling):
    """What keeps the strongest response."""

    synonyms: ClassVar[tuple[str, ...]] = ("maximum", "subsampling", "downsample")
    formula: ClassVar[str] = r"y_i = \max_{j \in \text{window } i} x_j"
    purpose: ClassVar[str] = (
        "Of every window of {window} only the strongest response stays: the map shrinks, and a pattern that moves a "
        "little still gives the same answer."
    )
    trap: ClassVar[str] = "The gradient goes back to the winner alone; the others learn nothing from this sample."
    slide: ClassVar[str] = "Max pooling, stride"


class _AvgPool(_Pooling):
    """What averages."""

    synonyms: ClassVar[tuple[str, ...]] = ("mean", "average", "subsampling", "downsample")
    formula: ClassVar[str] = r"y_i = \frac{1}{n} \sum_{j \in \text{window } i} x_j"
    purpose: ClassVar[str] = "Every window of {window} becomes its mean: the map shrinks and gets smoother."
    trap: ClassVar[str] = "Where the border counts as zeros, means at the edge come out too small."
    paper: ClassVar[str] = (
        "LeCun et al. 1998, Gradient-based learning applied to document recognition https://doi.org/10.1109/5.726791"
    )
    slide: ClassVar[str] = "Max pooling, stride"


class MaxPool1d(_MaxPool):
    """Keeps the strongest response in every small window of a signal."""

    kind = "signal"
    window: Annotated[Count, "length of the window"] = 2
    stride: Annotated[Whole, "step of the window; 0 steps by a whole window"] = 0
    padding: Annotated[Whole, "border put at both ends, at most half a window"] = 0
    dilation: Annotated[Count, "distance between the places that the window looks at"] = 1

    examples: ClassVar = (
        (SIGNAL,),
        (SIGNAL, {"window": 3, "stride": 2, "padding": 1, "ceil_mode": True, "dilation": 2}),
        (SIGNAL.resized(4, "L"),),
    )

    def infer(self, signal: Shape) -> Shape:
        return self._pooled(signal, self.dilation)

    def build(self, signal: Value) -> Expression:
        return self._record(nn.MaxPool1d, "dilation")


class MaxPool2d(_MaxPool):
    """Keeps the strongest response in every small window."""

    kind = "image"
    window: Annotated[Pair, "side, or height × width, of the window in pixels"] = 2
    stride: Annotated[WholePair, "step of the window in pixels; 0 steps by a whole window"] = 0
    padding: Annotated[WholePair, "border put around the image, at most half a window"] = 0
    dilation: Annotated[Pair, "distance between the pixels that the window looks at"] = 1

    examples: ClassVar = (
        (image(6, 28, 28),),
        (image(3, 13, 13), {"window": 3, "stride": 2}),
        (image(3, 12, 15), {"window": (3, 2), "stride": (2, 0), "padding": 1, "ceil_mode": True}),
        (image(3, 12, 12), {"window": 3, "stride": 1, "dilation": 2}),
        (image(3, "H", "W"),),
    )

    def infer(self, image: Shape) -> Shape:
        return self._pooled(image, self.dilation)

    def build(self, image: Value) -> Expression:
        return self._record(nn.MaxPool2d, "dilation")


class MaxPool3d(_MaxPool):
    """Keeps the strongest response in every small window of a volume."""

    kind = "volume"
    window: Annotated[Triple, "side, or depth × height × width, of the window"] = 2
    stride: Annotated[WholeTriple, "step of the window; 0 steps by a whole window"] = 0
    padding: Annotated[WholeTriple, "border put around the volume, at most half a window"] = 0
    dilation: Annotated[Triple, "distance between the places that the window looks at"] = 1

    examples: ClassVar = (
        (VOLUME,),
        (VOLUME, {"window": (1, 2, 3), "stride": (1, 2, 0), "padding": (0, 1, 1), "ceil_mode": True}),
        (VOLUME, {"window": 3, "stride": 1, "dilation": 2}),
        (VOLUME.resized(2, "Z", "H", "W"),),
    )

    def infer(self, volume: Shape) -> Shape:
        return self._pooled(volume, self.dilation)

    def build(self, volume: Value) -> Expression:
        return self._record(nn.MaxPool3d, "dilation")


class AvgPool1d(_AvgPool):
    """Averages every small window of a signal."""

    kind = "signal"
    window: Annotated[Count, "length of the window"] = 2
    stride: Annotated[Whole, "step of the window; 0 steps by a whole window"] = 0
    padding: Annotated[Whole, "border put at both ends, at most half a window"] = 0
    count_include_pad: Annotated[bool, "whether the border counts in the average"] = True

    examples: ClassVar = (
        (SIGNAL,),
        (SIGNAL, {"window": 3, "stride": 2, "padding": 1, "ceil_mode": True, "count_include_pad": False}),
        (SIGNAL.resized(4, "L"),),
    )

    def infer(self, signal: Shape) -> Shape:
        return self._pooled(signal)

    def build(self, signal: Value) -> Expression:
        return self._record(nn.AvgPool1d, "count_include_pad")


class AvgPool2d(_AvgPool):
    """Averages every small window."""

    kind = "image"
    window: Annotated[Pair, "side, or height × width, of the window in pixels"] = 2
    stride: Annotated[WholePair, "step of the window in pixels; 0 steps by a whole window"] = 0
    padding: Annotated[WholePair, "border put around the image, at most half a window"] = 0
    count_include_pad: Annotated[bool, "whether the border counts in the average"] = True

    examples: ClassVar = (
        (image(6, 28, 28),),
        (image(3, 13, 12), {"window": 3, "stride": 2, "padding": 1, "ceil_mode": True, "count_include_pad": False}),
        (image(3, "H", "W"),),
    )

    def infer(self, image: Shape) -> Shape:
        return self._pooled(image)

    def build(self, image: Value) -> Expression:
        return self._record(nn.AvgPool2d, "count_include_pad")


class AvgPool3d(_AvgPool):
    """Averages every small window of a volume."""

    kind = "volume"
    window: Annotated[Triple, "side, or depth × height × width, of the window"] = 2
    stride: Annotated[WholeTriple, "step of the window; 0 steps by a whole window"] = 0
    padding: Annotated[WholeTriple, "border put around the volume, at most half a window"] = 0
    count_include_pad: Annotated[bool, "whether the border counts in the average"] = True

    examples: ClassVar = (
        (VOLUME,),
        (VOLUME, {"window": (2, 3, 3), "stride": (1, 2, 2), "padding": 1, "count_include_pad": False}),
        (VOLUME.resized(2, "Z", "H", "W"),),
    )

    def infer(self, volume: Shape) -> Shape:
        pooled = self._pooled(volume)
        # PyTorch refuses a window here that fits only because of the border.
        places(volume.sizes[1:], self.window, steps_of(self.stride, self.window, 3), setting="window")
        return pooled

    def build(self, volume: Value) -> Expression:
        return self._record(nn.AvgPool3d, "count_include_pad")


class TrainableSubsampling(Layer):
    """S2 and S4 of LeNet-5: the sum over each window times a coefficient plus a bias; each map learns one of both."""

    window: Annotated[Count, "side of the window in pixels, and its step"] = 2

    synonyms: ClassVar[tuple[str, ...]] = ("lenet", "s2", "s4", "average", "pooling")
    formula: ClassVar[str] = r"y_c = w_c \sum_{j \in \text{window}} x_{c,j} + b_c"
    purpose: ClassVar[str] = (
        "Adds up every window of {window} and lets each map learn how much that counts: a small coefficient makes "
        "the layer blur, a large one makes it switch."
    )
    trap: ClassVar[str] = "Slides and copies often call it max pooling; the paper sums."
    learned: ClassVar[Labels] = {"coefficient": ("coefficients",), "bias": ("biases",)}
    paper: ClassVar[str] = "LeCun et al. 1998, section II.B https://doi.org/10.1109/5.726791"
    slide: ClassVar[str] = "LeNet-5"
    examples: ClassVar = ((image(6, 28, 28),), (image(3, 10, 11), {"window": 3}), (image(6, "H", "W"),))

    def infer(self, image: Shape) -> Shape:
        channels, *sides = expect(image, "image", "image")
        return image.resized(channels, *places(tuple(sides), self.window, self.window, setting="window"))

    def build(self, image: Value) -> Expression:
        return modules.subsampling.TrainableSubsampling(image.channels, **self.options("window"))

    def rule(self, image: Shape) -> tuple[SizeLine, ...]:
        maps = SizeLine(("C",), image.sizes[:1], "as it arrives: each map is treated alone")
        return (maps, *window_lines("HW", slidings(image.sizes[1:], self.window, self.window), "window"))

    def said(self) -> dict[str, str]:
        return {**super().said(), "window": f"{self.window} × {self.window}"}

    def weights(self, image: Shape) -> WeightShapes:
        return {"coefficient": (image.channels,), "bias": (image.channels,)}
