"""Normalisation that divides by a length and leaves the mean as it is."""

from __future__ import annotations

from typing import Annotated, ClassVar

from studio.core.declaration import Positive
from studio.core.derivation import Labels
from studio.core.node_class import Layer, WeightShapes
from studio.core.problem import Mismatch
from studio.core.record import Expression, F, Value, modules, nn
from studio.core.shape import Shape, arriving, class_axis, expect, fixed, image, numbers, sequence, vector

FAMILY = "Norm & dropout"


class RMSNorm(Layer):
    """Divides the features of each token by their root mean square: a LayerNorm without mean and bias."""

    eps: Annotated[Positive, "added to the mean square, so that nothing is divided by zero"] = 1e-6
    affine: Annotated[bool, "whether each feature learns a gain"] = True

    synonyms: ClassVar[tuple[str, ...]] = ("root mean square", "layer normalisation", "llama", "normalization")
    formula: ClassVar[str] = r"y = \gamma \frac{x}{\sqrt{\frac{1}{n} \sum_j x_j^2 + \epsilon}}"
    purpose: ClassVar[str] = (
        "Keeps the size of a token's features the same from layer to layer, whatever is in the batch. It leaves out "
        "what a LayerNorm does to the mean and trains as well; today's language models use it."
    )
    trap: ClassVar[str] = "ε differs between models: 1e-6 in the first Llama, 1e-5 in the second."
    learned: ClassVar[Labels] = {"weight": ("gains",)}
    paper: ClassVar[str] = (
        "Zhang & Sennrich 2019, Root mean square layer normalization https://arxiv.org/abs/1910.07467"
    )
    examples: ClassVar = (
        (sequence("T", 16),),
        (vector(8), {"eps": 1e-5}),
        (sequence(5, 8), {"affine": False}),
    )

    def infer(self, values: Shape) -> Shape:
        if values.axes[-1:] != ("D",) or values.dtype != "float":
            expect(values, "vector", "values")
        fixed(values.sizes[-1])
        return values

    def build(self, values: Value) -> Expression:
        learned = {} if self.affine else {"elementwise_affine": False}
        return nn.RMSNorm(values.features, eps=self.eps, **learned)

    def weights(self, values: Shape) -> WeightShapes:
        return {"weight": (values.features,)} if self.affine else {}


class L2Norm(Layer):
    """Gives the channels of each pixel, or the features of each token, one length, which each channel then scales."""

    scale: Annotated[Positive, "length that leaves, or with which learning begins"] = 20.0
    learn_scale: Annotated[bool, "whether each channel learns a scale of its own"] = True

    synonyms: ClassVar[tuple[str, ...]] = ("normalize", "unit length", "cosine", "ssd", "euclidean")
    formula: ClassVar[str] = r"y_c = s_c \frac{x_c}{\norm{x}}"
    purpose: ClassVar[str] = (
        "Makes features of different layers comparable by giving all the same length, {scale} to begin with; only "
        "their direction counts. SSD needs it where an early layer joins in."
    )
    trap: ClassVar[str] = (
        "With a length of 1 the numbers of 512 channels are tiny, and learning is slow: hence the scale of 20."
    )
    learned: ClassVar[Labels] = {"weight": ("scales",)}
    paper: ClassVar[str] = "Liu et al. 2015, ParseNet: looking wider to see better https://arxiv.org/abs/1506.04579"
    examples: ClassVar = (
        (image(6, 5, 4),),
        (image(4, "H", "W"), {"learn_scale": False}),
        (vector(8), {"learn_scale": False, "scale": 1.0}),
        (sequence("T", 6), {"scale": 10.0}),
    )

    def infer(self, values: Shape) -> Shape:
        if not numbers(values, "values").sizes:
            raise Mismatch(f"A length needs several numbers; {arriving(values)}.", "values")
        self._count(values)
        return values

    def build(self, values: Value) -> Expression:
        axis = class_axis(values.shape)
        if self.learn_scale:
            last = {} if axis == 1 else {"dim": axis}
            return modules.l2_norm.L2Norm(self._count(values.shape), **self.options("scale"), **last)
        unit = F.normalize(values, dim=axis)
        return unit if self.scale == 1 else unit * self.scale

    def weights(self, values: Shape) -> WeightShapes:
        return {"weight": (self._count(values),)} if self.learn_scale else {}

    def _count(self, values: Shape) -> int:
        """How many numbers share a length."""
        return fixed(values.sizes[0 if class_axis(values) == 1 else -1])
