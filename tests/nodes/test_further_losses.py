"""Losses and metrics beyond the usual ones, against their definitions by hand in float64."""

from math import exp, log
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from nodes.class_loss import FocalLoss, MultiLabelSoftMargin, MultiMargin, NegativeLogLikelihood
from nodes.class_metric import F1, MeanIoU, Precision, Recall, TopKError
from nodes.loss import CrossEntropy, TopK
from nodes.margin_loss import MarginRanking, SoftMargin
from nodes.modules import focal
from nodes.pair_loss import CosineEmbedding, HingeEmbedding, Triplet
from nodes.robust_loss import GaussianNLL, Huber, KLDivergence, PoissonNLL, SmoothL1
from studio.core.node_class import NodeClass
from studio.core.problem import Assign, Mismatch
from studio.core.shape import LABEL, NUMBER, sequence, tokens, vector

from .computing import answer

SCORES = torch.tensor([[2.0, 0.5, -1.0], [0.1, 0.2, 0.3], [-1.0, 3.0, 0.0], [1.0, 1.5, 0.5]], dtype=torch.float64)
LABELS = torch.tensor([0, 2, 2, 1])


def judged(node: NodeClass, scores: Tensor = SCORES, labels: Tensor = LABELS) -> float:
    return float(answer(node, (vector(3), scores), (LABEL, labels)))


def compared(node: NodeClass, prediction: Tensor, target: Tensor) -> float:
    shape = vector(prediction.shape[1])
    return float(answer(node, (shape, prediction), (shape, target)))


@pytest.mark.parametrize(
    ("node", "near", "far"),
    [
        (SmoothL1(beta=0.5), 0.2**2 / 2 / 0.5, 3 - 0.25),
        (Huber(delta=0.5), 0.2**2 / 2, 0.5 * (3 - 0.25)),
    ],
)
def test_a_robust_loss_is_square_near_the_target_and_straight_far_off(node: Any, near: float, far: float) -> None:
    prediction, target = torch.tensor([[0.2, -3.0]]), torch.zeros(1, 2)
    assert compared(node, prediction, target) == pytest.approx((near + far) / 2)
    summed = type(node).of({**node.values(), "reduction": "sum"})
    assert compared(summed, prediction, target) == pytest.approx(near + far)


def test_a_poisson_likelihood_is_smallest_at_the_rate() -> None:
    target = torch.tensor([[3.0]])
    assert compared(PoissonNLL(), torch.tensor([[0.5]]), target) == pytest.approx(exp(0.5) - 1.5)
    best = compared(PoissonNLL(), torch.tensor([[log(3.0)]]), target)
    assert best < min(compared(PoissonNLL(), torch.tensor([[log(rate)]]), target) for rate in (2.9, 3.1))


@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_losses_of_pairs_and_of_spreads_are_those_of_torch(reduction: Any) -> None:
    """torch computes its own without what ours records for the source."""
    first, second = SCORES, SCORES.flip(0)
    sides, spreads = second.sign(), torch.tensor([[0.5, 1e-9, 2.0]] * 4, dtype=torch.float64)
    shape = vector(3)
    ranked = answer(MarginRanking(margin=0.5, reduction=reduction), *((shape, each) for each in (first, second, sides)))
    torch.testing.assert_close(ranked, F.margin_ranking_loss(first, second, sides, 0.5, reduction=reduction))
    soft = answer(SoftMargin(reduction=reduction), (shape, first), (shape, sides))
    torch.testing.assert_close(soft, F.soft_margin_loss(first, sides, reduction=reduction))
    sure = answer(GaussianNLL(reduction=reduction), *((shape, each) for each in (first, second, spreads)))
    torch.testing.assert_close(sure, F.gaussian_nll_loss(first, second, spreads, reduction=reduction))


def test_a_ranking_costs_nothing_once_the_first_is_far_enough_ahead() -> None:
    pair = ((NUMBER, torch.tensor([2.0, 0.2])), (NUMBER, torch.tensor([0.0, 0.0])), (NUMBER, torch.ones(2)))
    assert float(answer(MarginRanking(margin=1.0), *pair)) == pytest.approx((0 + 0.8) / 2)


def test_the_divergence_of_kullback_and_leibler_is_divided_by_the_samples() -> None:
    target = torch.tensor([[0.5, 0.25, 0.25], [0.1, 0.2, 0.7]], dtype=torch.float64)
    logs = SCORES[:2].log_softmax(dim=1)
    terms = target * (target.log() - logs)
    assert compared(KLDivergence(), logs, target) == pytest.approx(float(terms.sum() / 2))
    assert compared(KLDivergence(reduction="sum"), logs, target) == pytest.approx(float(terms.sum()))


def test_a_negative_log_likelihood_of_log_softmax_is_cross_entropy() -> None:
    logs = SCORES.log_softmax(dim=1)
    for reduction in ("mean", "sum"):
        settings = {"reduction": reduction}
        assert judged(NegativeLogLikelihood.of(settings), logs) == pytest.approx(judged(CrossEntropy.of(settings)))


def test_the_focal_loss_of_the_lecture_weighs_by_class() -> None:
    gamma, alpha = (0.5, 2.0, 1.0), (1.0, 2.0, 0.5)
    right = SCORES.softmax(dim=1)[torch.arange(4), LABELS]
    terms = [-alpha[t] * (1 - float(p)) ** gamma[t] * log(float(p)) for t, p in zip(LABELS, right, strict=True)]
    assert judged(FocalLoss(gamma=gamma, alpha=alpha, reduction="sum")) == pytest.approx(sum(terms))
    assert judged(FocalLoss(gamma=gamma, alpha=alpha)) == pytest.approx(sum(terms) / 4)


