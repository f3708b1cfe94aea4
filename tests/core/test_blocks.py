"""A block made of nodes computes what they computed, and what it stands for can be told from its drawing alone."""

from __future__ import annotations

from dataclasses import replace

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DataObject

from studio.compiler.check import check
from studio.core.blocks import Grouped, make_block, recursion
from studio.core.catalog import catalog
from studio.core.dissolving import dissolve
from studio.core.graph import Frame, Graph, Link, Node
from studio.core.problem import ProjectError
from studio.core.project import Project, Stage, Training
from tests.core.graphs import chain, drawings, graph_of, link, shapes


def grouped(project: Project, *names: str, graph: str = "N") -> Grouped:
    return make_block(project, graph, names, shapes(project, graph))


def ends(graph: Graph) -> set[tuple[str, str]]:
    return {(each.source, each.target) for each in graph.links}


def test_a_block_takes_the_place_of_what_it_holds() -> None:
    made = grouped(chain(), "Wide", "ReLU")
    graph, block = made.project.graphs["N"], made.project.graphs["Block"]
    assert made.node == "Block"
    assert list(graph.nodes) == ["x", "Block", "Narrow", "y"]
    assert graph.nodes["Block"] == Node("Block", {}, (360.0, 0.0), graph="Block")
    assert ends(graph) == {("x", "Block"), ("Block", "Narrow"), ("Narrow", "y")}
    assert (block.role, block.inputs(), block.outputs()) == ("block", ("values",), ("out",))
    assert ends(block) == {("values", "Wide"), ("Wide", "ReLU"), ("ReLU", "out")}


def test_inputs_stand_left_and_outputs_right_of_nodes_that_keep_their_places() -> None:
    made = grouped(chain(), "Wide", "ReLU")
    before, nodes = chain().graphs["N"].nodes, made.project.graphs["Block"].nodes
    assert all(nodes[name].position == before[name].position for name in ("Wide", "ReLU"))
    assert nodes["values"].position[0] < nodes["Wide"].position[0] - 200
    assert nodes["out"].position[0] > nodes["ReLU"].position[0] + 200


def test_an_input_declares_what_arrives_so_that_the_block_can_be_checked_alone() -> None:
    project = catalog().make_project("lenet5")
    made = make_block(project, "LeNet-5", ["C3", "Tanh 2", "S4"], shapes(project, "LeNet-5"))
    block = check(made.project).graphs["Block"]
    assert not block.problems
    assert made.project.graphs["Block"].nodes["image"].settings == {"sizes": (6, 14, 14)}


def test_a_length_that_varies_is_declared_by_a_name() -> None:
    nodes = {
        "x": Node("Input", {"kind": "sequence", "sizes": ("T", 4)}),
        "Twice": Node("Concatenate", {"axis": "length"}),
        "Tanh": Node("Tanh"),
        "ReLU": Node("ReLU"),
        "y": Node("Output"),
    }
    links = [link("x", "Tanh", "values"), link("x", "Twice", "values"), link("Tanh", "Twice", "values")]
    links += [link("Twice", "ReLU", "values"), link("ReLU", "y", "value")]
    project = Project("p", {"N": graph_of(nodes, links)})
    assert shapes(project)["Twice", "out"].sizes == ("T+T", 4)
    made = grouped(project, "ReLU")
    assert made.project.graphs["Block"].nodes["values"].settings == {"kind": "sequence", "sizes": ("T_plus_T", 4)}
    assert not check(made.project).networks["N"].problems


def test_one_value_that_several_nodes_use_crosses_once() -> None:
    nodes = {**chain().graphs["N"].nodes, "Sum": Node("Add")}
    links = [link("x", "Wide", "values"), link("x", "Narrow", "values"), link("Narrow", "Sum", "values")]
    links += [link("Wide", "Sum", "values"), link("Narrow", "y", "value"), link("Wide", "ReLU", "values")]
    made = grouped(Project("p", {"N": graph_of(nodes, links)}, {"width": 6}), "Wide", "Narrow")
    block, around = made.project.graphs["Block"], made.project.graphs["N"]
    assert block.inputs() == ("values",)
    assert block.outputs() == ("Narrow out", "Wide out")
    assert [each.output for each in around.links if each.target == "Sum"] == ["Narrow out", "Wide out"]


