"""Cross-entropy in which each class counts by the reciprocal of how often it occurs."""

import torch
from torch import Tensor, nn


class BalancedCrossEntropy(nn.CrossEntropyLoss):
    """Cross-entropy whose class weights are set once the classes have been counted; until then all are 1.

    Scores (batch, classes, ...) and class numbers (batch, ...) -> ()
    """

    weight: Tensor

    def __init__(self, classes: int, label_smoothing: float = 0.0, reduction: str = "mean") -> None:
        super().__init__(torch.ones(classes), label_smoothing=label_smoothing, reduction=reduction)

    def weigh(self, counts: Tensor) -> None:
        """Let a class of c samples of n weigh n / (classes · c), so that the mean over samples is 1; no class is 0."""
        self.weight.copy_(counts.sum() / (len(counts) * counts.clamp(min=1)))
