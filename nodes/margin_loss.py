"""Losses that want a score on the right side of a border, or of another score."""

from __future__ import annotations

from typing import Annotated, ClassVar

from nodes.joining import met
from nodes.loss import ALIKE, MeanOfNumbers, check_alike
from studio.core.declaration import NotNegative
from studio.core.node_class import Loss
from studio.core.record import Expression, Value, nn
from studio.core.shape import LOSS, NUMBER, Shape, sequence, vector

FAMILY = "Loss & metrics"


class SoftMargin(Loss):
    """The logistic loss of scores whose target is 1 or -1: binary cross-entropy in the words of support vectors."""

    reduction: MeanOfNumbers = "mean"

    synonyms: ClassVar[tuple[str, ...]] = ("logistic loss", "two classes", "binary", "boosting", "svm")
    formula: ClassVar[str] = r"\log(1 + \exp(-t y))"
    purpose: ClassVar[str] = (
        "For two classes called 1 and -1: a score of the right sign costs little, one of the wrong sign as much as it "
        "is large."
    )
    trap: ClassVar[str] = "The target is 1 or -1, not 1 or 0; with 1 and 0 it is binary cross-entropy."
    paper: ClassVar[str] = (
        "Friedman et al. 2000, Additive logistic regression: a statistical view of boosting "
        "https://doi.org/10.1214/aos/1016218223"
    )
    examples: ClassVar = (*ALIKE, (vector(5), vector(5), {"reduction": "sum"}))

    def infer(self, prediction: Shape, target: Shape) -> Shape:
        return check_alike(prediction, target)

    def build(self, prediction: Value, target: Value) -> Expression:
        return nn.SoftMarginLoss(**self.options("reduction"))


class MarginRanking(Loss):
    """Wants the first score above the second where the target is 1, and below it where it is -1."""

    reduction: MeanOfNumbers = "mean"
    margin: Annotated[NotNegative, "how far above"] = 0.0

    synonyms: ClassVar[tuple[str, ...]] = ("ranking", "order", "preference", "learning to rank", "pair", "search")
    formula: ClassVar[str] = r"\max(0, -t (y_1 - y_2) + m)"
    purpose: ClassVar[str] = (
        "Learns an order from pairs: which of two answers people prefer, which of two pages fits a question better. "
        "The scores themselves may be anything."
    )
    trap: ClassVar[str] = "With a margin of 0 equal scores for all cost nothing: the network may learn just that."
    paper: ClassVar[str] = (
        "Joachims 2002, Optimizing search engines using clickthrough data https://doi.org/10.1145/775047.775067"
    )
    examples: ClassVar = (
        (NUMBER, NUMBER, NUMBER),
        (vector(5), vector(5), vector(5), {"margin": 0.5, "reduction": "sum"}),
        (sequence("T", 4), sequence("T", 4), sequence("T", 4)),
    )

    def infer(self, first: Shape, second: Shape, target: Shape) -> Shape:
        met(first, second, ("first", "second"), stretch=False)
        met(first, target, ("first", "target"), stretch=False)
        return LOSS

    def build(self, first: Value, second: Value, target: Value) -> Expression:
        return nn.MarginRankingLoss(**self.options("margin", "reduction"))
