"""Precision, recall and F1 as means over classes."""

import torch.nn.functional as F
from torch import Tensor, nn


class MacroScore(nn.Module):
    """Counts class by class and takes the mean over those that occur or were answered, each counting alike.

    Class numbers that were answered and those that are right, both (batch, ...) -> ()
    """

    def __init__(self, classes: int, measure: str) -> None:
        super().__init__()
        self.classes, self.measure = classes, measure

    def forward(self, answers: Tensor, labels: Tensor) -> Tensor:
        answered = F.one_hot(answers.flatten(), self.classes).float()  # (samples, classes)
        present = F.one_hot(labels.flatten(), self.classes).float()
        right, taken, are = (answered * present).sum(dim=0), answered.sum(dim=0), present.sum(dim=0)
        whole = {"precision": taken, "recall": are, "f1": (taken + are) / 2}[self.measure]
        known = (taken + are > 0).float()
        return (known * right / whole.clamp(min=0.5)).sum() / known.sum()
