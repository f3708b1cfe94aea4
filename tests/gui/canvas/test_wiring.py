"""Linking in order, detaching, swapping types, lining up: plain functions on graphs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio.compiler import ports
from studio.compiler.check import check
from studio.core.graph import Graph, Link, Links, Node
from studio.core.project import Project
from studio.gui.canvas import walk
from studio.gui.canvas.alignment import aligned, distributed
from studio.gui.canvas.card import Subject
from studio.gui.canvas.wiring import by_position, detached, linked_in_order, swapped
from tests.gui.canvas.conftest import NAME, small_network


def subject_of(graph: Graph) -> Subject:
    project = Project(graphs={NAME: graph})
    return Subject(project, NAME, graph, check(project).graphs[NAME], ports)


def pairs(graph: Graph) -> set[tuple[str, str]]:
    return {(link.source, link.target) for link in graph.links}


def swap(graph: Graph, name: str, to: str) -> tuple[Graph, str, int]:
    old, new = ports.node_class(graph.nodes[name].type), ports.node_class(to)
    assert new is not None
    done = swapped(graph, name, subject_of(graph).ports(name), old, new)
    return done.graph, done.name, done.lost


def test_loose_nodes_are_linked_one_after_the_other() -> None:
    graph = replace(small_network(), links=Links())
    linked, refusals = linked_in_order(subject_of(graph), list(graph.nodes))
    assert linked.links == small_network().links
    assert refusals == ()


def test_what_cannot_be_linked_is_said_and_the_rest_is_linked() -> None:
    graph = replace(small_network(), links=Links())
    linked, refusals = linked_in_order(subject_of(graph), ["C1", "Image", "Tanh", "Answer", "S2"])
    assert refusals == (
        "C1 was not linked to Image: nothing goes into Image.",
        "Answer was not linked to S2: nothing comes out of Answer.",
    )
    assert pairs(linked) == {("Image", "Tanh"), ("Tanh", "Answer")}


def test_nodes_are_never_linked_in_a_circle() -> None:
    nodes = {name: Node("Add") for name in "abc"}
    graph = Graph(nodes, Links((Link("a", "out", "b", "values"), Link("b", "out", "c", "values"))))
    linked, (refusal,) = linked_in_order(subject_of(graph), ["c", "a"])
    assert linked is graph
    assert "cycle" in refusal


def test_an_input_that_is_taken_is_left_as_it_is() -> None:
    linked, (refusal,) = linked_in_order(subject_of(small_network()), ["C1", "S2"])
    assert linked.links == small_network().links
    assert refusal == "C1 was not linked to S2: S2 has no free input."


def test_nodes_go_from_left_to_right_and_from_the_top() -> None:
    assert by_position(small_network(), ["Tanh", "S2", "C1", "Image"]) == ("Image", "S2", "C1", "Tanh")


def test_a_detached_node_leaves_its_neighbours_linked() -> None:
    assert pairs(detached(small_network(), ["Tanh"])) == {
        ("Image", "C1"),
        ("C1", "S2"),
        ("S2", "Flatten"),
        ("Flatten", "Scores"),
        ("Scores", "Answer"),
    }


def test_nodes_detached_together_stay_linked_to_each_other() -> None:
    assert {("Tanh", "S2"), ("C1", "Flatten")} <= pairs(detached(small_network(), ["Tanh", "S2"]))


def test_a_bridge_that_leads_where_a_link_leads_already_is_not_drawn_twice() -> None:
    nodes = {"a": Node("ReLU"), "b": Node("ReLU"), "c": Node("Add")}
    links = (Link("a", "out", "b", "values"), Link("a", "out", "c", "values"), Link("b", "out", "c", "values"))
    assert len(detached(Graph(nodes, Links(links)), ["b"]).links) == 1


def test_a_swapped_node_keeps_links_settings_that_mean_the_same_and_its_name() -> None:
    graph, name, lost = swap(
        small_network(), "C1", "DepthwiseConv2d" if ports.node_class("DepthwiseConv2d") else "Conv2d"
    )
    assert (name, lost) == ("C1", 0)
    assert pairs(graph) == pairs(small_network())
    assert graph.nodes["C1"].settings["kernel"] == 5
    assert graph.nodes["C1"].position == small_network().nodes["C1"].position


def test_a_swapped_node_without_a_name_of_its_own_is_called_by_its_new_type() -> None:
    graph, name, _ = swap(small_network(), "Tanh", "ReLU")
    assert name == "ReLU"
    assert list(graph.nodes).index("ReLU") == list(small_network().nodes).index("Tanh")
    assert {("C1", "ReLU"), ("ReLU", "S2")} <= pairs(graph)


def test_links_find_ports_by_name_and_then_by_order_and_what_finds_none_is_counted() -> None:
    graph = small_network().add("Sum", Node("Add"))
    for source in ("C1", "Tanh"):
        graph = graph.connect(Link(source, "out", "Sum", "values"), variadic=True)
    swapped_graph, name, lost = swap(graph, "Sum", "ReLU")
    assert lost == 1
    assert [link.source for link in swapped_graph.links.into[name]] == ["C1"]


def test_all_that_feeds_a_node_and_all_it_feeds_is_found() -> None:
    graph = small_network()
    assert walk.upstream(graph, ["Tanh"]) == {"Image", "C1", "Tanh"}
    assert walk.downstream(graph, ["Flatten"]) == {"Flatten", "Scores", "Answer"}


RECTS = {"a": (0.0, 10.0, 100.0, 40.0), "b": (150.0, 0.0, 50.0, 20.0), "c": (400.0, 50.0, 100.0, 60.0)}


@pytest.mark.parametrize(
    ("side", "places"),
    [
        ("left", {"a": (0.0, 10.0), "b": (0.0, 0.0), "c": (0.0, 50.0)}),
        ("right", {"a": (400.0, 10.0), "b": (450.0, 0.0), "c": (400.0, 50.0)}),
        ("top", {"a": (0.0, 0.0), "b": (150.0, 0.0), "c": (400.0, 0.0)}),
        ("middle", {"a": (0.0, 35.0), "b": (150.0, 45.0), "c": (400.0, 25.0)}),
    ],
)
def test_nodes_line_up_at_an_edge_or_in_the_middle(side: str, places: dict[str, tuple[float, float]]) -> None:
    assert aligned(RECTS, side) == places  # type: ignore[arg-type]


def test_nodes_are_spaced_out_with_even_gaps_between_the_outer_ones() -> None:
    assert distributed(RECTS, "across") == {"a": (0.0, 10.0), "b": (225.0, 0.0), "c": (400.0, 50.0)}
