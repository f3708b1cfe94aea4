"""Losses that compare images by structure or by features, against a direct computation."""

from itertools import product
from math import exp

import pytest
import torch
from torch import Tensor

from nodes.image_loss import SSIM, PerceptualLoss
from studio.core.problem import Assign, Mismatch
from studio.core.shape import image

from .computing import answer


def structure(first: Tensor, second: Tensor, span: float, window: int, deviation: float) -> float:
    """The mean similarity of two maps (height, width), window by window, as the paper defines it."""
    far = [at - (window - 1) / 2 for at in range(window)]
    weights = torch.tensor([[exp(-(y * y + x * x) / (2 * deviation**2)) for x in far] for y in far]).double()
    weights /= weights.sum()
    light, contrast = (0.01 * span) ** 2, (0.03 * span) ** 2
    found = []
    for y, x in product(range(first.shape[0] - window + 1), range(first.shape[1] - window + 1)):
        one, other = (each[y : y + window, x : x + window] for each in (first, second))
        mean, mean_of_other = (weights * one).sum(), (weights * other).sum()
        spread = (weights * (one - mean) ** 2).sum() + (weights * (other - mean_of_other) ** 2).sum()
        both = (weights * (one - mean) * (other - mean_of_other)).sum()
        alike = (2 * mean * mean_of_other + light) / (mean**2 + mean_of_other**2 + light)
        found.append(float(alike * (2 * both + contrast) / (spread + contrast)))
    return sum(found) / len(found)


@pytest.mark.parametrize(("span", "window", "deviation"), [(1.0, 11, 1.5), (2.0, 7, 1.0)])
def test_ssim_compares_window_by_window(span: float, window: int, deviation: float) -> None:
    torch.manual_seed(0)
    first = span * torch.rand(2, 2, 13, 12, dtype=torch.float64)
    second = first + 0.2 * span * torch.randn_like(first)
    means = [structure(first[n, c], second[n, c], span, window, deviation) for n in range(2) for c in range(2)]
    for reduction, lacking in (("mean", 1 - sum(means) / 4), ("sum", 2 - sum(means) / 2)):
        node = SSIM.of({"span": span, "window": window, "deviation": deviation, "reduction": reduction})
        found = answer(node, *((image(2, 13, 12), each) for each in (first, second)))
        assert float(found) == pytest.approx(lacking, rel=1e-5)


def test_equal_images_lack_nothing_and_a_loss_can_be_learned_from() -> None:
    torch.manual_seed(0)
    wanted = torch.rand(1, 1, 16, 16)
    shape = image(1, 16, 16)
    assert float(answer(SSIM(), (shape, wanted), (shape, wanted))) == pytest.approx(0, abs=1e-6)
    answered = torch.rand(1, 1, 16, 16, requires_grad=True)
    optimizer = torch.optim.Adam([answered], 0.05)
    for _ in range(300):
        optimizer.zero_grad()
        loss = answer(SSIM(), (shape, answered), (shape, wanted))
        loss.backward()
        optimizer.step()
    assert float(loss.detach()) < 0.05


def test_a_window_larger_than_the_image_is_refused_with_one_that_fits() -> None:
    with pytest.raises(Mismatch, match="11 does not fit into 8×9") as refused:
        SSIM().infer(image(1, 8, 9), image(1, 8, 9))
    assert refused.value.repairs == (Assign("window", 8, "Set window to 8"),)


@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_features_are_compared_map_by_map_or_by_how_they_occur_together(reduction: str) -> None:
    torch.manual_seed(0)
    first, second = torch.randn(2, 2, 3, 4, 5, dtype=torch.float64)
    by_hand: dict[str, list[Tensor]] = {"squares": [], "distances": [], "style": []}
    for one, other in zip(first, second, strict=True):
        by_hand["squares"].append((one - other).square().sum() / 60)
        by_hand["distances"].append((one - other).abs().sum() / 60)
        grams = [torch.einsum("ahw,bhw->ab", maps, maps) / 60 for maps in (one, other)]
        by_hand["style"].append((grams[0] - grams[1]).square().sum())
    for compares, terms in by_hand.items():
        node = PerceptualLoss.of({"compares": compares, "reduction": reduction})
        found = answer(node, *((image(3, 4, 5), each) for each in (first, second)))
        expected = sum(map(float, terms)) / (2 if reduction == "mean" else 1)
        assert float(found) == pytest.approx(expected)


def test_a_style_is_the_same_wherever_things_are() -> None:
    maps = torch.randn(1, 3, 4, 4)
    shape = image(3, 4, 4)
    moved = (shape, maps.roll((1, 2), (2, 3)))
    assert float(answer(PerceptualLoss(compares="style"), (shape, maps), moved)) == pytest.approx(0, abs=1e-6)
    assert float(answer(PerceptualLoss(), (shape, maps), moved)) > 0.1
