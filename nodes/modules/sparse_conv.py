"""The convolution of LeNet-5 whose maps see only some of the maps before (LeCun et al. 1998, section II.B, table I)."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

C3_TABLE = (
    (0, 1, 2), (1, 2, 3), (2, 3, 4), (3, 4, 5), (0, 4, 5), (0, 1, 5),
    (0, 1, 2, 3), (1, 2, 3, 4), (2, 3, 4, 5), (0, 3, 4, 5), (0, 1, 4, 5), (0, 1, 2, 5),
    (0, 1, 3, 4), (1, 2, 4, 5), (0, 2, 3, 5), (0, 1, 2, 3, 4, 5),
)  # fmt: skip
"""For each of the 16 maps of C3 those of the 6 maps of S2 that it sees: 60 connections."""


class SparseConv2d(nn.Module):
    """Correlates each of 16 maps with a kernel of its own for every input map that the paper connects to it.

    (batch, 6, height, width) -> (batch, 16, height - kernel_size + 1, width - kernel_size + 1)

    Weights and biases start uniform within ±1 / √fan-in, as in torch.nn.Conv2d, with each map's own fan-in.
    """

    places: Tensor

    def __init__(self, kernel_size: int = 5) -> None:
        super().__init__()
        bounds = [1 / (kernel_size * len(inputs) ** 0.5) for inputs in C3_TABLE]
        self.weight = nn.Parameter(torch.empty(sum(map(len, C3_TABLE)), kernel_size, kernel_size))
        self.bias = nn.Parameter(torch.empty(len(C3_TABLE)))
        self.register_buffer("places", torch.tensor(_places()), persistent=False)
        with torch.no_grad():
            kernel_bounds = [bound for bound, inputs in zip(bounds, C3_TABLE, strict=True) for _ in inputs]
            self.weight.uniform_(-1, 1).mul_(torch.tensor(kernel_bounds)[:, None, None])
            self.bias.uniform_(-1, 1).mul_(torch.tensor(bounds))

    def forward(self, image: Tensor) -> Tensor:
        kernels = F.pad(self.weight, (0, 0, 0, 0, 0, 1))[self.places]  # (16, 6, k, k); the last kernel is zero
        return F.conv2d(image, kernels, self.bias)


def _places() -> list[list[int]]:
    """For each output map and input map the number of its kernel; the one behind the last where there is none."""
    count = sum(map(len, C3_TABLE))
    numbers = iter(range(count))
    return [[next(numbers) if channel in inputs else count for channel in range(6)] for inputs in C3_TABLE]
