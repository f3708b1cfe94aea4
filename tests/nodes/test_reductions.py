"""Taking axes together, products and comparisons, against a computation by hand."""

from typing import Any

import pytest
import torch

from nodes.comparison import CosineSimilarity, DotProduct, PairwiseDistance
from nodes.constants import Constant, LearnedTensor
from nodes.product import Einsum, MatMul
from nodes.reduction import (
    ArgMax,
    MaxOver,
    MeanOver,
    MinOver,
    SumOver,
)
from nodes.sets import SumOverSet
from nodes.similarity import Similarity
from nodes.spread import DeviationOver, LogSumExpOver, NormOver, VarianceOver
from studio.core.node_class import NodeClass
from studio.core.problem import Mismatch
from studio.core.shape import LABEL, NUMBER, Shape, image, sequence, tokens, vector

from .computing import answer

ROW = torch.tensor([[3.0, -4.0, 0.0]])


@pytest.fixture(autouse=True)
def _seeded() -> None:
    torch.manual_seed(0)


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (SumOver(), -1.0),
        (MeanOver(), -1 / 3),
        (MaxOver(), 3.0),
        (MinOver(), -4.0),
        (VarianceOver(), 25 / 3 - 1 / 9),
        (VarianceOver(unbiased=True), (25 - 1 / 3) / 2),
        (DeviationOver(), (25 / 3 - 1 / 9) ** 0.5),
        (LogSumExpOver(), 3.0 + torch.tensor([0.0, -7.0, -3.0]).exp().sum().log().item()),
        (NormOver(), 5.0),
        (NormOver(order="L1"), 7.0),
        (NormOver(order="max"), 4.0),
        (ArgMax(), 0.0),
    ],
)
def test_one_number_is_made_of_all(node: NodeClass, expected: float) -> None:
    assert float(answer(node, (vector(3), ROW))) == pytest.approx(expected)


def test_places_are_all_axes_but_the_channels() -> None:
    maps = torch.rand(2, 3, 4, 5)
    torch.testing.assert_close(answer(MeanOver(over="places"), (image(3, 4, 5), maps)), maps.mean(dim=(2, 3)))
    kept = answer(MaxOver(over="places", keep=True), (image(3, 4, 5), maps))
    torch.testing.assert_close(kept, maps.amax(dim=(2, 3), keepdim=True))


@pytest.mark.parametrize(
    ("node", "arriving", "leaving"),
    [
        (MeanOver(over="places"), image(3, "H", "W"), vector(3)),
        (SumOver(over="length"), sequence("T", 4), vector(4)),
        (SumOver(over="all"), image(3, 8, 9), NUMBER),
        (ArgMax(), vector(10), LABEL),
        (ArgMax(), sequence("T", 7), tokens("T")),
        (ArgMax(), image(5, 8, 9), Shape(("H", "W"), (8, 9), "int")),
    ],
)
def test_what_is_left_is_called_by_the_kind_that_people_know(node: Any, arriving: Shape, leaving: Shape) -> None:
    assert node.infer(arriving) == leaving


def test_a_spread_of_one_number_cannot_be_estimated() -> None:
    with pytest.raises(Mismatch, match="one number alone"):
        VarianceOver(unbiased=True).infer(vector(1))


def test_a_sum_over_a_set_does_not_see_its_order() -> None:
    members = torch.rand(2, 6, 4, dtype=torch.float64)
    found = answer(SumOverSet(), (sequence("T", 4), members))
    torch.testing.assert_close(found, answer(SumOverSet(), (sequence("T", 4), members[:, torch.randperm(6)])))
    torch.testing.assert_close(found, sum(members[:, at] for at in range(6)))


def test_rows_meet_columns() -> None:
    left, right = torch.rand(2, 3, 4), torch.rand(2, 5, 4)
    expected = torch.stack([torch.stack([(left[:, i] * right[:, j]).sum(1) for j in range(5)], 1) for i in range(3)], 1)
    given = ((sequence(3, 4), left), (sequence(5, 4), right))
    torch.testing.assert_close(answer(MatMul(transposed=True), *given), expected)
    torch.testing.assert_close(answer(Einsum(), *given), expected)
    turned = answer(MatMul(), given[0], (Shape(("C", "L"), (4, 5)), right.transpose(1, 2)))
    torch.testing.assert_close(turned, expected)


