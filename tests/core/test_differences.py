"""What differs between projects, setting by setting."""

from dataclasses import replace

from studio.core.catalog import catalog
from studio.core.differences import Difference, differences
from studio.core.project import Project, Stage, Training

LENET = catalog().make_project("lenet5")
GRAPH = LENET.graphs["LeNet-5"]


def test_equal_projects_have_no_differences_wherever_their_nodes_lie():
    moved = GRAPH.move({"C1": (1000.0, 1000.0)})
    assert differences([LENET, LENET.with_graph("LeNet-5", moved), LENET]) == []


def test_a_setting_of_a_node_is_told_with_its_value_in_each_project():
    one = LENET.with_graph("LeNet-5", GRAPH.put({"C1": GRAPH.nodes["C1"].set(filters=12)}))
    other = LENET.with_graph("LeNet-5", GRAPH.put({"C1": GRAPH.nodes["C1"].set(filters=24)}))
    assert differences([LENET, one, other]) == [Difference("LeNet-5 / C1", "filters", ("6", "12", "24"))]


def test_of_a_node_that_is_not_everywhere_its_type_and_its_links_are_told():
    shorter = LENET.with_graph("LeNet-5", GRAPH.remove(["S2"], heal=True))
    found = differences([LENET, shorter])
    assert Difference("LeNet-5 / S2", "type", (GRAPH.nodes["S2"].type, "–")) in found
    assert [row.name for row in found if row.place == "LeNet-5 / S2"] == ["type"]
    assert all(row.name == "type" or "→" in row.name for row in found)


def test_training_variables_and_stages_are_told():
    one = Project(variables={"width": 4}, training=Training(stages=(Stage(learning_rate=0.1),)))
    two = Project(
        variables={"width": 8}, training=Training(batch=32, stages=(Stage(decay_all=True), Stage(name="end")))
    )
    found = {(row.place, row.name): row.values for row in differences([one, two])}
    assert found["Variables", "width"] == ("4", "8")
    assert found["Training", "batch"] == ("64", "32")
    assert found["Stage 1", "learning_rate"] == ("0.1", "0.001")
    assert found["Stage 1", "decay_all"] == ("no", "yes")
    assert found["Stage 2", "name"] == ("–", "end")


def test_data_and_what_is_measured_are_told():
    assert LENET.data is not None
    edited = replace(
        LENET, data=LENET.data.set(limit=100), training=replace(LENET.training, metrics=(), precision="bf16-mixed")
    )
    found = {(row.place, row.name): row.values for row in differences([LENET, edited])}
    assert found["Data", "limit"][1] == "100"
    assert found["Training", "metrics"] == ("Accuracy", "–")
    assert found["Training", "precision"] == ("32-bit", "bf16-mixed")
