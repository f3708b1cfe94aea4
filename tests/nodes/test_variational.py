"""Codes that are distributions: drawing them, their distance from the standard normal one, and clouds compared."""

import math

import pytest
import torch
from torch.distributions import Normal, kl_divergence

from nodes.modules.mean_discrepancy import MeanDiscrepancy
from nodes.modules.normal_gap import NormalGap
from nodes.modules.vector_quantizer import VectorQuantizer
from nodes.variational import NormalSample
from nodes.variational_loss import NormalKL
from tests.nodes.test_layers_of_our_own import answers


@pytest.fixture(autouse=True)
def _seeded() -> None:
    torch.manual_seed(0)


def test_codes_are_drawn_while_training_and_their_mean_is_taken_afterwards() -> None:
    mean, log_variance = torch.full((20_000, 2), 3.0), torch.tensor([math.log(4.0), math.log(0.25)]).expand(20_000, 2)
    drawn = answers(NormalSample(), mean, log_variance)
    torch.testing.assert_close(drawn.mean(dim=0), torch.tensor([3.0, 3.0]), atol=0.05, rtol=0)
    torch.testing.assert_close(drawn.std(dim=0), torch.tensor([2.0, 0.5]), atol=0.05, rtol=0)


def test_gradients_reach_mean_and_deviation_through_a_draw() -> None:
    mean, log_variance = torch.zeros(4, 3, requires_grad=True), torch.zeros(4, 3, requires_grad=True)
    drawn = answers(NormalSample(), mean, log_variance)
    drawn.sum().backward()
    assert mean.grad is not None
    assert log_variance.grad is not None
    torch.testing.assert_close(mean.grad, torch.ones(4, 3))
    torch.testing.assert_close(log_variance.grad, drawn.detach() / 2)


@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_the_distance_from_the_standard_normal_distribution_is_that_of_torch(reduction: str) -> None:
    mean, log_variance = torch.randn(5, 3), torch.randn(5, 3)
    wanted = kl_divergence(Normal(mean, (0.5 * log_variance).exp()), Normal(0.0, 1.0)).sum()
    found = answers(NormalKL(reduction=reduction), mean, log_variance)
    torch.testing.assert_close(found, wanted / 5 if reduction == "mean" else wanted)


def test_standard_normal_codes_have_no_gap_and_the_worst_axis_counts() -> None:
    codes = torch.randn(20_000, 3)
    assert NormalGap(3)(codes).item() < 0.03
    assert NormalGap(3)(codes + torch.tensor([0.0, 0.0, -0.7])).item() == pytest.approx(0.7, abs=0.03)
    assert NormalGap(3)(codes * torch.tensor([1.0, 3.0, 1.0])).item() == pytest.approx(2.0, abs=0.06)


def test_what_is_left_to_chance_counts_into_the_spread_of_codes() -> None:
    means, log_variance = 0.6 * torch.randn(20_000, 2), torch.full((20_000, 2), math.log(0.64))
    assert NormalGap(2)(means, log_variance).item() < 0.03
    assert NormalGap(2)(means).item() == pytest.approx(0.4, abs=0.03)


def test_clouds_of_one_distribution_are_nearly_together_and_others_apart() -> None:
    """For points at single places the discrepancy is sqrt(2 - 2 exp(-d² / 2 w²))."""
    judge = MeanDiscrepancy(2, width=0.5, waves=4096)
    first, second = torch.zeros(10, 2), torch.tensor([[0.5, 0.0]]).expand(10, 2)
    assert judge(first, second).item() == pytest.approx(math.sqrt(2 - 2 * math.exp(-0.5)), rel=0.05)
    assert MeanDiscrepancy(2)(torch.randn(4000, 2), torch.randn(4000, 2)).item() < 0.04
    assert MeanDiscrepancy(2)(torch.randn(4000, 2), 0.5 * torch.randn(4000, 2)).item() > 0.15


def test_codes_are_rounded_to_the_nearest_entry_of_the_table() -> None:
    layer = VectorQuantizer(3, 2)
    layer.weight.data = torch.tensor([[0.0, 0.0], [1.0, 1.0], [-1.0, 2.0]])
    codes = torch.tensor([[[0.2, 0.9, -3.0], [0.1, 0.6, 2.0]]], requires_grad=True)  # (1, 2 channels, 3 places)
    code, entry = layer(codes)
    torch.testing.assert_close(code, torch.tensor([[[0.0, 1.0, -1.0], [0.0, 1.0, 2.0]]]))
    torch.testing.assert_close(entry, code)
    code.sum().backward()
    assert codes.grad is not None
    torch.testing.assert_close(codes.grad, torch.ones(1, 2, 3))
    assert layer.weight.grad is None
    entry.sum().backward()
    torch.testing.assert_close(layer.weight.grad, torch.ones(3, 2))
