"""Noise that training adds so that the network cannot learn by heart; afterwards each of these does nothing."""

from __future__ import annotations

from typing import Annotated, ClassVar

from studio.core.declaration import Fraction, Positive
from studio.core.node_class import Layer
from studio.core.problem import Assign, Mismatch
from studio.core.record import Expression, Value, modules, nn
from studio.core.shape import Shape, channels_first, expect, image, numbers, sequence, vector

FAMILY = "Norm & dropout"

SIGNAL = Shape(("C", "L"), (4, 9))
VOLUME = Shape(("C", "Z", "H", "W"), (2, 3, 4, 5))
SCALED = (
    "Training multiplies what stays by 1 / (1 − p), so that nothing has to be scaled afterwards. When the "
    "network is used, dropout does nothing at all."
)


class _Dropout(Layer):
    """What all that switches off at random has in common."""

    p: Annotated[Fraction, "probability that a number becomes zero"] = 0.5

    formula: ClassVar[str] = r"y = \frac{m}{1 - p} x, \quad m \in \set{0, 1}"
    trap: ClassVar[str] = SCALED
    slide: ClassVar[str] = "Dropout"

    def _checked(self, values: Shape) -> Shape:
        """The values. Raises Mismatch where everything would become zero."""
        if self.p == 1:
            repairs = (Assign("p", 0.5, "Set p to 0.5"),)
            raise Mismatch("With p at 1 nothing gets through while training.", None, repairs)
        return numbers(values, "values")


class Dropout(_Dropout):
    """While training, sets numbers to zero at random and enlarges the others; afterwards it does nothing."""

    synonyms: ClassVar[tuple[str, ...]] = ("regularisation", "noise")
    purpose: ClassVar[str] = (
        "While training, each number is switched off with probability {p}, so no unit can rely on a single other "
        "one: the network learns several ways to the answer and overfits less."
    )
    paper: ClassVar[str] = "Srivastava et al. 2014, Dropout https://jmlr.org/papers/v15/srivastava14a.html"
    examples: ClassVar = ((vector(6),), (image(3, 4, 4), {"p": 0.2}), (sequence("T", 4),))

    def infer(self, values: Shape) -> Shape:
        return self._checked(values)

    def build(self, values: Value) -> Expression:
        return nn.Dropout(self.p)


class _MapDropout(_Dropout):
    """What switches off whole maps."""

    kind: ClassVar[str]

    p: Annotated[Fraction, "probability that a map becomes zero"] = 0.5

    synonyms: ClassVar[tuple[str, ...]] = ("spatial dropout", "regularisation")
    formula: ClassVar[str] = r"y_c = \frac{m_c}{1 - p} x_c, \quad m_c \in \set{0, 1}"
    purpose: ClassVar[str] = (
        "While training, whole maps are switched off with probability {p}: neighbouring {places} say nearly the same, "
        "so dropping them one by one would hide nothing."
    )
    paper: ClassVar[str] = (
        "Tompson et al. 2015, Efficient object localization using convolutional networks "
        "https://arxiv.org/abs/1411.4280"
    )

    def said(self) -> dict[str, str]:
        places = {"signal": "moments", "image": "pixels", "volume": "voxels"}
        return {**super().said(), "places": places[self.kind]}

    def _maps(self, values: Shape) -> Shape:
        """The values, which must be of this kind. Raises Mismatch."""
        expect(values, self.kind, self.kind)
        return self._checked(values)


class Dropout1d(_MapDropout):
    """While training, sets whole channels of signals to zero at random; afterwards it does nothing."""

    kind = "signal"

    examples: ClassVar = ((SIGNAL,), (SIGNAL.resized(4, "L"), {"p": 0.2}))

    def infer(self, signal: Shape) -> Shape:
        return self._maps(signal)

    def build(self, signal: Value) -> Expression:
        return nn.Dropout1d(self.p)


class Dropout2d(_MapDropout):
    """While training, sets whole maps to zero at random and enlarges the others; afterwards it does nothing."""

    kind = "image"

    examples: ClassVar = ((image(3, 4, 4),), (image(3, "H", "W"), {"p": 0.2}))

    def infer(self, image: Shape) -> Shape:
        return self._maps(image)

    def build(self, image: Value) -> Expression:
        return nn.Dropout2d(self.p)


class Dropout3d(_MapDropout):
    """While training, sets whole maps of volumes to zero at random; afterwards it does nothing."""

    kind = "volume"

    examples: ClassVar = ((VOLUME,), (VOLUME.resized(2, "Z", "H", "W"), {"p": 0.2}))

    def infer(self, volume: Shape) -> Shape:
        return self._maps(volume)

    def build(self, volume: Value) -> Expression:
        return nn.Dropout3d(self.p)


