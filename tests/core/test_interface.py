"""Ports of a graph: added below the others, and put into another order."""

from __future__ import annotations

from studio.core.graph import Graph, Node
from studio.core.interface import add_port, in_order, ports_of_kind


def test_a_port_stands_below_those_of_its_kind() -> None:
    graph, first = add_port(Graph({"a": Node("ReLU", position=(0.0, 40.0))}), "Input")
    graph, second = add_port(graph, "Input", "mask")
    graph, answer = add_port(graph, "Output")
    assert (first, second, answer) == ("Input", "mask", "Output")
    assert graph.nodes["Input"].position == (-240.0, 40.0)
    assert graph.nodes["mask"].position == (-240.0, 216.0)
    assert graph.nodes["Output"].position[0] == 240.0
    assert ports_of_kind(graph, "Output") == ("Output",)


def test_ports_change_places_and_nothing_else_moves() -> None:
    graph = Graph({"x": Node("Input"), "a": Node("ReLU"), "y": Node("Input"), "z": Node("Input")})
    assert list(in_order(graph, ("z", "x", "y")).nodes) == ["z", "a", "x", "y"]
