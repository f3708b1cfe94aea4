"""ALVINN: its size, and that what steers is read off the hill it answers."""

import numpy as np
import pytest
import torch

import studio
from studio.compiler.check import Checker
from studio.core.catalog import catalog


@pytest.mark.parametrize(
    ("preset", "hidden", "weights"), [("paper", 4, 3_994), ("laptop", 4, 3_994), ("paper", 5, 4_985)]
)
def test_it_has_as_many_weights_as_the_network_that_drove(preset: str, hidden: int, weights: int) -> None:
    project = catalog().make_project("alvinn", preset=preset, settings={"hidden": hidden})
    assert Checker().check(project).networks["ALVINN"].weights == weights == 961 * hidden + (hidden + 1) * 30


def test_its_direction_is_the_peak_of_its_hill() -> None:
    network = studio.build_network(catalog().make_project("alvinn"))
    units = network.get_submodule("units")
    place = 11.3
    with torch.no_grad():
        units.weight.zero_()  # type: ignore[union-attr, operator]
        wanted = torch.tensor(np.exp(-((np.arange(30) - place) ** 2) / 10), dtype=torch.float32)
        units.bias.copy_(wanted.logit(eps=1e-6))  # type: ignore[union-attr, operator]
        hill, direction = network(torch.rand(3, 1, 30, 32))
    assert hill.shape == (3, 30)
    assert direction.tolist() == pytest.approx([place] * 3, abs=0.01)
