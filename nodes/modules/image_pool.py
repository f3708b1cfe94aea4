"""A store of what a generator made earlier, from which its critic learns too (Shrivastava et al. 2017, section 2.3)."""

import torch
from torch import Tensor, nn

SWAPPED = 0.5
"""How often an image is exchanged for one from the store, once that is full."""


class ImagePool(nn.Module):
    """While training, gives back the images of a batch, or in place of every other one an older one from the store.

    (batch, ...) -> (batch, ...), without gradients

    The store is part of what a checkpoint holds.
    """

    kept: Tensor
    """(capacity, ...)"""
    held: Tensor
    """How many of them there are."""

    def __init__(self, capacity: int, sizes: tuple[int, ...]) -> None:
        super().__init__()
        self.register_buffer("kept", torch.zeros(capacity, *sizes))
        self.register_buffer("held", torch.zeros((), dtype=torch.int64))

    @torch.no_grad()
    def forward(self, images: Tensor) -> Tensor:
        if not self.training:
            return images.detach()
        capacity, answers = len(self.kept), []
        chances = torch.rand(len(images), device=images.device)
        places = torch.randint(capacity, (len(images), 1), device=images.device)
        for image, chance, place in zip(images, chances, places, strict=True):  # one may get what came just before
            is_full = self.held >= capacity
            at = torch.where(is_full, place, self.held)
            older = self.kept.index_select(0, at)[0]
            swaps = is_full & (chance < SWAPPED)
            answers.append(torch.where(swaps, older, image))
            self.kept.index_copy_(0, at, torch.where(swaps | ~is_full, image, older)[None].to(self.kept.dtype))
            self.held += ~is_full
        return torch.stack(answers)
