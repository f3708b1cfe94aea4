"""What computes with values that meet number by number."""

from __future__ import annotations

from typing import ClassVar

from nodes.joining import met, stretched
from studio.core.derivation import Labels, SizeLine, stays
from studio.core.node_class import Layer, WeightShapes
from studio.core.record import Expression, Value, modules, torch
from studio.core.shape import Shape, image, sequence, vector

FAMILY = "Combine & reshape"

PAIRS = (
    (vector(5), vector(5)),
    (image(6, 8, 8), image(6, 1, 1)),
    (sequence("T", 4), sequence("T", 4)),
    (sequence("T", 1), sequence("T", 4)),
)
SEVERAL = (
    (image(6, 8, 8), image(6, 8, 8)),
    (vector(5), vector(5), vector(5)),
    (sequence("T", 4), sequence("T", 1)),
    (vector(5),),
)
STRETCHED = "the same for all; a size of 1 is stretched"


class _Several(Layer):
    """What makes one number of those that stand at the same place of all values."""

    examples: ClassVar = SEVERAL

    def infer(self, *values: Shape) -> Shape:
        return stretched(values)

    def rule(self, *values: Shape) -> tuple[SizeLine, ...]:
        return stays(self.infer(*values), STRETCHED)


class Subtract(Layer):
    """Takes the second value from the first, number by number; a size of 1 is stretched to the size it meets."""

    synonyms: ClassVar[tuple[str, ...]] = ("minus", "difference", "sub", "residual", "error")
    formula: ClassVar[str] = r"y = x_1 - x_2"
    purpose: ClassVar[str] = (
        "What one value has and the other lacks: the error of an answer, what changed between two frames, a value "
        "without its mean."
    )
    trap: ClassVar[str] = "The order counts: turned round, every sign turns."
    unsourced: ClassVar[str] = "Plain arithmetic: there is nothing to cite."
    examples: ClassVar = PAIRS

    def infer(self, first: Shape, second: Shape) -> Shape:
        return met(first, second, ("first", "second"))

    def rule(self, first: Shape, second: Shape) -> tuple[SizeLine, ...]:
        return stays(self.infer(first, second), STRETCHED)

    def build(self, first: Value, second: Value) -> Expression:
        return first - second


class Divide(Layer):
    """Divides the first value by the second, number by number; a size of 1 is stretched to the size it meets."""

    synonyms: ClassVar[tuple[str, ...]] = ("quotient", "ratio", "over", "div", "normalise")
    formula: ClassVar[str] = r"y = \frac{x_1}{x_2}"
    purpose: ClassVar[str] = "Makes one value a share of another, as when features are divided by their length."
    trap: ClassVar[str] = "Where the second value reaches zero the answer is infinite: add a small constant before."
    unsourced: ClassVar[str] = "Plain arithmetic: there is nothing to cite."
    examples: ClassVar = PAIRS

    def infer(self, first: Shape, second: Shape) -> Shape:
        return met(first, second, ("first", "second"))

    def rule(self, first: Shape, second: Shape) -> tuple[SizeLine, ...]:
        return stays(self.infer(first, second), STRETCHED)

    def build(self, first: Value, second: Value) -> Expression:
        return first / second


class Maximum(_Several):
    """Keeps the largest number of those that stand at the same place of all values."""

    synonyms: ClassVar[tuple[str, ...]] = ("max", "largest", "maxout", "or", "union")
    formula: ClassVar[str] = r"y = \max(x_1, x_2, \dots)"
    purpose: ClassVar[str] = (
        "Lets the strongest of several branches speak at every place; of linear branches it makes a bent function, "
        "which is called maxout."
    )
    trap: ClassVar[str] = "Only the winner gets a gradient: a branch that never wins never learns."
    paper: ClassVar[str] = "Goodfellow et al. 2013, Maxout networks https://arxiv.org/abs/1302.4389"

    def build(self, *values: Value) -> Expression:
        found: Expression = values[0]
        for value in values[1:]:
            found = torch.maximum(found, value)
        return found


