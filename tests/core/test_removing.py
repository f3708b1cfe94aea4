"""Graphs are taken out of a project, and what the training says of them goes with them."""

from __future__ import annotations

from studio.core.project import Stage
from studio.core.removing import remove_graph
from tests.networks import in_stages

BOTH = Stage(
    objectives=("Reconstruct", "Classify"),
    every=(1, 3),
    learns=("Reconstruct: Decoder", "Head"),
    own={"Reconstruct": {"clip": 1.0}, "Head": {"clip": 2.0}},
    measures=("Reconstruct",),
)


def test_a_removed_objective_is_run_and_measured_by_no_stage() -> None:
    (stage,) = remove_graph(in_stages(BOTH), "Reconstruct").training.stages
    assert (stage.objectives, stage.every, stage.measures) == (("Classify",), (3,), ())
    assert stage.learns == ("Head",)
    assert stage.own == {"Head": {"clip": 2.0}}


def test_a_removed_network_leaves_objectives_and_stages() -> None:
    project = remove_graph(in_stages(BOTH), "Head")
    assert "Head" not in project.graphs["Classify"].nodes
    assert not any("Head" in (link.source, link.target) for link in project.graphs["Classify"].links)
    (stage,) = project.training.stages
    assert stage.learns == ("Reconstruct: Decoder",)
    assert stage.own == {"Reconstruct": {"clip": 1.0}}


def test_a_stage_that_taught_only_what_is_gone_does_not_teach_everything_instead() -> None:
    (stage,) = remove_graph(in_stages(Stage(objectives=("Classify",), learns=("Head",))), "Head").training.stages
    assert stage.learns == ("Head",)


def test_what_took_the_weights_of_a_removed_network_begins_with_its_own() -> None:
    stages = Stage(objectives=("Classify",), takes={"Head/Class": "Decoder/Pixels", "Encoder/Code": "Encoder/Inner"})
    (stage,) = remove_graph(in_stages(stages), "Decoder").training.stages
    assert stage.takes == {"Encoder/Code": "Encoder/Inner"}
