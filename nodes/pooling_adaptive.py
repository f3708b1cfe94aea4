"""Windows as large as it takes: to a size that is wanted, or to one number of each map."""

from __future__ import annotations

from typing import Annotated, ClassVar

from nodes.siblings import siblings
from studio.core.declaration import Count, Pair, Triple
from studio.core.derivation import SizeLine, worked
from studio.core.node_class import Layer
from studio.core.record import Expression, Value, nn
from studio.core.shape import KINDS, Shape, expect, fixed, image, vector
from studio.core.window import per_axis, short

FAMILY = "Pooling & resize"

SIGNAL = Shape(("C", "L"), (4, 21))
VOLUME = Shape(("C", "Z", "H", "W"), (2, 5, 6, 7))


class _OfKind(Layer):
    """What has a form for signals, one for images and one for volumes."""

    kind: ClassVar[str]

    def said(self) -> dict[str, str]:
        return {**super().said(), "kind": self.kind}

    def _maps(self, values: Shape) -> int:
        """The channels of values of this kind. Raises Mismatch, with the sibling for another kind."""
        return fixed(expect(values, self.kind, self.kind, *siblings(self, values))[0])


class _Adaptive(_OfKind):
    """What leaves the size that is wanted."""

    size: Annotated[Count | tuple[Count, ...], "size that leaves"] = 1

    trap: ClassVar[str] = "Where the size does not divide evenly, neighbouring windows overlap."
    slide: ClassVar[str] = "Max pooling, stride"

    def rule(self, values: Shape) -> tuple[SizeLine, ...]:
        return resized_lines(values, self._sides())

    def said(self) -> dict[str, str]:
        return {**super().said(), "size": " × ".join(map(str, self._sides()))}

    def _sides(self) -> tuple[int, ...]:
        return per_axis(self.size, len(KINDS[self.kind]) - 1)

    def _resized(self, values: Shape) -> Shape:
        return values.resized(self._maps(values), *self._sides())


class _AdaptiveAvg(_Adaptive):
    """What averages."""

    synonyms: ClassVar[tuple[str, ...]] = ("mean", "average", "resize")
    formula: ClassVar[str] = r"y_i = \frac{1}{n_i} \sum_{j \in \text{window } i} x_j"
    purpose: ClassVar[str] = (
        "Divides the {kind} into {size} windows, whatever its size, and averages each. A classifier behind it always "
        "gets as many numbers as it was built for."
    )


class _AdaptiveMax(_Adaptive):
    """What keeps the strongest response."""

    synonyms: ClassVar[tuple[str, ...]] = ("maximum", "resize", "roi", "spatial pyramid")
    formula: ClassVar[str] = r"y_i = \max_{j \in \text{window } i} x_j"
    purpose: ClassVar[str] = (
        "Divides the {kind} into {size} windows, whatever its size, and keeps the strongest response of each. So "
        "regions of any size become features of one size."
    )
    paper: ClassVar[str] = (
        "He et al. 2014, Spatial pyramid pooling in deep convolutional networks https://arxiv.org/abs/1406.4729"
    )


class AdaptiveAvgPool1d(_AdaptiveAvg):
    """Averages as long windows of a signal as it takes to leave the length that is wanted."""

    kind = "signal"
    size: Annotated[Count, "length that leaves"] = 1

    examples: ClassVar = ((SIGNAL,), (SIGNAL, {"size": 5}), (SIGNAL.resized(4, "L"), {"size": 2}))

    def infer(self, signal: Shape) -> Shape:
        return self._resized(signal)

    def build(self, signal: Value) -> Expression:
        return nn.AdaptiveAvgPool1d(self.size)


class AdaptiveAvgPool2d(_AdaptiveAvg):
    """Averages as large windows as it takes to leave the size that is wanted."""

    kind = "image"
    size: Annotated[Pair, "side, or height × width, that leaves"] = 1

    examples: ClassVar = ((image(8, 7, 9),), (image(8, 7, 9), {"size": (3, 2)}), (image(8, "H", "W"), {"size": 2}))

    def infer(self, image: Shape) -> Shape:
        return self._resized(image)

    def build(self, image: Value) -> Expression:
        return nn.AdaptiveAvgPool2d(short(self.size))


