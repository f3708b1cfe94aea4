"""What keeps values in range and training honest: normalisation and dropout."""

from __future__ import annotations

from typing import Annotated, ClassVar

from studio.core.declaration import Count, Fraction, Positive
from studio.core.node_class import Layer, WeightShapes
from studio.core.problem import Assign, Mismatch
from studio.core.record import Expression, Value, nn
from studio.core.shape import (
    Shape,
    arriving,
    channels_first,
    expect,
    fixed,
    image,
    largest_divisor,
    numbers,
    sequence,
    vector,
)

FAMILY = "Norm & dropout"

SIGNAL = Shape(("C", "L"), (4, "L"))


class _BatchNorm(Layer):
    """What batch normalisation of vectors and images has in common."""

    momentum: Annotated[Fraction, "share of a new batch in the running mean and variance"] = 0.1
    eps: Annotated[Positive, "added to the variance, so that nothing is divided by zero"] = 1e-5
    affine: Annotated[bool, "whether each channel learns a gain and a bias"] = True

    synonyms: ClassVar[tuple[str, ...]] = ("bn", "batch normalisation", "normalization")
    paper: ClassVar[str] = "Ioffe & Szegedy 2015, Batch normalization"
    slide: ClassVar[str] = "Batch normalisation"
    formula: ClassVar[str] = "y = γ (x - μ_B) / √(σ_B^2 + ε) + β"

    def weights(self, values: Shape) -> WeightShapes:
        return _gain_and_bias(_channels(values)) if self.affine else {}

    def _record(self, module: Expression, channels: int) -> Expression:
        return module(channels, **self.options("eps", "momentum", "affine"))


class BatchNorm1d(_BatchNorm):
    """Normalises each feature by mean and variance of the batch; after training by their running values."""

    examples: ClassVar = ((vector(6),), (SIGNAL, {"momentum": 0.01}), (vector(6), {"affine": False}))

    def infer(self, values: Shape) -> Shape:
        if values.kind == "signal" and values.dtype == "float":
            return values
        expect(values, "vector", "values")
        return values

    def build(self, values: Value) -> Expression:
        return self._record(nn.BatchNorm1d, _channels(values.shape))


class BatchNorm2d(_BatchNorm):
    """Normalises each map by mean and variance over the batch; after training by their running values."""

    examples: ClassVar = ((image(6, 5, 5),), (image(6, "H", "W"), {"eps": 1e-3}), (image(6, 5, 5), {"affine": False}))

    def infer(self, image: Shape) -> Shape:
        expect(image, "image", "image")
        return image

    def build(self, image: Value) -> Expression:
        return self._record(nn.BatchNorm2d, image.channels)


class LayerNorm(Layer):
    """Normalises each sample by itself: each token of a sequence over its features, an image over all its values."""

    eps: Annotated[Positive, "added to the variance, so that nothing is divided by zero"] = 1e-5
    bias: Annotated[bool, "whether a bias is learned beside the gain"] = True

    synonyms: ClassVar[tuple[str, ...]] = ("ln", "layer normalisation", "normalization")
    paper: ClassVar[str] = "Ba et al. 2016, Layer normalization"
    slide: ClassVar[str] = "Layer norm"
    formula: ClassVar[str] = "y = γ (x - μ) / √(σ^2 + ε) + β"
    examples: ClassVar = (
        (sequence("T", 16),),
        (vector(8), {"eps": 1e-12}),
        (image(3, 4, 5),),
        (vector(8), {"bias": False}),
    )

    def infer(self, values: Shape) -> Shape:
        if not values.sizes:
            raise Mismatch(f"This needs at least one axis; {arriving(values)}.", "values")
        self._normalised(numbers(values, "values"))
        return values

    def build(self, values: Value) -> Expression:
        sizes = self._normalised(values.shape)
        return nn.LayerNorm(sizes[0] if len(sizes) == 1 else sizes, **self.options("eps", "bias"))

    def weights(self, values: Shape) -> WeightShapes:
        sizes = self._normalised(values)
        return {"weight": sizes, "bias": sizes} if self.bias else {"weight": sizes}

    def _normalised(self, values: Shape) -> tuple[int, ...]:
        """Sizes of the axes over which mean and variance are taken. Raises Mismatch where one is not fixed."""
        last = -1 if values.axes[-1] == "D" else 0
        return tuple(map(fixed, values.sizes[last:]))


class GroupNorm(Layer):
    """Normalises groups of channels, each sample by itself, so that the size of the batch does not matter."""

    groups: Annotated[Count, "parts into which the channels are divided"] = 1
    eps: Annotated[Positive, "added to the variance, so that nothing is divided by zero"] = 1e-5
    affine: Annotated[bool, "whether each channel learns a gain and a bias"] = True

    synonyms: ClassVar[tuple[str, ...]] = ("gn", "group normalisation", "normalization")
    paper: ClassVar[str] = "Wu & He 2018, Group normalization"
    formula: ClassVar[str] = "y = γ (x - μ_G) / √(σ_G^2 + ε) + β"
    examples: ClassVar = (
        (image(6, 5, 5), {"groups": 3}),
        (SIGNAL,),
        (image(6, "H", "W"), {"groups": 2, "eps": 1e-6, "affine": False}),
    )

    def infer(self, values: Shape) -> Shape:
        channels = channels_first(values, "values")
        if channels % self.groups:
            best = largest_divisor(channels, self.groups)
            repairs = (Assign("groups", best, f"Set groups to {best}"),)
            raise Mismatch(f"{channels} channels cannot be divided into {self.groups} equal groups.", "values", repairs)
        return values

    def build(self, values: Value) -> Expression:
        return nn.GroupNorm(self.groups, values.channels, **self.options("eps", "affine"))

    def weights(self, values: Shape) -> WeightShapes:
        return _gain_and_bias(values.channels) if self.affine else {}


