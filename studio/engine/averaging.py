"""A running mean of weights while they learn: calmer than the weights themselves (Polyak and Juditsky 1992)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn


class Averaging:
    """The exponential moving average of some weights; where it is in place, the weights are the mean.

    Each step keeps the share ``decay`` of the mean, at first less, (1 + steps) / (10 + steps), so that the weights of
    the beginning are soon forgotten. Statistics of norms are not averaged.
    """

    def __init__(self, decay: float, weights: Sequence[nn.Parameter]) -> None:
        self._decay = decay
        self._weights: list[Tensor] = [weight.data for weight in weights]
        self._mean: list[Tensor] = []
        self._steps = 0

    def begin(self) -> None:
        """Let the mean be the weights, where a checkpoint has not brought it back already."""
        if not self._mean:
            self._mean = [weight.clone() for weight in self._weights]

    @torch.no_grad()
    def update(self) -> None:
        """Take in the weights after a step."""
        decay = min(self._decay, (1 + self._steps) / (10 + self._steps))
        self._steps += 1
        torch._foreach_lerp_(self._mean, self._weights, 1 - decay)

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Within this context the weights are the mean; afterwards they are what they were, to the last bit."""
        learned = [weight.clone() for weight in self._weights]
        self.settle()
        try:
            yield
        finally:
            _copy(self._weights, learned)

    def settle(self) -> None:
        """Let the weights be the mean from now on."""
        if self._mean:
            _copy(self._weights, self._mean)

    def state(self) -> dict[str, Any]:
        """What goes on learning; the mean is what is saved as the weights, since there it is in place."""
        return {"steps": self._steps, "learned": [weight.clone() for weight in self._weights]}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take the weights, which a checkpoint brought back, for the mean, and go on with those that learn."""
        self._steps = state["steps"]
        self._mean = [weight.clone() for weight in self._weights]
        _copy(self._weights, state["learned"])


@torch.no_grad()
def _copy(targets: Sequence[Tensor], sources: Sequence[Tensor]) -> None:
    for target, source in zip(targets, sources, strict=True):
        target.copy_(source)
