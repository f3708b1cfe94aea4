"""What a network answers only while it learns: nothing is computed for it afterwards, and objectives know."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from nodes.combine import Add, Flatten
from nodes.data.small_digits import SmallDigits
from nodes.inputs import Input, Output
from nodes.linear import Linear
from nodes.loss import Accuracy, CrossEntropy
from nodes.weighted_loss import WeightedLoss
from studio.compiler.check import check
from studio.core.builder import Added, GraphBuilder
from studio.core.graph import Graph, Link, Node
from studio.core.project import Project, Stage, Training
from studio.engine.build import Built, build, build_network
from studio.engine.instrument import Instrument, Values
from studio.engine.learning import evaluating

IMAGES = torch.rand(5, 1, 8, 8, generator=torch.Generator().manual_seed(1))
LABELS = torch.arange(5)


def drawn(*extra: str, role: Any = "network", main: bool = True) -> Graph:
    """A hidden layer, scores of it, and further scores under these names for training alone."""
    net = GraphBuilder(role)
    hidden = net.add(
        Linear(features=6), net.chain(net.add(Input(sizes=(1, 8, 8)), name="Image"), Flatten()), name="Hidden"
    )
    for name in (*(("Scores",) if main else ()), *extra):
        head = net.add(Linear(), hidden, name=f"{name} layer")
        net.add(Output(training_only=name != "Scores"), head, name=name)
    return net.graph()


def project_of(objective: Graph, **networks: Graph) -> Project:
    return Project(
        "p", {**networks, "Teach": objective}, training=Training(stages=(Stage(objectives=("Teach",), epochs=1),))
    )


class Objective:
    """Draws losses of one batch."""

    def __init__(self) -> None:
        self.net = GraphBuilder("objective")
        self.data = self.net.add(SmallDigits(), name="Data")

    def network(self, name: str, graph: Graph) -> Added:
        return self.net.add_graph(name, name, graph, self.data["image"])

    def judge(self, answers: Added, *outputs: str, weight: float = 0.3) -> None:
        """The loss of each output, that of all but Scores weighted."""
        for output in outputs:
            loss = self.net.add(CrossEntropy(), answers[output], self.data["label"], name=f"{output} loss")
            if output != "Scores":
                self.net.add(WeightedLoss(weight=weight), loss, name=f"{output} weighted")


def auxiliary(*metrics: str) -> Project:
    """A network with one output for training alone; its loss counts 0.3, and metrics judge these outputs."""
    graph, objective = drawn("Extra"), Objective()
    answers = objective.network("Net", graph)
    objective.judge(answers, "Scores", "Extra")
    for output in metrics:
        objective.net.add(Accuracy(), answers[output], objective.data["label"])
    return project_of(objective.net.graph(), Net=graph)


def entropy(scores: Tensor) -> Tensor:
    return F.cross_entropy(scores, LABELS)


def run(built: Built, *, measure: bool = False) -> dict[str, Tensor]:
    answered: dict[str, Tensor] = built.objectives["Teach"](IMAGES, LABELS, measure=measure)
    return answered


def test_a_network_answers_more_while_it_learns_and_computes_nothing_for_that_afterwards() -> None:
    network = build_network(auxiliary())
    calls: list[str] = []
    for name, module in network.named_modules():
        module.register_forward_hook(lambda *_, name=name: calls.append(name))  # type: ignore[misc]
    scores, extra = network(IMAGES)
    assert (scores.shape, extra.shape) == ((5, 10), (5, 10))
    assert "extra_layer" in calls
    calls.clear()
    torch.testing.assert_close(network.eval()(IMAGES), scores)
    assert calls == ["flatten", "hidden", "scores_layer", ""]


def test_weighted_losses_count_while_the_network_learns_alone() -> None:
    built = build(auxiliary("Scores"))
    network = built.networks["Net"]
    scores, extra = network(IMAGES)
    torch.testing.assert_close(run(built)["loss"], entropy(scores) + 0.3 * entropy(extra))
    measured = run(built, measure=True)
    assert set(measured) == {"loss", "scores_loss", "extra_weighted", "accuracy"}
    torch.testing.assert_close(measured["extra_weighted"], 0.3 * entropy(extra))
    with evaluating(built.objectives):
        torch.testing.assert_close(run(built)["loss"], entropy(scores))
        assert set(run(built, measure=True)) == {"loss", "scores_loss", "accuracy"}


def test_the_gradient_of_a_head_is_its_share() -> None:
    built = build(auxiliary())
    run(built)["loss"].backward()
    weight = built.networks["Net"].get_parameter("extra_layer.weight")
    copy = build(auxiliary()).networks["Net"]
    copy.load_state_dict(built.networks["Net"].state_dict())
    (0.3 * entropy(copy(IMAGES)[1])).backward()
    torch.testing.assert_close(weight.grad, copy.get_parameter("extra_layer.weight").grad)


@pytest.mark.parametrize(("learning", "expected"), [("A", "a"), ("B", "b"), ("AB", "a b both")])
def test_what_needs_several_networks_waits_until_all_of_them_learn(learning: str, expected: str) -> None:
    graphs = {"A": drawn("Extra"), "B": drawn("Extra")}
    objective = Objective()
    answers = {name: objective.network(name, graph) for name, graph in graphs.items()}
    net, label = objective.net, objective.data["label"]
    both = net.add(Add(), answers["A"]["Extra"], answers["B"]["Extra"], name="Sum")
    for name, made in (("Of both", both), *((f"Of {name}", each["Extra"]) for name, each in answers.items())):
        net.add(CrossEntropy(), made, label, name=name)
    net.add(CrossEntropy(), answers["A"]["Scores"], label, name="Always")
    built = build(project_of(net.graph(), **graphs))
    for name, network in built.networks.items():
        network.train(name in learning)
    assert set(run(built, measure=True)) == {"loss", "always", *(f"of_{name}" for name in expected.split())}


def test_a_look_inside_finds_the_nodes_that_were_computed() -> None:
    built = build(auxiliary())
    values: Values = {}
    with Instrument(built).telling(values):
        run(built)
    seen = {name for _, name in values}
    assert {"Extra layer", "Extra", "Extra loss", "Extra weighted"} < seen
    torch.testing.assert_close(values["Net", "Extra"], values["Net", "Extra layer"])
    values.clear()
    with Instrument(built).telling(values), evaluating(built.objectives):
        run(built)
    assert seen - {name for _, name in values} == {"Extra layer", "Extra", "Extra loss", "Extra weighted"}
    torch.testing.assert_close(values["Net", "Scores"], values["Net", "Scores layer"])


def mended(project: Project) -> Project:
    (problem,) = check(project).problems
    (repair,) = problem.repairs
    mended: Project = repair.apply(project)
    return mended


def test_a_figure_of_an_answer_that_rests_is_refused() -> None:
    project = auxiliary("Scores", "Extra")
    assert "only while training" in check(project).problems[0].message
    assert check(mended(project)).can_run


def test_a_network_that_would_answer_nothing_is_refused() -> None:
    graph, objective = drawn("Extra", main=False), Objective()
    objective.judge(objective.network("Net", graph), "Extra")
    problems = check(project_of(objective.net.graph(), Net=graph)).problems
    assert [problem.graph for problem in problems] == ["Net", "Teach"]
    assert "Nothing would be answered" in problems[0].message


def test_a_block_answers_all_its_outputs() -> None:
    block, net = drawn("Extra", role="block"), GraphBuilder()
    placed = net.add_graph("Inside", "Block", block, net.add(Input(sizes=(1, 8, 8)), name="Image"))
    net.add(Output(), placed["Extra"], name="Scores")
    project = Project("p", {"Net": net.graph(), "Block": block})
    problem = check(project).problems[0]
    assert (problem.graph, problem.node) == ("Block", "Extra")
    assert "only a network" in problem.message
    assert build_network(project).eval()(IMAGES).shape == (5, 10)
    assert not [p for p in check(problem.repairs[0].apply(project)).problems if p.graph == "Block"]


def test_nothing_can_be_learned_from_a_figure() -> None:
    project = auxiliary("Scores")
    objective = project.graphs["Teach"]
    graph = objective.add("Taught", Node("WeightedLoss"), Link("Accuracy", "value", "Taught", "loss"))
    broken = project.with_graph("Teach", graph)
    assert any("nothing can be learned from it" in problem.message for problem in check(broken).problems)


def test_an_objective_that_the_studio_makes_judges_what_is_always_answered() -> None:
    graph = drawn("Extra")
    nodes = {name: graph.nodes[name] for name in ("Extra", *(name for name in graph.nodes if name != "Extra"))}
    project = Project("p", {"Net": replace(graph, nodes=nodes)}, data=Node("SmallDigits"), training=Training())
    project = replace(project, training=Training(loss=Node("CrossEntropy")))
    built = build(project)
    built.networks["Net"].eval()
    scores = built.networks["Net"](IMAGES)
    torch.testing.assert_close(built.objectives["Training"](IMAGES, LABELS)["loss"], entropy(scores))
