"""The place of a hill of activity: the peak of the Gaussian of known width that fits best."""

import torch
from torch import Tensor, nn

ROUNDS = 6


class GaussianPeak(nn.Module):
    """Fits a·exp(-(i - d)² / width) to the answers of units i = 0, 1, … by least squares and answers d, within the row.

    (batch, units) -> (batch,)

    It begins at the unit round which the answers look most like the hill, and goes on by Gauss and Newton's method.
    """

    places: Tensor
    hills: Tensor
    """One at each unit, of length 1 (units, units)."""

    def __init__(self, units: int, width: float = 10.0) -> None:
        super().__init__()
        self.width = width
        places = torch.arange(float(units))
        hills = torch.exp(-(places - places.unsqueeze(1)).square() / width)
        self.register_buffer("places", places, persistent=False)
        self.register_buffer("hills", hills / hills.norm(dim=1, keepdim=True), persistent=False)

    def forward(self, answers: Tensor) -> Tensor:
        answers = answers.float()
        peak = (answers.unsqueeze(1) * self.hills).sum(dim=2).argmax(dim=1, keepdim=True).float()
        for _ in range(ROUNDS):
            across = self.places - peak  # (batch, units)
            hill = torch.exp(-across.square() / self.width)
            height = (answers * hill).sum(1, keepdim=True) / hill.square().sum(1, keepdim=True)
            slope = height.clamp(min=1e-6) * hill * across * 2 / self.width
            step = ((answers - height * hill) * slope).sum(1, keepdim=True) / slope.square().sum(1, keepdim=True)
            peak = (peak + step.clamp(-1, 1)).clamp(0, len(self.places) - 1)
        return peak.squeeze(1)
