"""The small convolutional network."""

from dataclasses import replace

from studio.compiler.check import Checker
from studio.core.catalog import catalog


def test_the_variable_width_sets_the_filters_of_both_convolutions() -> None:
    project = catalog().make_project("cnn")
    for width in (4, 10):
        nodes = Checker().check(replace(project, variables={"width": width})).graphs["CNN"].nodes
        assert nodes["Conv 1"].outputs["out"].sizes == (width, 28, 28)
        assert nodes["Conv 2"].outputs["out"].sizes == (2 * width, 14, 14)
        assert nodes["Scores"].inputs["value"][0].sizes == (10,)


def test_batch_norm_can_be_left_out() -> None:
    nodes = catalog().make_project("cnn", settings={"batch_norm": False}).graphs["CNN"].nodes
    assert "BatchNorm2d" not in {node.type for node in nodes.values()}


def test_it_has_a_score_for_each_class_of_its_data() -> None:
    for data, classes in (("digits", 10), ("shapes", 5)):
        report = Checker().check(catalog().make_project("cnn", settings={"data": data})).networks["CNN"]
        assert [shape.sizes for shape in report.outputs.values()] == [(classes,)]
