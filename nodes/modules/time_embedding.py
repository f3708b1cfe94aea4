"""A moment as numbers that a network can compute with: waves of many lengths (Vaswani et al. 2017; Ho et al. 2020)."""

import math

import torch
from torch import Tensor, nn


class TimeEmbedding(nn.Module):
    """The sines, then the cosines, of time at features / 2 frequencies, from 1 down towards 1 / base.

    (batch,) -> (batch, features)
    """

    frequencies: Tensor

    def __init__(self, features: int, base: float = 10000.0) -> None:
        super().__init__()
        half = features // 2
        frequencies = torch.exp(torch.arange(half) * (-math.log(base) / half))
        self.register_buffer("frequencies", frequencies, persistent=False)

    def forward(self, time: Tensor) -> Tensor:
        angles = time.float().unsqueeze(1) * self.frequencies
        return torch.cat((angles.sin(), angles.cos()), dim=1)
