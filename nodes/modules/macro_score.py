"""Precision, recall, F1 and IoU as means over classes, of a batch or of all batches of a part."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class MacroScore(nn.Module):
    """Counts class by class and takes the mean over those that occur or were answered, each counting alike.

    It answers for the batch; in evaluation it also counts on, and ``compute`` answers for all batches since ``reset``.

    Class numbers that were answered and those that are right, both (batch, ...) -> ()
    """

    counts: Tensor
    """Of each class (3, classes): right, answered, present."""

    def __init__(self, classes: int, measure: str) -> None:
        super().__init__()
        self.classes, self.measure = classes, measure
        self.register_buffer("counts", torch.zeros(3, classes), persistent=False)

    def reset(self) -> None:
        self.counts.zero_()

    def forward(self, answers: Tensor, labels: Tensor) -> Tensor:
        answered = F.one_hot(answers.flatten(), self.classes).float()  # (samples, classes)
        present = F.one_hot(labels.flatten(), self.classes).float()
        counts = torch.stack([(answered * present).sum(dim=0), answered.sum(dim=0), present.sum(dim=0)])
        if not self.training:
            self.counts += counts
        return self._score(counts)

    def compute(self) -> Tensor:
        return self._score(self.counts)

    def _score(self, counts: Tensor) -> Tensor:
        right, taken, are = counts
        wholes = {"precision": taken, "recall": are, "f1": (taken + are) / 2, "iou": taken + are - right}
        known = (taken + are > 0).float()
        score: Tensor = (known * right / wholes[self.measure].clamp(min=0.5)).sum() / known.sum()
        return score
