"""What brings values together, and what arranges the same numbers along other axes."""

from __future__ import annotations

from math import prod
from typing import Annotated, ClassVar, Literal

from nodes.joining import alike, clash, first_of, stretched
from studio.core.axis import AxisName, axis_name
from studio.core.declaration import Count, Sizes
from studio.core.derivation import SizeLine, stays, worked
from studio.core.node_class import Layer
from studio.core.problem import Assign, Mismatch, Suggestion
from studio.core.record import Expression, Value, nn, torch
from studio.core.shape import (
    AXIS_NAMES,
    Shape,
    Size,
    arriving,
    describe,
    expect,
    fixed,
    image,
    joined,
    numbers,
    product,
    sequence,
    shape_of_kind,
    vector,
)
from studio.core.window import shown

FAMILY = "Combine & reshape"

RESHAPED = Literal["image", "vector", "sequence", "signal", "volume"]


class Add(Layer):
    """Adds values of one shape, number by number: the joint of every skip connection."""

    synonyms: ClassVar[tuple[str, ...]] = ("sum", "plus", "skip", "residual", "shortcut")
    formula: ClassVar[str] = r"y = x_1 + x_2 + \dots"
    purpose: ClassVar[str] = (
        "Joins a skip connection: a block learns only what to add to its input, F(x) + x. Gradients pass the sum "
        "unchanged, so hundreds of layers can be trained."
    )
    trap: ClassVar[str] = (
        "Both sides need the same shape. Where it changes, a 1 × 1 convolution on the skip path brings it along."
    )
    paper: ClassVar[str] = "He et al. 2016, Deep residual learning https://arxiv.org/abs/1512.03385"
    slide: ClassVar[str] = "ResNet"
    examples: ClassVar = (
        (image(6, 8, 8), image(6, 8, 8)),
        (vector(5), vector(5), vector(5)),
        (sequence("T", 4), sequence("T", 4)),
        (vector(5),),
    )

    def infer(self, *values: Shape) -> Shape:
        return alike(values)

    def rule(self, *values: Shape) -> tuple[SizeLine, ...]:
        return stays(values[0], "the same for all that arrive")

    def build(self, *values: Value) -> Expression:
        total: Expression = values[0]
        for value in values[1:]:
            total = total + value
        return total


class Multiply(Layer):
    """Multiplies values number by number, as gates do; a size of 1 is stretched to the size it meets."""

    synonyms: ClassVar[tuple[str, ...]] = ("product", "times", "gate", "mask", "squeeze and excitation")
    formula: ClassVar[str] = r"y = x_1 \odot x_2 \odot \dots"
    purpose: ClassVar[str] = (
        "Lets one value decide how much of another passes: a gate near 0 closes, near 1 opens. LSTM, GRU and "
        "squeeze-and-excitation are built on it."
    )
    trap: ClassVar[str] = "Number by number: this is no matrix product."
    slide: ClassVar[str] = "LSTM"
    examples: ClassVar = (
        (vector(5), vector(5)),
        (image(6, 8, 8), image(6, 1, 1), image(1, 8, 8)),
        (sequence("T", 4), sequence("T", 4)),
        (sequence("T", 4), sequence("T", 1)),
        (vector(5),),
    )

    def infer(self, *values: Shape) -> Shape:
        return stretched(values)

    def rule(self, *values: Shape) -> tuple[SizeLine, ...]:
        return stays(self.infer(*values), "the same for all; a size of 1 is stretched")

    def build(self, *values: Value) -> Expression:
        total: Expression = values[0]
        for value in values[1:]:
            total = total * value
        return total


