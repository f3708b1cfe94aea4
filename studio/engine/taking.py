"""What a stage takes from what was learned before: the weights of one part, copied into another."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from studio.core.problem import ProjectError
from studio.core.project import Stage
from studio.engine.build import Built
from studio.engine.learning import modules_of


@torch.no_grad()
def take(built: Built, stage: Stage) -> None:
    """Let each part that the stage names begin with the weights, and statistics, of another.

    Tensors go together in their order. Raises ProjectError where the two differ in number or shape.
    """
    for part, source in stage.takes.items():
        targets, sources = (_tensors(modules_of(built, each)) for each in (part, source))
        fits = len(targets) == len(sources) and all(
            target.shape == given.shape for target, given in zip(targets, sources, strict=True)
        )
        if not fits:
            reason = _difference(targets, sources)
            raise ProjectError(f"In the stage {stage.name!r} {part} cannot take the weights of {source}: {reason}")
        for target, given in zip(targets, [given.clone() for given in sources], strict=True):
            target.copy_(given)


def _tensors(modules: list[nn.Module]) -> list[Tensor]:
    """Weights and buffers in the order in which the parts were drawn."""
    return [tensor for module in modules for tensor in module.state_dict().values()]


def _difference(targets: list[Tensor], sources: list[Tensor]) -> str:
    for target, source in zip(targets, sources, strict=False):
        if target.shape != source.shape:
            return f"{'×'.join(map(str, source.shape))} does not fit into {'×'.join(map(str, target.shape))}."
    return f"it has {len(targets)} tensors, and the other {len(sources)}."
