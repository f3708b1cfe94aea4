"""Division by the length, and a scale for each channel that is learned (Liu et al. 2015, ParseNet)."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class L2Norm(nn.Module):
    """Gives the vectors along one axis length 1 and multiplies each of their numbers by a scale that is learned.

    (batch, channels, ...) -> (batch, channels, ...); with ``dim=-1`` the vectors lie along the last axis.
    """

    def __init__(self, channels: int, scale: float = 20.0, dim: int = 1) -> None:
        super().__init__()
        self.dim = dim
        self.weight = nn.Parameter(torch.full((channels,), scale))

    def forward(self, values: Tensor) -> Tensor:
        behind = 0 if self.dim == -1 else values.dim() - self.dim - 1
        return F.normalize(values, dim=self.dim) * self.weight.reshape(-1, *[1] * behind)
