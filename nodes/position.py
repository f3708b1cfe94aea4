"""What tells layers that see no order where each token stands."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from annotated_types import Gt

from nodes.attention import VASWANI
from studio.core.declaration import Count
from studio.core.derivation import Labels, SizeLine, stays, worked
from studio.core.node_class import Layer, WeightShapes
from studio.core.problem import Assign, Mismatch
from studio.core.record import Expression, Value, modules
from studio.core.shape import Shape, Size, expect, fixed, sequence

FAMILY = "Attention"


class PositionEncoding(Layer):
    """Adds to every token, or lays beside it, numbers that say where it stands: waves, or numbers that are learned."""

    form: Annotated[Literal["sinusoidal", "learned"], "sine and cosine waves, or a learned table"] = "sinusoidal"
    join: Annotated[Literal["add", "concatenate"], "whether positions are added to features or laid beside them"] = (
        "add"
    )
    base: Annotated[float, Gt(1), "n of the waves: the longest is 2π n tokens long"] = 10000.0
    longest: Annotated[Count, "tokens that the learned table has a place for"] = 512

    synonyms: ClassVar[tuple[str, ...]] = (
        "positional encoding", "position embedding", "sine", "sinusoidal", "order", "transformer",
    )  # fmt: skip
    formula: ClassVar[str] = (
        r"p_{t,2i} = \text{sin }(\frac{t}{n^{2i/d}}) \\ p_{t,2i+1} = \text{cos }(\frac{t}{n^{2i/d}}) \\ y = x + p"
    )
    purpose: ClassVar[str] = (
        "Attention sees a set of tokens, not a row. Numbers that differ from place to place, here {form}, let it tell "
        "first from last and near from far."
    )
    trap: ClassVar[str] = "A learned table knows no place behind its last one; waves go on for ever."
    learned: ClassVar[Labels] = {"weight": ("places", "features")}
    paper: ClassVar[str] = VASWANI
    slide: ClassVar[str] = "Position encoding"
    shown: ClassVar[tuple[str, ...]] = ("form", "join")
    examples: ClassVar = (
        (sequence(6, 8),),
        (sequence("T", 7), {"base": 100.0}),
        (sequence("T", 8), {"join": "concatenate"}),
        (sequence("T", 8), {"form": "learned", "longest": 20}),
        (sequence(6, 8), {"form": "learned", "join": "concatenate"}),
    )

    def infer(self, sequence: Shape) -> Shape:
        length, width = expect(sequence, "sequence", "sequence")
        if self.form == "learned" and isinstance(length, int) and length > self.longest:
            repairs = (
                Assign("longest", length, f"Set longest to {length}"),
                Assign("form", "sinusoidal", "Use waves, which have no end"),
            )
            raise Mismatch(f"The table has {self.longest} places; {length} tokens arrive.", "sequence", repairs)
        return sequence.resized(length, self._features(fixed(width)))

    def rule(self, sequence: Shape) -> tuple[SizeLine, ...]:
        if self.join == "add":
            return stays(sequence)
        width = sequence.sizes[1]
        features: Size = self._features(fixed(width))
        length = worked("T", sequence.sizes[0], "as it arrives")
        return length, worked("D", features, "features and as many for the place", f"{width}·2")

    def build(self, sequence: Value) -> Expression:
        beside = {} if self.join == "add" else {"join": self.join}
        if self.form == "learned":
            return modules.position.LearnedPositions(self.longest, sequence.features, **beside)
        return modules.position.SinusoidalPositions(sequence.features, **self.options("base"), **beside)

    def weights(self, sequence: Shape) -> WeightShapes:
        return {"weight": (self.longest, sequence.features)} if self.form == "learned" else {}

    def _features(self, width: int) -> int:
        return width if self.join == "add" else 2 * width
