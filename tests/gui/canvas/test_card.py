"""What a node shows, from its class, its settings and what was inferred."""

from collections.abc import Mapping

import pytest

from studio.compiler import ports
from studio.compiler.check import check
from studio.core.declaration import Raw
from studio.core.graph import Graph, Link, Links, Node
from studio.core.project import Project
from studio.gui.canvas.card import Card, Subject, card_of, value_text
from tests.gui.canvas.conftest import NAME, small_network


def cards(graph: Graph, variables: Mapping[str, Raw] | None = None, **more: Graph) -> dict[str, Card]:
    project = Project(graphs={NAME: graph, **more}, variables=variables or {})
    subject = Subject(project, NAME, graph, check(project).graphs[NAME], ports)
    return {name: card_of(subject, name) for name in graph.nodes}


def test_a_convolution_shows_its_settings_its_shape_and_its_weights() -> None:
    card = cards(small_network())["C1"]
    assert card.type_text == "Conv2d"
    assert ("Filters", "6") in card.rows
    assert ("Kernel", "5 × 5") in card.rows
    assert (card.shape, card.weights) == ("6×24×24", 156)
    assert [mark.kind for mark in (*card.inputs, *card.outputs)] == ["image", "image"]


def test_a_node_named_like_its_type_does_not_say_it_twice() -> None:
    graph = small_network().rename("Tanh", "Tanh 2")
    assert cards(graph)["Tanh 2"].type_text == ""


def test_settings_left_at_a_default_that_does_nothing_are_not_shown() -> None:
    assert "Stride" not in dict(cards(small_network())["C1"].rows)
    graph = small_network()
    strided = graph.put({"C1": graph.nodes["C1"].set(stride=2)})
    assert dict(cards(strided)["C1"].rows)["Stride"] == "2 × 2"


def test_expressions_are_shown_as_their_values() -> None:
    graph = small_network()
    graph = graph.put({"C1": graph.nodes["C1"].set(filters="=width*2")})
    assert dict(cards(graph, {"width": 8})["C1"].rows)["Filters"] == "16"


def test_an_expression_that_cannot_be_computed_is_shown_as_it_is_written() -> None:
    graph = small_network()
    card = cards(graph.put({"C1": graph.nodes["C1"].set(filters="=wide*2")}))["C1"]
    assert dict(card.rows)["Filters"] == "=wide*2"
    assert card.problem


def test_a_port_without_a_link_is_open_and_one_at_fault_is_marked() -> None:
    graph = small_network()
    loose = graph.disconnect(*graph.links.into["Tanh"])
    assert cards(loose)["Tanh"].inputs[0].state != "linked"
    assert cards(graph)["Tanh"].inputs[0].state == "linked"


def test_an_unknown_type_keeps_its_links_and_is_marked_as_a_problem() -> None:
    graph = small_network()
    card = cards(graph.put({"Tanh": Node("Tahn", {}, (0.0, 0.0))}))["Tanh"]
    assert card.problem
    assert len(card.inputs) == len(card.outputs) == 1


def test_a_block_is_stacked_and_says_how_often_it_is_repeated() -> None:
    inner = Graph(
        {
            "x": Node("Input", {"kind": "image", "sizes": (6, 24, 24)}),
            "Conv": Node("Conv2d", {"filters": 6, "kernel": 3, "padding": 1}),
            "y": Node("Output"),
        },
        Links([Link("x", "out", "Conv", "image"), Link("Conv", "out", "y", "value")]),
        role="block",
    )
    graph = small_network().put({"Tanh": Node("Block", graph="Pair", repeat="=2+1")})
    links = [
        Link(k.source, "y", k.target, k.input) if k.source == "Tanh" else Link(k.source, k.output, "Tanh", "x")
        for k in graph.links
        if "Tanh" in (k.source, k.target)
    ]
    kept = [k for k in graph.links if "Tanh" not in (k.source, k.target)]
    card = cards(Graph(graph.nodes, Links([*kept, *links])), Pair=inner)["Tanh"]
    assert (card.stacked, card.repeat, card.type_text) == (True, 3, "Pair")
    assert card.family == "Convolution"
    assert card.weights == 3 * (6 * 6 * 9 + 6)


@pytest.mark.parametrize(
    ("value", "hint", "text"),
    [
        (5, int, "5"),
        (5, int | tuple[int, int], "5 × 5"),
        ((3, 4), int | tuple[int, int], "3 × 4"),
        (True, bool, "Yes"),
        (0.001, float, "0.001"),
        (123456, int, "123,456"),
        ("same", str, "same"),
        (None, None, "None"),
    ],
)
def test_values_read_like_words(value: object, hint: object, text: str) -> None:
    assert value_text(value, hint) == text
