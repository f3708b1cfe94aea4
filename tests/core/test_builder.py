"""Drawing a graph from code."""

from itertools import pairwise

import pytest

from nodes.activation import ReLU
from nodes.combine import Add, Flatten
from nodes.convolution import Conv2d
from nodes.inputs import Input, Output
from nodes.sequence import LSTM
from studio.core.builder import GraphBuilder
from studio.core.graph import Link
from studio.core.layout import ports_below


def test_nodes_are_linked_port_by_port_and_named_without_doubles() -> None:
    net = GraphBuilder()
    image = net.add(Input(), name="Image")
    left = net.chain(image, Conv2d(), ReLU())
    right = net.chain(image, Conv2d(), ReLU())
    net.add(Output(), net.add(Add(), left, right))
    graph = net.graph()
    assert list(graph.nodes) == ["Image", "Conv2d", "ReLU", "Conv2d 2", "ReLU 2", "Add", "Output"]
    assert graph.links.into["Add"] == (Link("ReLU", "out", "Add", "values"), Link("ReLU 2", "out", "Add", "values"))


def test_an_output_is_chosen_by_its_name() -> None:
    net = GraphBuilder()
    lstm = net.add(LSTM(), net.add(Input(kind="sequence", sizes=("T", 8))))
    net.add(Output(), lstm["last"])
    assert net.graph().links.into["Output"] == (Link("LSTM", "last", "Output", "value"),)
    with pytest.raises(KeyError, match="LSTM has no output 'lost'; it has sequence, last"):
        lstm["lost"]


def test_expressions_are_written_as_settings() -> None:
    net = GraphBuilder()
    net.add(Conv2d(kernel=5), net.add(Input()), filters="=width*2")
    assert net.graph().nodes["Conv2d"].settings == {"kernel": 5, "filters": "=width*2"}


def test_a_frame_holds_what_is_added_inside_it_and_begins_a_row() -> None:
    net = GraphBuilder()
    with net.frame("Features"):
        last = net.chain(net.add(Input()), *[ReLU() for _ in range(7)])
    with net.frame("End"):
        net.add(Output(), net.chain(last, Flatten()))
    graph = net.graph()
    features, end = graph.frames
    rows = [node.position[1] for node in graph.nodes.values()]
    assert len(set(rows[:8])) == 2
    assert rows[:4] == [rows[0]] * 4, "eight nodes stand in two rows of four"
    assert rows[8] == rows[9] > max(rows[:8])
    assert features.rectangle[1] + features.rectangle[3] <= end.rectangle[1]
    for node in list(graph.nodes.values())[:8]:
        left, top, width, height = features.rectangle
        assert left < node.position[0] < left + width
        assert top < node.position[1] < top + height


def test_a_graph_without_nodes_has_no_places() -> None:
    assert GraphBuilder().graph().nodes == {}


def test_blocks_with_many_inputs_stand_clear_of_each_other() -> None:
    inside = GraphBuilder("block")
    maps = [inside.add(Input(kind="vector", sizes=(4,)), name=f"in{number}") for number in range(6)]
    inside.add(Output(), inside.add(Add(), *maps), name="out")
    block, net = inside.graph(), GraphBuilder()
    start = net.add(Input(kind="vector", sizes=(4,)))
    for number in range(3):
        net.add(Output(), net.add_graph(f"Head {number}", "Head", block, *[start] * 6))
    heights = sorted(net.graph().nodes[f"Head {number}"].position[1] for number in range(3))
    ports = max(ports_below(block.inputs()).values())
    assert all(below - above > ports for above, below in pairwise(heights))
