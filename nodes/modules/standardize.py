"""Z-scores by mean and deviation of everything that passed while training (Chan et al. 1983 merge the batches)."""

import torch
from torch import Tensor, nn


class Standardize(nn.Module):
    """Subtracts the mean and divides by the deviation of all values so far; nothing is learned by gradient.

    (batch, …) -> the same; ``sizes`` of the statistics are those of a sample, or 1 along axes that share them

    While training each batch is counted first, so after whole passes they are those of the training part. The
    deviation divides by n. What never differs is only shifted.
    """

    mean: Tensor
    squares: Tensor
    count: Tensor

    def __init__(self, *sizes: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(sizes))
        self.register_buffer("squares", torch.zeros(sizes))
        self.register_buffer("count", torch.zeros((), dtype=torch.int64))

    def forward(self, values: Tensor) -> Tensor:
        if self.training:
            self._gather(values.detach())
        deviation = (self.squares / self.count.clamp(min=1)).sqrt()
        return (values - self.mean) / torch.where(deviation > 0, deviation, 1.0)

    def _gather(self, values: Tensor) -> None:
        """Merge the mean, and the sum of squares around it, with those of a batch."""
        shared = [0, *(axis for axis, size in enumerate(self.mean.shape, 1) if size == 1)]
        squares, mean = torch.var_mean(values, shared, correction=0, keepdim=True)
        count = values.numel() // self.mean.numel()
        total, apart = self.count + count, mean[0] - self.mean
        self.squares += squares[0] * count + apart.square() * self.count * count / total
        self.mean += apart * count / total
        self.count += count
