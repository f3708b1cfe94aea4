"""Arithmetic of values and of single numbers, against a computation by hand."""

from math import exp, log, sqrt

import pytest
import torch
from torch import Tensor

from nodes.arithmetic import Average, Blend, Divide, Gate, Maximum, Minimum, Subtract
from nodes.modules import blend
from nodes.pointwise import (
    Absolute,
    AddConstant,
    Clamp,
    Exponential,
    Logarithm,
    Negate,
    Power,
    Scale,
    SquareRoot,
)
from studio.core.node_class import NodeClass
from studio.core.problem import Assign, Mismatch
from studio.core.shape import image, vector

from .computing import answer

LEFT, RIGHT = torch.tensor([[4.0, -1.0, 2.0]]), torch.tensor([[2.0, 4.0, -1.0]])


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (Subtract(), [2.0, -5.0, 3.0]),
        (Divide(), [2.0, -0.25, -2.0]),
        (Maximum(), [4.0, 4.0, 2.0]),
        (Minimum(), [2.0, -1.0, -1.0]),
        (Average(), [3.0, 1.5, 0.5]),
        (Blend(), [3.0, 1.5, 0.5]),
        (Gate(), [4 / (1 + exp(-2)), -1 / (1 + exp(-4)), 2 / (1 + exp(1))]),
    ],
)
def test_two_values_meet_number_by_number(node: NodeClass, expected: list[float]) -> None:
    found = answer(node, (vector(3), LEFT), (vector(3), RIGHT))
    assert found.tolist()[0] == pytest.approx(expected)


def test_a_size_of_one_is_stretched_on_either_side() -> None:
    maps, scales = torch.rand(2, 3, 4, 5), torch.rand(2, 3, 1, 1)
    found = answer(Subtract(), (image(3, 1, 1), scales), (image(3, 4, 5), maps))
    torch.testing.assert_close(found, scales.expand(2, 3, 4, 5) - maps)


def test_the_shares_of_a_blend_are_the_softmax_of_what_is_learned() -> None:
    layer = blend.Blend(2)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor([log(3.0), 0.0]))
    torch.testing.assert_close(layer(LEFT, RIGHT), 0.75 * LEFT + 0.25 * RIGHT)


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (Scale(factor=-2.0), [-8.0, 2.0, -4.0]),
        (AddConstant(amount=0.5), [4.5, -0.5, 2.5]),
        (Clamp(low=-0.5, high=3.0), [3.0, -0.5, 2.0]),
        (Power(), [16.0, 1.0, 4.0]),
        (SquareRoot(smallest=0.25), [2.0, 0.5, sqrt(2)]),
        (Exponential(), [exp(4), exp(-1), exp(2)]),
        (Logarithm(smallest=0.5), [log(4), log(0.5), log(2)]),
        (Absolute(), [4.0, 1.0, 2.0]),
        (Negate(), [-4.0, 1.0, -2.0]),
    ],
)
def test_a_function_is_applied_to_every_number(node: NodeClass, expected: list[float]) -> None:
    assert answer(node, (vector(3), LEFT)).tolist()[0] == pytest.approx(expected)


@pytest.mark.parametrize("node", [SquareRoot(), Logarithm()])
def test_the_slope_is_finite_at_zero(node: NodeClass) -> None:
    zero = torch.zeros(1, 3, requires_grad=True)
    answer(node, (vector(3), zero)).sum().backward()
    assert isinstance(zero.grad, Tensor)
    assert torch.isfinite(zero.grad).all()


def test_bounds_the_wrong_way_round_are_refused() -> None:
    with pytest.raises(Mismatch, match="Nothing lies between 2 and 1") as refused:
        Clamp(low=2.0).infer(vector(3))
    assert refused.value.repairs == (Assign("high", 2.0, "Set high to 2"),)
