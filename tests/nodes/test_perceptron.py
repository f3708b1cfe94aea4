"""The perceptron by hand, and the hill that a row of units answers."""

from math import erf, exp, sqrt, tanh
from typing import Any

import numpy as np
import pytest
import torch
from scipy.optimize import curve_fit
from torch import Tensor

from nodes.modules.gaussian_peak import GaussianPeak as PeakModule
from nodes.number_metric import MeanAbsoluteError, RootMeanSquareError, SteeringError
from nodes.perceptron import GaussianPeak, Perceptron
from studio.core.node_class import NodeClass, values_for
from studio.core.shape import Shape, vector
from tests.contracts.evaluate import Evaluation

from .computing import answer

W0, W, X = torch.tensor([-0.5, 0.25]), torch.tensor([[1.0, -2.0], [0.5, 3.0]]), torch.tensor([[0.75, 0.5]])
SUMS = (-0.5 + 0.75 - 1.0, 0.25 + 0.375 + 1.5)
"""w0 + Σ w_i x_i of both units."""
BY_HAND = {
    "linear": lambda s: s,
    "logistic": lambda s: 1 / (1 + exp(-s)),
    "tanh": tanh,
    "relu": lambda s: max(0.0, s),
    "leaky-relu": lambda s: max(0.0, s) + 0.01 * min(0.0, s),
    "gelu": lambda s: s * (1 + erf(s / sqrt(2))) / 2,
    "step": lambda s: float(s >= 0),
    "softmax": lambda s: exp(s) / sum(map(exp, SUMS)),
}


@pytest.mark.parametrize("activation", BY_HAND)
def test_a_perceptron_answers_the_activation_of_w0_plus_the_weighted_sum(activation: Any) -> None:
    node, shape = Perceptron(features=2, activation=activation), vector(2)
    built = node.build(*values_for(Perceptron.inputs(), {"values": (shape,)}))  # type: ignore[arg-type]
    evaluation = Evaluation({("values", 0): X})
    evaluation.output(built)
    with torch.no_grad():
        (linear,) = evaluation.modules
        linear.weight.copy_(W)
        linear.bias.copy_(W0)
    found = evaluation.again({("values", 0): X}).output(built)[0].tolist()
    assert found == pytest.approx([BY_HAND[activation](s) for s in SUMS], abs=1e-6)


def hills(places: np.ndarray[Any, Any], units: int = 30) -> Tensor:
    return torch.tensor(np.exp(-((np.arange(units) - places[:, None]) ** 2) / 10), dtype=torch.float32)


def test_the_peak_of_a_clean_hill_is_where_it_is_also_at_the_ends_and_at_any_height() -> None:
    places = np.linspace(0, 29, 117)
    for height in (1.0, 0.3, 40.0):
        read = answer(GaussianPeak(), (vector(30), hills(places) * height))
        assert np.allclose(read, places, atol=2e-3)


def test_the_peak_of_a_noisy_hill_is_that_of_a_least_squares_fit() -> None:
    places = np.random.default_rng(0).uniform(0, 29, 60)
    noisy = (hills(places) + 0.05 * torch.randn(60, 30, generator=torch.manual_seed(0))).clamp(min=0)
    read, units = PeakModule(30)(noisy).numpy(), np.arange(30)
    for found, row in zip(read, noisy.numpy(), strict=True):
        start = (1.0, float(found))
        (_, fitted), _ = curve_fit(lambda i, a, d: a * np.exp(-((i - d) ** 2) / 10), units, row, start)
        assert abs(found - np.clip(fitted, 0, 29)) < 0.02


@pytest.mark.parametrize("row", [torch.zeros(1, 30), torch.ones(1, 30), -torch.ones(1, 30)])
def test_without_a_hill_some_place_is_read_all_the_same(row: Tensor) -> None:
    assert 0 <= float(PeakModule(30)(row)) <= 29


def compared(node: NodeClass, shape: Shape, prediction: Tensor, target: Tensor) -> float:
    return float(answer(node, (shape, prediction), (shape, target)))


def test_the_steering_error_is_the_mean_distance_of_the_peaks() -> None:
    answered, right = np.array([3.0, 10.5, 20.0]), np.array([4.0, 10.0, 17.0])
    error = compared(SteeringError(), vector(30), 0.5 * hills(answered), hills(right))
    assert error == pytest.approx((1 + 0.5 + 3) / 3, abs=1e-3)


def test_errors_of_numbers_are_in_their_unit() -> None:
    prediction, target = torch.tensor([[1.0, 2.0], [3.0, 4.0]]), torch.tensor([[2.0, 2.0], [3.0, 0.0]])
    assert compared(MeanAbsoluteError(), vector(2), prediction, target) == pytest.approx(5 / 4)
    assert compared(RootMeanSquareError(), vector(2), prediction, target) == pytest.approx(sqrt(17 / 4))
