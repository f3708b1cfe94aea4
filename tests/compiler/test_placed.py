"""Graphs placed in graphs: parameters, repeats, shared weights, recursion, and the classes they become."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from studio.compiler.check import Checker, check
from studio.compiler.loading import load_class
from studio.compiler.source import network_source
from studio.core.builder import GraphBuilder
from studio.core.catalog import catalog
from studio.core.graph import Graph, Link, Links, Node
from studio.core.problem import ProjectError
from studio.core.project import Project

NODES = catalog().nodes


def stage(filters: int = 4) -> Graph:
    """A block with a parameter: convolution that keeps the size, then ReLU."""
    builder = GraphBuilder("block", filters=filters)
    start = builder.add(NODES["Input"](kind="image", sizes=(1, 8, 8)), name="x")
    seen = builder.add(NODES["Conv2d"](kernel=3, padding=1), start, filters="=filters")
    builder.add(NODES["Output"](), builder.chain(seen, NODES["ReLU"]()), name="y")
    return builder.graph()


def around(block: Graph, **fields: object) -> Project:
    """A network that is one block of this kind, between input and output."""
    builder = GraphBuilder()
    image = builder.add(NODES["Input"](kind="image", sizes=(1, 8, 8)), name="image")
    builder.add(NODES["Output"](), builder.add_graph("body", "Stage", block, image, **fields), name="answer")
    return Project("p", {"N": builder.graph(), "Stage": block})


def network(project: Project) -> torch.nn.Module:
    module: torch.nn.Module = load_class(network_source(project, "N"))()
    return module


def count(module: torch.nn.Module) -> int:
    return sum(weights.numel() for weights in module.parameters())


@pytest.mark.parametrize(
    ("fields", "weights"),
    [
        ({}, 4 * 9 + 4),
        ({"filters": 6}, 6 * 9 + 6),
        ({"repeat": 3}, (4 * 9 + 4) + 2 * (4 * 4 * 9 + 4)),
        ({"repeat": 2}, (4 * 9 + 4) + (4 * 4 * 9 + 4)),
        ({"filters": 1, "repeat": 5}, 5 * 10),
        ({"filters": 1, "repeat": 5, "share_weights": True}, 10),
    ],
)
def test_values_repeats_and_sharing_give_the_weights_that_torch_counts(fields: dict[str, int], weights: int) -> None:
    project = around(stage(), **fields)
    report = check(project).networks["N"]
    assert report.problems == ()
    module = network(project)
    assert report.weights == weights == count(module)
    shape = module(torch.zeros(2, 1, 8, 8)).shape
    assert tuple(shape[1:]) == report.outputs["answer"].sizes


def test_repeats_with_shared_weights_apply_the_same_layer_again() -> None:
    module = network(around(stage(), filters=1, repeat=3, share_weights=True))
    image = torch.randn(2, 1, 8, 8)
    layer, expected = module.body, image
    for _ in range(3):
        expected = layer(expected)
    assert torch.equal(module(image), expected)


def test_repeats_become_one_loop_and_one_class() -> None:
    text = network_source(around(stage(), filters=1, repeat=9), "N").text
    assert "nn.Sequential(*(Stage() for _ in range(9)))" in text
    assert text.count("class ") == 2


def test_a_block_that_holds_itself_is_refused() -> None:
    block = stage()
    inner = block.put({"ReLU": Node("Block", graph="Stage")})
    links = Links(
        replace(k, input="x") if k.target == "ReLU" else replace(k, output="y") if k.source == "ReLU" else k
        for k in inner.links
    )
    problems = check(around(replace(inner, links=links))).problems
    assert any("cannot hold itself" in problem.message for problem in problems)


def test_an_unknown_parameter_and_a_missing_graph_are_named() -> None:
    assert any("no parameter 'depth'" in p.message for p in check(around(stage(), depth=3)).problems)
    project = around(stage())
    del project.graphs["Stage"]  # type: ignore[attr-defined]
    assert any("no graph 'Stage'" in p.message for p in check(project).problems)


def test_a_problem_inside_a_block_is_said_at_the_block_too() -> None:
    block = stage().put({"Conv2d": Node("Conv2d", {"kernel": 99})})
    problems = check(around(block)).graphs["N"].problems
    assert [problem.node for problem in problems] == ["body"]
    assert "Inside Stage, at Conv2d" in problems[0].message


def test_an_edit_inside_a_block_reaches_the_graph_around_it() -> None:
    checker, project = Checker(), around(stage())
    checker.check(project)
    block = project.graphs["Stage"]
    wider = project.with_graph(
        "Stage", block.put({"Conv2d": Node("Conv2d", {"filters": 9, "kernel": 3, "padding": 1})})
    )
    assert str(checker.check(wider).networks["N"].outputs["answer"]) == "9×8×8"


def test_two_nodes_may_use_one_set_of_weights() -> None:
    image = Node("Input", {"kind": "image", "sizes": (2, 8, 8)})
    conv = Node("Conv2d", {"filters": 2, "kernel": 3, "padding": 1})
    links = Links((Link("x", "out", "a", "image"), Link("a", "out", "b", "image"), Link("b", "out", "y", "value")))
    graph = Graph({"x": image, "a": conv, "b": replace(conv, shares_with="a"), "y": Node("Output")}, links)
    project = Project("p", {"N": graph})
    module = network(project)
    assert check(project).networks["N"].weights == count(module) == 2 * 2 * 9 + 2
    picture = torch.randn(1, 2, 8, 8)
    assert torch.equal(module(picture), module.a(module.a(picture)))


def test_sharing_with_a_node_of_other_settings_is_refused() -> None:
    graph = stage()
    graph = graph.put({"Conv2d": replace(graph.nodes["Conv2d"], shares_with="ReLU")})
    assert any("cannot use the weights of ReLU" in p.message for p in check(around(graph)).problems)


def test_a_project_with_problems_gives_no_source() -> None:
    with pytest.raises(ProjectError, match="has problems"):
        network_source(around(stage(), depth=3), "N")


def nested(levels: int, twice: bool) -> Project:
    """Blocks in blocks, each holding the next one or two times."""
    graphs = {}
    for level in range(levels):
        builder = GraphBuilder("network" if level == 0 else "block")
        last = builder.add(NODES["Input"](kind="vector", sizes=(3,)), name="x")
        last = builder.chain(last, NODES["Linear"](features=3))
        inner = Node("Block", graph=f"G{level + 1}")
        builder.add(NODES["Output"](), last, name="y")
        graph = builder.graph()
        for name in ("one", "two")[: 2 if twice else 1] if level + 1 < levels else ():
            link = graph.links.into["y"][0]
            graph = graph.insert(name, inner, link, input="x", output="y")
        graphs[f"G{level}"] = graph
    return Project("p", graphs)


def test_blocks_that_double_at_each_level_are_checked_at_once_and_refused_when_they_grow_too_large() -> None:
    assert check(nested(12, twice=True)).networks["G0"].weights == (2**12 - 1) * 12
    problems = check(nested(40, twice=True)).networks["G0"].problems
    assert "cannot be handled" in problems[0].message


def test_blocks_nested_too_deep_are_refused() -> None:
    assert any("nested 50 deep" in problem.message for problem in check(nested(200, twice=False)).problems)
    assert not check(nested(45, twice=False)).networks["G0"].problems


def test_a_block_that_stands_in_many_places_is_one_class() -> None:
    text = network_source(nested(8, twice=True), "G0").text
    assert text.count("class ") == 8


def test_no_name_of_an_output_becomes_code() -> None:
    hostile = "y = print(1); z"
    nodes = {"x": Node("Input", {"kind": "vector", "sizes": (3,)}), "a": Node("ReLU"), "b": Node("Tanh")}
    links = [Link("x", "out", "a", "values"), Link("x", "out", "b", "values")]
    inner = Graph(
        {**nodes, hostile: Node("Output"), "class": Node("Output")},
        Links((*links, Link("a", "out", hostile, "value"), Link("b", "out", "class", "value"))),
        role="block",
    )
    ports = {"answer": hostile, "other": "class"}
    outer = Graph(
        {"x": nodes["x"], "B": Node("Block", graph="Two"), **{name: Node("Output") for name in ports}},
        Links((Link("x", "out", "B", "x"), *(Link("B", port, name, "value") for name, port in ports.items()))),
    )
    project = Project("p", {"N": outer, "Two": inner})
    text = network_source(project, "N").text
    assert "print(1)" not in text.replace(hostile, "")
    assert "b_y_print_1_z, b_class = self.b(x_)" in text
    first, second = network(project)(torch.tensor([[-1.0, 0.5, 2.0]]))
    assert torch.equal(first, torch.tensor([[0.0, 0.5, 2.0]]))
    assert torch.equal(second, torch.tanh(torch.tensor([[-1.0, 0.5, 2.0]])))
