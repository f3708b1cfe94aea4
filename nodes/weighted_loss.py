"""How much a loss counts beside the others of an objective."""

from __future__ import annotations

from typing import Annotated, ClassVar

from studio.core.declaration import NotNegative
from studio.core.node_class import Loss
from studio.core.problem import Mismatch
from studio.core.record import Expression, Value
from studio.core.shape import LOSS, Shape, arriving

FAMILY = "Loss & metrics"


class WeightedLoss(Loss):
    """Lets a loss count more or less than the others: an objective adds up all losses that lead nowhere else."""

    weight: Annotated[NotNegative, "how much it counts; 1 changes nothing"] = 0.3

    synonyms: ClassVar[tuple[str, ...]] = ("scale", "factor", "lambda", "auxiliary", "multi-task", "sum of losses")
    formula: ClassVar[str] = r"\lambda L"
    purpose: ClassVar[str] = (
        "Where a network learns several things at once, says how much this one counts: {weight} times. The gradient "
        "is that of the loss, as many times."
    )
    trap: ClassVar[str] = (
        "Losses are of different sizes by nature, so equal weights are not equal shares: look at the curves."
    )
    paper: ClassVar[str] = "Szegedy et al. 2015, Going deeper with convolutions https://arxiv.org/abs/1409.4842"
    slide: ClassVar[str] = "Multi-task learning"
    examples: ClassVar = ((LOSS,), (LOSS, {"weight": 2.5}), (LOSS, {"weight": 0.0}))

    def infer(self, loss: Shape) -> Shape:
        if loss.batched:
            raise Mismatch(f"This weighs a loss; {arriving(loss)}.", "loss")
        return LOSS

    def build(self, loss: Value) -> Expression:
        return loss * self.weight
