"""A learning rate is found by real steps, and nothing remains of them."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from studio.core import loom
from studio.core.project import Project, Stage
from studio.engine.rates import KEPT, smoothed, steepest, steps_for, try_rates
from studio.training.answers import OVERTAKEN, RatesTried
from studio.training.commands import TryRates
from tests.engine.projects import classifier, two_networks


def tried(project: Project, stage: int = 0, **asked: float) -> RatesTried:
    question = TryRates(7, loom.dumps(project), stage, "cpu", **asked)  # type: ignore[arg-type]
    return try_rates(question, lambda _: None, overtaken=lambda: False)


def test_the_mean_of_equal_losses_is_that_loss_from_the_first_step_on() -> None:
    assert smoothed([3.0] * 20) == pytest.approx([3.0] * 20)


def test_the_mean_is_the_exponential_one_of_all_losses_so_far() -> None:
    losses = [5.0, 1.0, 4.0]
    weights = np.array([KEPT**2, KEPT, 1.0])
    assert smoothed(losses)[-1] == pytest.approx((weights * losses).sum() / weights.sum())


def test_the_rate_at_which_the_loss_falls_fastest_is_suggested() -> None:
    rates = np.geomspace(1e-6, 10, 141)
    falls = -np.tanh(3 * (np.log10(rates) + 3))  # steepest at 0.001
    assert steepest(list(rates), list(falls)) == pytest.approx(0.001, rel=0.02)
    assert steepest(list(rates), list(rates)) == 0.0, "a loss that only rises suggests nothing"
    assert steepest([0.1, 1.0], [2.0, 1.0]) == 0.0, "two steps say nothing"


def test_gradient_descent_is_advised_below_the_rate_that_leaves_all_bounds() -> None:
    found = tried(classifier(stages=(Stage(optimizer="sgd"),)), lowest=1e-4, highest=1e4)
    assert found.over
    assert found.number == 7
    assert 1e-3 < found.suggested < found.rates[-1]
    assert len(found.rates) == len(found.losses) <= found.steps == 160
    lowest = found.losses.index(min(found.losses))
    assert found.suggested < found.rates[lowest], "where the loss is lowest it does not fall any more"
    assert found.losses[0] == pytest.approx(math.log(10), rel=0.2)


def test_a_loss_that_leaves_all_bounds_ends_the_trial() -> None:
    found = tried(classifier(stages=(Stage(optimizer="sgd"),)), lowest=10.0, highest=1e12)
    assert len(found.rates) < found.steps
    assert all(math.isfinite(loss) for loss in found.losses)


def test_random_numbers_and_threads_are_as_before() -> None:
    torch.manual_seed(3)
    before, threads = torch.get_rng_state(), torch.get_num_threads()
    tried(classifier(), lowest=1e-4, highest=1e-2)
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.get_num_threads() == threads


def test_the_same_project_is_given_the_same_advice() -> None:
    assert tried(classifier(), lowest=1e-4, highest=1e-1) == tried(classifier(), lowest=1e-4, highest=1e-1)


def test_a_stage_behind_others_and_of_several_objectives_is_tried_too() -> None:
    rivals = Stage(objectives=("Teach First", "Teach Second"), learns=("Teach First: First", "Teach Second: Second"))
    project = two_networks(Stage(objectives=("Teach First",), learns=("First",)), rivals)
    found = tried(project, 1, lowest=1e-5, highest=1.0)
    assert not found.why_not
    assert found.losses[0] == pytest.approx(4 * math.log(10), rel=0.2), "two losses in each of two objectives"


@pytest.mark.parametrize(
    ("project", "stage", "bounds", "sentence"),
    [
        (classifier(), 3, {}, "There is no stage 4: the project has 1."),
        (classifier(), 0, {"lowest": 1.0, "highest": 0.1}, "There is no rate between 1 and 0.1 to be tried."),
        (replace(classifier(), data=None), 0, {}, ""),
    ],
)
def test_what_keeps_it_from_being_found_is_said(project: Project, stage: int, bounds: dict[str, float], sentence: str):
    found = tried(project, stage, **bounds)
    assert found.over
    assert found.why_not.startswith(sentence)
    assert found.why_not


def test_whatever_else_is_asked_for_ends_it() -> None:
    question = TryRates(7, loom.dumps(classifier()), 0, "cpu")
    answer = try_rates(question, lambda _: None, overtaken=lambda: True)
    assert answer.why_not == OVERTAKEN


def test_a_power_of_ten_takes_twenty_steps() -> None:
    assert steps_for(TryRates(0, "", lowest=1e-6, highest=10.0)) == 140
