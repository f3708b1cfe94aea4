"""Objectives: the one the studio makes, drawn ones with several losses and networks, and what they forbid."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import torch
from torch.nn import functional as F

from studio.compiler.check import check
from studio.compiler.loading import load_class
from studio.compiler.objective import DEFAULT, with_drawn_objective
from studio.compiler.offers import offers_in
from studio.compiler.source import ObjectiveSource, network_source, objective_source
from studio.core.builder import GraphBuilder
from studio.core.catalog import catalog
from studio.core.graph import Graph, Link, Links, Node
from studio.core.problem import ProjectError
from studio.core.project import Project, Stage, Training

NODES = catalog().nodes


def classifier(*last: Any, sizes: tuple[int, ...] = (1, 28, 28)) -> Graph:
    builder = GraphBuilder()
    image = builder.add(NODES["Input"](kind="image", sizes=sizes), name="image")
    scores = builder.chain(image, NODES["Flatten"](), NODES["Linear"](features=10), *last)
    builder.add(NODES["Output"](), scores, name="scores")
    return builder.graph()


def project_of(*last: Any, **training: Any) -> Project:
    chosen = {"loss": Node("CrossEntropy"), "metrics": (Node("Accuracy"),), **training}
    return Project("p", {"Net": classifier(*last)}, data=Node("Digits"), training=Training(**chosen))


def module_of(source: Any, **networks: torch.nn.Module) -> torch.nn.Module:
    module: torch.nn.Module = load_class(source)(**networks)
    return module


def batch() -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(1)
    return torch.rand(8, 1, 28, 28, generator=generator), torch.randint(10, (8,), generator=generator)


def test_the_made_objective_computes_loss_and_metric_as_torch_does() -> None:
    project = project_of()
    source = objective_source(project, DEFAULT)
    network = module_of(network_source(project, "Net"))
    image, label = batch()
    answer = module_of(source, net=network)(image, label, measure=True)
    scores = network(image)
    torch.testing.assert_close(answer["loss"], F.cross_entropy(scores, label))
    torch.testing.assert_close(answer["accuracy"], (scores.argmax(1) == label).float().mean())


def test_metrics_are_computed_only_when_asked_for() -> None:
    project = project_of()
    answer = module_of(objective_source(project, DEFAULT), net=module_of(network_source(project, "Net")))(*batch())
    assert set(answer) == {"loss"}


def test_the_source_says_what_it_takes_and_answers() -> None:
    source = objective_source(project_of(), DEFAULT)
    assert isinstance(source, ObjectiveSource)
    assert source.networks == {"net": "Net"}
    assert list(source.columns) == ["image", "label"]
    assert list(source.data.values()) == [Node("Digits")]
    assert [title for title, _, _ in source.metrics.values()] == ["Accuracy"]


def test_drawing_the_made_objective_changes_nothing_but_who_owns_it() -> None:
    project = with_drawn_objective(project_of())
    assert DEFAULT in project.of_role("objective")
    assert check(project).problems == ()
    assert objective_source(project, DEFAULT).text == objective_source(project_of(), DEFAULT).text


def test_two_losses_are_added_and_a_network_used_twice_is_one_network() -> None:
    builder = GraphBuilder("objective")
    data = builder.add(NODES["Digits"](), name="Data")
    net = classifier()
    first = builder.add_graph("once", "Net", net, data["image"])
    second = builder.add_graph("again", "Net", net, data["image"])
    for scores in (first, second):
        builder.add(NODES["CrossEntropy"](), scores, data["label"])
    project = replace(project_of(stages=(Stage(objectives=("Both",)),)), graphs={"Net": net, "Both": builder.graph()})
    source = objective_source(project, "Both")
    assert source.networks == {"net": "Net"}
    network = module_of(network_source(project, "Net"))
    image, label = batch()
    answer = module_of(source, net=network)(image, label)
    torch.testing.assert_close(answer["loss"], 2 * F.cross_entropy(network(image), label))


def test_a_softmax_before_cross_entropy_is_one_too_many_and_can_be_removed() -> None:
    project = project_of(NODES["Softmax"]())
    (problem,) = check(project).problems
    assert problem.graph == "Net"
    assert check(problem.repairs[0].apply(project)).problems == ()


def test_an_answer_that_shall_be_the_input_again_is_linked_with_one_click_and_the_objective_stays_made() -> None:
    alike = project_of(NODES["Linear"](features=784), NODES["Unflatten"](), loss=Node("SquaredError"), metrics=())
    diagnosis = check(alike)
    (problem,) = diagnosis.problems
    assert "target must be numbers" in problem.message
    repair = next(each for each in offers_in(problem, alike, diagnosis) if each.label == "Link Data: image")
    mended = repair.apply(alike)
    assert check(mended).problems == ()
    assert (mended.training.target, mended.graphs.keys()) == ("input", alike.graphs.keys())
    image, _ = batch()
    network = module_of(network_source(mended, "Net"))
    answer = module_of(objective_source(mended, DEFAULT), net=network)(image)
    torch.testing.assert_close(answer["loss"], F.mse_loss(network(image), image))


def test_data_of_another_size_than_the_network_expects_is_a_problem() -> None:
    project = replace(project_of(), graphs={"Net": classifier(sizes=(1, 32, 32))})
    problems = check(project).problems
    assert any("28" in p.message and "32" in p.message for p in problems)
    mended = next(repair for p in problems for repair in p.repairs)
    assert check(mended.apply(project)).problems == ()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"data": None}, "No data"),
        ({"graphs": {}}, "no network"),
        ({"training": Training()}, "No loss"),
        ({"graphs": {"A": classifier(), "B": classifier()}}, "several networks"),
    ],
)
def test_what_is_still_missing_for_training_is_said(change: dict[str, Any], reason: str) -> None:
    project = replace(project_of(), **change)
    assert any(reason in problem.message for problem in check(project).problems)
    with pytest.raises(ProjectError, match="cannot be trained"):
        objective_source(project, DEFAULT)


def test_a_stage_that_names_an_objective_that_is_not_there_is_a_problem() -> None:
    problems = check(project_of(stages=(Stage(objectives=("Nowhere",)),))).problems
    assert any("'Nowhere'" in problem.message for problem in problems)


def test_no_name_of_a_networks_output_becomes_code() -> None:
    hostile = "y = print(1); z"
    nodes = {"x": Node("Input"), "a": Node("ReLU"), "y": Node("Output"), hostile: Node("Output")}
    links = [Link("x", "out", "a", "values"), Link("a", "out", "y", "value"), Link("a", "out", hostile, "value")]
    drawn = {
        "Data": Node("Digits"),
        "N": Node("Network", graph="N"),
        "Loss": Node("SquaredError"),
    }
    ends = [Link("Data", "image", "N", "x"), Link("N", "y", "Loss", "prediction"), Link("N", hostile, "Loss", "target")]
    graphs = {"N": Graph(nodes, Links(links)), "O": Graph(drawn, Links(ends), role="objective")}
    stages = (Stage(objectives=("O",)),)
    text = objective_source(Project("p", graphs, training=Training(stages=stages)), "O").text
    assert "n_y_print_1_z_out" in text
    assert "print(1)" not in text
