"""Source of a part of a graph, or of a whole one: a module that runs where only torch is."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from studio.compiler.check import check
from studio.compiler.excerpt import excerpt_source, graph_source
from studio.core.blocks import make_block
from studio.core.catalog import catalog
from studio.core.problem import ProjectError


def module(text: str) -> torch.nn.Module:
    """The last class of a source, made."""
    space: dict[str, object] = {}
    exec(compile(text, "<copied>", "exec"), space)
    classes = [each for each in space.values() if isinstance(each, type) and each.__module__ == "builtins"]
    made = classes[-1]()
    assert isinstance(made, torch.nn.Module)
    return made


def test_some_nodes_become_a_module_whose_inputs_are_what_feeds_them():
    project = catalog().make_project("lenet5")
    found = check(project).graphs["LeNet-5"]
    text = excerpt_source(project, "LeNet-5", ["S2", "C3"], found)
    assert "class Excerpt(nn.Module)" in text
    answer = module(text)(torch.zeros(2, 6, 28, 28))
    assert list(answer.shape[1:]) == list(found.nodes["C3"].outputs["out"].sizes)


def test_one_node_gives_the_module_its_name():
    project = catalog().make_project("lenet5")
    text = excerpt_source(project, "LeNet-5", ["C1"], check(project).graphs["LeNet-5"])
    assert "class C1(nn.Module)" in text
    assert module(text)(torch.zeros(1, 1, 32, 32)).shape == (1, 6, 28, 28)


def test_a_block_is_copied_as_a_network_of_what_its_inputs_declare():
    project = catalog().make_project("lenet5")
    found = check(project).graphs["LeNet-5"]
    shapes = {(name, port): shape for name, node in found.nodes.items() for port, shape in node.outputs.items()}
    grouped = make_block(project, "LeNet-5", ["C1", "Tanh", "S2"], shapes).project
    (name,) = grouped.of_role("block")
    text = graph_source(grouped, name, grouped.graphs[name], check(grouped))
    assert module(text)(torch.zeros(1, 1, 32, 32)).shape == (1, 6, 14, 14)


def test_a_whole_network_and_its_objective_are_copied_as_they_train():
    project = catalog().make_project("lenet5")
    diagnosis = check(project)
    text = graph_source(project, "LeNet-5", project.graphs["LeNet-5"], diagnosis)
    assert module(text)(torch.zeros(1, 1, 32, 32)).shape == (1, 10)
    name, objective = next(iter(diagnosis.objectives.items()))
    assert "CrossEntropyLoss" in graph_source(project, name, objective, diagnosis)


def test_what_cannot_stand_alone_is_said():
    project = catalog().make_project("lenet5")
    found = check(project).graphs["LeNet-5"]
    with pytest.raises(ProjectError, match="Input and Output stay outside"):
        excerpt_source(project, "LeNet-5", ["Image"], found)
    wrong = project.with_graph(
        "LeNet-5", project.graphs["LeNet-5"].put({"C1": replace(project.graphs["LeNet-5"].nodes["C1"], settings={})})
    )
    broken = wrong.graphs["LeNet-5"].nodes["C1"].set(kernel=99)
    wrong = wrong.with_graph("LeNet-5", wrong.graphs["LeNet-5"].put({"C1": broken}))
    with pytest.raises(ProjectError, match="99"):
        excerpt_source(wrong, "LeNet-5", ["C1"], check(wrong).graphs["LeNet-5"])
