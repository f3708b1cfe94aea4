"""Figures of what a generator makes: how many kinds of it, how sure a classifier is of them."""

import math

import torch
from torch import Tensor, nn


class ModesCovered(nn.Module):
    """On how many of the points spread evenly over a circle enough of the generated ones lie.

    It answers for the batch; in evaluation it also counts on, and ``compute`` answers for all batches since ``reset``.

    (batch, 2) -> ()
    """

    centres: Tensor
    counts: Tensor
    """Points near each centre, and all of them (groups + 1)."""

    def __init__(self, groups: int, radius: float, reach: float, least: float) -> None:
        super().__init__()
        self.reach, self.least = reach, least
        angles = torch.arange(groups) * (2 * math.pi / groups)
        centres = radius * torch.stack([angles.cos(), angles.sin()], dim=1)
        self.register_buffer("centres", centres, persistent=False)
        self.register_buffer("counts", torch.zeros(groups + 1), persistent=False)

    def reset(self) -> None:
        self.counts.zero_()

    def forward(self, points: Tensor) -> Tensor:
        near = (torch.cdist(points.float(), self.centres) <= self.reach).sum(dim=0).float()
        counts = torch.cat([near, near.new_tensor([len(points)])])
        if not self.training:
            self.counts += counts
        return self._covered(counts)

    def compute(self) -> Tensor:
        return self._covered(self.counts)

    def _covered(self, counts: Tensor) -> Tensor:
        return (counts[:-1] >= (self.least * counts[-1]).clamp(min=1)).sum().float()


class InceptionScore(nn.Module):
    """The exponential of how far a sample's class probabilities are from the mean of all (Salimans et al. 2016).

    It answers for the batch; in evaluation it also counts on, and ``compute`` answers for all batches since ``reset``.

    Scores of classes (batch, classes) -> ()
    """

    sums: Tensor
    """Of the probabilities, of p log p, and how many samples there are (classes + 2)."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.register_buffer("sums", torch.zeros(classes + 2), persistent=False)

    def reset(self) -> None:
        self.sums.zero_()

    def forward(self, scores: Tensor) -> Tensor:
        logs = scores.float().log_softmax(dim=1)
        known = (logs.exp() * logs).sum()
        sums = torch.cat([logs.exp().sum(dim=0), torch.stack([known, known.new_tensor(len(scores))])])
        if not self.training:
            self.sums += sums
        return self._score(sums)

    def compute(self) -> Tensor:
        return self._score(self.sums)

    def _score(self, sums: Tensor) -> Tensor:
        *_, known, count = sums
        mean = sums[:-2] / count
        score: Tensor = (known / count - (mean * mean.clamp(min=1e-12).log()).sum()).exp()
        return score
