"""Channels that are weighed by what the whole image holds."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from studio.core.declaration import Whole
from studio.core.derivation import Labels, SizeLine, stays
from studio.core.node_class import Layer, WeightShapes
from studio.core.record import Expression, Value, modules
from studio.core.shape import Shape, expect, fixed, image

FAMILY = "Attention"


class SqueezeExcitation(Layer):
    """Weighs each channel by a gate between 0 and 1 that two small layers compute of the means of all channels."""

    squeeze: Annotated[Whole, "channels between both layers; 0 takes a sixteenth of those that arrive"] = 0
    activation: Annotated[Literal["ReLU", "SiLU"], "what bends between both layers"] = "ReLU"
    gate: Annotated[Literal["Sigmoid", "Hardsigmoid"], "what makes gates of the scores"] = "Sigmoid"

    synonyms: ClassVar[tuple[str, ...]] = ("se", "senet", "channel attention", "gate", "mobilenet", "efficientnet")
    formula: ClassVar[str] = r"y_c = \sigma(W_2 f(W_1 \bar{x}))_c x_c"
    purpose: ClassVar[str] = (
        "Looks at the mean of every map, decides which of them matter for this image, and damps the others. A few "
        "weights that made almost every network of its time better."
    )
    trap: ClassVar[str] = (
        "EfficientNet takes a quarter of the channels that its block began with, not of those that arrive here: give "
        "the number yourself."
    )
    learned: ClassVar[Labels] = {
        "fc1.weight": ("squeezed", "in", "kernel"),
        "fc1.bias": ("biases",),
        "fc2.weight": ("gates", "squeezed", "kernel"),
        "fc2.bias": ("biases",),
    }
    paper: ClassVar[str] = "Hu et al. 2018, Squeeze-and-excitation networks https://arxiv.org/abs/1709.01507"
    examples: ClassVar = (
        (image(32, 7, 6),),
        (image(6, 5, 4), {"squeeze": 3, "gate": "Hardsigmoid"}),
        (image(8, "H", "W"), {"squeeze": 2, "activation": "SiLU"}),
    )

    def infer(self, image: Shape) -> Shape:
        fixed(expect(image, "image", "image")[0])
        return image

    def rule(self, image: Shape) -> tuple[SizeLine, ...]:
        return stays(image, "as it arrives: each map is only weighed")

    def build(self, image: Value) -> Expression:
        options = self.options("activation", "gate")
        return modules.squeeze_excitation.SqueezeExcitation(image.channels, self._between(image.shape), **options)

    def weights(self, image: Shape) -> WeightShapes:
        channels, between = image.channels, self._between(image)
        return {
            "fc1.weight": (between, channels, 1, 1),
            "fc1.bias": (between,),
            "fc2.weight": (channels, between, 1, 1),
            "fc2.bias": (channels,),
        }

    def multiply_adds(self, image: Shape) -> int:
        return 2 * image.channels * self._between(image)

    def _between(self, image: Shape) -> int:
        return self.squeeze or max(1, image.channels // 16)
