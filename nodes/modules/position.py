"""Where tokens stand, as numbers beside or added to their features (Vaswani et al. 2017, section 3.5)."""

import math

import torch
from torch import Tensor, nn


def joined(sequence: Tensor, places: Tensor, join: str) -> Tensor:
    """(batch, tokens, features) and (tokens, features) -> the sum, or both side by side."""
    if join == "add":
        return sequence + places
    return torch.cat((sequence, places.expand(sequence.shape[0], -1, -1)), dim=2)


class SinusoidalPositions(nn.Module):
    """Sine at even features and cosine at odd ones, of wavelengths from 2π to 2π base tokens.

    (batch, tokens, features) -> the same, or twice the features where ``join`` is concatenate
    """

    def __init__(self, features: int, base: float = 10000.0, join: str = "add") -> None:
        super().__init__()
        self.features, self.base, self.join = features, base, join

    def forward(self, sequence: Tensor) -> Tensor:
        even = torch.arange(0, self.features, 2, device=sequence.device, dtype=sequence.dtype)
        steps = torch.arange(sequence.shape[1], device=sequence.device, dtype=sequence.dtype)
        angles = steps[:, None] * torch.exp(even * (-math.log(self.base) / self.features))
        waves = torch.stack((angles.sin(), angles.cos()), dim=2).flatten(1)  # (tokens, features or one more)
        return joined(sequence, waves[:, : self.features], self.join)


class LearnedPositions(nn.Module):
    """A learned row of features for each place.

    (batch, tokens, features) -> the same, or twice the features where ``join`` is concatenate
    """

    def __init__(self, longest: int, features: int, join: str = "add") -> None:
        super().__init__()
        self.join = join
        self.weight = nn.Parameter(torch.empty(longest, features))
        nn.init.normal_(self.weight, std=0.02)

    def forward(self, sequence: Tensor) -> Tensor:
        return joined(sequence, self.weight[: sequence.shape[1]], self.join)
