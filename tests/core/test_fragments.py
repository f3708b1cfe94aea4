"""Parts of graphs that travel as text: through mails, into other projects, with all that they need."""

from dataclasses import replace

import pytest

from studio.core import loom
from studio.core.catalog import catalog
from studio.core.fragments import NOTHING, Brought, bring, fragment, moved_to, read
from studio.core.graph import Frame, Graph, Link, Links, Node
from studio.core.problem import ProjectError
from studio.core.project import Project

INNER = Graph({"x": Node("Input"), "act": Node("ReLU"), "y": Node("Output")}, role="block")
OUTER = Graph({"x": Node("Input"), "in": Node("Block", graph="Inner"), "y": Node("Output")}, role="block")
NETWORK = Graph(
    {
        "Image": Node("Input", {"kind": "image", "sizes": (1, 28, 28)}),
        "Conv": Node("Conv2d", {"filters": "=width"}, (200.0, 0.0)),
        "Body": Node("Block", graph="Outer", position=(400.0, 40.0)),
        "Twin": Node("Conv2d", {"filters": "=width"}, (200.0, 100.0), shares_with="Conv"),
    },
    Links((Link("Image", "out", "Conv", "image"), Link("Conv", "out", "Body", "x", via=((300.0, 8.0),)))),
    frames=(Frame("Both", (190.0, -20.0, 400.0, 100.0)), Frame("All", (-50.0, -50.0, 900.0, 400.0))),
)
PROJECT = Project("Mine", {"Net": NETWORK, "Outer": OUTER, "Inner": INNER}, {"width": 8, "unread": 3})
EMPTY = Project(graphs={"Target": Graph()})


def copied(*names: str) -> Project:
    return read(loom.dumps(fragment(PROJECT, NETWORK, names)))


def pasted(into: Project, found: Project, graph: str = "Target") -> Brought:
    places = moved_to(next(iter(found.graphs.values())), (1000.0, 500.0))
    return bring(into, graph, into.graphs[graph], found, places)


def test_a_fragment_holds_what_its_nodes_need_and_nothing_else():
    found = copied("Conv", "Body")
    assert list(found.graphs) == ["Copied", "Outer", "Inner"]
    assert dict(found.variables) == {"width": 8}
    assert found.graphs["Copied"].links == NETWORK.links[1:]


def test_a_frame_comes_along_where_all_that_stands_in_it_does():
    assert not copied("Conv").graphs["Copied"].frames
    found = copied("Conv", "Body")
    assert [frame.title for frame in found.graphs["Copied"].frames] == ["Both"]
    (frame,) = pasted(EMPTY, found).project.graphs["Target"].frames
    assert frame.rectangle == (990.0, 480.0, 400.0, 100.0)


def test_nodes_come_with_their_blocks_variables_and_bends_to_where_they_are_wanted():
    brought = pasted(EMPTY, copied("Conv", "Body"))
    target = brought.project.graphs["Target"]
    assert brought.names == {"Conv", "Body"}
    assert target.nodes["Conv"].position == (1000.0, 500.0)
    assert target.nodes["Body"].position == (1200.0, 540.0)
    assert target.links[0].via == ((1100.0, 508.0),)
    assert brought.project.graphs["Inner"] == INNER
    assert brought.project.variables == {"width": 8}
    assert not brought.renamed
    assert not brought.differing


def test_blocks_that_are_there_already_are_used_again():
    there = replace(EMPTY, graphs={**EMPTY.graphs, "Outer": OUTER, "Inner": INNER})
    brought = pasted(there, copied("Body"))
    assert set(brought.project.graphs) == {"Target", "Outer", "Inner"}
    assert brought.project.graphs["Target"].nodes["Body"].graph == "Outer"


def test_a_block_of_another_make_comes_under_another_name():
    other = replace(INNER, nodes={**INNER.nodes, "act": Node("Tanh")})
    there = replace(EMPTY, graphs={**EMPTY.graphs, "Inner": other})
    brought = pasted(there, copied("Body"))
    assert brought.project.graphs["Inner"] == other
    assert brought.renamed == {"Inner": "Inner 2"}
    assert brought.project.graphs["Outer"].nodes["in"].graph == "Inner 2"


