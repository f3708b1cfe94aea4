"""What is said before nodes are bypassed."""

from __future__ import annotations

import pytest

from studio.compiler.bypassing import bypass_refusal, bypassed
from studio.compiler.check import check
from studio.compiler.source import network_source
from studio.core.catalog import catalog
from studio.core.graph import Graph, Link, Links, Node
from studio.core.project import Project


@pytest.fixture
def lenet() -> Project:
    return catalog().make_project("lenet5")


def refusal(project: Project, *nodes: str) -> str | None:
    return bypass_refusal(project, next(iter(project.networks)), nodes, check(project))


def test_a_node_that_keeps_the_shape_may_be_bypassed(lenet: Project) -> None:
    assert refusal(lenet, "Tanh") is None


def test_a_node_below_that_does_not_take_the_shape_is_named(lenet: Project) -> None:
    sentence = refusal(lenet, "Flatten")
    assert sentence is not None
    assert sentence.startswith("Flatten cannot be bypassed. At C5: ")


def test_what_begins_and_what_ends_a_graph_cannot_be_bypassed(lenet: Project) -> None:
    graph = next(iter(lenet.networks.values()))
    first, last = graph.inputs()[0], graph.outputs()[0]
    assert refusal(lenet, first) == f"{first} cannot be bypassed: nothing goes into it that could pass."
    assert refusal(lenet, last) == f"{last} cannot be bypassed: nothing comes out of it."


def test_what_was_wrong_before_is_not_held_against_a_node(lenet: Project) -> None:
    name, graph = next(iter(lenet.networks.items()))
    wrong = lenet.with_graph(name, graph.remove(["Flatten"], heal=True))
    assert check(wrong).problems
    assert refusal(wrong, "Tanh") is None


def test_a_bypassed_block_is_left_out_of_the_source() -> None:
    inner = Graph(
        {
            "in": Node("Input", {"kind": "vector", "sizes": (4,)}),
            "L": Node("Linear", {"features": 4}),
            "o": Node("Output"),
        },
        Links((Link("in", "out", "L", "values"), Link("L", "out", "o", "value"))),
        role="block",
    )
    outer = Graph(
        {
            "in": Node("Input", {"kind": "vector", "sizes": (4,)}),
            "B": Node("Block", graph="inner"),
            "o": Node("Output"),
        },
        Links((Link("in", "out", "B", "in"), Link("B", "o", "o", "value"))),
    )
    project = Project(graphs={"N": outer, "inner": inner})
    assert refusal(project, "B") is None
    trial = project.with_graph("N", bypassed(outer, ["B"]))
    found = check(trial)
    assert not [problem for problem in found.problems if problem.graph]
    assert found.graphs["N"].weights == 0
    assert "Linear" not in network_source(trial, "N").text


def test_a_bypassed_node_at_which_nothing_arrives_says_so() -> None:
    graph = Graph({"Add": Node("Add", bypassed=True), "Answer": Node("Output")})
    found = check(Project(graphs={"N": graph})).graphs["N"]
    assert next(problem.message for problem in found.nodes["Add"].problems) == (
        "Nothing arrives that could pass: link an output to it."
    )
