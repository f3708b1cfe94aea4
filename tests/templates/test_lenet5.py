"""LeNet-5 as textbooks draw it and as it was published."""

from typing import Any

from studio.compiler.check import Checker
from studio.compiler.results import GraphResult
from studio.core.catalog import catalog
from studio.core.project import Project

PAPER = {"C1": 156, "S2": 12, "C3": 1_516, "S4": 32, "C5": 48_120, "F6": 10_164, "Output": 0}
"""Trainable weights of each layer as section II.B counts them."""

CONNECTIONS = {"C1": 122_304, "S2": 5_880, "C3": 151_600, "S4": 2_000, "C5": 48_120, "F6": 10_164}
"""Connections of each layer, as the same section counts them."""


def lenet5(**settings: Any) -> Project:
    return catalog().make_project("lenet5", settings=settings)


def checked(project: Project) -> GraphResult:
    return Checker().check(project).graphs["LeNet-5"]


def test_each_layer_of_the_paper_has_the_weights_that_the_paper_counts() -> None:
    result = checked(lenet5(variant="paper"))
    assert {name: result.nodes[name].weight_count for name in PAPER} == PAPER


def test_the_paper_variant_has_340_908_connections() -> None:
    """Each output pixel is connected to what its window sees, and to its bias."""
    nodes = checked(lenet5(variant="paper")).nodes
    seen = {"C1": 25, "S2": 4, "S4": 4, "C5": 16 * 25, "F6": 120}
    found = {name: nodes[name].outputs["out"].elements * (each + 1) for name, each in seen.items()}
    found["C3"] = (60 * 25 + 16) * 100
    assert found == CONNECTIONS
    assert sum(found.values()) + 84 * 10 == 340_908


def test_nodes_keep_the_names_of_the_paper() -> None:
    names = list(lenet5().graphs["LeNet-5"].nodes)
    tanhs = ["Tanh", "Tanh 2", "Tanh 3", "Tanh 4"]
    layers = ["Image", "C1", "S2", "C3", "S4", "Flatten", "C5", "F6", "Output", "Scores"]
    assert [name for name in names if name not in tanhs] == layers
    assert set(tanhs) < set(names)


def test_the_graph_is_drawn_in_two_frames_that_do_not_overlap() -> None:
    extractor, classifier = lenet5().graphs["LeNet-5"].frames
    assert (extractor.title, classifier.title) == ("Feature extractor", "Classifier")
    assert extractor.rectangle[1] + extractor.rectangle[3] <= classifier.rectangle[1]


def test_activation_and_pooling_reach_the_common_form() -> None:
    nodes = lenet5(activation="relu", pooling="max").graphs["LeNet-5"].nodes
    assert {node.type for node in nodes.values()} >= {"ReLU", "MaxPool2d"}
    assert not {node.type for node in nodes.values()} & {"Tanh", "AvgPool2d"}


def test_digits_are_varied_only_where_training_is_fast() -> None:
    laptop, paper = (catalog().make_project("lenet5", preset=preset) for preset in ("laptop", "paper"))
    assert laptop.data is not None
    assert paper.data is not None
    assert laptop.data.settings["rotate"] > 0
    assert "rotate" not in paper.data.settings
    assert paper.training.batch == 1
    assert paper.training.stages[0].epochs == 20
