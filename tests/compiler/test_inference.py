"""Inference: shapes, problems with repairs, and that an edit gives what a look from scratch gives."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.compiler.check import Checker, check
from studio.core.catalog import catalog
from studio.core.graph import Graph, Link, Links, Node
from studio.core.project import Project


def chain(*nodes: Node, **named: Node) -> Graph:
    """Input → the nodes → Output, each linked to the first input of the next."""
    drawn = {"image": Node("Input", {"kind": "image", "sizes": (1, 28, 28)})}
    drawn.update({f"n{index}": node for index, node in enumerate(nodes)}, **named)
    drawn["answer"] = Node("Output")
    names = list(drawn)
    links = [Link(a, "out", b, catalog().nodes[drawn[b].type].inputs()[0].name) for a, b in pairwise(names)]
    return Graph(drawn, Links(links))


def project_of(graph: Graph, **fields: object) -> Project:
    return replace(Project("p", {"N": graph}), **fields)  # type: ignore[arg-type]


def messages(project: Project, node: str | None = None) -> list[str]:
    return [p.message for p in check(project).graphs["N"].problems if node is None or p.node == node]


def test_shapes_flow_from_the_input_to_the_output() -> None:
    result = check(project_of(chain(Node("Conv2d", {"filters": 6, "kernel": 5}), Node("Flatten")))).graphs["N"]
    assert str(result.nodes["n0"].outputs["out"]) == "6×24×24"
    assert str(result.outputs["answer"]) == str(6 * 24 * 24)
    assert result.weights == 6 * 25 + 6


def test_settings_are_computed_from_variables() -> None:
    graph = chain(Node("Conv2d", {"filters": "=width*4", "kernel": 5}))
    result = check(project_of(graph, variables={"width": 3})).graphs["N"]
    assert str(result.nodes["n0"].outputs["out"]) == "12×24×24"
    assert "no variable 'width'" in messages(project_of(graph), "n0")[0]


def test_a_missing_flatten_is_said_where_it_is_and_one_click_mends_it() -> None:
    project = project_of(chain(Node("Conv2d"), Node("Linear")))
    problem = next(p for p in check(project).problems if p.node == "n1")
    assert "image" in problem.message
    mended = problem.repairs[0].apply(project)
    assert not check(mended).graphs["N"].problems
    assert "Flatten" in mended.graphs["N"].nodes


def test_only_the_first_node_of_a_broken_chain_complains() -> None:
    broken = chain(Node("Conv2d", {"kernel": 99}), Node("ReLU"), Node("Flatten"))
    assert {p.node for p in check(project_of(broken)).graphs["N"].problems} == {"n0"}


def test_a_setting_that_is_wrong_is_named_with_what_it_may_be() -> None:
    assert messages(project_of(chain(Node("Conv2d", {"filters": -3}))), "n0") == [
        "Filters should be greater than or equal to 1; it is -3."
    ]


def test_an_unknown_node_type_is_a_problem_not_a_failure() -> None:
    graph = chain(Node("ReLU"))
    graph = graph.put({"n0": Node("Quantum", {"spin": 1})})
    assert "does not know nodes of type 'Quantum'" in messages(project_of(graph), "n0")[0]


def test_an_input_without_a_link_is_a_problem() -> None:
    graph = chain(Node("ReLU"))
    graph = graph.disconnect(*graph.links.into["n0"])
    assert any("Nothing arrives" in message for message in messages(project_of(graph), "n0"))


def test_a_link_to_a_port_that_does_not_exist_can_be_removed() -> None:
    graph = chain(Node("ReLU"))
    graph = graph.connect(Link("image", "out", "n0", "elsewhere"))
    problem = next(p for p in check(project_of(graph)).graphs["N"].problems if p.port == "elsewhere")
    assert not check(problem.repairs[0].apply(project_of(graph))).graphs["N"].problems


def test_a_bypassed_node_lets_its_input_through() -> None:
    graph = chain(Node("Conv2d", {"kernel": 5}, bypassed=True))
    assert str(check(project_of(graph)).graphs["N"].outputs["answer"]) == "1×28×28"


def test_a_bypassed_node_that_joins_values_is_a_problem_that_can_be_mended() -> None:
    graph = chain(Node("ReLU"), Node("Add", bypassed=True))
    graph = graph.connect(Link("image", "out", "n1", "values"), variadic=True)
    problem = next(p for p in check(project_of(graph)).problems if p.node == "n1")
    assert problem.message == "n1 cannot be bypassed: 2 values arrive, and only one could pass."
    assert not check(problem.repairs[0].apply(project_of(graph))).graphs["N"].problems


def test_weights_of_a_bypassed_node_cannot_be_shared() -> None:
    graph = chain(Node("Conv2d", {"filters": 1}, bypassed=True), Node("Conv2d", {"filters": 1}, shares_with="n0"))
    assert any("cannot use the weights" in message for message in messages(project_of(graph), "n1"))


def test_an_edit_that_keeps_a_shape_touches_nothing_below() -> None:
    checker = Checker()
    graph = chain(Node("Conv2d"), Node("ReLU"), Node("Flatten"), Node("Linear"))
    before = checker.check(project_of(graph)).graphs["N"]
    after = checker.check(project_of(graph.put({"n1": Node("Tanh")}))).graphs["N"]
    assert after.nodes["n1"] is not before.nodes["n1"]
    assert all(after.nodes[name] is before.nodes[name] for name in ("image", "n0", "n2", "n3", "answer"))


KINDS = ["Conv2d", "ReLU", "MaxPool2d", "Flatten", "Linear", "Add", "Dropout"]
edits = st.tuples(
    st.sampled_from(["add", "remove", "link", "cut", "set", "undo"]), st.integers(0, 99), st.integers(0, 99)
)


def edited(graph: Graph, kind: str, first: int, second: int) -> Graph:
    names, links = list(graph.nodes), list(graph.links)
    one, other = names[first % len(names)], names[second % len(names)]
    if kind == "add":
        return graph.add(graph.free_name("new"), Node(KINDS[first % len(KINDS)]))
    if kind == "remove":
        return graph.remove([one], heal=second % 2 == 0) if len(names) > 2 else graph
    if kind == "link":
        ports = catalog().nodes[graph.nodes[other].type].inputs()
        return graph.connect(Link(one, "out", other, ports[0].name), variadic=ports[0].variadic) if ports else graph
    if kind == "cut":
        return graph.disconnect(links[first % len(links)]) if links else graph
    if graph.nodes[one].type == "Conv2d":
        return graph.put({one: Node("Conv2d", {"filters": 1 + second % 9, "kernel": 1 + second % 40})})
    return graph


@settings(max_examples=60)
@given(st.lists(edits, max_size=25))
def test_after_any_edits_the_incremental_result_is_that_from_scratch(script: list[tuple[str, int, int]]) -> None:
    checker = Checker()
    past = [project_of(chain(Node("Conv2d"), Node("ReLU"), Node("Flatten"), Node("Linear")))]
    checker.check(past[0])
    for kind, first, second in script:
        if kind == "undo" and len(past) > 1:
            past.pop()
        elif kind != "undo":
            past.append(past[-1].with_graph("N", edited(past[-1].graphs["N"], kind, first, second)))
        quick, slow = checker.check(past[-1]), check(past[-1])
        assert quick.graphs["N"].nodes == slow.graphs["N"].nodes
        assert set(quick.problems) == set(slow.problems)


@pytest.mark.parametrize("name", sorted(catalog().templates))
@pytest.mark.parametrize("preset", ["laptop", "paper"])
def test_every_template_is_without_problems(name: str, preset: str) -> None:
    assert check(catalog().make_project(name, preset=preset)).problems == ()


def test_problems_come_in_the_order_of_a_first_look_whatever_was_edited_before() -> None:
    checker, graph = Checker(), Graph({"A": Node("ReLU"), "B": Node("Unknown"), "C": Node("ReLU")})
    checker.check(project_of(graph))
    edited = graph.rename("B", "Z").remove(["A"]).add("A", Node("ReLU"))
    for step in (graph.rename("B", "Z"), edited, replace(edited, nodes=dict(sorted(edited.nodes.items())))):
        assert checker.check(project_of(step)).problems == check(project_of(step)).problems


def test_a_block_that_stands_for_an_equal_graph_of_another_name_speaks_of_that() -> None:
    inner = Graph({"ReLU": Node("ReLU"), "Answer": Node("Output")}, role="block")
    outer = Graph({"B": Node("Block", graph="One"), "Answer": Node("Output")})
    project, checker = Project("p", {"N": outer, "One": inner, "Two": inner}), Checker()
    checker.check(project)
    other = project.with_graph("N", outer.put({"B": Node("Block", graph="Two")}))
    assert checker.check(other).problems == check(other).problems
