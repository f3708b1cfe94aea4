"""ResNet costs what was published, and its stages are blocks."""

from typing import Any

import pytest

from studio.compiler.check import check
from studio.compiler.results import GraphResult
from studio.compiler.source import network_source
from studio.core.catalog import catalog

MULTIPLY_ADDS = {18: 1.81e9, 34: 3.66e9, 50: 4.09e9, 101: 7.80e9, 152: 11.51e9}
"""Those of torchvision's networks, which step on the 3×3 convolution."""


def checked(preset: str = "paper", **settings: Any) -> GraphResult:
    (result,) = check(catalog().make_project("resnet", preset=preset, settings=settings)).networks.values()
    return result


@pytest.mark.parametrize("depth", MULTIPLY_ADDS)
def test_the_cost_is_that_of_the_literature(depth: int) -> None:
    assert checked(depth=depth).multiply_adds == pytest.approx(MULTIPLY_ADDS[depth], rel=0.005)


@pytest.mark.parametrize("depth", MULTIPLY_ADDS)
def test_the_depth_counts_the_layers_with_weights_on_the_main_path(depth: int) -> None:
    found = [(path, node, node.repeat) for path, node in checked(depth=depth).walk()]
    repeats = {path: repeat for path, _, repeat in found}
    layers = 0
    for path, node, _ in found:
        if node.node.type in ("Conv2d", "Linear") and "downsample" not in path:
            parts = path.split("/")
            times = 1
            for end in range(1, len(parts)):
                times *= repeats["/".join(parts[:end])]
            layers += times
    assert layers == depth


def test_a_basic_block_and_a_bottleneck_have_the_weights_that_the_chapter_counts() -> None:
    basic, deep = checked(depth=18).nodes["layer1"].inner, checked(depth=50).nodes["layer1"].inner
    assert basic is not None
    assert basic.weights == 73_984
    assert deep is not None
    rest = deep.nodes["rest"].inner
    assert rest is not None
    assert rest.weights == 70_400


@pytest.mark.parametrize("depth", MULTIPLY_ADDS)
def test_norms_follow_every_convolution_which_has_no_bias(depth: int) -> None:
    project = catalog().make_project("resnet", preset="paper", settings={"depth": depth})
    for graph in project.graphs.values():
        for name, node in graph.nodes.items():
            if node.type == "Conv2d":
                assert node.settings["bias"] is False
                assert [graph.nodes[link.target].type for link in graph.links.out_of[name]] == ["BatchNorm2d"]


@pytest.mark.parametrize("depth", [50, 101, 152])
def test_the_source_reads_like_a_persons(depth: int) -> None:
    project = catalog().make_project("resnet", preset="paper", settings={"depth": depth})
    lines = network_source(project, f"ResNet-{depth}").text.splitlines()
    assert len(lines) < 120
    assert max(map(len, lines)) <= 100
    assert "        self.layer2 = Stage(256, 128, 4, stride=2)" in lines or depth == 152
    assert "        self.conv3 = nn.Conv2d(width, width * 4, 1, bias=False)" in lines


def test_size_width_and_classes_can_be_chosen() -> None:
    result = checked(preset="laptop", size=40, width=4, classes=13)
    assert [shape.sizes for shape in result.inputs.values()] == [(1, 40, 40)]
    assert result.nodes["layer4"].outputs["out"].sizes == (32, 5, 5)
    assert [shape.sizes for shape in result.outputs.values()] == [(13,)]
