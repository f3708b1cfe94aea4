"""The root of the mean squared difference, over a batch or over all batches of a part."""

import torch
from torch import Tensor, nn


class RootMeanSquare(nn.Module):
    """Answers for the batch; in evaluation it also counts, and ``compute`` answers for all batches since ``reset``.

    Answers and targets of one shape -> ()
    """

    sums: Tensor
    """Of the squares, and how many there are."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("sums", torch.zeros(2), persistent=False)

    def reset(self) -> None:
        self.sums.zero_()

    def forward(self, answers: Tensor, targets: Tensor) -> Tensor:
        squares = (answers - targets).float().square()
        if not self.training:
            self.sums += torch.stack([squares.sum(), squares.new_tensor(squares.numel())])
        return squares.mean().sqrt()

    def compute(self) -> Tensor:
        return (self.sums[0] / self.sums[1]).sqrt()