class AlphaDropout(_Dropout):
    """While training, sets numbers to the lowest that SELU gives, and keeps mean and variance as they were."""

    p: Annotated[Fraction, "probability that a number is switched off"] = 0.05

    synonyms: ClassVar[tuple[str, ...]] = ("selu", "self-normalising", "regularisation")
    formula: ClassVar[str] = r"y = a (m x + (1 - m) \alpha^\prime) + b, \quad m \in \set{0, 1}"
    purpose: ClassVar[str] = (
        "Dropout for networks of SELU: with probability {p} a number becomes α′ = −1.758, the lowest that SELU gives, "
        "and a and b bring mean and variance back to 0 and 1."
    )
    trap: ClassVar[str] = "Off is −1.758 here, not 0. A few percent are enough; PyTorch's own default is 0.5."
    paper: ClassVar[str] = "Klambauer et al. 2017, Self-normalizing neural networks https://arxiv.org/abs/1706.02515"
    examples: ClassVar = ((vector(6),), (image(3, 4, 4), {"p": 0.2}), (sequence("T", 4), {"p": 0.5}))

    def infer(self, values: Shape) -> Shape:
        return self._checked(values)

    def build(self, values: Value) -> Expression:
        return nn.AlphaDropout(self.p)


class FeatureAlphaDropout(AlphaDropout):
    """While training, sets whole channels to the lowest number that SELU gives, and keeps mean and variance."""

    p: Annotated[Fraction, "probability that a channel is switched off"] = 0.05

    synonyms: ClassVar[tuple[str, ...]] = ("selu", "spatial dropout", "self-normalising", "regularisation")
    purpose: ClassVar[str] = (
        "Alpha dropout of whole channels, with probability {p}: in convolutional networks of SELU, neighbouring places "
        "say nearly the same, so dropping them one by one would hide nothing."
    )
    examples: ClassVar = ((image(3, 4, 4),), (SIGNAL.resized(4, "L"), {"p": 0.2}), (VOLUME, {"p": 0.5}))

    def infer(self, values: Shape) -> Shape:
        channels_first(values, "values")
        return self._checked(values)

    def build(self, values: Value) -> Expression:
        return nn.FeatureAlphaDropout(self.p)


class DropPath(_Dropout):
    """While training, sets whole samples to zero at random, so that a shortcut beside this path is all that is left."""

    p: Annotated[Fraction, "probability that a sample skips this path"] = 0.1

    synonyms: ClassVar[tuple[str, ...]] = ("stochastic depth", "residual", "skip", "regularisation")
    purpose: ClassVar[str] = (
        "At the end of a residual branch, before the sum: with probability {p} a sample takes the shortcut alone. Each "
        "step trains a network of another depth, and very deep ones train well."
    )
    trap: ClassVar[str] = (
        "Without a shortcut beside it, it would erase samples. Most networks let p grow with depth, from 0 at the "
        "first block."
    )
    slide: ClassVar[str] = ""
    paper: ClassVar[str] = "Huang et al. 2016, Deep networks with stochastic depth https://arxiv.org/abs/1603.09382"
    examples: ClassVar = ((image(3, 4, 4),), (vector(6), {"p": 0.0}), (sequence("T", 4), {"p": 0.3}))

    def infer(self, values: Shape) -> Shape:
        return self._checked(values)

    def build(self, values: Value) -> Expression:
        return modules.drop_path.DropPath(self.p)


class GaussianNoise(Layer):
    """While training, adds normal noise to every number; afterwards it does nothing."""

    deviation: Annotated[Positive, "standard deviation of the noise"] = 0.1

    synonyms: ClassVar[tuple[str, ...]] = ("normal", "jitter", "denoising", "augmentation", "regularisation")
    formula: ClassVar[str] = r"y = x + \sigma n, \quad n \sim N(0, 1)"
    purpose: ClassVar[str] = (
        "Every sample looks a little different each time, so the network learns answers that small changes do not "
        "move. Behind the input it is augmentation, in an autoencoder it makes it denoise."
    )
    trap: ClassVar[str] = "A deviation is large or small only compared with the values: normalise them first."
    paper: ClassVar[str] = (
        "Bishop 1995, Training with noise is equivalent to Tikhonov regularization "
        "https://doi.org/10.1162/neco.1995.7.1.108"
    )
    examples: ClassVar = ((vector(6),), (image(3, "H", "W"), {"deviation": 0.5}), (sequence("T", 4),))

    def infer(self, values: Shape) -> Shape:
        return numbers(values, "values")

    def build(self, values: Value) -> Expression:
        return modules.gaussian_noise.GaussianNoise(self.deviation)
