"""What makes one number of all along an axis."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from studio.core.axis import AxisName, named_axes, place_of, without
from studio.core.derivation import SizeLine, stays
from studio.core.node_class import Layer
from studio.core.problem import Assign, Mismatch
from studio.core.record import Expression, Value
from studio.core.shape import Shape, arriving, image, numbers, sequence, vector

FAMILY = "Combine & reshape"

Over = Literal["features", "length", "depth", "height", "width", "places", "all"]

PLAIN = "Plain arithmetic: there is nothing to cite."


class _Reduction(Layer):
    """What makes one number of all along some axes."""

    over: Annotated[Over, "axis that goes; places are all but features and channels, all leaves one number"] = (
        "features"
    )
    keep: Annotated[bool, "whether the axis stays, with a size of 1"] = False

    unsourced: ClassVar[str] = PLAIN
    examples: ClassVar = (
        (vector(5),),
        (image(3, 8, 9), {"over": "places"}),
        (image(3, "H", "W"), {"over": "features", "keep": True}),
        (sequence("T", 4), {"over": "length"}),
        (sequence(7, 4), {"over": "all"}),
        (Shape(("C", "Z", "H", "W"), (2, 5, 6, 7)), {"over": "depth"}),
    )

    def infer(self, values: Shape) -> Shape:
        places = self._places(values)
        if self.keep:
            return values.resized(*(1 if at in places else size for at, size in enumerate(values.sizes)))
        return without(values, *places)

    def rule(self, values: Shape) -> tuple[SizeLine, ...]:
        words = "as it arrives, and 1 for what is taken together" if self.keep else "what is not taken together"
        return stays(self.infer(values), words)

    def _places(self, values: Shape) -> tuple[int, ...]:
        """Positions of the axes that go. Raises Mismatch where there is none."""
        numbers(values, "values")
        if self.over not in ("places", "all"):
            return (place_of(values, self.over, "values", "over"),)
        kept = ("C", "D") if self.over == "places" else ()
        places = tuple(at for at, axis in enumerate(values.axes) if axis not in kept)
        if not places:
            repairs = tuple(Assign("over", name, f"Set over to {name}") for name in named_axes(values))
            raise Mismatch(f"There are no places to take together; {arriving(values)}.", "values", repairs)
        return places

    def _options(self, values: Value) -> dict[str, object]:
        """The axes as PyTorch counts them, and whether they stay."""
        places = tuple(1 + at for at in self._places(values.shape))
        dim: dict[str, object] = {"dim": places[0] if len(places) == 1 else places}
        return {**dim, "keepdim": True} if self.keep else dim


class SumOver(_Reduction):
    """Adds up all numbers along an axis."""

    synonyms: ClassVar[tuple[str, ...]] = ("sum", "add", "total", "reduce")
    formula: ClassVar[str] = r"y = \sum_i x_i"
    purpose: ClassVar[str] = "Takes everything along {over} together by adding it up: how much there is in all."
    trap: ClassVar[str] = "The sum grows with the number of places: a mean does not."

    def build(self, values: Value) -> Expression:
        return values.sum(**self._options(values))


class MeanOver(_Reduction):
    """The mean of all numbers along an axis."""

    synonyms: ClassVar[tuple[str, ...]] = ("mean", "average", "global average", "reduce", "pooling")
    formula: ClassVar[str] = r"y = \frac{1}{n} \sum_i x_i"
    purpose: ClassVar[str] = "Takes everything along {over} together, whatever its number is: how much on average."
    trap: ClassVar[str] = "One strong answer among many weak ones vanishes in the mean; a maximum keeps it."

    def build(self, values: Value) -> Expression:
        return values.mean(**self._options(values))


class MaxOver(_Reduction):
    """The largest number along an axis."""

    synonyms: ClassVar[tuple[str, ...]] = ("max", "maximum", "largest", "amax", "global max", "pointnet", "reduce")
    formula: ClassVar[str] = r"y = \max_i x_i"
    purpose: ClassVar[str] = "Asks whether anything along {over} answers strongly, wherever that is, as PointNet does."
    trap: ClassVar[str] = "Only the winner gets a gradient; where several are largest they share it."
    paper: ClassVar[str] = (
        "Qi et al. 2017, PointNet: Deep learning on point sets for 3D classification and segmentation "
        "https://arxiv.org/abs/1612.00593"
    )
    unsourced: ClassVar[str] = ""

    def build(self, values: Value) -> Expression:
        return values.amax(**self._options(values))


class MinOver(_Reduction):
    """The smallest number along an axis."""

    synonyms: ClassVar[tuple[str, ...]] = ("min", "minimum", "smallest", "amin", "nearest", "reduce")
    formula: ClassVar[str] = r"y = \min_i x_i"
    purpose: ClassVar[str] = "Finds the least along {over}, such as the distance to the nearest of several points."
    trap: ClassVar[str] = "Only the smallest gets a gradient; where several are smallest they share it."

    def build(self, values: Value) -> Expression:
        return values.amin(**self._options(values))


class ArgMax(Layer):
    """The place of the largest number along an axis, counted from 0: the class that was chosen."""

    axis: Annotated[AxisName, "axis that goes; features means channels as well"] = "features"

    synonyms: ClassVar[tuple[str, ...]] = ("argmax", "decision", "class", "label", "predict", "choose", "winner")
    formula: ClassVar[str] = r"y = \argmax_i x_i"
    purpose: ClassVar[str] = "Makes a decision of scores: the number of the largest along {axis}, as a label has it."
    trap: ClassVar[str] = "A decision has no slope: nothing before it learns through it. Losses want the scores."
    slide: ClassVar[str] = "MLP as function"
    examples: ClassVar = (
        (vector(10),),
        (image(5, "H", "W"),),
        (sequence("T", 7),),
        (sequence(6, 7), {"axis": "length"}),
        (image(5, 8, 9), {"axis": "width"}),
    )

    def infer(self, values: Shape) -> Shape:
        return without(values, place_of(numbers(values, "values"), self.axis, "values"), dtype="int")

    def rule(self, values: Shape) -> tuple[SizeLine, ...]:
        return stays(self.infer(values), f"as it arrives, without the {self.axis}")

    def build(self, values: Value) -> Expression:
        return values.argmax(dim=1 + place_of(values.shape, self.axis, "values"))
