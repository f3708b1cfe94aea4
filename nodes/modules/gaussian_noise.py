"""Normal noise that is added while training (Bishop 1995)."""

import torch
from torch import Tensor, nn


class GaussianNoise(nn.Module):
    """While training, adds to every number a normal one with mean 0 and this standard deviation.

    (batch, ...) -> (batch, ...)
    """

    def __init__(self, deviation: float = 0.1) -> None:
        super().__init__()
        self.deviation = deviation

    def forward(self, values: Tensor) -> Tensor:
        return values + self.deviation * torch.randn_like(values) if self.training else values