def test_inputs_that_feed_one_port_are_called_as_what_feeds_them() -> None:
    nodes = {"a": Node("Tanh"), "b": Node("ReLU"), "Sum": Node("Add"), "y": Node("Output")}
    nodes = {"x": Node("Input", {"kind": "vector", "sizes": (3,)}), **nodes}
    links = [link("x", "a", "values"), link("x", "b", "values"), link("a", "Sum", "values"), link("b", "Sum", "values")]
    made = grouped(Project("p", {"N": graph_of(nodes, [*links, link("Sum", "y", "value")])}), "Sum")
    assert made.project.graphs["Block"].inputs() == ("a", "b")


def test_where_nothing_leaves_the_nodes_what_they_answer_does() -> None:
    project = chain()
    project = project.with_graph("N", project.graphs["N"].remove(["y"]))
    assert grouped(project, "ReLU", "Narrow").project.graphs["Block"].outputs() == ("out",)


def test_input_and_output_stay_and_are_named() -> None:
    made = grouped(chain(), "x", "Wide", "ReLU", "Narrow", "y")
    assert made.stayed == ("x", "y")
    assert list(made.project.graphs["N"].nodes) == ["x", "Block", "y"]
    with pytest.raises(ProjectError, match="Select the nodes"):
        grouped(chain(), "x", "y")


def test_a_path_that_leaves_and_comes_back_is_refused_and_named() -> None:
    with pytest.raises(ProjectError, match="ReLU would need the block and feed it at once"):
        grouped(chain(), "Wide", "Narrow")


def test_an_objective_keeps_its_parts_in_view() -> None:
    project = catalog().make_project("lenet5")
    drawn = replace(project, graphs={**project.graphs, "O": Graph({"a": Node("Digits")}, role="objective")})
    for name in ("O", "Training"):
        with pytest.raises(ProjectError, match="made in networks and in blocks"):
            make_block(drawn, name, ["a"], {})


def test_data_and_losses_do_not_go_into_a_block() -> None:
    project = Project("p", {"N": Graph({"Loss": Node("CrossEntropy")})})
    with pytest.raises(ProjectError, match="belongs into an objective"):
        make_block(project, "N", ["Loss"], {})


def test_sharing_within_is_kept_and_across_is_refused() -> None:
    project = chain()
    nodes = project.graphs["N"].nodes
    shared = project.with_graph("N", project.graphs["N"].put({"Wide": replace(nodes["Wide"], shares_with="Narrow")}))
    inside = grouped(shared, "Wide", "ReLU", "Narrow").project.graphs["Block"]
    assert inside.nodes["Wide"].shares_with == "Narrow"
    with pytest.raises(ProjectError, match="Wide uses the weights of Narrow"):
        grouped(shared, "Wide", "ReLU")


def test_parameters_of_the_graph_around_are_handed_on() -> None:
    project = chain()
    outer = replace(project.graphs["N"], parameters={"width": 12, "spare": 1})
    made = grouped(replace(project, graphs={"N": outer}, variables={}), "Wide")
    assert made.project.graphs["Block"].parameters == {"width": 12}
    assert made.project.graphs["N"].nodes["Block"].settings == {"width": "=width"}


def test_a_frame_goes_into_the_block_with_all_its_nodes() -> None:
    project = chain()
    mine, other = Frame("Mine", (200.0, -40.0, 300.0, 100.0)), Frame("All", (-20.0, -60.0, 2000.0, 200.0))
    framed = project.with_graph("N", replace(project.graphs["N"], frames=(mine, other)))
    made = grouped(framed, "Wide", "ReLU")
    assert made.project.graphs["Block"].frames == (mine,)
    assert made.project.graphs["N"].frames == (other,)
    assert set(dissolve(made.project, "N", made.node).project.graphs["N"].frames) == {mine, other}


