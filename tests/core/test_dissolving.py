"""What comes out of a block: with the values of that place, under free names, and refused where it cannot be drawn."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio.compiler.check import check
from studio.core.dissolving import dissolve
from studio.core.graph import Graph, Node
from studio.core.problem import ProjectError
from studio.core.project import Project
from tests.core.graphs import graph_of, link


def stage(**parameters: object) -> Graph:
    """x → Linear (=width) → Linear 2 (=width*2) → ReLU → y"""
    nodes = {
        "x": Node("Input", {"kind": "vector", "sizes": (6,)}),
        "Linear": Node("Linear", {"features": "=width"}, (240.0, 0.0)),
        "Linear 2": Node("Linear", {"features": "=width*2"}, (480.0, 0.0)),
        "ReLU": Node("ReLU", {}, (720.0, 0.0)),
        "y": Node("Output", {}, (960.0, 0.0)),
    }
    links = [link("x", "Linear", "values"), link("Linear", "Linear 2", "values")]
    links += [link("Linear 2", "ReLU", "values"), link("ReLU", "y", "value")]
    return graph_of(nodes, links, role="block", parameters=parameters)


def around(block: Node, inner: Graph, *, role: str = "network", **fields: object) -> Project:
    """x → ReLU → B → y"""
    nodes = {
        "x": Node("Input", {"kind": "vector", "sizes": (6,)}),
        "ReLU": Node("ReLU"),
        "B": replace(block, position=(480.0, 80.0)),
        "y": Node("Output"),
    }
    links = [link("x", "ReLU", "values"), link("ReLU", "B", "x"), link("B", "y", "value", "y")]
    outer = graph_of(nodes, links, role=role, parameters=fields.pop("parameters", {}))
    return Project("p", {"N": outer, "Stage": inner}, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "width", "double"),
    [({}, 4, 8), ({"width": 5}, 5, 10), ({"width": "=base"}, "=base", "=(base)*2"), ({"width": -3}, -3, -6)],
)
def test_the_values_of_the_place_stand_where_parameters_stood(
    given: dict[str, int], width: object, double: object
) -> None:
    project = around(Node("Block", given, graph="Stage"), stage(width=4), variables={"base": 3})
    nodes = dissolve(project, "N", "B").project.graphs["N"].nodes
    assert nodes["Linear"].settings["features"] == width
    assert nodes["Linear 2"].settings["features"] == double


def test_what_stands_right_of_a_repeated_block_makes_room() -> None:
    project = around(Node("Block", graph="Stage", repeat=2), stage(width=6))
    nodes = project.graphs["N"].nodes
    placed = project.with_graph(
        "N",
        project.graphs["N"].put(
            {
                "y": replace(nodes["y"], position=(720.0, 80.0)),
                "ReLU": replace(nodes["ReLU"], position=(720.0, 900.0)),
            }
        ),
    )
    opened = dissolve(placed, "N", "B").project.graphs["N"].nodes
    last = max(opened[name].position[0] for name in ("Linear 3", "Linear 4", "ReLU 3"))
    assert opened["y"].position == (last + 240.0, 80.0)
    assert opened["ReLU"].position == (720.0, 900.0)
    assert opened["x"].position == (0.0, 0.0)


def test_names_are_made_free_and_nodes_stand_around_the_place_of_the_block() -> None:
    opened = dissolve(around(Node("Block", graph="Stage"), stage(width=6)), "N", "B")
    graph = opened.project.graphs["N"]
    assert opened.nodes == {"Linear", "Linear 2", "ReLU 2"}
    assert [(k.source, k.target) for k in graph.links if k.source == "ReLU 2"] == [("ReLU 2", "y")]
    assert [graph.nodes[name].position for name in ("Linear", "Linear 2", "ReLU 2")] == [
        (240.0, 80.0),
        (480.0, 80.0),
        (720.0, 80.0),
    ]
    assert "Stage" not in opened.project.graphs
    assert not check(opened.project).networks["N"].problems


def test_the_points_of_a_link_move_with_the_nodes_between_which_it_runs() -> None:
    inner = stage(width=6)
    led = inner.lead(inner.links[1], [(300.0, -40.0)])
    graph = dissolve(around(Node("Block", graph="Stage"), led), "N", "B").project.graphs["N"]
    assert {link.via for link in graph.links if link.source == "Linear"} == {((300.0, 40.0),)}


def test_a_graph_that_stands_elsewhere_too_stays() -> None:
    project = around(Node("Block", graph="Stage"), stage(width=6))
    graph = project.graphs["N"].insert(
        "Again", Node("Block", graph="Stage"), project.graphs["N"].links[2], input="x", output="y"
    )
    assert "Stage" in dissolve(project.with_graph("N", graph), "N", "B").project.graphs


def test_a_variable_that_the_graph_around_hides_is_put_in_as_a_number() -> None:
    project = around(
        Node("Block", graph="Stage"), stage(), role="block", parameters={"width": 9}, variables={"width": 4}
    )
    nodes = dissolve(project, "N", "B").project.graphs["N"].nodes
    assert (nodes["Linear"].settings["features"], nodes["Linear 2"].settings["features"]) == (4, 8)


def test_a_value_that_passes_through_the_block_passes_by() -> None:
    nodes = {"x": Node("Input"), "y": Node("Output")}
    through = graph_of(nodes, [link("x", "y", "value")], role="block")
    graph = dissolve(around(Node("Block", graph="Stage"), through), "N", "B").project.graphs["N"]
    assert link("ReLU", "y", "value") in graph.links


def test_a_block_that_nothing_feeds_comes_out_with_open_inputs() -> None:
    project = around(Node("Block", graph="Stage"), stage(width=6))
    cut = project.with_graph("N", project.graphs["N"].disconnect(link("ReLU", "B", "x")))
    graph = dissolve(cut, "N", "B").project.graphs["N"]
    assert "Linear" not in graph.links.into


@pytest.mark.parametrize(
    ("block", "sentence"),
    [
        (Node("Block", graph="Stage", shares_with="ReLU"), "B uses the weights of ReLU"),
        (Node("Block", graph="Stage", bypassed=True), "Values pass B by"),
        (Node("Block", graph="Stage", repeat=200), "more than 500 nodes"),
        (Node("Block", graph="Stage", repeat="=n"), "differs from place to place"),
        (Node("Block", graph="Stage", repeat=0), "whole number from 1"),
        (Node("Block", graph="Nowhere"), "not in this project"),
        (Node("Network", graph="Stage"), "B is a network"),
        (Node("ReLU"), "B is no block"),
        (Node("Block", {"width": (3, 3)}, graph="Stage"), "no number"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_words(block: Node, sentence: str) -> None:
    with pytest.raises(ProjectError, match=sentence):
        dissolve(around(block, stage(width=4)), "N", "B")


def test_a_block_whose_weights_another_uses_is_refused() -> None:
    project = around(Node("Block", graph="Stage"), stage(width=6))
    other = Node("Block", graph="Stage", shares_with="B")
    with pytest.raises(ProjectError, match="Other uses the weights of B"):
        dissolve(project.with_graph("N", project.graphs["N"].add("Other", other)), "N", "B")


def test_one_value_twice_at_one_port_is_refused() -> None:
    nodes = {
        "x": Node("Input", {"kind": "vector", "sizes": (6,)}),
        "x 2": Node("Input"),
        "Sum": Node("Add"),
        "y": Node("Output"),
    }
    links = [link("x", "Sum", "values"), link("x 2", "Sum", "values"), link("Sum", "y", "value")]
    project = around(Node("Block", graph="Stage"), graph_of(nodes, links, role="block"))
    twice = project.with_graph("N", project.graphs["N"].connect(link("ReLU", "B", "x 2")))
    with pytest.raises(ProjectError, match="the same value of ReLU twice"):
        dissolve(twice, "N", "B")


def test_only_one_input_and_one_output_can_be_chained() -> None:
    nodes = {"x": Node("Input"), "x 2": Node("Input"), "Sum": Node("Add"), "y": Node("Output")}
    project = around(Node("Block", graph="Stage", repeat=2), graph_of(nodes, [], role="block"))
    with pytest.raises(ProjectError, match="one input and one output"):
        dissolve(project, "N", "B")
