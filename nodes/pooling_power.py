"""Windows that take a power mean: between the average and the maximum."""

from __future__ import annotations

from typing import Annotated, ClassVar

from nodes.siblings import siblings
from studio.core.declaration import Count, Pair, Positive, Triple, Whole, WholePair, WholeTriple
from studio.core.derivation import SizeLine, window_lines
from studio.core.node_class import Layer
from studio.core.record import Expression, Value, nn
from studio.core.shape import KINDS, Shape, expect, image
from studio.core.window import per_axis, places, short, slidings, steps_of

FAMILY = "Pooling & resize"

SIGNAL = Shape(("C", "L"), (4, 21))
VOLUME = Shape(("C", "Z", "H", "W"), (2, 5, 6, 7))


class _LPPool(Layer):
    """What power means along one, two and three axes have in common."""

    kind: ClassVar[str]

    window: Annotated[Count | tuple[Count, ...], "size of the window"] = 2
    stride: Annotated[Whole | tuple[Whole, ...], "step of the window; 0 steps by a whole window"] = 0
    power: Annotated[Positive, "1 sums, 2 takes the length, large ones come near the maximum"] = 2.0
    ceil_mode: Annotated[bool, "whether a window that hangs over the edge counts"] = False

    synonyms: ClassVar[tuple[str, ...]] = ("lp", "l2 pooling", "root mean square", "subsampling", "downsample")
    formula: ClassVar[str] = r"y_i = (\sum_{j \in \text{window } i} x_j^p)^{1/p}"
    purpose: ClassVar[str] = (
        "Of every window of {window} strong responses count more than weak ones, but not they alone: between the sum, "
        "with a power of 1, and the maximum. The power here is {power}."
    )
    trap: ClassVar[str] = (
        "It does not divide by the size of the window: with a power of 1 it sums, and does not average. Negative "
        "numbers with an odd power cancel; put a ReLU before."
    )
    paper: ClassVar[str] = (
        "Sermanet et al. 2012, Convolutional neural networks applied to house numbers digit classification "
        "https://arxiv.org/abs/1204.3968"
    )
    shown: ClassVar[tuple[str, ...]] = ("window", "stride", "power")

    def rule(self, values: Shape) -> tuple[SizeLine, ...]:
        windows = slidings(values.sizes[1:], self.window, self._steps(), ceil=self.ceil_mode)
        maps = SizeLine(("C",), values.sizes[:1], "as it arrives: each map is treated alone")
        return (maps, *window_lines(values.axes[1:], windows, "window"))

    def said(self) -> dict[str, str]:
        window = per_axis(self.window, len(KINDS[self.kind]) - 1)
        return {**super().said(), "window": " × ".join(map(str, window))}

    def _pooled(self, values: Shape) -> Shape:
        """What the windows leave. Raises Mismatch."""
        channels, *sides = expect(values, self.kind, self.kind, *siblings(self, values))
        found = places(tuple(sides), self.window, self._steps(), ceil=self.ceil_mode, setting="window")
        return values.resized(channels, *found)

    def _steps(self) -> tuple[int, ...]:
        return steps_of(self.stride, self.window, len(KINDS[self.kind]) - 1)

    def _record(self, module: Expression) -> Expression:
        window, steps = short(self.window), short(self._steps())
        stride = {} if steps == window else {"stride": steps}
        return module(self.power, window, **stride, **self.options("ceil_mode"))


class LPPool1d(_LPPool):
    """Takes a power mean, but for the division, of every small window of a signal."""

    kind = "signal"
    window: Annotated[Count, "length of the window"] = 2
    stride: Annotated[Whole, "step of the window; 0 steps by a whole window"] = 0

    examples: ClassVar = (
        (SIGNAL,),
        (SIGNAL, {"window": 3, "stride": 2, "power": 3.0, "ceil_mode": True}),
        (SIGNAL.resized(4, "L"),),
    )

    def infer(self, signal: Shape) -> Shape:
        return self._pooled(signal)

    def build(self, signal: Value) -> Expression:
        return self._record(nn.LPPool1d)


class LPPool2d(_LPPool):
    """Takes a power mean, but for the division, of every small window of an image."""

    kind = "image"
    window: Annotated[Pair, "side, or height × width, of the window in pixels"] = 2
    stride: Annotated[WholePair, "step of the window in pixels; 0 steps by a whole window"] = 0

    examples: ClassVar = (
        (image(6, 8, 9),),
        (image(3, 13, 12), {"window": (3, 2), "stride": 2, "power": 1.0}),
        (image(3, "H", "W"), {"ceil_mode": True}),
    )

    def infer(self, image: Shape) -> Shape:
        return self._pooled(image)

    def build(self, image: Value) -> Expression:
        return self._record(nn.LPPool2d)


class LPPool3d(_LPPool):
    """Takes a power mean, but for the division, of every small window of a volume."""

    kind = "volume"
    window: Annotated[Triple, "side, or depth × height × width, of the window"] = 2
    stride: Annotated[WholeTriple, "step of the window; 0 steps by a whole window"] = 0

    examples: ClassVar = ((VOLUME,), (VOLUME, {"window": (1, 2, 3), "stride": (1, 2, 2)}))

    def infer(self, volume: Shape) -> Shape:
        return self._pooled(volume)

    def build(self, volume: Value) -> Expression:
        return self._record(nn.LPPool3d)
