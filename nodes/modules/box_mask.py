"""A picture that says which pixels are known: all but a box in the middle."""

import torch
from torch import Tensor, nn


class BoxMask(nn.Module):
    """1 where a picture is known and 0 in a box in its middle, whose sides are ``share`` of the picture's.

    (batch, channels, height, width) -> (batch, 1, height, width)
    """

    def __init__(self, share: float = 0.5) -> None:
        super().__init__()
        self.share = share

    def forward(self, like: Tensor) -> Tensor:
        height, width = like.shape[-2:]
        tall, wide = round(height * self.share), round(width * self.share)
        top, left = (height - tall) // 2, (width - wide) // 2
        mask = torch.ones_like(like[:, :1])
        mask[:, :, top : top + tall, left : left + wide] = 0
        return mask
