"""How far two clouds of samples are apart by the means of many waves over them (Gretton et al. 2012)."""

import torch
from torch import Tensor, nn


class MeanDiscrepancy(nn.Module):
    """The maximum mean discrepancy with a Gaussian kernel of this width, by random waves (Rahimi & Recht 2007).

    Two batches (batch, ...) -> ()

    It answers for the batch; in evaluation it also counts, and ``compute`` answers for all batches since ``reset``.
    """

    sums: Tensor
    """Of the cosines and sines of all waves over either cloud (2, waves, 2)."""
    count: Tensor

    def __init__(self, features: int, width: float = 0.5, waves: int = 256) -> None:
        super().__init__()
        directions = torch.randn(features, waves, generator=torch.Generator().manual_seed(0))
        self.waves = directions / width  # always the same ones, and nothing that is counted
        self.register_buffer("sums", torch.zeros(2, waves, 2), persistent=False)
        self.register_buffer("count", torch.zeros(()), persistent=False)

    def reset(self) -> None:
        self.sums.zero_()
        self.count.zero_()

    def forward(self, made: Tensor, real: Tensor) -> Tensor:
        sums = torch.stack((self._summed(made), self._summed(real)))
        if not self.training:
            self.sums += sums
            self.count += len(made)
        return self._apart(sums / len(made))

    def compute(self) -> Tensor:
        return self._apart(self.sums / self.count.clamp(min=1))

    def _summed(self, cloud: Tensor) -> Tensor:
        phases = cloud.flatten(1).float() @ self.waves.to(cloud.device)
        return torch.stack((phases.cos().sum(dim=0), phases.sin().sum(dim=0)), dim=1)

    @staticmethod
    def _apart(means: Tensor) -> Tensor:
        return (means[0] - means[1]).square().sum(dim=1).mean().sqrt()
