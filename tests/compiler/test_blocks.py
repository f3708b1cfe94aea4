"""A network computes the same numbers before a block is made, with it, and after it is dissolved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DataObject

from studio.compiler.loading import load_class
from studio.compiler.source import network_source
from studio.core.blocks import make_block
from studio.core.catalog import catalog
from studio.core.dissolving import dissolve
from studio.core.graph import Node
from studio.core.problem import ProjectError
from studio.core.project import Project
from tests.core.graphs import chain, drawings, graph_of, link, shapes


def module(project: Project, name: str = "N") -> torch.nn.Module:
    made = load_class(network_source(project, name))()
    assert isinstance(made, torch.nn.Module)
    return made.eval()


def sizes(network: torch.nn.Module) -> Counter[tuple[int, ...]]:
    return Counter(tuple(weights.shape) for weights in network.state_dict().values())


def with_weights_of(network: torch.nn.Module, other: torch.nn.Module, inside: Mapping[str, str]) -> torch.nn.Module:
    """The network with the weights of another, whose keys are mapped by their first part."""
    keys = {
        key: ".".join((inside.get(key.split(".")[0], key.split(".")[0]), *key.split(".")[1:]))
        for key in other.state_dict()
    }
    network.load_state_dict({keys[key]: weights for key, weights in other.state_dict().items()}, strict=True)
    return network


def test_lenet_with_a_block_answers_what_lenet_answers() -> None:
    project = catalog().make_project("lenet5")
    names = ["C1", "Tanh", "S2", "C3", "Tanh 2", "S4"]
    made = make_block(project, "LeNet-5", names, shapes(project, "LeNet-5")).project
    plain = module(project, "LeNet-5")
    blocked = with_weights_of(module(made, "LeNet-5"), plain, {"c1": "block.c1", "c3": "block.c3"})
    images = torch.randn(3, 1, 32, 32)
    assert torch.equal(blocked(images), plain(images))
    back = with_weights_of(module(dissolve(made, "LeNet-5", "Block").project, "LeNet-5"), plain, {})
    assert torch.equal(back(images), plain(images))


@settings(max_examples=30)
@given(project=drawings(), data=st.data())
def test_the_weights_of_the_source_have_the_same_sizes(project: Project, data: DataObject) -> None:
    names = data.draw(st.sets(st.sampled_from(list(project.graphs["N"].nodes)), min_size=1))
    try:
        made = make_block(project, "N", names, shapes(project))
    except ProjectError:
        assume(False)
    assert sizes(module(made.project)) == sizes(module(project))
    assert sizes(module(dissolve(made.project, "N", made.node).project)) == sizes(module(project))


@pytest.mark.parametrize("share_weights", [False, True])
def test_a_repeated_block_becomes_a_chain_that_computes_the_same(share_weights: bool) -> None:
    made = make_block(chain(), "N", ["Wide", "ReLU", "Narrow"], shapes(chain())).project
    graph = made.graphs["N"]
    block = Node("Block", graph="Block", repeat=3, share_weights=share_weights, position=(360.0, 0.0))
    repeated = made.with_graph("N", graph.put({"Block": block}))
    opened = dissolve(repeated, "N", "Block").project
    first, second = module(repeated), module(opened)
    ordered = list(first.state_dict().values())
    assert [weights.shape for weights in second.state_dict().values()] == [weights.shape for weights in ordered]
    second.load_state_dict(dict(zip(second.state_dict(), ordered, strict=True)))
    values = torch.randn(4, 6)
    assert torch.equal(first(values), second(values))
    nodes = opened.graphs["N"].nodes
    assert nodes["Wide 3"].shares_with == ("Wide" if share_weights else "")
    assert nodes["ReLU 2"].shares_with == ""
    assert nodes["Wide 2"].position[0] > nodes["Narrow"].position[0]


def test_a_node_that_shares_inside_a_repeat_shares_with_the_right_one() -> None:
    nodes = {
        "x": Node("Input", {"kind": "vector", "sizes": (6,)}),
        "a": Node("Linear", {"features": 6}),
        "b": Node("Linear", {"features": 6}, shares_with="a"),
        "y": Node("Output"),
    }
    links = [link("x", "a", "values"), link("a", "b", "values"), link("b", "y", "value")]
    outer = {"x": nodes["x"], "B": Node("Block", graph="Pair", repeat=2), "y": nodes["y"]}
    around = [link("x", "B", "x"), link("B", "y", "value", "y")]
    project = Project("p", {"N": graph_of(outer, around), "Pair": graph_of(nodes, links, role="block")})
    opened = dissolve(project, "N", "B").project.graphs["N"].nodes
    assert {name: node.shares_with for name, node in opened.items() if node.type == "Linear"} == {
        "a": "",
        "b": "a",
        "a 2": "",
        "b 2": "a 2",
    }
