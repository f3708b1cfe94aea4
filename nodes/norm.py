"""What keeps values in range: normalisation over the batch, over samples and over groups of channels."""

from __future__ import annotations

from typing import Annotated, ClassVar

from nodes.siblings import siblings
from studio.core.declaration import Count, Fraction, Positive, Whole
from studio.core.derivation import Labels
from studio.core.node_class import Layer, WeightShapes
from studio.core.problem import Assign, Mismatch, Replace
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
VOLUME = Shape(("C", "Z", "H", "W"), (2, 3, 5, 5))


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
        return gain_and_bias(_channels(values)) if self.affine else {}

    def _record(self, module: Expression, channels: int) -> Expression:
        return module(channels, **self.options("eps", "momentum", "affine"))


class BatchNorm1d(_BatchNorm):
    """Normalises each feature by mean and variance of the batch; after training by their running values."""

    examples: ClassVar = ((vector(6),), (SIGNAL, {"momentum": 0.01}), (vector(6), {"affine": False}))

    def infer(self, values: Shape) -> Shape:
        if values.kind == "signal" and values.dtype == "float":
            return values
        expect(values, "vector", "values", *siblings(self, values, vectors=True))
        return values

    def build(self, values: Value) -> Expression:
        return self._record(nn.BatchNorm1d, _channels(values.shape))


class BatchNorm2d(_BatchNorm):
    """Normalises each map by mean and variance over the batch; after training by their running values."""

    examples: ClassVar = ((image(6, 5, 5),), (image(6, "H", "W"), {"eps": 1e-3}), (image(6, 5, 5), {"affine": False}))

    def infer(self, image: Shape) -> Shape:
        expect(image, "image", "image", *siblings(self, image, vectors=True))
        return image

    def build(self, image: Value) -> Expression:
        return self._record(nn.BatchNorm2d, image.channels)


class BatchNorm3d(_BatchNorm):
    """Normalises each map of a volume by mean and variance over the batch; after training by their running values."""

    examples: ClassVar = (
        (VOLUME,),
        (VOLUME.resized(2, "Z", "H", "W"), {"momentum": 0.01, "eps": 1e-3}),
        (VOLUME, {"affine": False}),
    )

    def infer(self, volume: Shape) -> Shape:
        expect(volume, "volume", "volume", *siblings(self, volume, vectors=True))
        return volume

    def build(self, volume: Value) -> Expression:
        return self._record(nn.BatchNorm3d, volume.channels)


class LayerNorm(Layer):
    """Normalises each sample by itself: each token of a sequence over its features, an image over all its values."""

    eps: Annotated[Positive, "added to the variance, so that nothing is divided by zero"] = 1e-5
    bias: Annotated[bool, "whether a bias is learned beside the gain"] = True
    affine: Annotated[bool, "whether gain and bias are learned at all"] = True
    axes: Annotated[Whole, "how many axes, counted from the last; 0 takes a token's features, else the sample"] = 0

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
        (image(3, 4, 5), {"axes": 2}),
        (image(3, "H", 5), {"axes": 1, "affine": False}),
        (sequence(7, 16), {"axes": 2}),
    )

    def infer(self, values: Shape) -> Shape:
        if not values.sizes:
            raise Mismatch(f"This needs at least one axis; {arriving(values)}.", "values")
        if self.axes > len(values.sizes):
            repairs = (Assign("axes", len(values.sizes), f"Set axes to {len(values.sizes)}"),)
            raise Mismatch(f"There are no {self.axes} axes; {arriving(values)}.", "values", repairs)
        self._normalised(numbers(values, "values"))
        return values

    def build(self, values: Value) -> Expression:
        sizes = self._normalised(values.shape)
        learned = self.options("bias") if self.affine else {"elementwise_affine": False}
        return nn.LayerNorm(sizes[0] if len(sizes) == 1 else sizes, **self.options("eps"), **learned)

    def weights(self, values: Shape) -> WeightShapes:
        sizes = self._normalised(values) if self.affine else ()
        return {name: sizes for name in ("weight", "bias")[: 1 + self.bias] if sizes}

    def _normalised(self, values: Shape) -> tuple[int, ...]:
        """Sizes of the axes over which mean and variance are taken. Raises Mismatch where one is not fixed."""
        last = self.axes or (1 if values.axes[-1] == "D" else len(values.axes))
        return tuple(map(fixed, values.sizes[-last:]))


class LayerNorm2d(Layer):
    """Normalises each pixel of an image over its channels, as a LayerNorm does with each token over its features."""

    eps: Annotated[Positive, "added to the variance, so that nothing is divided by zero"] = 1e-6

    synonyms: ClassVar[tuple[str, ...]] = ("layer normalisation", "channels", "convnext", "pixel norm")
    formula: ClassVar[str] = r"y_c = \gamma_c \frac{x_c - \mu}{\sqrt{\sigma^2 + \epsilon}} + \beta_c"
    purpose: ClassVar[str] = (
        "Brings the channels of each pixel to mean 0 and variance 1, whatever the other pixels and the batch hold. "
        "ConvNeXt puts it where other convolutional networks normalise over the batch."
    )
    trap: ClassVar[str] = (
        "LayerNorm on an image takes all pixels and channels together and learns a gain for each; here there is one "
        "gain for each channel."
    )
    learned: ClassVar[Labels] = {"weight": ("gains",), "bias": ("biases",)}
    paper: ClassVar[str] = "Liu et al. 2022, A ConvNet for the 2020s https://arxiv.org/abs/2201.03545"
    examples: ClassVar = ((image(6, 5, 4),), (image(4, "H", "W"), {"eps": 1e-5}))

    def infer(self, image: Shape) -> Shape:
        expect(image, "image", "image", *((Replace("LayerNorm", "Use LayerNorm instead"),) if _tokens(image) else ()))
        return image

    def build(self, image: Value) -> Expression:
        normalised = nn.LayerNorm(image.channels, eps=self.eps)(image.permute(0, 2, 3, 1))
        return normalised.permute(0, 3, 1, 2)

    def weights(self, image: Shape) -> WeightShapes:
        return gain_and_bias(image.channels)


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
        return gain_and_bias(values.channels) if self.affine else {}


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


def _channels(values: Shape) -> int:
    """The first axis, which batch normalisation treats one by one."""
    return fixed(values.sizes[0])


def _tokens(values: Shape) -> bool:
    """Whether the values have features of their own, over which a LayerNorm would go."""
    return values.axes[-1:] == ("D",) and values.dtype == "float" and values.batched


def gain_and_bias(channels: int) -> WeightShapes:
    return {"weight": (channels,), "bias": (channels,)}