def test_a_focal_loss_without_gamma_is_cross_entropy() -> None:
    assert judged(FocalLoss(gamma=(0.0,))) == pytest.approx(judged(CrossEntropy()))
    alpha = (1.0, 2.0, 0.5)
    weighted = judged(CrossEntropy(class_weights=alpha, reduction="sum"), SCORES.float())
    assert judged(FocalLoss(gamma=(0.0,), alpha=alpha, reduction="sum")) == pytest.approx(weighted, rel=1e-6)


@pytest.mark.parametrize("gamma", [0.0, 0.1, 0.5, 1.0, 2.0])
def test_the_gradient_of_the_focal_loss_is_finite_at_certainty(gamma: float) -> None:
    scores = torch.tensor([[200.0, 0.0], [0.0, 200.0]], requires_grad=True)
    focal.FocalLoss((gamma,), (1.0,))(scores, torch.tensor([0, 0])).backward()
    assert scores.grad is not None
    assert torch.isfinite(scores.grad).all()
    assert (scores.grad[1] != 0).all(), "what is surely wrong must teach"


def test_the_gradient_of_the_focal_loss_is_the_slope_of_its_values() -> None:
    loss = focal.FocalLoss((0.5, 2.0, 1.0), (1.0, 2.0, 0.5)).double()
    assert torch.autograd.gradcheck(lambda scores: loss(scores, LABELS), SCORES.clone().requires_grad_())


def test_a_number_for_each_class_must_be_there() -> None:
    with pytest.raises(Mismatch, match="2 values of gamma for 3 classes") as refused:
        FocalLoss(gamma=(1.0, 2.0)).infer(vector(3), LABEL)
    assert refused.value.repairs == (Assign("gamma", (2.0,), "Set gamma to 2 for all classes"),)


def test_a_focal_loss_judges_every_token() -> None:
    scores, labels = torch.randn(2, 5, 3, dtype=torch.float64), torch.randint(3, (2, 5))
    found = answer(FocalLoss(gamma=(0.0,)), (sequence("T", 3), scores), (tokens("T"), labels))
    assert float(found) == pytest.approx(-float(scores.log_softmax(2).gather(2, labels[..., None]).mean()))


def test_a_hinge_wants_the_right_class_ahead_by_a_margin() -> None:
    gaps = (0.5 - SCORES[torch.arange(4), LABELS][:, None] + SCORES).clamp(min=0)
    gaps[torch.arange(4), LABELS] = 0
    assert judged(MultiMargin(margin=0.5)) == pytest.approx(float(gaps.sum(dim=1).mean() / 3))


def test_several_labels_are_judged_one_by_one() -> None:
    target = torch.tensor([[1.0, 0.0, 1.0]] * 4, dtype=torch.float64)
    shares = torch.sigmoid(SCORES)
    terms = -(target * shares.log() + (1 - target) * (1 - shares).log())
    assert compared(MultiLabelSoftMargin(), SCORES, target) == pytest.approx(float(terms.mean()))


def test_a_triplet_compares_two_distances() -> None:
    anchor, same, other = torch.tensor([[0.0, 0.0]]), torch.tensor([[3.0, 4.0]]), torch.tensor([[6.0, 0.0]])
    given = [(vector(2), value) for value in (anchor, same, other)]
    assert float(answer(Triplet(margin=2.0), *given)) == pytest.approx(5 - 6 + 2, abs=1e-4)
    assert float(answer(Triplet(margin=0.5), *given)) == 0


def test_pairs_are_judged_by_angle_or_by_distance() -> None:
    left, right = torch.tensor([[1.0, 0.0], [1.0, 0.0]]), torch.tensor([[3.0, 4.0], [3.0, 4.0]])
    target = torch.tensor([1.0, -1.0])
    node = CosineEmbedding(margin=0.5, reduction="sum")
    found = answer(node, (vector(2), left), (vector(2), right), (NUMBER, target))
    assert float(found) == pytest.approx((1 - 0.6) + (0.6 - 0.5))
    distances = torch.tensor([0.75, 0.25])
    found = answer(HingeEmbedding(margin=1.0, reduction="sum"), (NUMBER, distances), (NUMBER, target))
    assert float(found) == pytest.approx(0.75 + 0.75)


def test_an_error_is_what_is_missing_to_all() -> None:
    for k in (1, 2, 3):
        assert judged(TopKError(k=k)) == pytest.approx(1 - judged(TopK(k=k)))
    assert judged(TopKError(k=2)) <= judged(TopKError(k=1))


def test_scores_of_classes_are_averaged_over_those_that_occur() -> None:
    """Answers are 0, 2, 1, 1 where 0, 2, 2, 1 is right."""
    assert judged(Precision()) == pytest.approx((1 + 1 / 2 + 1) / 3)
    assert judged(Recall()) == pytest.approx((1 + 1 + 1 / 2) / 3)
    assert judged(F1()) == pytest.approx((1 + 2 / 3 + 2 / 3) / 3)
    assert judged(MeanIoU()) == pytest.approx((1 + 1 / 2 + 1 / 2) / 3)


def test_a_class_that_is_nowhere_does_not_count() -> None:
    scores, labels = SCORES[[0, 3]], LABELS[[0, 3]]
    for node in (Precision(), Recall(), F1(), MeanIoU()):
        assert judged(node, scores, labels) == 1.0
