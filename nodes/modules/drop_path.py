"""Stochastic depth (Huang et al. 2016): samples that skip a path while training."""

import torch
from torch import Tensor, nn


class DropPath(nn.Module):
    """While training, sets whole samples to zero with probability p and divides the others by 1 - p.

    (batch, ...) -> (batch, ...)
    """

    def __init__(self, p: float = 0.1) -> None:
        super().__init__()
        self.p = p

    def forward(self, values: Tensor) -> Tensor:
        if not self.training or self.p == 0:
            return values
        kept = torch.rand(len(values), *[1] * (values.dim() - 1), device=values.device) >= self.p
        return values * kept / (1 - self.p)
