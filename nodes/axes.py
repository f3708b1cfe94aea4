"""What adds, removes and stretches axes."""

from __future__ import annotations

from typing import Annotated, ClassVar

from nodes.joining import alike
from nodes.pieces import BOOKKEEPING
from studio.core.axis import AxisName, grown, named_axes, place_of, without
from studio.core.declaration import Count
from studio.core.derivation import SizeLine, stays, worked
from studio.core.node_class import Layer
from studio.core.problem import Assign, Mismatch
from studio.core.record import Expression, Value, torch
from studio.core.shape import Shape, fixed, image, numbers, sequence, vector

FAMILY = "Combine & reshape"

SIGNAL = Shape(("C", "L"), (4, 9))


class Stack(Layer):
    """Lays values of one shape behind one another along a new axis: vectors become the tokens of a sequence."""

    axis: Annotated[AxisName, "axis that is new: length makes a sequence of vectors, depth a volume of images"] = (
        "length"
    )

    synonyms: ClassVar[tuple[str, ...]] = ("join", "sequence of vectors", "frames", "tokens", "cat")
    formula: ClassVar[str] = r"y_{i,j} = x^{(i)}_j"
    purpose: ClassVar[str] = (
        "Makes one value of several alike, such as tokens of the answers of several branches, so that an attention or "
        "a sum over them can follow."
    )
    trap: ClassVar[str] = "Concatenate lays values along an axis that they have; this makes a new one."
    unsourced: ClassVar[str] = BOOKKEEPING
    examples: ClassVar = (
        (vector(5), vector(5), vector(5)),
        (vector(5), vector(5), {"axis": "features"}),
        (image(3, 8, 9), image(3, 8, 9), {"axis": "depth"}),
        (image(3, "H", "W"), {"axis": "depth"}),
    )

    def infer(self, *values: Shape) -> Shape:
        return grown(alike(values), self.axis, len(values), "values")[0]

    def rule(self, *values: Shape) -> tuple[SizeLine, ...]:
        leaving, at = grown(values[0], self.axis, len(values), "values")
        pairs = enumerate(zip(leaving.axes, leaving.sizes, strict=True))
        return tuple(
            worked(axis, size, "how many values arrive" if place == at else "the same for all")
            for place, (axis, size) in pairs
        )

    def build(self, *values: Value) -> Expression:
        return torch.stack(values, dim=1 + grown(values[0].shape, self.axis, 1, "values")[1])


class Unsqueeze(Layer):
    """Adds an axis of size 1, so that a value can be read as another kind: a vector as a sequence of one token."""

    axis: Annotated[AxisName, "axis that is new"] = "length"

    synonyms: ClassVar[tuple[str, ...]] = ("new axis", "expand dims", "reshape", "view", "add axis")
    formula: ClassVar[str] = r"y_{1,j} = x_j"
    purpose: ClassVar[str] = (
        "Makes room for what another node expects: one token, one channel, a depth of one. No number changes."
    )
    trap: ClassVar[str] = "The batch is never such an axis: it is there by itself and not counted."
    unsourced: ClassVar[str] = BOOKKEEPING
    examples: ClassVar = (
        (vector(5),),
        (vector(5), {"axis": "features"}),
        (image(3, "H", "W"), {"axis": "depth"}),
        (SIGNAL, {"axis": "height"}),
        (Shape(("H", "W"), (8, 9)), {"axis": "features"}),
        (Shape((), ()), {"axis": "features"}),
    )

    def infer(self, values: Shape) -> Shape:
        return grown(numbers(values, "values"), self.axis, 1, "values")[0]

    def rule(self, values: Shape) -> tuple[SizeLine, ...]:
        return stays(self.infer(values), "as it arrives, and 1 for the new axis")

    def build(self, values: Value) -> Expression:
        return values.unsqueeze(1 + grown(values.shape, self.axis, 1, "values")[1])


class Squeeze(Layer):
    """Leaves out an axis that has one place only: a sequence of one token becomes a vector."""

    axis: Annotated[AxisName, "axis that goes; features means channels as well"] = "length"

    synonyms: ClassVar[tuple[str, ...]] = ("remove axis", "drop", "reshape", "view", "flatten")
    formula: ClassVar[str] = r"y_j = x_{1,j}"
    purpose: ClassVar[str] = "Takes an axis of size 1 away once nothing needs it any more. No number changes."
    trap: ClassVar[str] = "An axis with more places has to be averaged or selected from; it cannot just go."
    unsourced: ClassVar[str] = BOOKKEEPING
    examples: ClassVar = (
        (sequence(1, 4),),
        (sequence("T", 1), {"axis": "features"}),
        (image(1, 8, 9), {"axis": "features"}),
        (image(3, 8, 1), {"axis": "width"}),
    )

    def infer(self, values: Shape) -> Shape:
        at = place_of(numbers(values, "values"), self.axis, "values")
        size = fixed(values.sizes[at])
        if size != 1:
            ones = [name for name in named_axes(values) if values.sizes[place_of(values, name, "values")] == 1]
            repairs = tuple(Assign("axis", name, f"Leave out the {name}") for name in ones)
            raise Mismatch(f"The {self.axis} has {size} places; only one of size 1 can go.", "values", repairs)
        return without(values, at)

    def rule(self, values: Shape) -> tuple[SizeLine, ...]:
        return stays(self.infer(values), f"as it arrives, without the {self.axis}")

    def build(self, values: Value) -> Expression:
        return values.squeeze(1 + place_of(values.shape, self.axis, "values"))


class Expand(Layer):
    """Repeats the one place of an axis of size 1 so often that the axis has the size wanted."""

    axis: Annotated[AxisName, "axis of size 1 that is stretched; features means channels as well"] = "length"
    size: Annotated[Count, "size that it has then"] = 8

    synonyms: ClassVar[tuple[str, ...]] = ("broadcast", "stretch", "repeat", "copy", "spread")
    formula: ClassVar[str] = r"y_{i,j} = x_{1,j}"
    purpose: ClassVar[str] = (
        "Gives the same numbers to {size} places, as when one vector for a whole picture shall stand at every token "
        "or pixel."
    )
    trap: ClassVar[str] = "Nothing is copied in memory; the gradients of all places come together in the one."
    unsourced: ClassVar[str] = BOOKKEEPING
    examples: ClassVar = (
        (sequence(1, 4),),
        (image(1, 8, 9), {"axis": "features", "size": 3}),
        (image(3, 1, "W"), {"axis": "height", "size": 5}),
        (vector(1), {"axis": "features", "size": 2}),
    )

    def infer(self, values: Shape) -> Shape:
        at = place_of(numbers(values, "values"), self.axis, "values")
        if values.sizes[at] != 1:
            fixed(values.sizes[at])
            repairs = (Assign("size", values.sizes[at], f"Set size to {values.sizes[at]}"),)
            if self.size != values.sizes[at]:
                message = f"Only an axis of size 1 can be stretched; the {self.axis} has {values.sizes[at]} places."
                raise Mismatch(message, "values", repairs)
        return values.resized(*values.sizes[:at], self.size, *values.sizes[at + 1 :])

    def rule(self, values: Shape) -> tuple[SizeLine, ...]:
        return stays(self.infer(values), "as it arrives, but for the axis that is stretched")

    def build(self, values: Value) -> Expression:
        at = place_of(values.shape, self.axis, "values")
        return values.expand(*(-1 for _ in range(at + 1)), self.size, *(-1 for _ in values.shape.sizes[at + 1 :]))
