"""Edits of a graph: each answers with a new graph and leaves the old one as it was."""

from __future__ import annotations

import pytest

from studio.core.graph import Graph, Link, Links, Node
from studio.core.problem import ProjectError


def link(source: str, target: str, port: str = "value") -> Link:
    return Link(source, "out", target, port)


@pytest.fixture
def chain() -> Graph:
    """a → b → c"""
    nodes = {name: Node("ReLU") for name in "abc"}
    return Graph(nodes, Links((link("a", "b"), link("b", "c"))))


def test_an_edit_leaves_the_graph_it_began_with_untouched(chain: Graph) -> None:
    edited = chain.remove(["b"])
    assert set(chain.nodes) == {"a", "b", "c"}
    assert len(chain.links) == 2
    assert edited.links == ()


def test_what_did_not_change_is_shared(chain: Graph) -> None:
    edited = chain.put({"b": Node("Tanh")})
    assert edited.links is chain.links
    assert edited.nodes["a"] is chain.nodes["a"]


def test_removing_with_heal_bridges_the_gap(chain: Graph) -> None:
    assert chain.remove(["b"], heal=True).links == (link("a", "c"),)


def test_healing_bridges_several_removed_nodes_in_a_row() -> None:
    nodes = {name: Node("ReLU") for name in "abcd"}
    graph = Graph(nodes, Links((link("a", "b"), link("b", "c"), link("c", "d"))))
    assert graph.remove(["b", "c"], heal=True).links == (link("a", "d"),)


def test_healing_a_circle_ends() -> None:
    nodes = {name: Node("Add") for name in "abc"}
    graph = Graph(nodes, Links((link("a", "a"), link("a", "b"), link("b", "a"), link("b", "c"))))
    assert graph.remove(["a", "b"], heal=True).links == ()


def test_a_new_link_takes_the_place_of_the_one_at_the_same_input(chain: Graph) -> None:
    assert link("b", "c") not in chain.connect(link("a", "c")).links
    both = chain.connect(link("a", "c"), variadic=True)
    assert both.links.into["c"] == (link("b", "c"), link("a", "c"))


def test_a_node_keeps_its_place_and_links_when_it_is_renamed(chain: Graph) -> None:
    renamed = chain.rename("b", "middle")
    assert list(renamed.nodes) == ["a", "middle", "c"]
    assert renamed.links == (link("a", "middle"), link("middle", "c"))


def test_sharing_follows_a_rename() -> None:
    graph = Graph({"a": Node("Linear"), "b": Node("Linear", shares_with="a")})
    assert graph.rename("a", "first").nodes["b"].shares_with == "first"


def test_a_name_in_use_is_refused(chain: Graph) -> None:
    with pytest.raises(ProjectError, match="already"):
        chain.add("a", Node("ReLU"))
    with pytest.raises(ProjectError, match="already"):
        chain.rename("a", "b")


def test_inserting_on_a_link_keeps_the_order_of_a_variadic_port() -> None:
    nodes = {name: Node("Add") for name in "abc"}
    graph = Graph(nodes, Links((link("a", "c"), link("b", "c"))))
    inserted = graph.insert("n", Node("ReLU"), link("a", "c"), input="value", output="out")
    assert [each.source for each in inserted.links.into["c"]] == ["n", "b"]


def test_reaching_follows_links_forward_only(chain: Graph) -> None:
    assert chain.reaches("a", "c")
    assert not chain.reaches("c", "a")


def test_a_free_name_counts_up() -> None:
    graph = Graph({"Tanh": Node("Tanh"), "Tanh 2": Node("Tanh")})
    assert graph.free_name("Tanh") == "Tanh 3"
    assert graph.free_name("Tanh 2") == "Tanh 3"
    assert graph.free_name("ReLU") == "ReLU"


def test_points_of_a_link_go_along_with_both_of_its_nodes_and_stay_when_one_moves(chain: Graph) -> None:
    bent = chain.lead(chain.links[0], [(10.0, 20.0), (30.0, 40.0)])
    together = bent.move({"a": (5.0, 5.0), "b": (5.0, 5.0)})
    assert together.links[0].via == ((15.0, 25.0), (35.0, 45.0))
    assert bent.move({"a": (5.0, 5.0)}).links is bent.links
    assert bent.move({"a": (5.0, 5.0), "b": (9.0, 5.0)}).links is bent.links


def test_a_led_link_still_links_the_same_ports(chain: Graph) -> None:
    bent = chain.lead(chain.links[0], [(10.0, 20.0)])
    assert bent.links[0].ends == chain.links[0].ends
    assert bent.connect(chain.links[0], variadic=True) is bent
    assert bent.rename("a", "first").links[0].via == ((10.0, 20.0),)


def test_a_node_put_on_a_led_link_shares_its_points_out_and_healing_joins_them_again(chain: Graph) -> None:
    bent = chain.lead(chain.links[0], [(10.0, 20.0), (90.0, 20.0)])
    put = bent.insert("new", Node("ReLU", position=(50.0, 0.0)), bent.links[0], input="value", output="out")
    assert [k.via for k in put.links] == [((10.0, 20.0),), ((90.0, 20.0),), ()]
    assert put.remove(["new"], heal=True).links == bent.links
