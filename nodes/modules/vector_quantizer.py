"""Codes that are rounded to the nearest entry of a table that is learned (van den Oord et al. 2017)."""

import torch
from torch import Tensor, nn


class VectorQuantizer(nn.Module):
    """The nearest entry of the table for the channels of each place.

    (batch, channels, ...) -> the entries with the gradient of what arrived, as if nothing had been rounded; and the
    entries with the gradient of the table, both as what arrived

    The table starts evenly within ±1 / entries.
    """

    def __init__(self, entries: int, channels: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(entries, channels).uniform_(-1 / entries, 1 / entries))

    def forward(self, codes: Tensor) -> tuple[Tensor, Tensor]:
        places = codes.movedim(1, -1)  # (batch, ..., channels)
        nearest = torch.cdist(places.detach().flatten(0, -2), self.weight.detach()).argmin(dim=1)
        entries = self.weight[nearest].view_as(places).movedim(-1, 1)
        return codes + (entries - codes).detach(), entries