class InstanceNorm2d(Layer):
    """Normalises each map of each image by itself, which takes its contrast away."""

    eps: Annotated[Positive, "added to the variance, so that nothing is divided by zero"] = 1e-5
    affine: Annotated[bool, "whether each channel learns a gain and a bias"] = False

    synonyms: ClassVar[tuple[str, ...]] = ("in", "instance normalisation", "contrast", "style")
    paper: ClassVar[str] = "Ulyanov et al. 2016, Instance normalization"
    formula: ClassVar[str] = "y = (x - μ_c) / √(σ_c^2 + ε)"
    examples: ClassVar = ((image(6, 5, 5),), (image(6, "H", "W"), {"affine": True, "eps": 1e-3}))

    def infer(self, image: Shape) -> Shape:
        if expect(image, "image", "image")[1:] == (1, 1):
            raise Mismatch("A map of 1×1 has nothing to compare with, so normalising it would leave zero.", "image")
        return image

    def build(self, image: Value) -> Expression:
        return nn.InstanceNorm2d(image.channels, **self.options("eps", "affine"))

    def weights(self, image: Shape) -> WeightShapes:
        return _gain_and_bias(image.channels) if self.affine else {}


class LocalResponseNorm(Layer):
    """Divides each response by those of neighbouring channels at the same pixel, as AlexNet did.

    PyTorch divides alpha by the window's size, the paper does not: its 1e-4 over 5 channels is 5e-4 here.
    """

    size: Annotated[Count, "channels in the window"] = 5
    alpha: Annotated[Positive, "weight of the neighbours"] = 1e-4
    beta: Annotated[Positive, "exponent"] = 0.75
    k: Annotated[Positive, "what is added to the neighbours"] = 1.0

    synonyms: ClassVar[tuple[str, ...]] = ("lrn", "alexnet", "lateral inhibition")
    paper: ClassVar[str] = "Krizhevsky et al. 2012, section 3.3"
    slide: ClassVar[str] = "AlexNet"
    formula: ClassVar[str] = "y_c = x_c / (k + α/n Σ_j x_j^2)^β"
    examples: ClassVar = (
        (image(8, 5, 5),),
        (image(8, "H", "W"), {"size": 3, "alpha": 5e-4, "beta": 0.5, "k": 2.0}),
        (SIGNAL,),
    )

    def infer(self, values: Shape) -> Shape:
        channels_first(values, "values")
        return values

    def build(self, values: Value) -> Expression:
        return nn.LocalResponseNorm(self.size, **self.options("alpha", "beta", "k"))


class Dropout(Layer):
    """While training, sets numbers to zero at random and enlarges the others; afterwards it does nothing."""

    p: Annotated[Fraction, "probability that a number becomes zero"] = 0.5

    synonyms: ClassVar[tuple[str, ...]] = ("regularisation", "noise")
    paper: ClassVar[str] = "Srivastava et al. 2014, Dropout"
    slide: ClassVar[str] = "Dropout"
    formula: ClassVar[str] = "y = m x / (1 - p), m ∈ {0, 1}"
    examples: ClassVar = ((vector(6),), (image(3, 4, 4), {"p": 0.2}), (sequence("T", 4),))

    def infer(self, values: Shape) -> Shape:
        return numbers(values, "values")

    def build(self, values: Value) -> Expression:
        return nn.Dropout(self.p)


class Dropout2d(Layer):
    """While training, sets whole maps to zero at random and enlarges the others; afterwards it does nothing."""

    p: Annotated[Fraction, "probability that a map becomes zero"] = 0.5

    synonyms: ClassVar[tuple[str, ...]] = ("spatial dropout", "regularisation")
    paper: ClassVar[str] = "Tompson et al. 2015, Efficient object localization using convolutional networks"
    slide: ClassVar[str] = "Dropout"
    formula: ClassVar[str] = "y_c = m_c x_c / (1 - p), m_c ∈ {0, 1}"
    examples: ClassVar = ((image(3, 4, 4),), (image(3, "H", "W"), {"p": 0.2}))

    def infer(self, image: Shape) -> Shape:
        expect(image, "image", "image")
        return image

    def build(self, image: Value) -> Expression:
        return nn.Dropout2d(self.p)


def _channels(values: Shape) -> int:
    """The first axis, which batch normalisation treats one by one."""
    return fixed(values.sizes[0])


def _gain_and_bias(channels: int) -> WeightShapes:
    return {"weight": (channels,), "bias": (channels,)}
