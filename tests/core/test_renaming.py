"""Names, parameters and ports change in one place and hold everywhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio.compiler.check import check
from studio.core.adopting import adopt, alone, make_unique
from studio.core.blocks import make_block, needed
from studio.core.graph import Graph, Link, Node
from studio.core.parameters import bind, expose, readers, remove_parameter
from studio.core.problem import ProjectError
from studio.core.project import Project, Stage, Training
from studio.core.renaming import rename_graph, rename_node, rename_parameter
from studio.core.rewriting import names_in, renamed, substituted
from tests.core.graphs import chain, shapes


@pytest.fixture
def project() -> Project:
    """x → Block(Wide, ReLU) → Narrow → y, where Wide may have another width at every place."""
    made = make_block(chain(), "N", ["Wide", "ReLU"], shapes(chain())).project
    exposed, name = expose(made, "Block", "Wide", "features", "=width", {"width": 12})
    assert name == "features"
    return exposed


def values(project: Project) -> dict[str, object]:
    return dict(project.graphs["N"].nodes["Block"].settings)


def with_value(project: Project, **given: object) -> Project:
    graph = project.graphs["N"]
    return project.with_graph("N", graph.put({"Block": graph.nodes["Block"].set(**given)}))  # type: ignore[arg-type]


def test_an_exposed_setting_has_its_present_value_as_default(project: Project) -> None:
    block = project.graphs["Block"]
    assert block.parameters == {"features": "=width"}
    assert block.nodes["Wide"].settings == {"features": "=features"}
    assert check(project).networks["N"].weights == check(chain()).networks["N"].weights
    assert check(with_value(project, features=3)).networks["N"].nodes["Block"].weight_count == 6 * 3 + 3


def test_an_expression_over_parameters_becomes_a_number_and_a_taken_name_a_number_behind_it(project: Project) -> None:
    twice = project.graphs["Block"].put({"Wide": Node("Linear", {"features": "=features*2"})})
    edited, name = expose(
        project.with_graph("Block", twice), "Block", "Wide", "features", "=features*2", {"features": 12}
    )
    assert name == "features_2"
    assert edited.graphs["Block"].parameters == {"features": "=width", "features_2": 24}


def test_a_setting_can_become_a_variable_of_the_project_or_read_one_that_is_there(project: Project) -> None:
    edited, name = expose(project, "N", "Narrow", "features", 6, {}, of_project=True)
    assert edited.variables == {"width": 12, "features": 6}
    assert edited.graphs["N"].nodes["Narrow"].settings == {"features": f"={name}"}
    bound = bind(project, "N", "Narrow", "features", "width")
    assert bound.graphs["N"].nodes["Narrow"].settings == {"features": "=width"}


def test_repeat_of_an_inner_block_can_be_exposed(project: Project) -> None:
    outer = make_block(project, "N", ["Block", "Narrow"], shapes(project)).project
    edited, name = expose(outer, "Block 2", "Block", "repeat", 1, {})
    assert edited.graphs["Block 2"].nodes["Block"].repeat == "=repeat"
    assert edited.graphs["Block 2"].parameters == {name: 1}
    assert not check(edited).networks["N"].problems


def test_a_parameter_is_renamed_inside_and_at_every_place(project: Project) -> None:
    edited = rename_parameter(with_value(project, features="=width"), "Block", "features", "units")
    assert edited.graphs["Block"].parameters == {"units": "=width"}
    assert edited.graphs["Block"].nodes["Wide"].settings == {"features": "=units"}
    assert values(edited) == {"units": "=width"}
    for name in ("width", "max", "two words", "ünits"):
        with pytest.raises(ProjectError):
            rename_parameter(project, "Block", "features", name)


def test_a_removed_parameter_leaves_its_default(project: Project) -> None:
    assert readers(project.graphs["Block"], "features") == ["Wide"]
    edited = remove_parameter(with_value(project, features=3), "Block", "features")
    assert edited.graphs["Block"].parameters == {}
    assert edited.graphs["Block"].nodes["Wide"].settings == {"features": "=width"}
    assert values(edited) == {}


def test_renaming_an_input_or_output_renames_the_port_wherever_the_block_stands(project: Project) -> None:
    edited = rename_node(rename_node(project, "Block", "values", "pixels"), "Block", "out", "answer")
    links = edited.graphs["N"].links
    assert Link("x", "out", "Block", "pixels") in links
    assert Link("Block", "answer", "Narrow", "values") in links
    assert not check(edited).networks["N"].problems
    with pytest.raises(ProjectError, match="called 'ReLU' already"):
        rename_node(project, "Block", "out", "ReLU")


def test_renaming_a_node_keeps_the_ports_of_that_name_and_what_stages_teach(project: Project) -> None:
    stages = (Stage(learns=("N/Block/Wide", "N/Narrow", "N")),)
    taught = replace(project, training=Training(stages=stages))
    edited = rename_node(rename_node(taught, "Block", "Wide", "First"), "N", "Block", "Stem")
    assert edited.training.stages[0].learns == ("N/Stem/First", "N/Narrow", "N")
    assert edited.graphs["N"].links[0] == Link("x", "out", "Stem", "values")


def test_a_graph_goes_by_the_name_of_the_only_block_that_stands_for_it(project: Project) -> None:
    edited = rename_node(project, "N", "Block", "Stem")
    assert (list(edited.graphs), edited.graphs["N"].nodes["Stem"].graph) == (["N", "Stem"], "Stem")
    graph = project.graphs["N"]
    twice = project.with_graph("N", graph.add("Again", graph.nodes["Block"]))
    assert rename_node(twice, "N", "Block", "Stem").graphs["N"].nodes["Stem"].graph == "Block"


def test_a_removed_input_takes_its_links_along_everywhere(project: Project) -> None:
    edited = project.with_graph("Block", project.graphs["Block"].remove(["values"]))
    assert not any(link.target == "Block" for link in edited.graphs["N"].links)
    assert any(link.source == "Block" for link in edited.graphs["N"].links)


def test_a_renamed_graph_is_placed_taught_and_used_under_its_new_name(project: Project) -> None:
    objective = Graph({"net": Node("Network", graph="N")}, role="objective")
    stages = (Stage(objectives=("O",), learns=("O: N/Narrow", "N")),)
    full = replace(project.with_graph("O", objective), training=Training(stages=stages))
    edited = rename_graph(rename_graph(rename_graph(full, "N", "Net"), "O", "Goal"), "Block", "Stem")
    assert list(edited.graphs) == ["Net", "Stem", "Goal"]
    assert edited.graphs["Goal"].nodes["net"].graph == "Net"
    assert edited.graphs["Net"].nodes["Block"].graph == "Stem"
    assert edited.training.stages[0] == Stage(objectives=("Goal",), learns=("Goal: Net/Narrow", "Net"))
    with pytest.raises(ProjectError, match="called 'Stem' already"):
        rename_graph(edited, "Net", "Stem")


def test_a_graph_comes_along_with_what_it_holds_and_reads(project: Project) -> None:
    outer = make_block(project, "N", ["Block", "Narrow"], shapes(project)).project
    file = alone(outer, "Block 2")
    assert list(file.graphs) == ["Block 2", "Block"]
    assert file.variables == {"width": 12}
    came = adopt(Project("other"), file, ["Block 2"])
    assert came.names == {"Block": "Block", "Block 2": "Block 2"}
    assert (came.project.graphs, came.project.variables) == ({**file.graphs}, {"width": 12})
    assert needed(outer.graphs, ["N"]) == ["Block", "Block 2", "N"]


def test_an_equal_graph_is_used_again_and_another_of_its_name_is_renamed(project: Project) -> None:
    outer = make_block(project, "N", ["Block", "Narrow"], shapes(project)).project
    file = alone(outer, "Block 2")
    assert adopt(outer, file, ["Block 2"]).project is outer
    other = Project("other", {"Block": Graph({"y": Node("Output")}, role="block")}, {"width": 5})
    came = adopt(other, file, ["Block 2"])
    assert came.names == {"Block": "Block 3", "Block 2": "Block 2"}
    assert came.project.graphs["Block 2"].nodes["Block"].graph == "Block 3"
    assert came.project.graphs["Block"] == other.graphs["Block"]
    assert (came.project.variables, came.differing) == ({"width": 5}, ("width",))


def test_a_block_made_unique_can_be_edited_without_the_others(project: Project) -> None:
    graph = project.graphs["N"]
    twice = project.with_graph("N", graph.add("Again", graph.nodes["Block"]))
    edited, title = make_unique(twice, "N", "Again")
    assert title == "Block 2"
    assert edited.graphs["N"].nodes["Again"].graph == "Block 2"
    assert edited.graphs["Block 2"] == edited.graphs["Block"]
    shared = graph.add("Again", replace(graph.nodes["Block"], shares_with="Block"))
    with pytest.raises(ProjectError, match="use the same weights"):
        make_unique(project.with_graph("N", shared), "N", "Block")
    with pytest.raises(ProjectError, match="no block"):
        make_unique(project, "N", "Narrow")


def test_expressions_are_rewritten_word_by_word() -> None:
    assert names_in("=max(width, 2*depth)") == {"width", "depth"}
    assert names_in(("=a", 3, "b")) == {"a"}
    assert names_in("=not an expression (") == frozenset()
    assert renamed("= width * 4 + width2", "width", "w") == "= w * 4 + width2"
    assert renamed(("=k", 3), "k", "kernel") == ("=kernel", 3)
    assert substituted("=max(max, 2)", {"max": 7}) == 7
    assert substituted("=a - b", {"b": "=c - 1"}) == "=a - (c - 1)"
    assert substituted("=1.5*a", {"a": 2}) == 3
    assert substituted("=mode", {"mode": "same"}) == "same"
    assert substituted("plain", {"plain": 1}) == "plain"
