"""Questions to a graph as a whole: circles, dead branches, lost links, and refusals while a link is drawn."""

from __future__ import annotations

from studio.compiler.check import check
from studio.compiler.ports import ports_of, refusal
from studio.compiler.structure import structure_of
from studio.core.graph import Graph, Link, Links, Node
from studio.core.project import Project

IMAGE = Node("Input", {"kind": "image", "sizes": (1, 8, 8)})


def link(source: str, target: str) -> Link:
    return Link(source, "out", target, "values")


def graph_of(*pairs: tuple[str, str]) -> Graph:
    names = dict.fromkeys(name for pair in pairs for name in pair)
    types = {"in": IMAGE, "out": Node("Output")}
    links = (Link(a, "out", b, "value" if b == "out" else "values") for a, b in pairs)
    return Graph({name: types.get(name, Node("Add")) for name in names}, Links(links))


def test_every_node_comes_after_what_feeds_it() -> None:
    graph = graph_of(("b", "out"), ("a", "b"), ("in", "a"), ("in", "b"))
    order = structure_of("N", graph).order
    assert all(order.index(each.source) < order.index(each.target) for each in graph.links)


def test_a_circle_is_named_and_cutting_the_named_link_opens_it() -> None:
    project = Project("p", {"N": graph_of(("in", "a"), ("a", "b"), ("b", "c"), ("c", "a"), ("c", "out"))})
    problem = next(p for p in check(project).problems if "circle" in p.message)
    assert all(name in problem.message for name in "abc")
    assert not check(problem.repairs[0].apply(project)).graphs["N"].problems


def test_two_circles_are_two_problems() -> None:
    graph = graph_of(("a", "b"), ("b", "a"), ("c", "d"), ("d", "c"), ("in", "out"))
    circles = [p for p in structure_of("N", graph).problems if "circle" in p.message]
    assert len(circles) == 2


def test_a_node_that_feeds_itself_is_a_circle() -> None:
    problems = structure_of("N", graph_of(("in", "a"), ("a", "a"), ("a", "out"))).problems
    assert [p.repairs[0].label for p in problems] == ["Cut a → a"]


def test_a_branch_that_leads_nowhere_is_named_at_its_end_and_can_be_removed() -> None:
    project = Project("p", {"N": graph_of(("in", "a"), ("a", "out"), ("a", "b"), ("b", "c"))})
    problem = next(p for p in check(project).problems if "Nothing uses" in p.message)
    assert problem.node == "c"
    assert "c" not in problem.repairs[0].apply(project).graphs["N"].nodes


def test_a_network_without_an_output_is_told_so() -> None:
    problems = check(Project("p", {"N": Graph({"in": IMAGE})})).problems
    assert any("no Output" in p.message for p in problems)


def test_a_link_to_a_node_that_is_not_there_can_be_removed() -> None:
    graph = graph_of(("in", "out"))
    project = Project("p", {"N": graph.connect(Link("ghost", "out", "out", "value"), variadic=True)})
    problem = next(p for p in check(project).problems if "missing" in p.message)
    assert not check(problem.repairs[0].apply(project)).graphs["N"].problems


def test_a_link_that_closes_a_circle_is_refused_in_words() -> None:
    project = Project("p", {"N": graph_of(("in", "a"), ("a", "b"), ("b", "out"))})
    assert "cycle" in str(refusal(project, "N", link("b", "a")))
    assert refusal(project, "N", link("in", "b")) is None


def test_a_link_between_ports_that_do_not_exist_is_refused_in_words() -> None:
    project = Project("p", {"N": graph_of(("in", "a"), ("a", "out"))})
    assert "no output" in str(refusal(project, "N", Link("in", "label", "a", "values")))
    assert "no input" in str(refusal(project, "N", Link("in", "out", "a", "other")))
    assert "already" in str(refusal(project, "N", link("in", "a")))


def test_a_placed_graph_has_the_ports_of_its_inputs_and_outputs() -> None:
    inner = graph_of(("in", "a"), ("a", "out"))
    project = Project("p", {"Block": inner})
    ports = ports_of(project, Node("Block", graph="Block"))
    assert [port.name for port in ports.inputs] == ["in"]
    assert ports.outputs == ("out",)
