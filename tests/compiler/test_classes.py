"""Insides of one graph that differ in numbers are one class with arguments, as a person would write it."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Mapping

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from nodes.activation import ReLU
from nodes.combine import Add
from nodes.convolution import Conv2d
from nodes.dropout import Dropout
from nodes.inputs import Input, Output
from nodes.linear import Linear
from nodes.norm import BatchNorm2d
from studio.compiler.check import check
from studio.compiler.layers import LAYERS
from studio.compiler.loading import load_class
from studio.compiler.source import network_source
from studio.core.builder import Added, GraphBuilder
from studio.core.catalog import catalog
from studio.core.graph import Graph
from studio.core.project import Project


def bottleneck() -> Graph:
    """1×1 to a width, 3×3 with a stride, 1×1 to four times the width."""
    net = GraphBuilder("block", width=4, stride=1)
    maps = net.add(Input(kind="image", sizes=(3, 16, 16)), name="maps")
    seen = net.add(Conv2d(kernel=1, bias=False), maps, name="conv1", filters="=width")
    strided = Conv2d(kernel=3, padding=1, bias=False)
    seen = net.add(strided, seen, name="conv2", filters="=width", stride="=stride")
    seen = net.add(Conv2d(kernel=1, bias=False), seen, name="conv3", filters="=width*4")
    net.add(Output(), net.add(BatchNorm2d(), seen, name="norm"), name="out")
    return net.graph()


def unnamed() -> Graph:
    """Two linear layers whose sizes are no parameters of the block, and dropout."""
    net = GraphBuilder("block", inside=5, outside=6, share=0.5)
    values = net.add(Input(kind="vector", sizes=(4,)), name="values")
    first = net.add(Linear(), values, name="first", features="=inside+2")
    second = net.add(Linear(), net.chain(first, ReLU()), name="second", features="=outside+1")
    net.add(Output(), net.add(Dropout(), second, name="drop", p="=share/2"), name="out")
    return net.graph()


def same_size() -> Graph:
    """A convolution of any odd window that keeps the size."""
    net = GraphBuilder("block", filters=4, kernel=3)
    maps = net.add(Input(kind="image", sizes=(3, 16, 16)), name="maps")
    values = {"filters": "=filters", "kernel": "=kernel", "padding": "=kernel//2"}
    net.add(Output(), net.add(Conv2d(), maps, name="conv", **values), name="out")
    return net.graph()


def chained(block: Graph, *placed: Mapping[str, object], sizes: tuple[int, ...] = (3, 16, 16)) -> Project:
    """A network of these places of one block, one behind the other."""
    net = GraphBuilder()
    last: Added = net.add(Input(kind="image" if len(sizes) == 3 else "vector", sizes=sizes), name="image")
    for number, fields in enumerate(placed, 1):
        last = net.add_graph(f"part{number}", "Part", block, last, **fields)
    net.add(Output(), last, name="answer")
    return Project("p", {"N": net.graph(), "Part": block})


def text_of(project: Project) -> str:
    assert not check(project).graphs["N"].problems
    return network_source(project, "N").text


def network(project: Project) -> torch.nn.Module:
    made = load_class(network_source(project, "N"))()
    assert isinstance(made, torch.nn.Module)
    return made


def test_blocks_that_differ_in_numbers_are_one_class_with_arguments() -> None:
    text = text_of(chained(bottleneck(), {"width": 4}, {"width": 6, "stride": 2}, {"width": 5, "repeat": 2}))
    assert text.count("class Part") == 1
    assert "def __init__(self, in_channels: int, width: int, stride: int = 1) -> None:" in text
    assert "self.conv1 = nn.Conv2d(in_channels, width, 1, bias=False)" in text
    assert "self.conv2 = nn.Conv2d(width, width, 3, stride=stride, padding=1, bias=False)" in text
    assert "self.conv3 = nn.Conv2d(width, width * 4, 1, bias=False)" in text
    assert "self.norm = nn.BatchNorm2d(width * 4)" in text
    assert "self.part1 = Part(3, 4)" in text
    assert "self.part2 = Part(16, 6, stride=2)" in text
    assert "self.part3 = nn.Sequential(Part(24, 5), Part(20, 5))" in text


def test_a_repeat_that_keeps_its_size_is_made_in_a_loop() -> None:
    text = text_of(chained(bottleneck(), {"width": 4, "repeat": 4}, {"width": 4, "repeat": 3}))
    assert "self.part1 = nn.Sequential(Part(3), *(Part(16) for _ in range(3)))" in text
    assert "self.part2 = nn.Sequential(*(Part(16) for _ in range(3)))" in text


def test_numbers_that_are_no_parameters_are_named_by_what_they_are() -> None:
    placed = ({"inside": 5, "outside": 6, "share": 0.5}, {"inside": 8, "outside": 4, "share": 0.2})
    text = text_of(chained(unnamed(), *placed, sizes=(4,)))
    assert (
        "def __init__(self, in_features: int, out_features: int, second_out_features: int, p: float) -> None:" in text
    )
    assert "self.part1 = Part(4, 7, 7, 0.25)" in text
    assert "self.part2 = Part(7, 10, 5, 0.1)" in text


def test_a_border_that_follows_the_window_is_told_by_it() -> None:
    text = text_of(chained(same_size(), {"kernel": 3}, {"kernel": 1}, {"kernel": 5, "filters": 9}))
    assert "self.conv = nn.Conv2d(in_channels, filters, kernel, padding=kernel // 2)" in text
    assert "Part(4, 9, 5)" in text


def test_an_only_place_has_its_numbers_inside() -> None:
    text = text_of(chained(bottleneck(), {"width": 4}))
    assert "def __init__(self) -> None:" in text
    assert "self.conv1 = nn.Conv2d(3, 4, 1, bias=False)" in text
    assert "self.part1 = Part()" in text


def test_another_structure_is_another_class() -> None:
    project = chained(bottleneck(), {"width": 4}, {"width": 4, "stride": 2})
    plain = project.graphs["Part"]
    biased = plain.put({"conv1": plain.nodes["conv1"].set(bias="=width > 4")})
    text = text_of(chained(biased, {"width": 4}, {"width": 8}))
    assert "class Part(nn.Module)" in text
    assert "class Part2(nn.Module)" in text


def test_outer_classes_hand_arguments_on() -> None:
    inner = bottleneck()
    outer = GraphBuilder("block", width=4, stride=1, blocks=3)
    maps = outer.add(Input(kind="image", sizes=(3, 16, 16)), name="maps")
    first = outer.add_graph("first", "Part", inner, maps, width="=width", stride="=stride")
    rest = outer.add_graph("rest", "Part", inner, first, width="=width", repeat="=blocks-1")
    outer.add(Output(), rest, name="out")
    drawn = outer.graph()
    net = GraphBuilder()
    last: Added = net.add(Input(kind="image", sizes=(3, 16, 16)), name="image")
    for name, width, stride, blocks in (("one", 4, 1, 3), ("two", 6, 2, 4)):
        last = net.add_graph(name, "Stage", drawn, last, width=width, stride=stride, blocks=blocks)
    net.add(Output(), last, name="answer")
    project = Project("p", {"N": net.graph(), "Stage": drawn, "Part": inner})
    text = text_of(project)
    assert "def __init__(self, in_channels: int, width: int, blocks: int, stride: int = 1) -> None:" in text
    assert "self.first = Part(in_channels, width, stride=stride)" in text
    assert "self.rest = nn.Sequential(*(Part(width * 4, width) for _ in range(blocks - 1)))" in text
    assert "self.two = Stage(16, 6, 4, stride=2)" in text
    assert network(project)(torch.zeros(1, 3, 16, 16)).shape == (1, 24, 8, 8)


def test_a_long_head_is_folded() -> None:
    net = GraphBuilder("block", **{f"number_of_filters_{at}": 4 for at in range(9)})
    maps = net.add(Input(kind="image", sizes=(3, 8, 8)), name="maps")
    for at in range(9):
        maps = net.add(Conv2d(kernel=1), maps, name=f"conv{at}", filters=f"=number_of_filters_{at}")
    net.add(Output(), maps, name="out")
    other = {f"number_of_filters_{at}": 20 + 7 * at for at in range(9)}
    project = chained(net.graph(), {}, other, sizes=(3, 8, 8))
    text = text_of(project)
    assert max(map(len, text.splitlines())) <= 110
    assert "    def __init__(\n        self,\n        in_channels: int," in text
    assert network(project)(torch.zeros(1, 3, 8, 8)).shape == (1, 76, 8, 8)


def test_each_branch_is_written_as_a_whole() -> None:
    net = GraphBuilder()
    image = net.add(Input(kind="image", sizes=(4, 8, 8)), name="image")
    sides = [net.add(Conv2d(filters=4, kernel=1), image, name=f"{side} 1") for side in ("left", "right")]
    sides = [net.add(ReLU(), each, name=f"{each.name[:-2]} 2") for each in sides]
    net.add(Output(), net.add(Add(), *sides, name="sum"), name="answer")
    text = text_of(Project("p", {"N": net.graph()}))
    forward = text[text.index("def forward") :]
    order = ["left_1", "left_2", "right_1", "right_2"]
    assert sorted(order, key=lambda name: forward.index(f"self.{name}(")) == order


PLACES = st.fixed_dictionaries(
    {"width": st.integers(1, 9), "stride": st.integers(1, 2), "repeat": st.integers(1, 4)},
)


@settings(max_examples=40)
@given(st.lists(PLACES, min_size=1, max_size=4))
def test_whatever_the_numbers_the_network_has_the_weights_that_are_drawn(places: list[dict[str, int]]) -> None:
    placed = [{**place, "stride": place["stride"] if place["repeat"] == 1 else 1} for place in places]
    project = chained(bottleneck(), *placed)
    result = check(project).graphs["N"]
    source = network_source(project, "N")
    with torch.device("meta"):
        made = load_class(source)()
        answer = made(torch.zeros(2, 3, 16, 16))  # of one number alone a norm knows no variance
    assert sum(weights.numel() for weights in made.parameters()) == result.weights
    assert answer.shape[1:] == result.outputs["answer"].sizes
    classes = [part.name for part in ast.parse(source.text).body if isinstance(part, ast.ClassDef)]
    assert classes == ["Part", "N"]


@pytest.mark.parametrize("name", LAYERS)
def test_torch_calls_the_numbers_of_its_layers_so(name: str) -> None:
    signature = inspect.signature(getattr(torch.nn, name).__init__).parameters
    if name in ("RNN", "LSTM", "GRU"):
        signature = {**inspect.signature(torch.nn.RNNBase.__init__).parameters, "self": signature["self"]}
        order = [key for key in signature if key not in ("self", "mode")]
    else:
        order = [key for key in signature if key != "self"]
    layer = LAYERS[name]
    assert tuple(order[: len(layer.names)]) == layer.names
    assert {key: signature[key].default for key in layer.defaults} == layer.defaults


def test_a_deep_network_prints_each_of_its_blocks_once() -> None:
    source = network_source(catalog().make_project("resnet", preset="paper", settings={"depth": 152}), "ResNet-152")
    classes = [part.name for part in ast.parse(source.text).body if isinstance(part, ast.ClassDef)]
    assert classes == ["ProjectedBottleneck", "Bottleneck", "Stage", "ResNet152"]