class Concatenate(Layer):
    """Lays values side by side along one axis; along the others they have the same size."""

    axis: Annotated[AxisName, "axis that grows; features means channels as well"] = "features"

    synonyms: ClassVar[tuple[str, ...]] = ("cat", "concat", "join", "stack", "merge", "skip")
    formula: ClassVar[str] = r"y = [x_1, x_2, \dots]"
    purpose: ClassVar[str] = (
        "Keeps what several branches found side by side, for the next layer to choose from: Inception joins windows "
        "of several sizes, U-Net brings early detail back."
    )
    trap: ClassVar[str] = "Unlike a sum it makes the next layer larger."
    paper: ClassVar[str] = "Szegedy et al. 2015, Going deeper with convolutions https://arxiv.org/abs/1409.4842"
    slide: ClassVar[str] = "GoogLeNet"
    examples: ClassVar = (
        (image(6, 8, 8), image(4, 8, 8), image(1, 8, 8)),
        (image(6, 8, 8), image(6, 2, 8), {"axis": "height"}),
        (sequence("T", 4), sequence("T", 3)),
        (sequence(7, 4), sequence("T", 4), {"axis": "length"}),
        (vector(5), vector(2)),
        (vector(5),),
    )

    def infer(self, *values: Shape) -> Shape:
        first = first_of(values)
        at = self._axis(first)
        size: Size = first.sizes[at]
        for index, other in enumerate(values[1:], 1):
            if other.axes != first.axes or _without(other, at) != _without(first, at):
                raise self._apart(first, other, index, at)
            size = joined(size, other.sizes[at])
        return first.resized(*first.sizes[:at], size, *first.sizes[at + 1 :])

    def rule(self, *values: Shape) -> tuple[SizeLine, ...]:
        at, leaving = self._axis(values[0]), self.infer(*values)
        parts = " + ".join(str(shape.sizes[at]) for shape in values)
        return tuple(
            worked(axis, size, "the sum of what arrives", parts)
            if place == at
            else worked(axis, size, "the same for all")
            for place, (axis, size) in enumerate(zip(leaving.axes, leaving.sizes, strict=True))
        )

    def build(self, *values: Value) -> Expression:
        return torch.cat(values, dim=1 + self._axis(values[0].shape)) if len(values) > 1 else values[0]

    def _apart(self, first: Shape, other: Shape, index: int, at: int) -> Mismatch:
        """The clash of two values; where they differ along one axis alone, they can be joined along that."""
        error = clash(first, other, index, ignoring=at)
        if first.axes != other.axes:
            return error
        pairs = enumerate(zip(first.sizes, other.sizes, strict=True))
        unequal = [place for place, (a, b) in pairs if a != b]
        names = [axis_name(first.axes[place]) for place in unequal]
        along = (Assign("axis", name, f"Join along {name}") for name in names if len(unequal) == 1 and name)
        return Mismatch(error.message, error.port, (*along, *error.repairs))

    def _axis(self, shape: Shape) -> int:
        """Position of the axis that grows. Raises Mismatch where the value has none of that name."""
        names = [axis_name(axis) for axis in shape.axes]
        if self.axis in names:
            return names.index(self.axis)
        repairs = tuple(Assign("axis", name, f"Join along {name}") for name in names if name)
        raise Mismatch(f"{describe(shape).capitalize()} has no {self.axis} along which to join.", "values", repairs)


class Flatten(Layer):
    """Writes all numbers of a sample in one row, so that a linear layer can read them."""

    synonyms: ClassVar[tuple[str, ...]] = ("vector", "reshape", "view", "ravel")
    formula: ClassVar[str] = "y_{(c H + h) W + w} = x_{c,h,w}"
    purpose: ClassVar[str] = "Writes the numbers of all axes in one row, the way from maps to a classifier."
    trap: ClassVar[str] = (
        "From here on the size of the image is fixed, and which pixels were neighbours is no longer known. A "
        "global average avoids both."
    )
    slide: ClassVar[str] = "CNN"
    examples: ClassVar = ((image(16, 5, 5),), (sequence(7, 4),), (vector(5),), (image(3, "H", "W"),))

    def infer(self, values: Shape) -> Shape:
        if not numbers(values, "values").sizes:
            raise Mismatch(f"There is nothing to flatten; {arriving(values)}.", "values")
        return Shape(("D",), (product(values.sizes),))

    def rule(self, values: Shape) -> tuple[SizeLine, ...]:
        words = " × ".join(AXIS_NAMES.get(axis, axis) for axis in values.axes)
        return (worked("D", product(values.sizes), words, "·".join(map(str, values.sizes))),)

    def build(self, values: Value) -> Expression:
        return nn.Flatten()


class _Reshaping(Layer):
    """Arranges numbers along the axes of a kind."""

    kind: Annotated[RESHAPED, "what the numbers become, and so their axes"] = "image"
    sizes: Annotated[Sizes, "size along each axis"] = (1, 28, 28)

    def _reshaped(self, values: Shape) -> Shape:
        """The new shape. Raises Mismatch where it would hold more or fewer numbers."""
        have = prod(map(fixed, values.sizes))
        if have != prod(self.sizes):
            wanted = "×".join(map(str, self.sizes))
            message = f"{wanted} holds {prod(self.sizes):,} numbers; {arriving(values)} with {have:,}."
            raise Mismatch(message, "values", _holding(self.kind, self.sizes, have))
        return shape_of_kind(self.kind, self.sizes)

    def rule(self, values: Shape) -> tuple[SizeLine, ...]:
        count = prod(map(fixed, values.sizes))
        return stays(self._reshaped(values), f"as the setting says; {count:,} numbers before and after")


