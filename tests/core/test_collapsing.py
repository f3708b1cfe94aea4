"""Linear layers in a row become one: which do, and what is left of them in the project."""

from dataclasses import replace
from typing import Any

import pytest

from nodes.activation import ReLU
from nodes.inputs import Input, Output
from nodes.linear import Linear
from studio.compiler.check import check
from studio.core.builder import GraphBuilder
from studio.core.collapsing import collapse, linear_chains
from studio.core.graph import Graph, Link, Node
from studio.core.node_class import Layer
from studio.core.project import Project, Stage, Training


def row(*layers: Layer, **changes: dict[str, Any]) -> Graph:
    """Layers called a, b, c … between an input of 6 numbers and an output; ``changes`` are fields of their nodes."""
    net = GraphBuilder()
    last = net.add(Input(kind="vector", sizes=(6,)), name="In")
    for name, layer in zip("abcdef", layers, strict=False):
        last = net.add(layer, last, name=name)
    net.add(Output(), last, name="Out")
    graph = net.graph()
    return graph.put({name: replace(graph.nodes[name], **fields) for name, fields in changes.items()})


def linear(features: int = 5, **settings: Any) -> Linear:
    return Linear(features=features, **settings)


@pytest.mark.parametrize(
    ("graph", "chains"),
    [
        (row(linear(), linear(), linear()), [("a", "b", "c")]),
        (row(linear(), ReLU(), linear(), linear()), [("c", "d")]),
        (row(linear(), linear(), ReLU(), linear(), linear()), [("a", "b"), ("d", "e")]),
        (row(linear(), ReLU(), linear()), []),
        (row(linear(), linear(weight_norm="weight"), linear()), []),
        (row(linear(6), linear(6), linear(6), c={"shares_with": "b"}), []),
        (row(linear(), linear(), linear(), b={"bypassed": True}), []),
        (row(linear(), linear()).add("Aside", Node("ReLU"), Link("a", "out", "Aside", "values")), []),
    ],
)
def test_a_chain_is_fed_and_read_by_itself_alone(graph: Graph, chains: list[tuple[str, ...]]) -> None:
    assert list(linear_chains(graph)) == chains


def test_only_selected_layers_are_taken() -> None:
    assert linear_chains(row(linear(), linear(), linear()), ("b", "c")) == (("b", "c"),)


@pytest.mark.parametrize(
    ("biases", "left"),
    [((True, True), {}), ((True, False), {}), ((False, True), {}), ((False, False), {"bias": False})],
)
def test_the_last_layer_is_left_with_a_bias_where_any_had_one(biases: tuple[bool, bool], left: dict[str, Any]) -> None:
    graph = row(*(linear(bias=bias) for bias in biases))
    project = collapse(Project(graphs={"Net": graph}), "Net", linear_chains(graph))
    assert project.graphs["Net"].nodes.keys() == {"In", "b", "Out"}
    assert project.graphs["Net"].nodes["b"].settings == {"features": 5, **left}
    assert check(project).networks["Net"].problems == ()


def test_what_a_stage_taught_of_a_layer_that_is_gone_it_teaches_of_the_one_that_is_left() -> None:
    graph = row(linear(), linear(), ReLU(), linear())
    stage = Stage(learns=("Net/a", "Net/b", "Net/d"))
    project = Project(graphs={"Net": graph}, training=Training(stages=(stage,)))
    (taught,) = collapse(project, "Net", linear_chains(graph)).training.stages
    assert taught.learns == ("Net/b", "Net/d")
