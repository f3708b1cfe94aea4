"""VGG sees through small windows alone, and decides with most of its weights."""

from typing import Any

import pytest

from studio.compiler.check import check
from studio.compiler.results import GraphResult
from studio.core.catalog import catalog


def checked(preset: str = "paper", **settings: Any) -> GraphResult:
    (result,) = check(catalog().make_project("vgg", preset=preset, settings=settings)).networks.values()
    return result


def test_windows_are_of_3_by_3_but_in_configuration_c() -> None:
    def kernels(result: GraphResult) -> list[tuple[int, ...]]:
        convolutions = (node for _, node in result.walk() if node.node.type == "Conv2d")
        return [node.weights["weight"][2:] for node in convolutions]

    assert set(kernels(checked(depth=16))) == {(3, 3)}
    assert kernels(checked(variant="C")).count((1, 1)) == 3


def test_nine_weights_in_ten_lie_in_the_layers_that_decide() -> None:
    result = checked()
    decide = sum(node.weight_count for name, node in result.nodes.items() if name.startswith("FC"))
    assert decide / result.weights == pytest.approx(0.894, abs=0.001)


def test_size_width_and_classes_can_be_chosen() -> None:
    result = checked(preset="laptop", size=64, width=4, classes=13)
    assert [shape.sizes for shape in result.inputs.values()] == [(1, 64, 64)]
    assert result.nodes["Pool 5"].outputs["out"].sizes == (32, 2, 2)
    assert [shape.sizes for shape in result.outputs.values()] == [(13,)]
