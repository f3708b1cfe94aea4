"""Pruning by magnitude: the smallest weights become zero, and stay so while the others learn on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import torch
from torch import Tensor, nn

from studio.engine.optimizers import decays


class Pruning:
    """Keeps a share of the weights at zero, those that were smallest when it began.

    Matrices and kernels are counted together; biases and the scales of norms are left alone, as by weight decay.
    """

    def __init__(self, share: float, weights: Iterable[nn.Parameter]) -> None:
        self._share = share
        self._weights = [weight for weight in weights if decays(weight)]
        self._alive: list[Tensor] = []

    def begin(self) -> None:
        """Choose the weights and set them to zero, unless that was done already."""
        if self._weights and not self._alive:
            self._alive = self._chosen()
        self.hold()

    @torch.no_grad()
    def hold(self) -> None:
        """Set what a step has moved back to zero."""
        for weight, alive in zip(self._weights, self._alive, strict=False):
            weight.mul_(alive)

    @torch.no_grad()
    def mute(self) -> None:
        """Set the gradients of what is pruned to zero, so that they count in no norm."""
        pairs = zip(self._weights, self._alive, strict=False)
        for gradient, alive in ((weight.grad, alive) for weight, alive in pairs if weight.grad is not None):
            gradient.mul_(alive)

    def state(self) -> list[Tensor]:
        """Which weights live on, as tensors of their shapes; none before it began."""
        return [alive.bool().cpu() for alive in self._alive]

    def restore(self, state: Sequence[Tensor]) -> None:
        """Go on with the choice that was made. Raises ValueError where it was made of other weights."""
        if [alive.shape for alive in state] != [weight.shape for weight in self._weights]:
            raise ValueError("the weights that were pruned have other shapes")
        self._alive = [alive.to(weight) for alive, weight in zip(state, self._weights, strict=True)]

    @torch.no_grad()
    def _chosen(self) -> list[Tensor]:
        """One where a weight lives on, zero for exactly the share that is smallest."""
        sizes = torch.cat([weight.abs().flatten() for weight in self._weights])
        alive = torch.ones_like(sizes)
        alive[sizes.argsort(stable=True)[: round(self._share * len(sizes))]] = 0
        parts = torch.split(alive, [weight.numel() for weight in self._weights])
        return [part.reshape(weight.shape) for part, weight in zip(parts, self._weights, strict=True)]
