"""What says how far the numbers along an axis lie apart, and how large they are together."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from nodes.reduction import _Reduction
from studio.core.problem import Assign, Mismatch
from studio.core.record import Expression, Value, torch
from studio.core.shape import Shape

FAMILY = "Combine & reshape"


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