def test_a_variable_of_another_value_holds_as_it_is_here_and_is_named():
    brought = pasted(replace(EMPTY, variables={"width": 64}), copied("Conv"))
    assert brought.project.variables == {"width": 64}
    assert brought.differing == ("width",)


def test_a_parameter_of_the_graph_it_came_from_becomes_a_variable():
    graph = replace(NETWORK, parameters={"width": 5})
    found = fragment(Project(graphs={"Net": graph}), graph, ["Conv"])
    assert pasted(EMPTY, found).project.variables == {"width": 5}


def test_nodes_that_share_weights_still_do_and_one_alone_has_its_own():
    both = pasted(pasted(EMPTY, copied("Conv", "Twin")).project, copied("Conv", "Twin"))
    assert both.project.graphs["Target"].nodes["Twin 2"].shares_with == "Conv 2"
    assert pasted(EMPTY, copied("Twin")).project.graphs["Target"].nodes["Twin"].shares_with == ""


def test_a_block_is_not_pasted_into_itself():
    with pytest.raises(ProjectError, match="cannot be pasted here: Inner cannot stand inside itself"):
        pasted(PROJECT, read(loom.dumps(fragment(PROJECT, OUTER, ["in"]))), "Inner")
    with pytest.raises(ProjectError, match="Outer cannot stand inside Inner, because it holds Inner"):
        pasted(PROJECT, copied("Body"), "Inner")


@pytest.mark.parametrize("node", [Node("CrossEntropy"), Node("Digits"), Node("Accuracy")])
def test_what_belongs_into_an_objective_is_not_pasted_into_a_network(node: Node):
    found = Project(graphs={"Copied": Graph({"Odd": node})})
    with pytest.raises(ProjectError, match=r"Odd belongs into an objective: .* cannot stand in a network"):
        pasted(EMPTY, found)
    there = Project(graphs={"Target": Graph(role="objective")})
    assert pasted(there, found).names == {"Odd"}


TEXT = loom.dumps(fragment(PROJECT, NETWORK, ["Conv", "Body"]))


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        f"\n\n   {TEXT}\n\n",
        f"\ufeff{TEXT}",
        TEXT.replace("\n", "\r\n"),
        TEXT.replace("  ", "\u00a0\u00a0"),
        f"Hello,\nhere it is:\n```json\n{TEXT}```\nSee {{you}}!",
        f"```\n{TEXT}\n```",
        f"Look at this: {TEXT} Bye",
        "".join(f"> {line}\n" for line in TEXT.splitlines()),
        "Anna wrote:\n" + "".join(f">> {line}\n" for line in TEXT.splitlines()),
        TEXT.replace(" ", "\n"),
    ],
    ids=[
        "plain",
        "spaces",
        "mark",
        "lines",
        "hard-spaces",
        "fence",
        "bare-fence",
        "words",
        "mail",
        "answer",
        "wrapped",
    ],
)
def test_nodes_are_found_in_a_text_as_mails_have_it(text: str):
    assert read(text) == loom.loads(TEXT)


def test_names_with_spaces_that_a_mail_program_broke_are_whole_again():
    named = fragment(PROJECT, NETWORK.rename("Conv", "First of all"), ["First of all"])
    assert "First of all" in read(loom.dumps(named).replace("First of", "First\nof")).graphs["Copied"].nodes


@pytest.mark.parametrize("text", ["", "a shopping list", "{}", '{"a": 1}', "[1, 2]", "{" * 500, loom.dumps(Project())])
def test_a_text_without_nodes_is_said_to_hold_none(text: str):
    with pytest.raises(ProjectError) as told:
        read(text)
    assert str(told.value) == NOTHING


def test_nodes_that_are_damaged_are_said_to_be():
    with pytest.raises(ProjectError, match=r"cannot be read\. The project is damaged at graphs"):
        read(TEXT.replace('"Conv2d"', "17"))


def test_a_whole_project_that_was_mailed_can_be_pasted():
    lenet = catalog().make_project("lenet5")
    brought = pasted(EMPTY, read(loom.dumps(lenet)))
    assert brought.names == set(lenet.graphs["LeNet-5"].nodes)
