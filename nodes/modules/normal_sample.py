"""A draw from a normal distribution through which gradients pass (Kingma & Welling 2014)."""

import torch
from torch import Tensor, nn


class NormalSample(nn.Module):
    """While training, mean plus deviation times standard normal noise; otherwise the mean.

    Mean and log variance, both (batch, ...) -> the same
    """

    def forward(self, mean: Tensor, log_variance: Tensor) -> Tensor:
        if not self.training:
            return mean
        return mean + (0.5 * log_variance).exp() * torch.randn_like(mean)