class AdaptiveAvgPool3d(_AdaptiveAvg):
    """Averages as large windows of a volume as it takes to leave the size that is wanted."""

    kind = "volume"
    size: Annotated[Triple, "side, or depth × height × width, that leaves"] = 1

    examples: ClassVar = (
        (VOLUME,),
        (VOLUME, {"size": (1, 3, 2)}),
        (VOLUME.resized(2, "Z", "H", "W"), {"size": 2}),
    )

    def infer(self, volume: Shape) -> Shape:
        return self._resized(volume)

    def build(self, volume: Value) -> Expression:
        return nn.AdaptiveAvgPool3d(short(self.size))


class AdaptiveMaxPool1d(_AdaptiveMax):
    """Keeps the strongest response of as long windows of a signal as it takes to leave the length that is wanted."""

    kind = "signal"
    size: Annotated[Count, "length that leaves"] = 1

    examples: ClassVar = ((SIGNAL,), (SIGNAL, {"size": 5}), (SIGNAL.resized(4, "L"), {"size": 2}))

    def infer(self, signal: Shape) -> Shape:
        return self._resized(signal)

    def build(self, signal: Value) -> Expression:
        return nn.AdaptiveMaxPool1d(self.size)


class AdaptiveMaxPool2d(_AdaptiveMax):
    """Keeps the strongest response of as large windows as it takes to leave the size that is wanted."""

    kind = "image"
    size: Annotated[Pair, "side, or height × width, that leaves"] = 1

    examples: ClassVar = ((image(8, 7, 9),), (image(8, 7, 9), {"size": (3, 2)}), (image(8, "H", "W"), {"size": 2}))

    def infer(self, image: Shape) -> Shape:
        return self._resized(image)

    def build(self, image: Value) -> Expression:
        return nn.AdaptiveMaxPool2d(short(self.size))


class AdaptiveMaxPool3d(_AdaptiveMax):
    """Keeps the strongest response of as large windows of a volume as it takes to leave the size that is wanted."""

    kind = "volume"
    size: Annotated[Triple, "side, or depth × height × width, that leaves"] = 1

    examples: ClassVar = (
        (VOLUME,),
        (VOLUME, {"size": (1, 3, 2)}),
        (VOLUME.resized(2, "Z", "H", "W"), {"size": 2}),
    )

    def infer(self, volume: Shape) -> Shape:
        return self._resized(volume)

    def build(self, volume: Value) -> Expression:
        return nn.AdaptiveMaxPool3d(short(self.size))


class _Global(_OfKind):
    """What leaves one number of each map."""

    def rule(self, values: Shape) -> tuple[SizeLine, ...]:
        return (worked("D", values.channels, "one number for each map"),)


class _GlobalAvg(_Global):
    """What averages whole maps."""

    synonyms: ClassVar[tuple[str, ...]] = ("mean", "average", "gap", "squeeze")
    purpose: ClassVar[str] = (
        "Says of each map how strongly its pattern occurs in the whole {kind}. It has no weights, so it cannot "
        "overfit as large linear layers do, and takes {kind}s of any size."
    )
    trap: ClassVar[str] = "Where in the image the pattern was is lost."
    paper: ClassVar[str] = "Lin et al. 2014, Network in network https://arxiv.org/abs/1312.4400"
    slide: ClassVar[str] = "ResNet"


class _GlobalMax(_Global):
    """What keeps the strongest response of whole maps."""

    synonyms: ClassVar[tuple[str, ...]] = ("maximum", "gmp", "squeeze", "strongest")
    purpose: ClassVar[str] = (
        "Says of each map whether its pattern occurs anywhere in the {kind}, however small it is there. It takes "
        "{kind}s of any size."
    )
    trap: ClassVar[str] = "One place decides, and it alone gets the gradient: a single outlier is enough."
    paper: ClassVar[str] = (
        "Oquab et al. 2015, Is object localization for free? https://doi.org/10.1109/CVPR.2015.7298668"
    )


