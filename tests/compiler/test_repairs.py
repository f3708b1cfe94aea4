"""Every kind of problem that a click mends: it is said with its sizes, the repair takes it away, and torch runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import torch

from studio.compiler.check import check
from studio.compiler.loading import load_class
from studio.compiler.objective import DEFAULT
from studio.compiler.offers import mend_all, offers_in
from studio.compiler.ports import node_class
from studio.compiler.results import Diagnosis
from studio.compiler.source import network_source, objective_source
from studio.core.graph import Graph, Node
from studio.core.problem import Problem, Repair
from studio.core.project import Project, Stage
from studio.core.shape import Shape, shape_of_kind
from tests.compiler.broken import (
    CASES,
    FLAT,
    IMAGE,
    OUTPUT,
    PROJECT,
    WIDE,
    Case,
    chain,
    conv,
    digits,
    linear,
    net,
    pair,
    taught,
)


def the_problem(project: Project, case: Case) -> tuple[Problem, Diagnosis]:
    diagnosis = check(project)
    found = [problem for problem in diagnosis.problems if case.words in problem.message]
    assert found, [str(problem) for problem in diagnosis.problems]
    with_label = (p for p in found if any(r.label == case.label for r in offers_in(p, project, diagnosis)))
    labels = [repair.label for problem in found for repair in offers_in(problem, project, diagnosis)]
    problem = next(with_label, None)
    assert problem is not None, labels
    return problem, diagnosis


def mended(case: Case) -> Project:
    problem, diagnosis = the_problem(case.project, case)
    repair = next(r for r in offers_in(problem, case.project, diagnosis) if r.label == case.label)
    return repair.apply(case.project)


def places(project: Project) -> set[tuple[str, str]]:
    """Problems of graphs; what a project lacks for training is said once its graphs are sound."""
    return {(problem.graph, problem.message) for problem in check(project).problems if problem.graph}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_repair_takes_its_problem_away_and_brings_no_other(case: Case) -> None:
    problem, _ = the_problem(case.project, case)
    before, after = places(case.project), places(mended(case))
    assert (problem.graph, problem.message) not in after
    assert after <= before, after - before
    assert all(any(words in message for words in case.leaves) for _, message in after), after


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_repair_leaves_the_rest_of_the_project_as_it_was(case: Case) -> None:
    project = mended(case)
    assert project is not case.project
    assert project.name == case.project.name
    assert mended(case) == project, "the same repair does the same"


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_was_repaired_runs_forward_in_torch(case: Case) -> None:
    project = mended(case)
    if places(project):
        assert case.leaves
        return
    network = load_class(network_source(project, "Net"))()
    torch.manual_seed(0)
    answer = network(*(batch_of(project, node) for node in project.graphs["Net"].nodes.values() if is_input(node)))
    assert all(torch.isfinite(each).all() for each in (answer if isinstance(answer, tuple) else (answer,)))


TAUGHT = [case for case in CASES if case.project.training.loss is not None and not case.leaves]


@pytest.mark.parametrize("case", TAUGHT, ids=str)
def test_what_was_repaired_can_be_taught(case: Case) -> None:
    project = mended(case)
    name = next(iter({**check(project).objectives}), DEFAULT)
    network = load_class(network_source(project, "Net"))()
    source = objective_source(project, name)
    found = check(project).graphs[name].nodes
    columns = [sample_of(found[node].outputs[port]) for node, port in source.columns.values()]
    answer = load_class(source)(**dict.fromkeys(source.networks, network))(*columns, measure=True)
    assert torch.isfinite(answer["loss"])
    answer["loss"].backward()


def is_input(node: Node) -> bool:
    return node.type == "Input"


def batch_of(project: Project, node: Node) -> torch.Tensor:
    return sample_of(shape_of_kind(node.settings["kind"], node.settings["sizes"]))


def sample_of(shape: Shape) -> torch.Tensor:
    sizes = (4, *(7 if isinstance(size, str) else size for size in shape.sizes))
    return torch.randint(0, 3, sizes) if shape.dtype == "int" else torch.rand(sizes)


def test_from_nothing_to_a_training_in_clicks() -> None:
    project, taken = PROJECT, []
    while problems := check(project).problems:
        repair = offers_in(problems[0], project, check(project))[0]
        taken.append(repair.label)
        project = repair.apply(project)
        if "Use Digits" in taken and "Use Cross entropy" in taken:
            break
    assert taken == ["Add a network", "Use Digits", "Use Cross entropy"]


def test_a_stage_lets_go_of_an_objective_that_is_not_there() -> None:
    stage = Stage(objectives=("Nowhere", "Training"), every=(2, 3))
    project = taught(digits(FLAT, linear(10)), "CrossEntropy", stages=(stage,))
    (mended_stage,) = repair_called(project, "Leave it out").apply(project).training.stages
    assert (mended_stage.objectives, mended_stage.every) == (("Training",), (3,))


def test_there_are_repairs_for_many_kinds_of_problems() -> None:
    assert len({case.kind for case in CASES}) >= 40


def test_all_problems_of_a_kind_are_mended_at_once() -> None:
    project = chain(IMAGE, conv(-3), conv(-5), conv(-7))
    mended_project = mend_all(project, "Set filters to 1")
    assert places(mended_project) == set()
    nodes = mended_project.graphs["Net"].nodes
    assert [nodes[name].settings["filters"] for name in ("n0", "n1", "n2")] == [1, 1, 1]


def test_mending_all_ends_where_a_repair_does_not_help() -> None:
    assert mend_all(chain(IMAGE, conv(8)), "No such repair") == chain(IMAGE, conv(8))


def test_the_nearest_of_several_fitting_outputs_is_offered_first() -> None:
    project = net(
        "start > near", "start > far", "near > used", "far > used", "used > answer", "late > end",
        start=IMAGE, far=conv(8), used=Node("Add"), near=conv(8), late=Node("ReLU"), answer=OUTPUT, end=OUTPUT,
    )  # fmt: skip
    diagnosis = check(project)
    problem = next(p for p in diagnosis.problems if p.node == "late")
    assert [repair.label for repair in offers_in(problem, project, diagnosis)] == ["Link near", "Link used"]


def test_no_link_is_offered_that_would_close_a_circle() -> None:
    project = net("late > more", "more > answer", late=Node("ReLU"), more=Node("ReLU"), answer=OUTPUT)
    diagnosis = check(project)
    (problem,) = [p for p in diagnosis.problems if p.node == "late"]
    assert offers_in(problem, project, diagnosis) == ()


def labels(project: Project, words: str) -> list[str]:
    diagnosis = check(project)
    problem = next(p for p in diagnosis.problems if words in p.message)
    return [repair.label for repair in offers_in(problem, project, diagnosis)]


def test_a_layer_whose_width_others_need_is_not_set_to_another() -> None:
    project = net(
        "start > a", "start > b", "a > join", "b > join", "b > second", "join > one", "second > two",
        start=IMAGE, a=conv(16), b=conv(8), join=Node("Add"), second=Node("ReLU"), one=OUTPUT, two=OUTPUT,
    )  # fmt: skip
    assert labels(project, "meets") == ["Insert 1×1 convolution, 8 → 16", "Set a to 8"]


def test_a_width_that_is_computed_is_not_overwritten() -> None:
    project = replace(pair(conv("=width"), conv(8), Node("Add")), variables={"width": 16})  # type: ignore[arg-type]
    assert labels(project, "meets") == ["Insert 1×1 convolution, 8 → 16", "Set b to 16"]


def test_the_made_objective_stays_made_where_the_training_says_what_changed() -> None:
    project = mended(next(case for case in CASES if case.label == "Use Cross entropy instead"))
    assert project.graphs.keys() == {"Net"}
    assert project.training.loss == Node("CrossEntropy")


def test_the_made_objective_is_drawn_where_only_a_drawing_can_say_it() -> None:
    project = mended(next(case for case in CASES if case.label == "Write the label as 1 of 10"))
    assert project.graphs[DEFAULT].role == "objective"
    assert project.training.stages[0].objectives == (DEFAULT,)


def inserted(project: Project, repair: Callable[[Project], Project]) -> tuple[Graph, Graph]:
    return project.graphs["Net"], repair(project).graphs["Net"]


def repair_called(project: Project, label: str) -> Repair:
    diagnosis = check(project)
    found = (repair for p in diagnosis.problems for repair in offers_in(p, project, diagnosis))
    return next(repair for repair in found if repair.label == label)


def test_an_inserted_node_stands_between_and_on_no_other() -> None:
    project = WIDE
    _, graph = inserted(project, repair_called(project, "Insert 1×1 convolution, 8 → 16").apply)
    new = graph.nodes["Conv2d"].position
    assert all(abs(new[0] - x) >= 200 or abs(new[1] - y) >= 100 for x, y in others(graph, "Conv2d"))


def others(graph: Graph, name: str) -> list[tuple[float, float]]:
    return [node.position for other, node in graph.nodes.items() if other != name]


def test_what_stands_right_of_an_inserted_node_moves_where_room_is_lacking() -> None:
    before, after = inserted(chain(IMAGE, linear(10)), repair_called(chain(IMAGE, linear(10)), "Insert Flatten").apply)
    order = ["start", "Flatten", "n0", "answer"]
    xs = [after.nodes[name].position[0] for name in order]
    assert xs == sorted(xs)
    assert after.nodes["start"].position == before.nodes["start"].position
    shift = after.nodes["n0"].position[0] - before.nodes["n0"].position[0]
    assert after.nodes["answer"].position[0] - before.nodes["answer"].position[0] == shift


def test_every_type_that_a_repair_names_is_known() -> None:
    types = {node.type for case in CASES for graph in mended(case).graphs.values() for node in graph.nodes.values()}
    assert all(node_class(each) for each in types - {"Network", "Block"})
