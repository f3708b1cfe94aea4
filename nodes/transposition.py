"""What swaps axes."""

from __future__ import annotations

from typing import Annotated, ClassVar

from studio.core.axis import AxisName, named_axes, place_of
from studio.core.derivation import SizeLine, stays
from studio.core.node_class import Layer
from studio.core.problem import Assign, Mismatch
from studio.core.record import Expression, Value
from studio.core.shape import Shape, describe, image, numbers, sequence

FAMILY = "Combine & reshape"


class Transpose(Layer):
    """Swaps two axes: rows and columns of an image, tokens and features of a sequence."""

    first: Annotated[AxisName, "one of the two axes; features means channels as well"] = "length"
    second: Annotated[AxisName, "the other one"] = "features"

    synonyms: ClassVar[tuple[str, ...]] = ("swap", "permute", "turn", "matrix", "axes")
    formula: ClassVar[str] = r"y_{j,i} = x_{i,j}"
    purpose: ClassVar[str] = (
        "Swaps {first} and {second}, so that layers which work along one axis work along the other, as MLP-Mixer does "
        "with tokens."
    )
    trap: ClassVar[str] = "Twice it is as before; Reshape to the same sizes mixes the numbers up instead."
    paper: ClassVar[str] = (
        "Tolstikhin et al. 2021, MLP-Mixer: An all-MLP architecture for vision https://arxiv.org/abs/2105.01601"
    )
    examples: ClassVar = (
        (sequence(7, 4),),
        (sequence("T", 4),),
        (Shape(("C", "L"), (4, 9)),),
        (image(3, 8, 9), {"first": "height", "second": "width"}),
        (image(3, 8, 9), {"first": "features", "second": "width"}),
    )

    def infer(self, values: Shape) -> Shape:
        one, two = self._places(numbers(values, "values"))
        axes, sizes = list(values.axes), list(values.sizes)
        axes[one], axes[two] = axes[two], axes[one]
        sizes[one], sizes[two] = sizes[two], sizes[one]
        return Shape(_SWAPPED.get(tuple(axes), tuple(axes)), tuple(sizes))

    def rule(self, values: Shape) -> tuple[SizeLine, ...]:
        return stays(self.infer(values), "the same sizes in another order")

    def build(self, values: Value) -> Expression:
        one, two = self._places(values.shape)
        return values.transpose(1 + one, 1 + two)

    def _places(self, values: Shape) -> tuple[int, int]:
        """Positions of both axes. Raises Mismatch where one is missing, or both are the same."""
        if self.first == self.second:
            others = [name for name in named_axes(values) if name != self.first]
            repairs = tuple(Assign("second", name, f"Set second to {name}") for name in others)
            message = f"Swapping the {self.first} of {describe(values)} with itself changes nothing."
            raise Mismatch(message, "values", repairs)
        return place_of(values, self.first, "values", "first"), place_of(values, self.second, "values", "second")


_SWAPPED: dict[tuple[str, ...], tuple[str, ...]] = {
    ("L", "C"): ("T", "D"),
    ("D", "T"): ("C", "L"),
    ("C", "W", "H"): ("C", "H", "W"),
}
"""What a person calls the axes after they were swapped."""