class Minimum(_Several):
    """Keeps the smallest number of those that stand at the same place of all values."""

    synonyms: ClassVar[tuple[str, ...]] = ("min", "smallest", "least", "and", "intersection")
    formula: ClassVar[str] = r"y = \min(x_1, x_2, \dots)"
    purpose: ClassVar[str] = "Lets the most careful of several branches speak at every place, as a logical and does."
    trap: ClassVar[str] = "Only the smallest gets a gradient: the others do not learn from this sample."
    unsourced: ClassVar[str] = "Plain arithmetic: there is nothing to cite."

    def build(self, *values: Value) -> Expression:
        found: Expression = values[0]
        for value in values[1:]:
            found = torch.minimum(found, value)
        return found


class Average(_Several):
    """The mean of all values, number by number: an ensemble votes so."""

    synonyms: ClassVar[tuple[str, ...]] = ("mean", "ensemble", "vote", "mean of inputs", "avg")
    formula: ClassVar[str] = r"y = \frac{1}{n} \sum_i x_i"
    purpose: ClassVar[str] = (
        "Asks several networks or branches and believes their mean: where their errors differ they cancel out."
    )
    trap: ClassVar[str] = "The mean of probabilities is not the softmax of the mean of scores."
    slide: ClassVar[str] = "Summary tables"

    def build(self, *values: Value) -> Expression:
        total: Expression = values[0]
        for value in values[1:]:
            total = total + value
        return total / len(values) if len(values) > 1 else total


class Blend(_Several):
    """Mixes values by shares that are learned and sum to one."""

    synonyms: ClassVar[tuple[str, ...]] = ("mix", "weighted sum", "weighted average", "fusion", "bifpn", "lerp")
    formula: ClassVar[str] = r"y = \sum_i \softmax(a)_i x_i"
    purpose: ClassVar[str] = (
        "Learns how much each branch counts: one number for each value, softmax makes shares of them. It starts with "
        "all alike."
    )
    trap: ClassVar[str] = "The shares are the same for all samples and places; let a Gate decide for each."
    learned: ClassVar[Labels] = {"weight": ("shares",)}
    paper: ClassVar[str] = (
        "Tan et al. 2020, EfficientDet: Scalable and efficient object detection https://arxiv.org/abs/1911.09070"
    )

    def weights(self, *values: Shape) -> WeightShapes:
        return {"weight": (len(values),)}

    def build(self, *values: Value) -> Expression:
        return modules.blend.Blend(len(values))


class Gate(Layer):
    """Lets as much of a value pass as the gate says: near 0 it is shut, near 1 open."""

    synonyms: ClassVar[tuple[str, ...]] = ("sigmoid", "gated", "glu", "attention gate", "switch", "multiply")
    formula: ClassVar[str] = r"y = x \odot \sigma(g)"
    purpose: ClassVar[str] = (
        "A second branch decides number by number what passes. The logistic function keeps the decision between 0 "
        "and 1, as in LSTM, GRU and squeeze-and-excitation."
    )
    trap: ClassVar[str] = "It applies the logistic function itself: feed the gate scores, not a Sigmoid."
    paper: ClassVar[str] = (
        "Dauphin et al. 2017, Language modeling with gated convolutional networks https://arxiv.org/abs/1612.08083"
    )
    slide: ClassVar[str] = "LSTM"
    examples: ClassVar = (*PAIRS, (image(6, 8, 8), image(1, 8, 8)))

    def infer(self, values: Shape, gate: Shape) -> Shape:
        return met(values, gate, ("values", "gate"))

    def rule(self, values: Shape, gate: Shape) -> tuple[SizeLine, ...]:
        return stays(self.infer(values, gate), STRETCHED)

    def build(self, values: Value, gate: Value) -> Expression:
        return values * torch.sigmoid(gate)
