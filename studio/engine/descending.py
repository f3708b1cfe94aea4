"""The way that an optimizer takes down an error of two weights, step by step."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from studio.core.problem import Mismatch, ProjectError
from studio.core.project import Optimization
from studio.core.surfaces import SURFACES
from studio.engine.optimizers import make_optimizer
from studio.training.answers import Descended
from studio.training.commands import Descend

FARTHEST = 1e6
"""A way that leads beyond is left there."""


def descend(asked: Descend) -> Descended:
    """Take the steps that are asked for with the optimizer that a training would have."""
    surface = SURFACES.get(asked.surface)
    if surface is None:
        return Descended(asked.number, why_not=f"There is no surface {asked.surface!r:.40}.")
    weights = nn.Parameter(torch.tensor(asked.start, dtype=torch.float64))
    try:
        optimizer = make_optimizer(Optimization.of(asked.settings), {"weights": weights}, "cpu")
    except (Mismatch, ProjectError) as error:
        return Descended(asked.number, why_not=str(error))

    def error_here() -> Tensor:
        optimizer.zero_grad()
        error: Tensor = surface.error(weights[0], weights[1])
        error.backward()  # type: ignore[no-untyped-call]
        return error

    path = [_place(weights)]
    for _ in range(asked.steps):
        optimizer.step(error_here)  # type: ignore[arg-type]  # LBFGS asks for the error, the others let it pass
        if not bool((weights.abs() < FARTHEST).all()):
            break
        path.append(_place(weights))
    errors = tuple(float(surface.error(first, second)) for first, second in path)
    return Descended(asked.number, tuple(path), errors)


def _place(weights: Tensor) -> tuple[float, float]:
    first, second = weights.tolist()
    return first, second
