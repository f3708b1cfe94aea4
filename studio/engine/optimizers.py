"""Makes the optimizer of an objective, with its weights sorted into those that decay and those that do not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from torch import nn, optim

from studio.compiler.own_rules import at_odds, inseparable
from studio.core.problem import ProjectError
from studio.core.project import Optimization
from studio.engine.classical_momentum import ClassicalMomentum

FUSED = {"gradient-descent", "sgd", "momentum", "nesterov", "adam", "adamw", "adagrad"}
"""Those that PyTorch can run as one kernel over all weights; on a processor that is up to 1.3 times faster."""


OwnGroup = tuple[Optimization, list[str]]
"""How some weights learn, by their names."""


def make_optimizer(
    how: Optimization, weights: Mapping[str, nn.Parameter], device_type: str, own: Sequence[OwnGroup] = ()
) -> optim.Optimizer:
    """The optimizer over these weights, ``own`` being how some of them learn. Raises ProjectError.

    ``weight_decay`` times the weight is added to its gradient (adamw: to the step), as PyTorch has it. ``l2`` times
    the sum of squares is added to the loss, as the lecture has it, so that the gradient grows by twice as much.
    """
    groups = _groups(how, weights, own)
    fused: dict[str, Any] = (
        {"fused": True} if how.optimizer in FUSED and can_fuse(how, device_type, weights.values()) else {}
    )
    rate, betas = how.learning_rate, (how.momentum, how.second_momentum)
    match how.optimizer:
        case "gradient-descent" | "sgd":
            return optim.SGD(groups, rate, **fused)
        case "momentum":
            return optim.SGD(groups, rate, momentum=how.momentum, **fused)
        case "classical-momentum":
            return ClassicalMomentum(groups, rate, how.momentum)
        case "nesterov":
            return optim.SGD(groups, rate, momentum=how.momentum, nesterov=True, **fused)
        case "adam":
            return optim.Adam(groups, rate, betas, **fused)
        case "adamw":
            return optim.AdamW(groups, rate, betas, **fused)
        case "rmsprop":
            return optim.RMSprop(groups, rate, momentum=how.momentum)
        case "adagrad":
            return optim.Adagrad(groups, rate, **fused)
        case "lbfgs":
            return optim.LBFGS(list(weights.values()), rate, line_search_fn="strong_wolfe")


def _groups(how: Optimization, weights: Mapping[str, nn.Parameter], own: Sequence[OwnGroup]) -> list[dict[str, Any]]:
    """Weights that learn alike, those with settings of their own behind the others; few, as each costs a step some
    30 microseconds.
    """
    apart = {name for _, names in own for name in names}
    groups = _by_decay(how, [weight for name, weight in weights.items() if name not in apart])
    for each, names in own:
        if reason := inseparable(how, each):
            raise ProjectError(reason)
        groups += [group | _said(each) for group in _by_decay(each, [weights[name] for name in names])]
    return groups


def _said(how: Optimization) -> dict[str, Any]:
    """The settings of a group that differ from the others', under the names that its rule has for them."""
    if how.optimizer in ("adam", "adamw"):
        return {"lr": how.learning_rate, "betas": (how.momentum, how.second_momentum)}
    carried = how.optimizer in ("momentum", "classical-momentum", "nesterov", "rmsprop")
    return {"lr": how.learning_rate, **({"momentum": how.momentum} if carried else {})}


def _by_decay(how: Optimization, weights: Sequence[nn.Parameter]) -> list[dict[str, Any]]:
    """Weights that decay and weights that do not; one group where all are treated alike."""
    if reason := at_odds(how):
        raise ProjectError(reason)
    decay = how.weight_decay + 2 * how.l2
    alike = how.decay_all or not decay
    decaying = [weight for weight in weights if alike or decays(weight)]
    still = [weight for weight in weights if not (alike or decays(weight))]
    groups = [{"params": decaying, "weight_decay": decay}, {"params": still, "weight_decay": 0.0}]
    return [group for group in groups if group["params"]]


def decays(weight: nn.Parameter) -> bool:
    """Whether weight decay is for it: matrices and kernels, neither biases nor the scales of norms."""
    return weight.ndim > 1


def can_fuse(how: Optimization, device_type: str, weights: Iterable[nn.Parameter]) -> bool:
    """Whether one kernel may do the step: only for real float weights, and adagrad only on a processor."""
    if device_type not in ("cpu", "cuda", "mps") or (how.optimizer == "adagrad" and device_type != "cpu"):
        return False
    return all(weight.is_floating_point() for weight in weights)
