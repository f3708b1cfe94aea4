"""The way to a graph inside others, and where a step through the history is to be seen."""

from __future__ import annotations

import pytest

from studio.core.change import Change
from studio.core.graph import Graph, Node
from studio.core.project import Project
from studio.gui.blocks.levels import Spot, standing, way, where_it_happened


def block(name: str) -> Node:
    return Node("Block", graph=name)


@pytest.fixture
def project() -> Project:
    """N holds a (Outer), Outer holds b (Inner); Other stands nowhere, M is a second network."""
    graphs = {
        "N": Graph({"a": block("Outer"), "x": Node("ReLU")}),
        "Outer": Graph({"b": block("Inner")}, role="block"),
        "Inner": Graph({"c": Node("ReLU")}, role="block"),
        "Other": Graph({"d": Node("ReLU")}, role="block"),
        "M": Graph({"e": block("Outer")}),
    }
    return Project("p", graphs)


def edited(project: Project, *names: str) -> Change:
    """A change that adds a node to each of these graphs."""
    after = project
    for name in names:
        after = after.with_graph(name, after.graphs[name].add("new", Node("Tanh")))
    return Change.between(project, after)


def test_a_path_is_followed_as_far_as_it_stands(project: Project) -> None:
    assert standing(project.graphs, "N", ("a", "b")) == ("a", "b")
    assert standing(project.graphs, "N", ("a", "gone", "b")) == ("a",)
    assert standing(project.graphs, "N", ("x",)) == ()


def test_the_way_leads_through_blocks(project: Project) -> None:
    assert way(project.graphs, "N", "Inner") == ("a", "b")
    assert way(project.graphs, "N", "N") == ()
    assert way(project.graphs, "N", "Other") is None


@pytest.mark.parametrize(
    ("here", "changed", "spot"),
    [
        (Spot("N"), ("N",), None),
        (Spot("N", ("a",)), ("Outer", "N"), None),
        (Spot("N"), ("Inner",), Spot("N", ("a", "b"), ("new",))),
        (Spot("N", ("a", "b")), ("N",), Spot("N", (), ("new",))),
        (Spot("N", ("a", "b")), ("Outer",), Spot("N", ("a",), ("new",))),
        (Spot("M", ("e",)), ("N",), Spot("N", (), ("new",))),
        (Spot("M"), ("Inner",), Spot("M", ("e", "b"), ("new",))),
        (Spot("N"), ("Other",), Spot("Other", (), ("new",))),
        (Spot("N"), (), None),
    ],
)
def test_a_step_that_is_not_seen_here_leads_to_where_it_is(
    project: Project, here: Spot, changed: tuple[str, ...], spot: Spot | None
) -> None:
    assert where_it_happened(project.graphs, edited(project, *changed), here) == spot


def test_a_step_that_concerns_no_graph_leads_nowhere(project: Project) -> None:
    renamed = Change.between(project, Project("q", project.graphs))
    assert where_it_happened(project.graphs, renamed, Spot("N")) is None
