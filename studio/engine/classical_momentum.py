"""Momentum as the lecture has it, which keeps the last step rather than a mean of gradients."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, overload

import torch
from torch import Tensor, optim


class ClassicalMomentum(optim.Optimizer):
    """Step ← momentum · step − lr · gradient; weight ← weight + step.

    PyTorch's momentum has lr outside, lr · (momentum · mean + gradient): the same as long as lr is constant.
    Polyak 1964, Some methods of speeding up the convergence of iteration methods.
    """

    def __init__(self, weights: Iterable[Any], lr: float, momentum: float, weight_decay: float = 0.0) -> None:
        super().__init__(weights, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @overload
    def step(self, closure: None = None) -> None: ...

    @overload
    def step(self, closure: Callable[[], float]) -> float: ...

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> float | None:
        with torch.enable_grad():
            loss = closure() if closure is not None else None
        for group in self.param_groups:
            for weight in group["params"]:
                if weight.grad is not None:
                    self._move(weight, group)
        return loss

    def _move(self, weight: Tensor, group: dict[str, Any]) -> None:
        state = self.state[weight]
        if "step" not in state:
            state["step"] = torch.zeros_like(weight)
        gradient = weight.grad if not group["weight_decay"] else weight.grad + group["weight_decay"] * weight
        state["step"].mul_(group["momentum"]).sub_(gradient, alpha=group["lr"])
        weight.add_(state["step"])
