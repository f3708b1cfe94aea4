"""What keeps values in range and training honest: normalisation and dropout."""

from __future__ import annotations

from typing import Annotated, ClassVar

from studio.core.declaration import Count, Fraction, Positive
from studio.core.derivation import Labels
from studio.core.node_class import Layer, WeightShapes
from studio.core.problem import Assign, Mismatch, Remove, Replace
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
    formula: ClassVar[str] = r"y = \gamma \frac{x - \mu_B}{\sqrt{\sigma_B^2 + \epsilon}} + \beta"
    purpose: ClassVar[str] = (
        "Brings every channel to mean 0 and variance 1 over the batch, then lets it learn its own mean β and spread "
        "γ. Deep networks train faster and take larger learning rates."
    )
    trap: ClassVar[str] = (
        "In training the variance of the batch is the biased one (divided by n); the running variance that is used "
        "afterwards gathers the unbiased one (n − 1). A batch of one sample has no variance."
    )
    learned: ClassVar[Labels] = {"weight": ("gains",), "bias": ("biases",)}
    paper: ClassVar[str] = "Ioffe & Szegedy 2015, Batch normalization https://arxiv.org/abs/1502.03167"
    slide: ClassVar[str] = "Batch normalisation"

    def weights(self, values: Shape) -> WeightShapes:
        return _gain_and_bias(_channels(values)) if self.affine else {}

    def _record(self, module: Expression, channels: int) -> Expression:
        return module(channels, **self.options("eps", "momentum", "affine"))

    def _instead(self, other: str, values: Shape, *kinds: str) -> tuple[Replace, ...]:
        """The layer for values of these kinds, where one of them arrives."""
        return (Replace(other, f"Use {other} instead", self.values()),) if values.kind in kinds else ()


class BatchNorm1d(_BatchNorm):
    """Normalises each feature by mean and variance of the batch; after training by their running values."""

    examples: ClassVar = ((vector(6),), (SIGNAL, {"momentum": 0.01}), (vector(6), {"affine": False}))

    def infer(self, values: Shape) -> Shape:
        if values.kind == "signal" and values.dtype == "float":
            return values
        expect(values, "vector", "values", *self._instead("BatchNorm2d", values, "image"))
        return values

    def build(self, values: Value) -> Expression:
        return self._record(nn.BatchNorm1d, _channels(values.shape))


class BatchNorm2d(_BatchNorm):
    """Normalises each map by mean and variance over the batch; after training by their running values."""

    examples: ClassVar = ((image(6, 5, 5),), (image(6, "H", "W"), {"eps": 1e-3}), (image(6, 5, 5), {"affine": False}))

    def infer(self, image: Shape) -> Shape:
        expect(image, "image", "image", *self._instead("BatchNorm1d", image, "vector", "signal"))
        return image

    def build(self, image: Value) -> Expression:
        return self._record(nn.BatchNorm2d, image.channels)


