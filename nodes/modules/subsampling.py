"""The trainable subsampling of LeNet-5 (LeCun et al. 1998, section II.B, layers S2 and S4)."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class TrainableSubsampling(nn.Module):
    """Sums every window, multiplies by a coefficient and adds a bias; each channel learns one of both.

    (batch, channels, height, width) -> (batch, channels, height // window, width // window)

    It starts as an average: coefficients are 1 / window², biases 0.
    """

    def __init__(self, channels: int, window: int = 2) -> None:
        super().__init__()
        self.window = window
        self.coefficient = nn.Parameter(torch.full((channels,), 1 / window**2))
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, image: Tensor) -> Tensor:
        # A divisor of 1 would give the sums at once, but ONNX has none and the exporter leaves it out in silence.
        sums = F.avg_pool2d(image, self.window) * self.window**2
        return sums * self.coefficient[:, None, None] + self.bias[:, None, None]
