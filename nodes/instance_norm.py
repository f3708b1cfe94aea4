"""Normalisation of each map of each sample by itself."""

from __future__ import annotations

from typing import Annotated, ClassVar

from nodes.norm import gain_and_bias
from nodes.siblings import siblings
from studio.core.declaration import Positive
from studio.core.derivation import Labels
from studio.core.node_class import Layer, WeightShapes
from studio.core.problem import Mismatch, Remove, Replace
from studio.core.record import Expression, Value, nn
from studio.core.shape import Shape, expect, image

FAMILY = "Norm & dropout"

SIGNAL = Shape(("C", "L"), (4, 9))
VOLUME = Shape(("C", "Z", "H", "W"), (2, 3, 5, 5))


class _InstanceNorm(Layer):
    """What instance normalisation along one, two and three axes has in common."""

    kind: ClassVar[str]
    place: ClassVar[str]
    """What a map of size 1 is called."""

    eps: Annotated[Positive, "added to the variance, so that nothing is divided by zero"] = 1e-5
    affine: Annotated[bool, "whether each channel learns a gain and a bias"] = False

    synonyms: ClassVar[tuple[str, ...]] = ("in", "instance normalisation", "contrast", "style")
    formula: ClassVar[str] = r"y = \frac{x - \mu_c}{\sqrt{\sigma_c^2 + \epsilon}}"
    purpose: ClassVar[str] = (
        "Takes each map of each {kind} to mean 0 and variance 1: contrast and brightness go, structure stays. Style "
        "transfer and CycleGAN use it."
    )
    trap: ClassVar[str] = "Unlike other norms it learns no gain and bias unless asked to."
    learned: ClassVar[Labels] = {"weight": ("gains",), "bias": ("biases",)}
    paper: ClassVar[str] = "Ulyanov et al. 2016, Instance normalization https://arxiv.org/abs/1607.08022"
    slide: ClassVar[str] = "CycleGAN video"

    def said(self) -> dict[str, str]:
        return {**super().said(), "kind": self.kind}

    def weights(self, values: Shape) -> WeightShapes:
        return gain_and_bias(values.channels) if self.affine else {}

    def _checked(self, values: Shape) -> Shape:
        """The values, where a map has something to compare. Raises Mismatch."""
        if set(expect(values, self.kind, self.kind, *siblings(self, values))[1:]) == {1}:
            repairs = (Replace("LayerNorm", "Use LayerNorm instead"), Remove("Leave it out"))
            message = f"A map of {self.place} has nothing to compare with, so normalising it would leave zero."
            raise Mismatch(message, self.kind, repairs)
        return values

    def _record(self, module: Expression, values: Value) -> Expression:
        return module(values.channels, **self.options("eps", "affine"))


class InstanceNorm1d(_InstanceNorm):
    """Normalises each channel of each signal by itself, which takes its loudness away."""

    kind = "signal"
    place = "one number"

    purpose: ClassVar[str] = (
        "Takes each channel of each signal to mean 0 and variance 1: loudness and offset go, the course stays. Sensors "
        "that drift become comparable."
    )
    examples: ClassVar = ((SIGNAL,), (SIGNAL.resized(4, "L"), {"affine": True, "eps": 1e-3}))

    def infer(self, signal: Shape) -> Shape:
        return self._checked(signal)

    def build(self, signal: Value) -> Expression:
        return self._record(nn.InstanceNorm1d, signal)


class InstanceNorm2d(_InstanceNorm):
    """Normalises each map of each image by itself, which takes its contrast away."""

    kind = "image"
    place = "1×1"

    examples: ClassVar = ((image(6, 5, 5),), (image(6, "H", "W"), {"affine": True, "eps": 1e-3}))

    def infer(self, image: Shape) -> Shape:
        return self._checked(image)

    def build(self, image: Value) -> Expression:
        return self._record(nn.InstanceNorm2d, image)


class InstanceNorm3d(_InstanceNorm):
    """Normalises each map of each volume by itself: scans from different devices become comparable."""

    kind = "volume"
    place = "1×1×1"

    purpose: ClassVar[str] = (
        "Takes each map of each volume to mean 0 and variance 1. Networks for medical scans use it, since memory "
        "leaves room for one or two volumes in a batch."
    )
    slide: ClassVar[str] = ""
    paper: ClassVar[str] = (
        "Isensee et al. 2018, nnU-Net: self-adapting framework for U-Net-based medical image segmentation "
        "https://arxiv.org/abs/1809.10486"
    )
    examples: ClassVar = ((VOLUME,), (VOLUME.resized(2, "Z", "H", "W"), {"affine": True, "eps": 1e-3}))

    def infer(self, volume: Shape) -> Shape:
        return self._checked(volume)

    def build(self, volume: Value) -> Expression:
        return self._record(nn.InstanceNorm3d, volume)
