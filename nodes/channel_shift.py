"""What one vector says to all places of an image."""

from __future__ import annotations

from typing import ClassVar

from studio.core.derivation import SizeLine, stays
from studio.core.node_class import Layer
from studio.core.problem import Insert, Mismatch
from studio.core.record import Expression, Value
from studio.core.shape import Shape, channels_first, expect, fixed, image, vector

FAMILY = "Combine & reshape"


class AddToChannels(Layer):
    """Adds each feature of a vector to every place of one channel: so an image is told the time, or a class."""

    synonyms: ClassVar[tuple[str, ...]] = ("broadcast", "time", "condition", "bias", "shift", "film", "embedding")
    formula: ClassVar[str] = r"y_{c,h,w} = x_{c,h,w} + v_c"
    purpose: ClassVar[str] = (
        "A bias of each channel that something else decides for each sample: in the blocks of a denoiser it is the "
        "time, through a linear layer with one unit for each channel."
    )
    trap: ClassVar[str] = "A norm behind it would take out what is the same at all places of a group of one channel."
    paper: ClassVar[str] = "Ho et al. 2020, Denoising diffusion probabilistic models https://arxiv.org/abs/2006.11239"
    slide: ClassVar[str] = "Denoising"
    examples: ClassVar = (
        (image(6, 5, 4), vector(6)),
        (image(3, "H", "W"), vector(3)),
        (Shape(("C", "L"), (4, "L")), vector(4)),
    )

    def infer(self, values: Shape, features: Shape) -> Shape:
        channels = channels_first(values, "values")
        (given,) = expect(features, "vector", "features")
        if fixed(given) != channels:
            linear = Insert("Linear", f"Insert Linear, {given} → {channels}", {"features": channels})
            raise Mismatch(f"{given} features meet {channels} channels.", "features", (linear,))
        return values

    def rule(self, values: Shape, features: Shape) -> tuple[SizeLine, ...]:
        return stays(values)

    def build(self, values: Value, features: Value) -> Expression:
        return values + features[:, :, *(None for _ in values.shape.axes[1:])]