class LayerNorm(Layer):
    """Normalises each sample by itself: each token of a sequence over its features, an image over all its values."""

    eps: Annotated[Positive, "added to the variance, so that nothing is divided by zero"] = 1e-5
    bias: Annotated[bool, "whether a bias is learned beside the gain"] = True

    synonyms: ClassVar[tuple[str, ...]] = ("ln", "layer normalisation", "normalization")
    formula: ClassVar[str] = r"y = \gamma \frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}} + \beta"
    purpose: ClassVar[str] = (
        "Brings each token to mean 0 and variance 1 over its own features, whatever else is in the batch: training "
        "and use are the same. Transformers rely on it."
    )
    trap: ClassVar[str] = (
        "“Zero mean and unit deviation” leaves out the learned gain γ, the bias β and ε. The variance is the biased "
        "one."
    )
    learned: ClassVar[Labels] = {"weight": ("gains",), "bias": ("biases",)}
    paper: ClassVar[str] = "Ba et al. 2016, Layer normalization https://arxiv.org/abs/1607.06450"
    slide: ClassVar[str] = "Layer norm"
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
    formula: ClassVar[str] = r"y = \gamma \frac{x - \mu_G}{\sqrt{\sigma_G^2 + \epsilon}} + \beta"
    purpose: ClassVar[str] = (
        "Normalises groups of channels ({groups} here), each sample by itself, so it works where memory allows only "
        "small batches."
    )
    trap: ClassVar[str] = (
        "One group is layer normalisation over the whole image, as many groups as channels instance normalisation."
    )
    learned: ClassVar[Labels] = {"weight": ("gains",), "bias": ("biases",)}
    paper: ClassVar[str] = "Wu & He 2018, Group normalization https://arxiv.org/abs/1803.08494"
    slide: ClassVar[str] = "Batch normalisation"
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
    formula: ClassVar[str] = r"y = \frac{x - \mu_c}{\sqrt{\sigma_c^2 + \epsilon}}"
    purpose: ClassVar[str] = (
        "Takes each map of each image to mean 0 and variance 1: contrast and brightness go, structure stays. Style "
        "transfer and CycleGAN use it."
    )
    trap: ClassVar[str] = "Unlike other norms it learns no gain and bias unless asked to."
    learned: ClassVar[Labels] = {"weight": ("gains",), "bias": ("biases",)}
    paper: ClassVar[str] = "Ulyanov et al. 2016, Instance normalization https://arxiv.org/abs/1607.08022"
    slide: ClassVar[str] = "CycleGAN video"
    examples: ClassVar = ((image(6, 5, 5),), (image(6, "H", "W"), {"affine": True, "eps": 1e-3}))

    def infer(self, image: Shape) -> Shape:
        if expect(image, "image", "image")[1:] == (1, 1):
            repairs = (Replace("LayerNorm", "Use LayerNorm instead"), Remove("Leave it out"))
            message = "A map of 1×1 has nothing to compare with, so normalising it would leave zero."
            raise Mismatch(message, "image", repairs)
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
    formula: ClassVar[str] = r"y_c = \frac{x_c}{(k + \frac{\alpha}{n} \sum_j x_j^2)^\beta}"
    purpose: ClassVar[str] = (
        "A strong response damps those of the {size} channels around it at the same pixel, so that maps compete. "
        "Batch normalisation has replaced it."
    )
    trap: ClassVar[str] = (
        "PyTorch divides α by the window's size, the paper does not: its 1e-4 over 5 channels is 5e-4 here."
    )
    paper: ClassVar[str] = (
        "Krizhevsky et al. 2012, ImageNet classification with deep convolutional neural networks, section 3.3 "
        "https://doi.org/10.1145/3065386"
    )
    slide: ClassVar[str] = "AlexNet"
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
    formula: ClassVar[str] = r"y = \frac{m}{1 - p} x, \quad m \in \set{0, 1}"
    purpose: ClassVar[str] = (
        "While training, each number is switched off with probability {p}, so no unit can rely on a single other "
        "one: the network learns several ways to the answer and overfits less."
    )
    trap: ClassVar[str] = (
        "Training multiplies what stays by 1 / (1 − p), so that nothing has to be scaled afterwards. When the "
        "network is used, dropout does nothing at all."
    )
    paper: ClassVar[str] = "Srivastava et al. 2014, Dropout https://jmlr.org/papers/v15/srivastava14a.html"
    slide: ClassVar[str] = "Dropout"
    examples: ClassVar = ((vector(6),), (image(3, 4, 4), {"p": 0.2}), (sequence("T", 4),))

    def infer(self, values: Shape) -> Shape:
        _check_share(self.p)
        return numbers(values, "values")

    def build(self, values: Value) -> Expression:
        return nn.Dropout(self.p)


class Dropout2d(Layer):
    """While training, sets whole maps to zero at random and enlarges the others; afterwards it does nothing."""

    p: Annotated[Fraction, "probability that a map becomes zero"] = 0.5

    synonyms: ClassVar[tuple[str, ...]] = ("spatial dropout", "regularisation")
    formula: ClassVar[str] = r"y_c = \frac{m_c}{1 - p} x_c, \quad m_c \in \set{0, 1}"
    purpose: ClassVar[str] = (
        "While training, whole maps are switched off with probability {p}: neighbouring pixels say nearly the same, "
        "so dropping them one by one would hide nothing."
    )
    trap: ClassVar[str] = (
        "Training multiplies what stays by 1 / (1 − p), so that nothing has to be scaled afterwards. When the "
        "network is used, dropout does nothing at all."
    )
    paper: ClassVar[str] = (
        "Tompson et al. 2015, Efficient object localization using convolutional networks "
        "https://arxiv.org/abs/1411.4280"
    )
    slide: ClassVar[str] = "Dropout"
    examples: ClassVar = ((image(3, 4, 4),), (image(3, "H", "W"), {"p": 0.2}))

    def infer(self, image: Shape) -> Shape:
        _check_share(self.p)
        expect(image, "image", "image")
        return image

    def build(self, image: Value) -> Expression:
        return nn.Dropout2d(self.p)


def _check_share(p: float) -> None:
    """Raises Mismatch where everything would become zero."""
    if p == 1:
        raise Mismatch("With p at 1 nothing gets through while training.", None, (Assign("p", 0.5, "Set p to 0.5"),))


def _channels(values: Shape) -> int:
    """The first axis, which batch normalisation treats one by one."""
    return fixed(values.sizes[0])


def _gain_and_bias(channels: int) -> WeightShapes:
    return {"weight": (channels,), "bias": (channels,)}
