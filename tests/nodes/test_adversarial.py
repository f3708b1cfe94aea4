"""Losses and layers of adversarial training, against their definitions worked by hand."""

from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from nodes.adversarial_loss import AdversarialLoss, GradientPenalty
from nodes.modules.gradient_penalty import GradientPenalty as Penalty
from nodes.modules.gradient_penalty import PointsBetween
from nodes.modules.image_pool import ImagePool
from nodes.sample_metric import InceptionScore, ModesCovered, Recognised
from studio.core.shape import vector

from .computing import answer

SCORES = torch.tensor([[1.5], [-0.3], [0.0], [-4.0]], dtype=torch.float64)
SHARE = torch.sigmoid(SCORES)


@pytest.fixture(autouse=True)
def _seeded() -> None:
    torch.manual_seed(0)


@pytest.mark.parametrize(
    ("kind", "real", "generated", "fooling"),
    [
        ("minimax", -SHARE.log(), -(1 - SHARE).log(), (1 - SHARE).log()),
        ("non-saturating", -SHARE.log(), -(1 - SHARE).log(), -SHARE.log()),
        ("least-squares", (SCORES - 1) ** 2, SCORES**2, (SCORES - 1) ** 2),
        ("wasserstein", -SCORES, SCORES, -SCORES),
        ("hinge", (1 - SCORES).clamp(min=0), (1 + SCORES).clamp(min=0), -SCORES),
    ],
)
def test_each_side_of_the_game_has_its_loss(kind: str, real: Tensor, generated: Tensor, fooling: Tensor) -> None:
    for side, terms in (("real", real), ("generated", generated), ("fooling", fooling)):
        for reduction, value in (("mean", terms.mean()), ("sum", terms.sum())):
            node = AdversarialLoss.of({"kind": kind, "side": side, "reduction": reduction})
            assert float(answer(node, (vector(1), SCORES))) == pytest.approx(float(value))


def test_in_the_minimax_form_what_one_player_loses_the_other_wins() -> None:
    losses = (
        float(answer(AdversarialLoss.of({"kind": "minimax", "side": side}), (vector(1), SCORES)))
        for side in ("generated", "fooling")
    )
    assert sum(losses) == pytest.approx(0)


def test_only_the_saturating_form_has_no_slope_where_the_generator_is_seen_through() -> None:
    for kind, least, most in (("minimax", 0.0, 1e-8), ("non-saturating", 0.99, 1.0)):
        scores = torch.tensor([[-20.0]], requires_grad=True)
        answer(AdversarialLoss.of({"kind": kind, "side": "fooling"}), (vector(1), scores)).backward()
        assert scores.grad is not None
        assert least <= float(scores.grad.abs()) <= most


def test_scores_far_off_give_finite_losses_and_slopes() -> None:
    for kind in ("minimax", "non-saturating"):
        for side in ("real", "generated", "fooling"):
            scores = torch.tensor([[1e4], [-1e4]], requires_grad=True)
            loss = answer(AdversarialLoss.of({"kind": kind, "side": side}), (vector(1), scores))
            loss.backward()
            assert torch.isfinite(loss)
            assert scores.grad is not None
            assert torch.isfinite(scores.grad).all()


def critic() -> nn.Module:
    return nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1)).double()


@pytest.mark.parametrize(("slope", "one_sided"), [(1.0, False), (0.0, False), (0.3, True)])
def test_the_gradient_penalty_and_its_gradient_are_those_that_autograd_gives_by_hand(
    slope: float, one_sided: bool
) -> None:
    network, points = critic(), torch.randn(5, 2, dtype=torch.float64, requires_grad=True)
    found = answer(GradientPenalty(slope=slope, one_sided=one_sided), (vector(1), network(points)), (vector(2), points))
    first, _, last = network
    assert isinstance(first, nn.Linear)
    assert isinstance(last, nn.Linear)
    inner = 1 - torch.tanh(points @ first.weight.T + first.bias) ** 2  # the slope of tanh
    gradients = (inner * last.weight) @ first.weight  # (5, 2), by the chain rule
    excess = gradients.norm(dim=1) - slope
    expected = (excess.clamp(min=0) if one_sided else excess).square().mean()
    torch.testing.assert_close(found, expected)
    weights = list(network.parameters())[:-1]  # the bias of the scores changes no slope
    for one, other in zip(
        torch.autograd.grad(found, weights, retain_graph=True), torch.autograd.grad(expected, weights), strict=True
    ):
        torch.testing.assert_close(one, other)


def test_a_critic_that_is_as_steep_as_it_should_be_is_not_punished() -> None:
    points = torch.randn(6, 2, requires_grad=True)
    scores = points @ torch.tensor([[0.6], [0.8]])
    assert float(Penalty()(scores, points)) == pytest.approx(0, abs=1e-6)
    assert float(Penalty()(3 * scores, points)) == pytest.approx(4)


