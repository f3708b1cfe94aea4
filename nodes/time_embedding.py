"""How a network is told the time."""

from __future__ import annotations

from typing import Annotated, ClassVar

from annotated_types import Gt

from nodes.diffusion import HO, check_time
from studio.core.declaration import Count
from studio.core.derivation import SizeLine, worked
from studio.core.node_class import Layer
from studio.core.problem import Assign, Mismatch
from studio.core.record import Expression, Value, modules
from studio.core.shape import NUMBER, Shape, vector

FAMILY = "Linear & embedding"


class TimeEmbedding(Layer):
    """Writes a moment as the sines and cosines of many wavelengths, from which a network can tell it near and far."""

    features: Annotated[Count, "numbers that leave: one half sines, one half cosines"] = 64
    base: Annotated[float, Gt(1), "the longest wave takes about 2π base"] = 10000.0

    synonyms: ClassVar[tuple[str, ...]] = ("timestep", "sinusoidal", "fourier", "diffusion", "sine", "noise level")
    formula: ClassVar[str] = (
        r"y_i = \text{sin }(t n^{-2i/d}) \\ y_{i + d/2} = \text{cos }(t n^{-2i/d}), \quad i = 0 \dots \frac{d}{2} - 1"
    )
    purpose: ClassVar[str] = (
        "A denoiser must know how much noise to expect. {features} waves, as those that tell transformers the place of "
        "a token, make moments that are close alike; two linear layers usually follow."
    )
    trap: ClassVar[str] = (
        "Times are counted in steps, up to 1000; divided by the number of steps the waves hardly move."
    )
    paper: ClassVar[str] = HO
    slide: ClassVar[str] = "Denoising"
    examples: ClassVar = ((NUMBER,), (NUMBER, {"features": 8, "base": 100.0}))

    def infer(self, time: Shape) -> Shape:
        check_time(time)
        if self.features % 2:
            repairs = (Assign("features", self.features + 1, f"Set features to {self.features + 1}"),)
            raise Mismatch(f"Half of {self.features} features cannot be sines.", None, repairs)
        return vector(self.features)

    def rule(self, time: Shape) -> tuple[SizeLine, ...]:
        return (worked("D", self.features, "as the setting says"),)

    def build(self, time: Value) -> Expression:
        return modules.time_embedding.TimeEmbedding(self.features, **self.options("base"))
