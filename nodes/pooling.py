"""What makes images smaller or larger: pooling windows, global averages, resizing."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from studio.core.declaration import Count, Pair, Whole, WholePair
from studio.core.derivation import Labels, SizeLine, merged, window_lines, worked
from studio.core.node_class import Layer, WeightShapes
from studio.core.problem import Assign, Mismatch, Replace
from studio.core.record import Expression, Value, modules, nn
from studio.core.shape import KINDS, Shape, expect, fixed, image, product, vector
from studio.core.window import PerAxis, per_axis, places, short, slidings

FAMILY = "Pooling & resize"

Interpolation = Literal["nearest", "bilinear", "bicubic"]


class _Pooling(Layer):
    """What windows that summarise have in common."""

    kind: ClassVar[str] = "image"

    window: Annotated[Pair, "side, or height × width, of the window in pixels"] = 2
    stride: Annotated[WholePair, "step of the window in pixels; 0 steps by a whole window"] = 0
    padding: Annotated[WholePair, "border put around the image, at most half a window"] = 0
    ceil_mode: Annotated[bool, "whether a window that hangs over the edge counts"] = False

    shown: ClassVar[tuple[str, ...]] = ("window", "stride")

    def _pooled(self, values: Shape, dilation: PerAxis = 1) -> Shape:
        """What the windows leave. Raises Mismatch."""
        channels, *sides = expect(values, self.kind, self.kind, *self._sibling(values))
        if any(2 * pad > wide for pad, wide in zip(self._pair("padding"), self._pair("window"), strict=True)):
            most = min(wide // 2 for wide in self._pair("window"))
            repairs = (Assign("padding", most, f"Set padding to {most}"),)
            raise Mismatch("The border may be at most half as wide as the window.", repairs=repairs)
        found = places(
            tuple(sides), self.window, self._steps(len(sides)), self.padding, dilation,
            ceil=self.ceil_mode, setting="window",
        )  # fmt: skip
        return values.resized(channels, *found)

    def rule(self, values: Shape) -> tuple[SizeLine, ...]:
        sides = values.sizes[1:]
        steps, dilation = self._steps(len(sides)), getattr(self, "dilation", 1)
        windows = slidings(sides, self.window, steps, self.padding, dilation, ceil=self.ceil_mode)
        maps = SizeLine(("C",), values.sizes[:1], "as it arrives: each map is treated alone")
        return (maps, *window_lines(values.axes[1:], windows, "window"))

    def said(self) -> dict[str, str]:
        window = per_axis(self.window, len(KINDS[self.kind]) - 1)
        return {**super().said(), "window": " × ".join(map(str, window))}

    def _sibling(self, values: Shape) -> tuple[Replace, ...]:
        """The maximum over values of the other kind."""
        other = {"signal": "MaxPool1d", "image": "MaxPool2d"}.get(values.kind)
        if other is None or not type(self).__name__.startswith("MaxPool"):
            return ()
        settings = {name: value for name, value in self.values().items() if not isinstance(value, tuple)}
        return (Replace(other, f"Use {other} instead", settings),)

    def _steps(self, count: int) -> tuple[int, ...]:
        """The stride along each axis."""
        both = zip(per_axis(self.stride, count), per_axis(self.window, count), strict=True)
        return tuple(step or window for step, window in both)

    def _pair(self, setting: str) -> tuple[int, ...]:
        return per_axis(getattr(self, setting), 2)

    def _record(self, module: Expression, *more: str) -> Expression:
        window, steps = short(self.window), short(self._steps(2))
        stride = {} if steps == window else {"stride": steps}
        return module(window, **stride, **self.options("padding", "ceil_mode", *more))


class MaxPool1d(_Pooling):
    """Keeps the strongest response in every small window of a signal."""

    kind = "signal"
    window: Annotated[Count, "length of the window"] = 2
    stride: Annotated[Whole, "step of the window; 0 steps by a whole window"] = 0
    padding: Annotated[Whole, "border put at both ends, at most half a window"] = 0
    dilation: Annotated[Count, "distance between the places that the window looks at"] = 1

    synonyms: ClassVar[tuple[str, ...]] = ("maximum", "subsampling", "downsample")
    formula: ClassVar[str] = r"y_i = \max_{j \in \text{window } i} x_j"
    purpose: ClassVar[str] = (
        "Of every window of {window} only the strongest response stays: the map shrinks, and a pattern that moves a "
        "little still gives the same answer."
    )
    trap: ClassVar[str] = "The gradient goes back to the winner alone; the others learn nothing from this sample."
    slide: ClassVar[str] = "Max pooling, stride"
    examples: ClassVar = (
        (Shape(("C", "L"), (4, 21)),),
        (Shape(("C", "L"), (4, 21)), {"window": 3, "stride": 2, "padding": 1, "ceil_mode": True, "dilation": 2}),
        (Shape(("C", "L"), (4, "L")),),
    )

    def infer(self, signal: Shape) -> Shape:
        return self._pooled(signal, self.dilation)

    def build(self, signal: Value) -> Expression:
        return self._record(nn.MaxPool1d, "dilation")


class MaxPool2d(_Pooling):
    """Keeps the strongest response in every small window."""

    dilation: Annotated[Pair, "distance between the pixels that the window looks at"] = 1

    synonyms: ClassVar[tuple[str, ...]] = ("maximum", "subsampling", "downsample")
    formula: ClassVar[str] = r"y_i = \max_{j \in \text{window } i} x_j"
    purpose: ClassVar[str] = (
        "Of every window of {window} only the strongest response stays: the map shrinks, and a pattern that moves a "
        "little still gives the same answer."
    )
    trap: ClassVar[str] = "The gradient goes back to the winner alone; the others learn nothing from this sample."
    slide: ClassVar[str] = "Max pooling, stride"
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


class AvgPool2d(_Pooling):
    """Averages every small window."""

    count_include_pad: Annotated[bool, "whether the border counts in the average"] = True

    synonyms: ClassVar[tuple[str, ...]] = ("mean", "average", "subsampling", "downsample")
    formula: ClassVar[str] = r"y_i = \frac{1}{n} \sum_{j \in \text{window } i} x_j"
    purpose: ClassVar[str] = "Every window of {window} becomes its mean: the map shrinks and gets smoother."
    trap: ClassVar[str] = "Where the border counts as zeros, means at the edge come out too small."
    paper: ClassVar[str] = (
        "LeCun et al. 1998, Gradient-based learning applied to document recognition https://doi.org/10.1109/5.726791"
    )
    slide: ClassVar[str] = "Max pooling, stride"
    examples: ClassVar = (
        (image(6, 28, 28),),
        (image(3, 13, 12), {"window": 3, "stride": 2, "padding": 1, "ceil_mode": True, "count_include_pad": False}),
        (image(3, "H", "W"),),
    )

    def infer(self, image: Shape) -> Shape:
        return self._pooled(image)

    def build(self, image: Value) -> Expression:
        return self._record(nn.AvgPool2d, "count_include_pad")


class AdaptiveAvgPool2d(Layer):
    """Averages as large windows as it takes to leave the size that is wanted."""

    size: Annotated[Pair, "side, or height × width, that leaves"] = 1

    synonyms: ClassVar[tuple[str, ...]] = ("mean", "average", "resize")
    formula: ClassVar[str] = r"y_i = \frac{1}{n_i} \sum_{j \in \text{window } i} x_j"
    purpose: ClassVar[str] = (
        "Divides the image into {size} windows, whatever its size, and averages each. A classifier behind it always "
        "gets as many numbers as it was built for."
    )
    trap: ClassVar[str] = "Where the size does not divide evenly, neighbouring windows overlap."
    slide: ClassVar[str] = "Max pooling, stride"
    examples: ClassVar = ((image(8, 7, 9),), (image(8, 7, 9), {"size": (3, 2)}), (image(8, "H", "W"), {"size": 2}))

    def infer(self, image: Shape) -> Shape:
        channels, *_ = expect(image, "image", "image")
        return image.resized(channels, *per_axis(self.size, 2))

    def build(self, image: Value) -> Expression:
        return nn.AdaptiveAvgPool2d(short(self.size))

    def rule(self, image: Shape) -> tuple[SizeLine, ...]:
        return resized_lines(image, per_axis(self.size, 2))

    def said(self) -> dict[str, str]:
        return {**super().said(), "size": " × ".join(map(str, per_axis(self.size, 2)))}


class GlobalAvgPool2d(Layer):
    """Averages each map into one number, whatever the size of the image."""

    synonyms: ClassVar[tuple[str, ...]] = ("mean", "average", "gap", "squeeze")
    formula: ClassVar[str] = r"y_c = \frac{1}{H W} \sum_{h,w} x_{c,h,w}"
    purpose: ClassVar[str] = (
        "Says of each map how strongly its pattern occurs in the whole image. It has no weights, so it cannot "
        "overfit as large linear layers do, and takes images of any size."
    )
    trap: ClassVar[str] = "Where in the image the pattern was is lost."
    paper: ClassVar[str] = "Lin et al. 2014, Network in network https://arxiv.org/abs/1312.4400"
    slide: ClassVar[str] = "ResNet"
    examples: ClassVar = ((image(8, 7, 9),), (image(8, "H", "W"),))

    def infer(self, image: Shape) -> Shape:
        channels, *_ = expect(image, "image", "image")
        return vector(fixed(channels))

    def build(self, image: Value) -> Expression:
        return image.mean(dim=(2, 3))

    def rule(self, image: Shape) -> tuple[SizeLine, ...]:
        return (worked("D", image.channels, "one number for each map"),)


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


class Upsample(Layer):
    """Enlarges an image by a whole factor."""

    scale: Annotated[Count, "factor by which height and width grow"] = 2
    mode: Annotated[Interpolation, "nearest repeats pixels, the others blend neighbours"] = "nearest"

    synonyms: ClassVar[tuple[str, ...]] = ("resize", "enlarge", "unpool", "interpolate")
    formula: ClassVar[str] = r"y_{h,w} = x_{\floor{h/s}, \floor{w/s}}"
    purpose: ClassVar[str] = (
        "Makes the image {scale} times as high and as wide without learning anything; a convolution behind it adds "
        "detail. Nearest, whose rule stands above, repeats pixels, the others blend neighbours."
    )
    trap: ClassVar[str] = "A convolution after it costs the square of the scale more than one before it."
    slide: ClassVar[str] = "Scene labeling, FCN"
    examples: ClassVar = (
        (image(3, 7, 8),),
        (image(3, 7, 8), {"scale": 3, "mode": "bilinear"}),
        (image(3, "H", "W"), {"mode": "bicubic"}),
    )

    def infer(self, image: Shape) -> Shape:
        channels, *sides = expect(image, "image", "image")
        return image.resized(channels, *(product((side, self.scale)) for side in sides))

    def build(self, image: Value) -> Expression:
        return nn.Upsample(scale_factor=self.scale, **self.options("mode"))

    def rule(self, image: Shape) -> tuple[SizeLine, ...]:
        maps = SizeLine(("C",), image.sizes[:1], "as it arrives")
        sides = zip("HW", image.sizes[1:], strict=True)
        return (
            maps,
            *merged(
                worked(axis, product((side, self.scale)), "in × scale", f"{side}·{self.scale}") for axis, side in sides
            ),
        )


class Resize(Layer):
    """Scales an image to a given height and width."""

    size: Annotated[Pair, "side, or height × width, that leaves"] = 32
    mode: Annotated[Interpolation, "nearest picks pixels, the others blend neighbours"] = "bilinear"

    synonyms: ClassVar[tuple[str, ...]] = ("scale", "interpolate", "upsample", "downsample")
    formula: ClassVar[str] = r"y_{h,w} = x(\frac{H}{H^\prime} h, \frac{W}{W^\prime} w)"
    purpose: ClassVar[str] = (
        "Brings every image to {size}, so that images of any size fit the layers behind. Between pixels, {mode} says "
        "what is seen."
    )
    trap: ClassVar[str] = "Proportions are not kept: a wide image gets narrower."
    unsourced: ClassVar[str] = "Resizing is image processing of every textbook; the chapter takes it for granted."
    examples: ClassVar = (
        (image(3, 7, 8),),
        (image(3, 40, 50), {"size": (20, 30), "mode": "nearest"}),
        (image(3, "H", "W"), {"mode": "bicubic"}),
    )

    def infer(self, image: Shape) -> Shape:
        channels, *_ = expect(image, "image", "image")
        return image.resized(channels, *per_axis(self.size, 2))

    def build(self, image: Value) -> Expression:
        mode = {} if self.mode == "nearest" else {"mode": self.mode}
        return nn.Upsample(size=per_axis(self.size, 2), **mode)

    def rule(self, image: Shape) -> tuple[SizeLine, ...]:
        return resized_lines(image, per_axis(self.size, 2))

    def said(self) -> dict[str, str]:
        return {**super().said(), "size": " × ".join(map(str, per_axis(self.size, 2)))}


def resized_lines(image: Shape, sides: tuple[int, ...]) -> tuple[SizeLine, ...]:
    """Channels that stay, and sides that are chosen."""
    return (
        SizeLine(("C",), image.sizes[:1], "as it arrives"),
        SizeLine(("H", "W"), sides, "as the setting says, whatever arrives"),
    )
