"""What makes one number of all along an axis."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from studio.core.axis import AxisName, named_axes, place_of, without
from studio.core.derivation import SizeLine, stays
from studio.core.node_class import Layer
from studio.core.problem import Assign, Mismatch
from studio.core.record import Expression, Value, torch
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


class _Spread(_Reduction):
    """How far numbers lie from their mean."""

    unbiased: Annotated[bool, "divides by n - 1, as estimates from samples do; else by n, as normalisations do"] = False

    def infer(self, values: Shape) -> Shape:
        sizes = [values.sizes[at] for at in self._places(values)]
        if self.unbiased and all(size == 1 for size in sizes):
            repairs = (Assign("unbiased", False, "Divide by n"),)
            raise Mismatch("Of one number alone no spread can be estimated.", "values", repairs)
        return super().infer(values)

    def _spread(self, values: Value) -> dict[str, object]:
        return {**self._options(values), "correction": int(self.unbiased)}


class VarianceOver(_Spread):
    """The mean squared distance from the mean along an axis."""

    synonyms: ClassVar[tuple[str, ...]] = ("var", "spread", "second moment", "statistics", "reduce")
    formula: ClassVar[str] = r"y = \frac{1}{n} \sum_i (x_i - \bar{x})^2"
    purpose: ClassVar[str] = "Says how much the numbers along {over} differ from one another."
    trap: ClassVar[str] = (
        "PyTorch's own default divides by n - 1, batch and layer normalisation by n, the default here."
    )
    slide: ClassVar[str] = "Batch normalisation"
    unsourced: ClassVar[str] = ""

    def build(self, values: Value) -> Expression:
        return values.var(**self._spread(values))


class DeviationOver(_Spread):
    """The standard deviation along an axis: the root of the variance, in the unit of the numbers."""

    synonyms: ClassVar[tuple[str, ...]] = ("std", "standard deviation", "spread", "minibatch", "reduce")
    formula: ClassVar[str] = r"y = \sqrt{\frac{1}{n} \sum_i (x_i - \bar{x})^2}"
    purpose: ClassVar[str] = "Says how far the numbers along {over} lie from their mean, in their own unit."
    trap: ClassVar[str] = "Where all numbers are equal it has no slope: the gradient there is not a number."
    slide: ClassVar[str] = "Layer norm"
    unsourced: ClassVar[str] = ""

    @classmethod
    def title(cls) -> str:
        return "Standard deviation over"

    def build(self, values: Value) -> Expression:
        return values.std(**self._spread(values))


class LogSumExpOver(_Reduction):
    """The logarithm of the sum of exponentials along an axis: a soft maximum."""

    synonyms: ClassVar[tuple[str, ...]] = ("logsumexp", "soft maximum", "softmax", "partition", "energy", "reduce")
    formula: ClassVar[str] = r"y = \log \sum_i \exp(x_i)"
    purpose: ClassVar[str] = (
        "A maximum along {over} with a gradient for all: what softmax subtracts from a score to make it a log "
        "probability."
    )
    trap: ClassVar[str] = "It lies above the maximum, by up to log n where all are equal."
    slide: ClassVar[str] = "Classification output"
    unsourced: ClassVar[str] = ""

    @classmethod
    def title(cls) -> str:
        return "Log-sum-exp over"

    def build(self, values: Value) -> Expression:
        return values.logsumexp(**self._options(values))


class NormOver(_Reduction):
    """The length of the numbers along an axis, taken as a vector."""

    order: Annotated[Literal["L1", "L2", "max"], "sum of sizes, root of the sum of squares, or largest size"] = "L2"

    synonyms: ClassVar[tuple[str, ...]] = ("norm", "length", "l1", "l2", "euclidean", "magnitude", "reduce")
    formula: ClassVar[str] = r"y = \norm{x}_p"
    purpose: ClassVar[str] = "Says how long the vector along {over} is, by the norm {order}."
    trap: ClassVar[str] = "Divided by it a vector keeps its direction only; at zero there is none."

    def build(self, values: Value) -> Expression:
        order = {"L1": {"ord": 1.0}, "L2": {}, "max": {"ord": float("inf")}}[self.order]
        return torch.linalg.vector_norm(values, **order, **self._options(values))


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
