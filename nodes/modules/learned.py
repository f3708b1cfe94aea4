"""Numbers that are learned and depend on no input."""

import torch
from torch import Tensor, nn


class LearnedTensor(nn.Module):
    """The same learned numbers for every sample.

    (batch, ...) -> (batch, *sizes)

    It starts normal with a deviation of 0.02, as class tokens do, or with zeros or ones.
    """

    def __init__(self, sizes: tuple[int, ...], start: str = "normal") -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(sizes) if start == "ones" else torch.zeros(sizes))
        if start == "normal":
            nn.init.normal_(self.weight, std=0.02)

    def forward(self, like: Tensor) -> Tensor:
        return self.weight.expand(like.shape[0], *self.weight.shape)
