"""Losses and metrics against the definitions of the lecture, by hand in float64."""

from typing import Any

import pytest
import torch
from torch import Tensor

from nodes.loss import L1, Accuracy, BinaryCrossEntropy, CrossEntropy, SquaredError, TopK
from studio.core.node_class import NodeClass, values_for
from studio.core.shape import LABEL, Shape, image, sequence, tokens, vector
from tests.contracts.evaluate import Evaluation

SCORES = torch.tensor([[2.0, 0.5, -1.0], [0.1, 0.2, 0.3], [-1.0, 3.0, 0.0], [1.0, 1.5, 0.5]], dtype=torch.float64)
LABELS = torch.tensor([0, 2, 2, 1])


def measured(node: NodeClass, prediction: Tensor, target: Tensor, *shapes: Shape) -> Tensor:
    node.infer(*shapes)
    built = node.build(*values_for(type(node).inputs(), {"prediction": shapes[:1], "target": shapes[1:]}))
    result: Tensor = Evaluation({("prediction", 0): prediction, ("target", 0): target}).output(built)  # type: ignore[arg-type]
    return result


def judged(node: NodeClass, scores: Tensor = SCORES, labels: Tensor = LABELS) -> float:
    return float(measured(node, scores, labels, vector(3), LABEL))


def logarithms() -> Tensor:
    """-log of the softmax of each score, by the definition."""
    powers = SCORES.exp()
    return -(powers / powers.sum(dim=1, keepdim=True)).log()


def test_cross_entropy_is_the_mean_or_the_sum_of_minus_log_softmax() -> None:
    right = logarithms()[torch.arange(4), LABELS]
    assert judged(CrossEntropy()) == pytest.approx(float(right.mean()))
    assert judged(CrossEntropy(reduction="sum")) == pytest.approx(float(right.sum()))


def test_weighted_cross_entropy_sums_as_the_lecture_and_divides_by_the_weights_as_pytorch() -> None:
    weights = torch.tensor([1.0, 2.0, 0.5], dtype=torch.float64)
    terms = weights[LABELS] * logarithms()[torch.arange(4), LABELS]
    node = CrossEntropy(class_weights=(1.0, 2.0, 0.5), reduction="sum")
    torch.set_default_dtype(torch.float64)
    try:
        assert judged(node) == pytest.approx(float(terms.sum()))
        mean = judged(CrossEntropy(class_weights=(1.0, 2.0, 0.5)))
    finally:
        torch.set_default_dtype(torch.float32)
    assert mean == pytest.approx(float(terms.sum() / weights[LABELS].sum()))


def test_label_smoothing_gives_every_class_a_share() -> None:
    targets = torch.full((4, 3), 0.3 / 3, dtype=torch.float64)
    targets[torch.arange(4), LABELS] += 0.7
    expected = (targets * logarithms()).sum(dim=1).mean()
    assert judged(CrossEntropy(label_smoothing=0.3)) == pytest.approx(float(expected))


def test_cross_entropy_of_a_sequence_judges_every_token() -> None:
    scores = torch.randn(2, 5, 7, dtype=torch.float64)
    labels = torch.randint(7, (2, 5))
    expected = -scores.log_softmax(dim=2).gather(2, labels[..., None]).mean()
    assert measured(CrossEntropy(), scores, labels, sequence("T", 7), tokens("T")) == pytest.approx(float(expected))


def test_cross_entropy_of_an_image_judges_every_pixel() -> None:
    scores = torch.randn(2, 4, 3, 3, dtype=torch.float64)
    labels = torch.randint(4, (2, 3, 3))
    expected = -scores.log_softmax(dim=1).gather(1, labels[:, None]).mean()
    target = Shape(("H", "W"), (3, 3), "int")
    assert measured(CrossEntropy(), scores, labels, image(4, 3, 3), target) == pytest.approx(float(expected))


@pytest.mark.parametrize(
    ("node", "terms"),
    [
        (SquaredError, lambda y, t: (y - t) ** 2),
        (L1, lambda y, t: (y - t).abs()),
        (BinaryCrossEntropy, lambda y, t: -t * torch.sigmoid(y).log() - (1 - t) * (1 - torch.sigmoid(y)).log()),
    ],
)
def test_the_lecture_sums_where_pytorch_averages(node: type[NodeClass], terms: Any) -> None:
    target = torch.tensor([[1.0, 0.0, 1.0]] * 4, dtype=torch.float64)
    expected = terms(SCORES, target)
    for reduction, value in (("sum", expected.sum()), ("mean", expected.mean())):
        found = measured(node.of({"reduction": reduction}), SCORES, target, vector(3), vector(3))
        assert float(found) == pytest.approx(float(value))


def test_positive_weight_counts_each_yes_so_often() -> None:
    target = torch.tensor([[1.0, 0.0, 1.0]] * 4, dtype=torch.float64)
    yes, no = -torch.sigmoid(SCORES).log(), -(1 - torch.sigmoid(SCORES)).log()
    node = BinaryCrossEntropy(positive_weight=3.0, reduction="sum")
    expected = (3 * target * yes + (1 - target) * no).sum()
    assert float(measured(node, SCORES, target, vector(3), vector(3))) == pytest.approx(float(expected))


def test_accuracy_counts_where_the_largest_score_is_right() -> None:
    assert judged(Accuracy()) == 0.75


def test_top_k_forgives_near_misses() -> None:
    assert judged(TopK(k=1)) == 0.75
    assert judged(TopK(k=2)) == 1.0
    assert judged(TopK(k=3), labels=torch.tensor([2, 0, 1, 0])) == 1.0
