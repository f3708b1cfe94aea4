"""Local receptive fields, with weights of their own and with shared ones."""

from typing import Any

import pytest

from studio.compiler.check import Checker
from studio.core.catalog import catalog


@pytest.mark.parametrize(
    ("settings", "fields", "in_all"),
    [
        ({}, 26 * 26 * 4 * (3 * 3 + 1), 27_040 + 27_050),
        ({"shared": True}, 4 * (3 * 3 + 1), 40 + 27_050),
        ({"filters": 2, "kernel": 5}, 24 * 24 * 2 * (5 * 5 + 1), 29_952 + 11_530),
        ({"network": "net-3"}, 640, 1_226),
        ({"network": "net-3", "shared": True}, 18 + 128, 1_132),
    ],
)
def test_weights_are_those_of_the_chapter_and_of_the_paper(settings: dict[str, Any], fields: int, in_all: int) -> None:
    project = catalog().make_project("local-receptive-fields", settings=settings)
    report = Checker().check(project).networks["Local fields"]
    first = sum(found.weight_count for name, found in report.nodes.items() if name == "Fields" or "H1" in name)
    assert (first, report.weights) == (fields, in_all)


def test_the_links_of_the_shared_network_are_the_papers() -> None:
    """Net-4 uses 1,132 weights at 2,266 places: each unit of H1 has 9 links and a bias, each of H2 50 and a bias."""
    project = catalog().make_project("local-receptive-fields", preset="paper", settings={"shared": True})
    report = Checker().check(project).networks["Local fields"]
    biases = sum(report.nodes[name].outputs["out"].elements for name in ("Biases of H1", "H2", "Linear"))
    assert report.multiply_adds + biases == 2_266
