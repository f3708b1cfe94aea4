"""Channels weighed by what the whole image holds (Hu et al. 2018, Squeeze-and-excitation networks)."""

import torch
from torch import Tensor, nn


class SqueezeExcitation(nn.Module):
    """Multiplies each channel by a gate that two 1 × 1 convolutions compute of the means of all channels.

    (batch, channels, height, width) -> (batch, channels, height, width)

    ``activation`` and ``gate`` name classes of torch.nn. Weights have the names that they have in torchvision.
    """

    def __init__(self, channels: int, squeeze: int, activation: str = "ReLU", gate: str = "Sigmoid") -> None:
        super().__init__()
        self.fc1 = nn.Conv2d(channels, squeeze, 1)
        self.fc2 = nn.Conv2d(squeeze, channels, 1)
        self.activation = {"ReLU": nn.ReLU, "SiLU": nn.SiLU}[activation]()
        self.gate = {"Sigmoid": nn.Sigmoid, "Hardsigmoid": nn.Hardsigmoid}[gate]()

    def forward(self, image: Tensor) -> Tensor:
        means = torch.mean(image, dim=(2, 3), keepdim=True)  # (batch, channels, 1, 1)
        gates: Tensor = self.gate(self.fc2(self.activation(self.fc1(means))))
        return image * gates