@pytest.mark.parametrize(
    ("equation", "sentence"),
    [
        ("td,sd", "An equation reads like td,sd->ts"),
        ("td,sd->t__import__", "An equation reads like td,sd->ts"),
        ("tt,sd->ts", "The letter t stands twice"),
        ("td,sd->tx", "Behind the arrow stands x"),
        ("td->t", "The equation has 1 parts before the arrow; 2 values arrive"),
        ("t,sd->ts", "T names 1 axes; the sequence 3×4 has 2"),
        ("td,ds->ts", "The letter d stands for 4 and for 5 places"),
    ],
)
def test_an_equation_that_says_nothing_is_refused(equation: str, sentence: str) -> None:
    with pytest.raises(Mismatch, match=sentence.replace("(", r"\(")):
        Einsum(equation=equation).infer(sequence(3, 4), sequence(5, 4))


def test_features_are_compared_place_by_place() -> None:
    left, right = torch.rand(2, 3, 4, 5), torch.rand(2, 3, 4, 5)
    given = ((image(3, 4, 5), left), (image(3, 4, 5), right))
    dot = (left * right).sum(dim=1)
    torch.testing.assert_close(answer(DotProduct(), *given), dot)
    lengths = left.square().sum(1).sqrt() * right.square().sum(1).sqrt()
    torch.testing.assert_close(answer(CosineSimilarity(), *given), dot / lengths)
    torch.testing.assert_close(answer(PairwiseDistance(order="L1"), *given), (left - right).abs().sum(dim=1))


def test_the_four_similarities_are_those_of_the_lecture() -> None:
    from nodes.modules import similarity

    queries, keys = torch.rand(2, 3, 4), torch.rand(2, 5, 4)
    given = ((sequence(3, 4), queries), (sequence(5, 4), keys))
    dot = torch.einsum("btd,bsd->bts", queries, keys)
    torch.testing.assert_close(answer(Similarity(form="dot"), *given), dot)
    torch.testing.assert_close(answer(Similarity(), *given), dot / 2)
    general = similarity.GeneralSimilarity(4, 4)
    expected = torch.einsum("btd,ed,bse->bts", queries, general.weight, keys)
    torch.testing.assert_close(general(queries, keys), expected)
    additive = similarity.AdditiveSimilarity(4, 4)
    expected = queries @ additive.query_weight.T + (keys @ additive.key_weight.T).transpose(1, 2)
    torch.testing.assert_close(additive(queries, keys), expected)
    learned = similarity.BahdanauSimilarity(4, 4, 6)
    met = (queries @ learned.query_weight.T)[:, 1] + (keys @ learned.key_weight.T)[:, 2]
    torch.testing.assert_close(learned(queries, keys)[:, 1, 2], (met.tanh() @ learned.weight.T)[:, 0])


def test_the_additive_form_ignores_the_query_after_softmax_and_that_of_bahdanau_does_not() -> None:
    from nodes.modules import similarity

    queries, keys = torch.rand(1, 3, 4), torch.rand(1, 5, 4)
    shares = similarity.AdditiveSimilarity(4, 4)(queries, keys).softmax(dim=2)
    torch.testing.assert_close(shares[:, 0], shares[:, 2])
    shares = similarity.BahdanauSimilarity(4, 4, 6)(queries, keys).softmax(dim=2)
    assert not torch.allclose(shares[:, 0], shares[:, 2])


def test_constants_and_learned_tensors_stand_once_for_each_sample() -> None:
    like = (vector(3), torch.rand(4, 3))
    assert (answer(Constant(kind="vector", sizes=(2,), value=1.5), like) == torch.full((4, 2), 1.5)).all()
    ones = answer(LearnedTensor(sizes=(2, 3), start="ones"), like)
    assert ones.shape == (4, 2, 3)
    assert (ones == 1).all()
