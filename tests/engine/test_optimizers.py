"""Learning rates and optimizers against PyTorch's own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, get_args

import pytest
import torch
from torch import nn, optim
from torch.optim.lr_scheduler import CosineAnnealingLR, LRScheduler, OneCycleLR, StepLR

from studio.core.problem import ProjectError
from studio.core.project import OptimizerName, Stage
from studio.engine.optimizers import make_optimizer
from studio.training.schedule import schedule

STEPS, EPOCH = 40, 8
RATE = 0.1

THEIRS: list[tuple[Stage, Callable[[optim.Optimizer], LRScheduler]]] = [
    (Stage(schedule="cosine"), lambda o: CosineAnnealingLR(o, STEPS)),
    (Stage(schedule="step", drop_every=2, drop_to=0.5), lambda o: StepLR(o, 2 * EPOCH, 0.5)),
    (Stage(schedule="one-cycle"), lambda o: OneCycleLR(o, RATE, STEPS, cycle_momentum=False)),
]


@pytest.mark.parametrize(("stage", "theirs"), THEIRS, ids=lambda value: getattr(value, "schedule", ""))
def test_a_schedule_is_that_of_torch(stage: Stage, theirs: Callable[[optim.Optimizer], LRScheduler]) -> None:
    optimizer = optim.SGD([nn.Parameter(torch.zeros(1))], RATE)
    scheduler = theirs(optimizer)
    factor = schedule(stage, steps_per_epoch=EPOCH, steps=STEPS)
    for step in range(STEPS):
        assert RATE * factor(step) == pytest.approx(scheduler.get_last_lr()[0], rel=1e-6, abs=1e-12)
        optimizer.step()
        scheduler.step()


def test_warm_up_grows_from_zero_to_the_whole_rate_and_the_schedule_follows() -> None:
    factor = schedule(Stage(schedule="cosine", warm_up=0.25), steps_per_epoch=EPOCH, steps=STEPS)
    assert [factor(step) for step in (0, 4, 9, 10)] == pytest.approx([0.1, 0.5, 1.0, 1.0])
    assert factor(STEPS - 1) < 0.01


def test_a_schedule_that_needs_an_end_asks_for_one() -> None:
    schedule(Stage(schedule="constant"), steps_per_epoch=1, steps=0)
    for stage in (Stage(schedule="cosine"), Stage(schedule="one-cycle"), Stage(warm_up=0.1)):
        with pytest.raises(ProjectError, match="after how many epochs or steps"):
            schedule(stage, steps_per_epoch=1, steps=0)


PLAIN: dict[str, Callable[..., optim.Optimizer]] = {
    "sgd": optim.SGD,
    "momentum": lambda weights, lr, **more: optim.SGD(weights, lr, momentum=0.8, **more),
    "nesterov": lambda weights, lr, **more: optim.SGD(weights, lr, momentum=0.8, nesterov=True, **more),
    "adam": lambda weights, lr, **more: optim.Adam(weights, lr, (0.8, 0.999), **more),
    "adamw": lambda weights, lr, **more: optim.AdamW(weights, lr, (0.8, 0.999), **more),
    "rmsprop": lambda weights, lr, **more: optim.RMSprop(weights, lr, momentum=0.8, **more),
    "adagrad": optim.Adagrad,
}
PLAIN["gradient-descent"] = PLAIN["sgd"]
PLAIN["classical-momentum"] = PLAIN["momentum"]  # the same at a constant rate


@pytest.mark.parametrize("decay", [0.0, 0.3])
@pytest.mark.parametrize("name", PLAIN)
def test_an_optimizer_steps_as_torch_says_and_decays_only_what_should(name: Any, decay: float) -> None:
    ours, theirs = (nn.Linear(4, 3) for _ in range(2))
    theirs.load_state_dict(ours.state_dict())
    stage = Stage(optimizer=name, learning_rate=0.05, momentum=0.8, weight_decay=decay)
    optimizer = make_optimizer(stage, dict(ours.named_parameters()), "cpu")
    groups: list[dict[str, Any]] = [
        {"params": [theirs.weight], "weight_decay": decay},
        {"params": [theirs.bias], "weight_decay": 0.0},
    ]
    reference = PLAIN[name](groups, 0.05)
    for seed in range(4):
        inputs = torch.randn(5, 4, generator=torch.Generator().manual_seed(seed))
        for layer, each in ((ours, optimizer), (theirs, reference)):
            each.zero_grad()
            layer(inputs).square().mean().backward()
            each.step()
    torch.testing.assert_close(ours.weight, theirs.weight)
    torch.testing.assert_close(ours.bias, theirs.bias)


def quadratic(stage: Stage, rates: Sequence[float]) -> list[float]:
    """Where a weight that begins at 1 comes to on the error w², worked in float64 with a rate for each step."""
    weight = nn.Parameter(torch.ones(1, dtype=torch.float64))
    optimizer = make_optimizer(stage, {"weight": weight}, "cpu")
    path = []
    for rate in rates:
        for group in optimizer.param_groups:
            group["lr"] = rate
        optimizer.zero_grad()
        weight.square().sum().backward()
        optimizer.step()
        path.append(weight.item())
    return path


def test_every_optimizer_is_held_to_something_here() -> None:
    assert {*PLAIN, "lbfgs"} == {*get_args(OptimizerName)}


def test_gradient_descent_steps_against_the_gradient() -> None:
    stage = Stage(optimizer="gradient-descent")
    assert quadratic(stage, [0.1, 0.1]) == pytest.approx([0.8, 0.64], abs=1e-15)


def test_classical_momentum_keeps_the_step_and_pytorchs_the_gradient() -> None:
    """The error is w²: gradients 2 and 1.6, then a rate of half the size."""
    ours = quadratic(Stage(optimizer="classical-momentum", momentum=0.5), [0.1, 0.05])
    theirs = quadratic(Stage(optimizer="momentum", momentum=0.5), [0.1, 0.05])
    assert ours == pytest.approx([0.8, 0.8 + (0.5 * -0.2 - 0.05 * 1.6)], abs=1e-15)
    assert theirs == pytest.approx([0.8, 0.8 - 0.05 * (0.5 * 2 + 1.6)], abs=1e-15)


@pytest.mark.parametrize("name", ["gradient-descent", "sgd", "classical-momentum"])
def test_l2_adds_twice_the_weight_to_the_gradient_as_the_derivative_of_the_sum_of_squares(name: Any) -> None:
    stage = Stage(optimizer=name, l2=0.25, decay_all=True)
    assert quadratic(stage, [0.1]) == pytest.approx([1 - 0.1 * (2 + 2 * 0.25)], abs=1e-15)


def test_l2_leaves_w0_out_unless_it_is_wanted() -> None:
    assert quadratic(Stage(optimizer="sgd", l2=0.25), [0.1]) == pytest.approx([0.8], abs=1e-15)


def test_decay_that_an_optimizer_cannot_follow_is_refused() -> None:
    for stage in (Stage(optimizer="adamw", l2=0.1), Stage(optimizer="lbfgs", weight_decay=0.1)):
        with pytest.raises(ProjectError, match=r"choose another|L2 with Adam"):
            quadratic(stage, [0.1])


def test_biases_and_norms_decay_where_a_person_wants_it() -> None:
    layers = nn.Sequential(nn.Linear(2, 2), nn.LayerNorm(2))
    for decay_all, decaying in ((False, 1), (True, 4)):
        stage = Stage(weight_decay=0.1, decay_all=decay_all)
        optimizer = make_optimizer(stage, dict(layers.named_parameters()), "cpu")
        pulled = [len(group["params"]) for group in optimizer.param_groups if group["weight_decay"]]
        assert pulled == [decaying]
