"""The MLP classifier."""

import itertools
from typing import Any

import pytest

from studio.compiler.check import Checker
from studio.core.catalog import catalog


@pytest.mark.parametrize(
    ("settings", "sizes"),
    [
        ({}, (576, 64, 32, 3)),
        ({"data": "small-digits", "hidden": ()}, (64, 10)),
        ({"data": "digits", "hidden": (300, 100)}, (784, 300, 100, 10)),
        ({"hidden": (8,) * 6, "dropout": 0.5, "activation": "logistic"}, (576, *(8,) * 6, 3)),
    ],
)
def test_weights_are_the_sum_over_layers_of_inputs_plus_one_times_outputs(
    settings: dict[str, Any], sizes: tuple[int, ...]
) -> None:
    report = Checker().check(catalog().make_project("mlp", settings=settings)).networks["MLP"]
    assert report.weights == sum((a + 1) * b for a, b in itertools.pairwise(sizes))


def test_hidden_layers_are_named_by_their_number() -> None:
    nodes = catalog().make_project("mlp", settings={"hidden": (5, 4, 3)}).graphs["MLP"].nodes
    assert [name for name in nodes if name.startswith("Hidden")] == ["Hidden 1", "Hidden 2", "Hidden 3"]
