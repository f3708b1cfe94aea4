"""The structural similarity of images (Wang et al. 2004)."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

STEADY = (0.01, 0.03)
"""K1 and K2 of the paper: what keeps the two quotients steady where there is neither light nor contrast."""


class StructuralSimilarity(nn.Module):
    """How alike two images are in brightness, contrast and structure, in windows weighed by a Gaussian: 1 if equal.

    Two batches (batch, channels, height, width) -> (batch,), the mean over windows and channels

    ``span`` is the difference between the largest and the smallest value that an image may have.
    """

    weights: Tensor

    def __init__(self, span: float = 1.0, window: int = 11, deviation: float = 1.5) -> None:
        super().__init__()
        self.steady = [(k * span) ** 2 for k in STEADY]
        places = torch.arange(window) - (window - 1) / 2
        bell = torch.exp(-(places**2) / (2 * deviation**2))
        self.register_buffer("weights", bell / bell.sum(), persistent=False)

    def forward(self, first: Tensor, second: Tensor) -> Tensor:
        of_light, of_contrast = self.steady
        joined = torch.cat([first, second, first * first, second * second, first * second])
        one, other, one_squared, other_squared, both = self._means(joined).chunk(5)
        light = (2 * one * other + of_light) / (one**2 + other**2 + of_light)
        spreads = (one_squared - one**2) + (other_squared - other**2)
        structure = (2 * (both - one * other) + of_contrast) / (spreads + of_contrast)
        return (light * structure).mean(dim=(1, 2, 3))

    def _means(self, images: Tensor) -> Tensor:
        """The weighed mean of every window that lies in the image, map by map, along one axis after the other."""
        channels, weights = images.shape[1], self.weights.to(images.dtype)
        rows = weights.view(1, 1, 1, -1).expand(channels, 1, 1, -1)
        columns = weights.view(1, 1, -1, 1).expand(channels, 1, -1, 1)
        return F.conv2d(F.conv2d(images, rows, groups=channels), columns, groups=channels)
