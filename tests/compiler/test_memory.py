"""What memory a training takes, by counting."""

from dataclasses import replace
from typing import Any

import pytest

from studio.compiler.check import check
from studio.compiler.memory import Memory, amount, memory_of
from studio.core.project import Project, Stage, Training
from tests.engine.projects import classifier

WEIGHTS = 8 * 8 * 24 + 24 + 2 * 24 + 24 * 10 + 10


def memory(project: Project) -> Memory:
    return memory_of(project, check(project))


def trained_by(**stage: Any) -> Memory:
    return memory(classifier(stages=(Stage(**stage),)))


def test_weights_and_gradients_are_counted_in_32_bits() -> None:
    found = trained_by()
    assert found.weights == found.gradients == 4 * WEIGHTS


@pytest.mark.parametrize(
    ("optimizer", "moments"),
    [
        ("sgd", 0),
        ("momentum", 1),
        ("nesterov", 1),
        ("adam", 2),
        ("adamw", 2),
        ("rmsprop", 2),
        ("adagrad", 1),
        ("lbfgs", 203),
    ],
)
def test_an_optimizer_remembers_so_many_numbers_of_every_weight(optimizer: str, moments: int) -> None:
    assert trained_by(optimizer=optimizer).moments == moments * 4 * WEIGHTS


def test_the_most_demanding_stage_counts() -> None:
    project = classifier(stages=(Stage(optimizer="sgd"), Stage(optimizer="adam"), Stage(optimizer="momentum")))
    assert memory(project).moments == 2 * 4 * WEIGHTS


def test_what_is_kept_for_the_way_back_grows_with_the_batch() -> None:
    small, large = memory(classifier(batch=8)), memory(classifier(batch=32))
    assert large.activations == 4 * small.activations
    # image, its flat form, three layers of 24, ten scores, and the gradient of the largest of them
    assert small.activations == 8 * 4 * (64 + 64 + 4 * 24 + 10 + 64)


def test_half_precision_keeps_half() -> None:
    whole, half = memory(classifier()), memory(classifier(precision="bf16-mixed"))
    assert half.activations == whole.activations / 2
    assert half.weights == whole.weights


def test_a_batch_may_be_an_expression() -> None:
    project = replace(classifier(batch="=size*2"), variables={"size": 16})
    assert memory(project).batch == 32
    assert memory(replace(project, variables={})).batch == 1


def test_a_project_without_networks_takes_nothing() -> None:
    assert memory(Project(training=Training(stages=()))).total == 0


def test_the_batch_that_fits_is_a_power_of_two_that_does() -> None:
    asked = Memory(batch=100, weights=1000, gradients=1000, moments=2000, activations=100 * 500)
    fits = asked.batch_within(20_000)
    assert fits == 16
    assert 4000 + fits * 500 <= 20_000 < 4000 + 2 * fits * 500 / 0.9 + 4000
    assert asked.batch_within(4_500) == 0


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 MB"), (200_000, "0.2 MB"), (25_000_000, "24 MB"), (1_610_612_736, "1.5 GB"), (2**40, "1024.0 GB")],
)
def test_an_amount_is_said_at_reading_length(size: int, text: str) -> None:
    assert amount(size) == text
