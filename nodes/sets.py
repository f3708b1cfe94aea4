"""What joins the members of a set, in whatever order they come."""

from __future__ import annotations

from typing import ClassVar

from studio.core.derivation import SizeLine, worked
from studio.core.node_class import Layer
from studio.core.record import Expression, Value
from studio.core.shape import Shape, expect, fixed, sequence, vector

FAMILY = "Sequence"


class SumOverSet(Layer):
    """Adds up the features of all members of a set, in whatever order and however many they are."""

    synonyms: ClassVar[tuple[str, ...]] = ("deep sets", "set", "sum", "permutation invariant", "bag", "pooling")
    slide: ClassVar[str] = "Deep sets"
    paper: ClassVar[str] = "Zaheer et al. 2017, Deep sets https://arxiv.org/abs/1703.06114"
    formula: ClassVar[str] = r"y = \sum_i x_i"
    purpose: ClassVar[str] = (
        "Joins what a network found in each member of a set: with a network before and one behind, sums can say "
        "anything about a set that does not depend on order."
    )
    trap: ClassVar[str] = "Larger sets give larger sums: a mean is safer where the number of members says nothing."
    examples: ClassVar = ((sequence(5, 10),), (sequence("T", 6),))

    def infer(self, members: Shape) -> Shape:
        return vector(fixed(expect(members, "sequence", "members")[1]))

    def build(self, members: Value) -> Expression:
        return members.sum(dim=1)

    def rule(self, members: Shape) -> tuple[SizeLine, ...]:
        return (worked("D", members.sizes[1], "the features of a member"),)
