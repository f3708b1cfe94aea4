"""Where values enter and leave a network or a block."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from annotated_types import MaxLen, Predicate

from studio.core.declaration import Count
from studio.core.derivation import SizeLine, stays
from studio.core.node_class import Layer
from studio.core.record import Expression, Value
from studio.core.shape import Shape, shape_of_kind

FAMILY = "Data"

Length = Count | Annotated[str, MaxLen(20), Predicate(str.isidentifier)]
"""A size, or a name such as T for a length that varies from batch to batch."""


class Input(Layer):
    """Where values enter the network. Inside a block, the shape is that of whatever is linked to the block."""

    kind: Annotated[
        Literal["image", "vector", "sequence", "tokens", "signal", "volume", "label", "number"],
        "what a sample is, and so its axes; a label is a class number, a number may be a moment in time",
    ] = "image"
    sizes: Annotated[
        tuple[Length, ...], "size along each axis; a name such as T where it varies; none of a label or a number"
    ] = (1, 28, 28)

    synonyms: ClassVar[tuple[str, ...]] = ("in", "source", "placeholder", "image", "argument")
    purpose: ClassVar[str] = (
        "The door into the network. Its kind names the axes of a sample, from which the sizes of everything behind "
        "follow; the batch is not counted."
    )
    unsourced: ClassVar[str] = "A door computes nothing: there is nothing to cite."
    examples: ClassVar = (
        (),
        ({"kind": "vector", "sizes": (784,)},),
        ({"kind": "tokens", "sizes": ("T",)},),
        ({"kind": "sequence", "sizes": ("T", 16)},),
        ({"kind": "signal", "sizes": (2, 1000)},),
        ({"kind": "volume", "sizes": (1, 16, 32, 32)},),
        ({"kind": "label", "sizes": ()},),
        ({"kind": "number", "sizes": ()},),
    )

    def infer(self) -> Shape:
        return shape_of_kind(self.kind, self.sizes)

    def rule(self) -> tuple[SizeLine, ...]:
        return stays(self.infer(), "as the setting says")


class Output(Layer):
    """What the network answers."""

    training_only: Annotated[bool, "answered only while the network learns; what leads here alone rests afterwards"] = (
        False
    )

    outputs: ClassVar[tuple[str, ...]] = ()
    synonyms: ClassVar[tuple[str, ...]] = ("out", "result", "return", "answer")
    purpose: ClassVar[str] = (
        "The door out of the network: what is linked here is what an objective compares with the target and what an "
        "export answers."
    )
    unsourced: ClassVar[str] = "A door computes nothing: there is nothing to cite."
    trap: ClassVar[str] = (
        "An auxiliary head teaches the layers before it and is not asked later: with training_only it costs nothing "
        "then, and is in no export."
    )
    examples: ClassVar = (
        (Shape(("D",), (10,)),),
        (Shape(("C", "H", "W"), (3, 8, 8)),),
        (Shape(("D",), (10,)), {"training_only": True}),
    )

    def infer(self, value: Shape) -> tuple[Shape, ...]:
        return ()

    def rule(self, value: Shape) -> tuple[SizeLine, ...]:
        return ()

    def build(self, value: Value) -> tuple[Expression, ...]:
        return ()
