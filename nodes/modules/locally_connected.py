"""Local receptive fields without shared weights (LeCun 1989, Generalization and network design strategies)."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class LocallyConnected2d(nn.Module):
    """Correlates every window of an image with kernels of its own, and adds biases of its own.

    (batch, channels, *size) -> (batch, filters, *places), where ``places`` are those that the window finds

    Weights and biases start uniform within ±1 / √fan-in, as in torch.nn.Conv2d; with the same kernels and biases at
    every place it is that layer.
    """

    def __init__(
        self,
        channels: int,
        filters: int,
        size: tuple[int, int],
        kernel_size: tuple[int, int],
        stride: tuple[int, int] = (1, 1),
        padding: tuple[int, int] = (0, 0),
        bias: bool = True,  # noqa: FBT001, FBT002  # in the order and by the names of torch.nn.Conv2d
    ) -> None:
        super().__init__()
        self.kernel_size, self.stride, self.padding = kernel_size, stride, padding
        axes = zip(size, kernel_size, stride, padding, strict=True)
        places = [(side + 2 * pad - window) // step + 1 for side, window, step, pad in axes]
        bound = 1 / (channels * kernel_size[0] * kernel_size[1]) ** 0.5
        weight = torch.empty(*places, filters, channels, *kernel_size)
        self.weight = nn.Parameter(weight.uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.empty(filters, *places).uniform_(-bound, bound)) if bias else None

    def forward(self, image: Tensor) -> Tensor:
        windows = F.unfold(image, self.kernel_size, padding=self.padding, stride=self.stride)
        kernels = self.weight.flatten(3).flatten(0, 1)  # (places, filters, numbers of a window)
        answers = torch.bmm(windows.permute(2, 0, 1), kernels.transpose(1, 2))  # (places, batch, filters)
        maps = answers.permute(1, 2, 0).reshape(image.shape[0], -1, *self.weight.shape[:2])
        return maps if self.bias is None else maps + self.bias