class GlobalAvgPool1d(_GlobalAvg):
    """Averages each channel of a signal into one number, whatever its length."""

    kind = "signal"

    formula: ClassVar[str] = r"y_c = \frac{1}{L} \sum_l x_{c,l}"
    trap: ClassVar[str] = "When the pattern was there is lost."
    examples: ClassVar = ((SIGNAL,), (SIGNAL.resized(4, "L"),))

    def infer(self, signal: Shape) -> Shape:
        return vector(self._maps(signal))

    def build(self, signal: Value) -> Expression:
        return signal.mean(dim=2)


class GlobalAvgPool2d(_GlobalAvg):
    """Averages each map into one number, whatever the size of the image."""

    kind = "image"

    formula: ClassVar[str] = r"y_c = \frac{1}{H W} \sum_{h,w} x_{c,h,w}"
    examples: ClassVar = ((image(8, 7, 9),), (image(8, "H", "W"),))

    def infer(self, image: Shape) -> Shape:
        return vector(self._maps(image))

    def build(self, image: Value) -> Expression:
        return image.mean(dim=(2, 3))


class GlobalAvgPool3d(_GlobalAvg):
    """Averages each map of a volume into one number, whatever its size."""

    kind = "volume"

    formula: ClassVar[str] = r"y_c = \frac{1}{Z H W} \sum_{z,h,w} x_{c,z,h,w}"
    trap: ClassVar[str] = "Where in the volume the pattern was is lost."
    examples: ClassVar = ((VOLUME,), (VOLUME.resized(2, "Z", "H", "W"),))

    def infer(self, volume: Shape) -> Shape:
        return vector(self._maps(volume))

    def build(self, volume: Value) -> Expression:
        return volume.mean(dim=(2, 3, 4))


class GlobalMaxPool1d(_GlobalMax):
    """Keeps the strongest response of each channel of a signal, whatever its length."""

    kind = "signal"

    formula: ClassVar[str] = r"y_c = \max_l x_{c,l}"
    purpose: ClassVar[str] = (
        "Says of each channel whether its pattern occurs at any time, however briefly. With convolutions over words "
        "before it, it classifies sentences of any length."
    )
    paper: ClassVar[str] = (
        "Kim 2014, Convolutional neural networks for sentence classification https://arxiv.org/abs/1408.5882"
    )
    examples: ClassVar = ((SIGNAL,), (SIGNAL.resized(4, "L"),))

    def infer(self, signal: Shape) -> Shape:
        return vector(self._maps(signal))

    def build(self, signal: Value) -> Expression:
        return signal.amax(dim=2)


class GlobalMaxPool2d(_GlobalMax):
    """Keeps the strongest response of each map, whatever the size of the image."""

    kind = "image"

    formula: ClassVar[str] = r"y_c = \max_{h,w} x_{c,h,w}"
    examples: ClassVar = ((image(8, 7, 9),), (image(8, "H", "W"),))

    def infer(self, image: Shape) -> Shape:
        return vector(self._maps(image))

    def build(self, image: Value) -> Expression:
        return image.amax(dim=(2, 3))


class GlobalMaxPool3d(_GlobalMax):
    """Keeps the strongest response of each map of a volume, whatever its size."""

    kind = "volume"

    formula: ClassVar[str] = r"y_c = \max_{z,h,w} x_{c,z,h,w}"
    examples: ClassVar = ((VOLUME,), (VOLUME.resized(2, "Z", "H", "W"),))

    def infer(self, volume: Shape) -> Shape:
        return vector(self._maps(volume))

    def build(self, volume: Value) -> Expression:
        return volume.amax(dim=(2, 3, 4))


def resized_lines(values: Shape, sides: tuple[int, ...]) -> tuple[SizeLine, ...]:
    """Channels that stay, and sides that are chosen."""
    return (
        SizeLine(("C",), values.sizes[:1], "as it arrives"),
        SizeLine(values.axes[1:], sides, "as the setting says, whatever arrives"),
    )
