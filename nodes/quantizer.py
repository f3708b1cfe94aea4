"""A table of learned codes, of which each place of a code takes the nearest."""

from __future__ import annotations

from typing import Annotated, ClassVar

from studio.core.declaration import Count
from studio.core.derivation import Labels, SizeLine, stays
from studio.core.node_class import Layer, WeightShapes
from studio.core.record import Expression, Value, modules
from studio.core.shape import Shape, channels_first, image

FAMILY = "Linear & embedding"


class VectorQuantizer(Layer):
    """Rounds the channels of each place to the nearest entry of a table that is learned."""

    entries: Annotated[Count, "different codes that a place can have"] = 512

    outputs: ClassVar[tuple[str, ...]] = ("code", "entry")
    synonyms: ClassVar[tuple[str, ...]] = ("vq", "vq-vae", "codebook", "discrete", "straight-through", "vqgan")
    formula: ClassVar[str] = r"y = w_k, \quad \norm{x - w_k} = \min_j \norm{x - w_j}"
    purpose: ClassVar[str] = (
        "Makes codes of {entries} kinds instead of any numbers, so they cannot spread without limit. The gradient of "
        "the code goes past the rounding to what arrived, that of the entry to the table."
    )
    trap: ClassVar[str] = (
        "The code alone teaches the table nothing: let entries come close to what arrived (detached), and what arrived "
        "to its entry (detached) with a weight of 0.25."
    )
    learned: ClassVar[Labels] = {"weight": ("entries", "channels")}
    paper: ClassVar[str] = (
        "van den Oord et al. 2017, Neural discrete representation learning https://arxiv.org/abs/1711.00937"
    )
    slide: ClassVar[str] = "Latent diffusion"
    examples: ClassVar = (
        (image(3, 4, 5), {"entries": 10}),
        (image(2, "H", "W"),),
        (Shape(("C", "L"), (4, "L")), {"entries": 6}),
    )

    def infer(self, code: Shape) -> tuple[Shape, Shape]:
        channels_first(code, "code")
        return code, code

    def rule(self, code: Shape) -> tuple[SizeLine, ...]:
        return *stays(code), *stays(code, port="entry")

    def build(self, code: Value) -> tuple[Expression, Expression]:
        both = modules.vector_quantizer.VectorQuantizer(self.entries, channels_first(code.shape, "code"))(code)
        return both[0], both[1]

    def weights(self, code: Shape) -> WeightShapes:
        return {"weight": (self.entries, channels_first(code, "code"))}
