"""How far codes are from standard normal ones along their worst axis, over a batch or over all batches of a part."""

import torch
from torch import Tensor, nn


class NormalGap(nn.Module):
    """The largest distance, over all axes, of the mean from 0 or of the deviation from 1.

    Codes and, where each is a distribution, their log variances, both (batch, ...) -> ()

    The variance along an axis is that of the codes plus the mean of theirs, so nothing is drawn. It answers for the
    batch; in evaluation it also counts, and ``compute`` answers for all batches since ``reset``.
    """

    sums: Tensor
    """Of the codes, and of squares and variances, along each axis (2, axes)."""
    count: Tensor

    def __init__(self, axes: int) -> None:
        super().__init__()
        self.register_buffer("sums", torch.zeros(2, axes), persistent=False)
        self.register_buffer("count", torch.zeros(()), persistent=False)

    def reset(self) -> None:
        self.sums.zero_()
        self.count.zero_()

    def forward(self, codes: Tensor, log_variance: Tensor | None = None) -> Tensor:
        codes = codes.flatten(1).float()
        squares = codes.square()
        if log_variance is not None:
            squares = squares + log_variance.flatten(1).float().exp()
        sums, count = torch.stack((codes.sum(dim=0), squares.sum(dim=0))), codes.new_tensor(len(codes))
        if not self.training:
            self.sums += sums
            self.count += count
        return self._gap(sums / count)

    def compute(self) -> Tensor:
        return self._gap(self.sums / self.count.clamp(min=1))

    @staticmethod
    def _gap(moments: Tensor) -> Tensor:
        mean, square = moments
        deviation = (square - mean.square()).clamp(min=0).sqrt()
        return torch.maximum(mean.abs(), (deviation - 1).abs()).max()