class Reshape(_Reshaping):
    """Arranges the same numbers, in the same order, along other axes."""

    synonyms: ClassVar[tuple[str, ...]] = ("view", "unflatten", "axes")
    formula: ClassVar[str] = r"y = \text{the same numbers, in order}"
    purpose: ClassVar[str] = "Cuts the same row of numbers into other axes. Nothing is computed and nothing moves."
    trap: ClassVar[str] = "It does not turn axes: channels-last data needs Permute, or pixels get mixed up."
    unsourced: ClassVar[str] = "Arranging numbers anew is bookkeeping: there is nothing to cite."
    examples: ClassVar = (
        (vector(784),),
        (image(16, 5, 5), {"kind": "vector", "sizes": (400,)}),
        (image(8, 2, 3), {"kind": "signal", "sizes": (8, 6)}),
    )

    def infer(self, values: Shape) -> Shape:
        return self._reshaped(numbers(values, "values"))

    def build(self, values: Value) -> Expression:
        return values.reshape(-1, *self.sizes)


class Unflatten(_Reshaping):
    """Folds a vector into an image or another kind: the opposite of Flatten."""

    synonyms: ClassVar[tuple[str, ...]] = ("reshape", "fold", "view")
    formula: ClassVar[str] = "x_{c,h,w} = y_{(c H + h) W + w}"
    purpose: ClassVar[str] = (
        "Folds a vector into {sizes} numbers, the way from a code back to an image: decoders and generators begin "
        "with it."
    )
    trap: ClassVar[str] = "The order is that of Flatten: the last axis runs fastest."
    unsourced: ClassVar[str] = "Arranging numbers anew is bookkeeping: there is nothing to cite."
    examples: ClassVar = ((vector(784),), (vector(24), {"kind": "sequence", "sizes": (6, 4)}))

    def infer(self, values: Shape) -> Shape:
        expect(values, "vector", "values")
        return self._reshaped(values)

    def build(self, values: Value) -> Expression:
        return nn.Unflatten(1, self.sizes)


class Permute(Layer):
    """Puts the axes into another order, as from a signal (channels first) to a sequence (features last) and back."""

    order: Annotated[tuple[Count, ...], "the old axes in their new order, counted from 1"] = (2, 1)

    synonyms: ClassVar[tuple[str, ...]] = ("transpose", "swap", "axes")
    formula: ClassVar[str] = "y_{j,i} = x_{i,j}"
    purpose: ClassVar[str] = "Turns the axes, as between a signal, channels first, and a sequence, features last."
    trap: ClassVar[str] = (
        "Reshape to the same sizes gives other values: it keeps the order of numbers, this one does not."
    )
    unsourced: ClassVar[str] = "Arranging numbers anew is bookkeeping: there is nothing to cite."
    examples: ClassVar = (
        (Shape(("C", "L"), (4, "L")),),
        (sequence(7, 4),),
        (image(3, 8, 9), {"order": (2, 3, 1)}),
        (image(3, 8, 9), {"order": (1, 3, 2)}),
    )

    def infer(self, values: Shape) -> Shape:
        count = len(values.sizes)
        if sorted(self.order) != list(range(1, count + 1)):
            turned = (*range(2, count + 1), 1) if count else ()
            repairs = (Assign("order", turned, f"Set order to {' '.join(map(str, turned))}"),) if count > 1 else ()
            names = ", ".join(map(str, range(1, count + 1))) or "none"
            raise Mismatch(f"The order must name each axis once ({names}); {arriving(values)}.", "values", repairs)
        axes = tuple(values.axes[place - 1] for place in self.order)
        sizes = tuple(values.sizes[place - 1] for place in self.order)
        return Shape(_RENAMED.get(axes, axes), sizes, values.dtype)

    def rule(self, values: Shape) -> tuple[SizeLine, ...]:
        return stays(self.infer(values), "the same sizes in another order")

    def build(self, values: Value) -> Expression:
        return values.permute(0, *self.order)


_RENAMED: dict[tuple[str, ...], tuple[str, ...]] = {("L", "C"): ("T", "D"), ("D", "T"): ("C", "L")}
"""What a person calls the axes after they were swapped."""


def _without(shape: Shape, at: int) -> tuple[Size, ...]:
    return (*shape.sizes[:at], *shape.sizes[at + 1 :])


def _holding(kind: str, sizes: tuple[int, ...], numbers: int) -> tuple[Suggestion, ...]:
    """The sizes that differ along one axis only and hold so many numbers, else all of them along the last axis."""
    for at in sorted(range(len(sizes)), key=lambda at: -sizes[at]):
        rest = prod(sizes[:at] + sizes[at + 1 :])
        if numbers % rest == 0 and numbers // rest:
            fitting = (*sizes[:at], numbers // rest, *sizes[at + 1 :])
            return (Assign("sizes", fitting, f"Set sizes to {shown(fitting)}"),)
    flat = (*(1 for _ in sizes[1:]), numbers)
    return (Assign("sizes", flat, f"Set sizes to {shown(flat)}"),)
