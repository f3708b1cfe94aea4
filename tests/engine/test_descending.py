"""Ways down an error of two weights are those that the optimizers of a training take."""

from __future__ import annotations

import pytest

from studio.core.surfaces import SURFACES
from studio.engine.descending import descend
from studio.training.answers import Descended
from studio.training.commands import Descend


def way(surface: str, optimizer: str, rate: float, momentum: float = 0.0, steps: int = 60) -> Descended:
    settings = {"optimizer": optimizer, "learning_rate": rate, "momentum": momentum}
    return descend(Descend(1, surface, SURFACES[surface].start, settings, steps))


@pytest.mark.parametrize("momentum", [0.0, 0.8])
def test_steps_are_those_of_the_lecture_worked_by_hand(momentum: float) -> None:
    (first, second), (step, across) = SURFACES["valley"].start, (0.0, 0.0)
    expected = [(first, second)]
    for _ in range(60):
        step, across = momentum * step - 0.03 * first, momentum * across - 0.03 * 20 * second
        first, second = first + step, second + across
        expected.append((first, second))
    found = way("valley", "classical-momentum", 0.03, momentum)
    assert [place for pair in found.path for place in pair] == pytest.approx([p for pair in expected for p in pair])
    assert found.errors[-1] == pytest.approx(0.5 * (first**2 + 20 * second**2))


def test_without_momentum_steps_zig_zag_across_the_valley() -> None:
    plain, carried = way("valley", "sgd", 0.09), way("valley", "classical-momentum", 0.03, 0.8)
    turns = [
        sum(a * b < 0 for (_, a), (_, b) in zip(each.path, each.path[1:], strict=False)) for each in (plain, carried)
    ]
    assert turns[0] == 60, "every step crosses the valley"
    assert turns[1] < 30
    assert carried.errors[30] < plain.errors[30]


def test_a_rate_that_is_too_large_leads_out_of_all_bounds_and_is_left_there() -> None:
    found = way("valley", "sgd", 0.5)
    assert 1 < len(found.path) < 60
    assert found.errors[-1] > found.errors[0]


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("optimizer", ["nesterov", "adam", "rmsprop", "adagrad", "lbfgs"])
def test_every_rule_goes_down_every_surface(surface: str, optimizer: str) -> None:
    found = way(surface, optimizer, 0.02, 0.5)
    assert len(found.path) == len(found.errors) == 61
    assert found.errors[-1] < found.errors[0]


def test_settings_that_cannot_be_are_told_in_words() -> None:
    assert "greater than 0" in way("valley", "sgd", -1.0).why_not
    assert way_of_nowhere().why_not == "There is no surface 'nowhere'."


def way_of_nowhere() -> Descended:
    return descend(Descend(1, "nowhere", (0.0, 0.0), {}))
