"""Labels that are hidden at random while training, so that a network also learns to do without (Ho & Salimans 2022)."""

import torch
from torch import Tensor, nn


class DropLabel(nn.Module):
    """While training, replaces labels with probability p by the number behind the last class, which means none.

    (batch,) -> (batch,)
    """

    def __init__(self, classes: int, p: float = 0.1) -> None:
        super().__init__()
        self.classes, self.p = classes, p

    def forward(self, label: Tensor) -> Tensor:
        if not self.training:
            return label
        hidden = torch.rand(label.shape, device=label.device) < self.p
        return label.masked_fill(hidden, self.classes)
