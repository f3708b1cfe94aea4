"""A mean whose shares are learned."""

import torch
from torch import Tensor, nn


class Blend(nn.Module):
    """The sum of the values, each times its share; the shares are the softmax of what is learned.

    count tensors that broadcast -> one tensor. It starts as the plain mean.
    """

    def __init__(self, count: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(count))

    def forward(self, *values: Tensor) -> Tensor:
        shares = self.weight.softmax(dim=0)
        total = shares[0] * values[0]
        for place, value in enumerate(values[1:], 1):
            total = total + shares[place] * value
        return total