def test_what_a_stage_teaches_is_found_inside_the_block_and_outside_again() -> None:
    stage = Stage(learns=("N/Wide", "N/Narrow"))
    project = replace(chain(), training=Training(stages=(stage,)))
    made = grouped(project, "Wide", "ReLU").project
    assert made.training.stages[0].learns == ("N/Block/Wide", "N/Narrow")
    assert dissolve(made, "N", "Block").project.training.stages[0].learns == ("N/Wide", "N/Narrow")
    whole = replace(made, training=Training(stages=(Stage(learns=("N/Block",)),)))
    assert dissolve(whole, "N", "Block").project.training.stages[0].learns == ("N/Wide",)


def test_recursion_is_refused_in_words() -> None:
    inner = grouped(chain(), "Wide", "ReLU").project
    outer = make_block(inner, "N", ["Block", "Narrow"], shapes(inner)).project
    assert recursion(outer, "Block", "Block") == "Block cannot stand inside itself."
    assert recursion(outer, "Block", "Block 2") == (
        "Block 2 cannot stand inside Block, because it holds Block itself: Block 2 → Block."
    )
    assert recursion(outer, "Block 2", "Block") is None
    assert recursion(outer, "N", "Block") is None


def structure(graph: Graph) -> tuple[object, ...]:
    """What a graph is, whatever the order of its nodes; the links into one port keep theirs."""
    into = {name: sorted(links, key=lambda each: each.input) for name, links in graph.links.into.items()}
    return dict(graph.nodes), into


def justified(graph: Graph, names: set[str]) -> bool:
    """Whether these nodes cannot be a block: a way leaves them and comes back, or weights are shared across."""
    inside = {name for name in names if graph.nodes[name].type not in ("Input", "Output")}
    across = any((name in inside) != (n.shares_with in inside) for name, n in graph.nodes.items() if n.shares_with)
    drawn = networkx.DiGraph((each.source, each.target) for each in graph.links)
    merged = networkx.relabel_nodes(drawn, dict.fromkeys(inside, "block"))
    merged.remove_edges_from(list(networkx.selfloop_edges(merged)))
    return not inside or across or not networkx.is_directed_acyclic_graph(merged)


@given(project=drawings(), data=st.data())
def test_a_block_changes_nothing_that_is_computed_and_dissolves_into_what_it_was(
    project: Project, data: DataObject
) -> None:
    graph = project.graphs["N"]
    names = data.draw(st.sets(st.sampled_from(list(graph.nodes)), min_size=1))
    before = check(project).networks["N"]
    assert not before.problems
    try:
        made = grouped(project, *names)
    except ProjectError:
        assert justified(graph, names)
        return
    assert not justified(graph, names)
    after = check(made.project)
    assert not after.networks["N"].problems
    assert not after.graphs["Block"].problems
    now = after.networks["N"]
    assert (now.weights, now.multiply_adds, now.outputs) == (before.weights, before.multiply_adds, before.outputs)
    back = dissolve(made.project, "N", made.node)
    assert back.nodes == {name for name in names if graph.nodes[name].type not in ("Input", "Output")}
    assert structure(back.project.graphs["N"]) == structure(graph)
    assert list(back.project.graphs) == ["N"]
    assert back.project.variables == project.variables


def test_several_links_into_one_port_keep_their_order() -> None:
    nodes = {"x": Node("Input", {"kind": "vector", "sizes": (3,)}), "a": Node("Linear"), "b": Node("Linear")}
    nodes |= {"c": Node("Linear"), "Side": Node("Concatenate"), "y": Node("Output")}
    links = [link("x", name, "values") for name in "abc"] + [link(name, "Side", "values") for name in "abc"]
    project = Project("p", {"N": graph_of(nodes, [*links, link("Side", "y", "value")])})
    made = grouped(project, "b").project
    assert [each.source for each in made.graphs["N"].links if each.target == "Side"] == ["a", "Block", "c"]
    assert Link("Block", "out", "Side", "values") in made.graphs["N"].links