def test_without_gradients_a_penalty_survives() -> None:
    with torch.no_grad():
        points = PointsBetween()(torch.zeros(3, 2), torch.ones(3, 2))
        assert float(Penalty()(critic().float()(points), points)) == 0


def test_points_between_lie_on_the_line_from_each_real_sample_to_its_generated_one() -> None:
    real, generated = torch.randn(200, 3, 4), torch.randn(200, 3, 4, requires_grad=True)
    points = PointsBetween()(real, generated)
    assert points.requires_grad
    assert points.is_leaf, "nothing of the generator may learn through them"
    shares = ((points - real) / (generated - real)).detach().flatten(1)
    torch.testing.assert_close(shares, shares[:, :1].expand_as(shares), rtol=1e-2, atol=1e-3)
    assert 0 <= float(shares[:, 0].min()) < 0.05
    assert 0.95 < float(shares[:, 0].max()) <= 1.001


def test_a_pool_gives_new_images_until_it_is_full_and_then_half_of_the_time_older_ones() -> None:
    pool = ImagePool(4, (1,))
    first = torch.arange(1.0, 5.0)[:, None]
    assert torch.equal(pool(first), first)
    assert torch.equal(pool.kept, first)
    older, seen = 0, {*first.flatten().tolist()}
    for number in range(400):
        new = torch.tensor([[100.0 + number]])
        before, given = pool.kept.clone(), pool(new)
        seen.add(float(new))
        assert float(given) in seen
        if not torch.equal(given, new):
            older += 1
            assert float(given) in before
            assert float(new) in pool.kept
            assert int((pool.kept != before).sum()) == 1
        else:
            assert torch.equal(pool.kept, before)
    assert 160 < older < 240


def test_a_pool_learns_nothing_and_leaves_alone_what_is_measured() -> None:
    pool = ImagePool(2, (3,))
    images = torch.randn(5, 3, requires_grad=True)
    assert not pool(images).requires_grad
    before = {name: value.clone() for name, value in pool.state_dict().items()}
    assert set(before) == {"kept", "held"}
    pool.eval()
    assert torch.equal(pool(images), images)
    assert all(torch.equal(value, before[name]) for name, value in pool.state_dict().items())


def test_a_pool_goes_on_from_its_state() -> None:
    def run(pool: ImagePool, seed: int) -> Tensor:
        torch.manual_seed(seed)
        return torch.cat([pool(torch.randn(3, 2)) for _ in range(5)])

    pool, other = ImagePool(4, (2,)), ImagePool(4, (2,))
    run(pool, 1)
    other.load_state_dict(pool.state_dict())
    assert torch.equal(run(pool, 2), run(other, 2))


def ring(*shares: float) -> Tensor:
    """100 points, so many per cent of them in each of eight clouds, the rest in the middle."""
    angles = torch.arange(8) * torch.pi / 4
    centres = torch.stack([angles.cos(), angles.sin()], 1)
    points = torch.zeros(100, 2)
    places = [k for k, share in enumerate(shares) for _ in range(round(100 * share))]
    points[: len(places)] = centres[places] + 0.05 * torch.randn(len(places), 2)
    return points


@pytest.mark.parametrize(
    ("shares", "modes"),
    [((0.125,) * 8, 8), ((0.5, 0.5), 2), ((0.9, 0.01, 0.02), 2), ((), 0)],
)
def test_a_mode_is_covered_where_enough_points_lie_near_it(shares: Any, modes: int) -> None:
    assert float(answer(ModesCovered(), (vector(2), ring(*shares)))) == modes


def test_the_inception_score_is_one_where_all_is_alike_and_the_number_of_classes_at_best() -> None:
    sure = 50 * torch.eye(5)
    assert float(answer(InceptionScore(), (vector(5), sure))) == pytest.approx(5, rel=1e-4)
    assert float(answer(InceptionScore(), (vector(5), sure[[2, 2, 2]]))) == pytest.approx(1, rel=1e-4)
    assert float(answer(InceptionScore(), (vector(5), torch.zeros(4, 5)))) == pytest.approx(1, rel=1e-4)
    scores = torch.randn(7, 3)
    shares = scores.softmax(1)
    expected = F.kl_div(shares.mean(0).log().expand_as(shares), shares, reduction="batchmean").exp()
    assert float(answer(InceptionScore(), (vector(3), scores))) == pytest.approx(float(expected), rel=1e-5)


def test_a_sample_is_recognised_where_one_class_is_likely_enough() -> None:
    scores = torch.tensor([[0.95, 0.03, 0.02], [0.6, 0.3, 0.1], [0.1, 0.0, 0.9]]).clamp(min=1e-9).log()
    assert float(answer(Recognised(confidence=0.89), (vector(3), scores))) == pytest.approx(2 / 3)
