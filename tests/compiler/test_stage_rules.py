"""Stages are checked while they are drawn: that they end, and speak of objectives and parts that there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from studio.compiler.check import check
from studio.compiler.objective import DEFAULT
from studio.core.catalog import catalog
from studio.core.problem import Problem, ProjectError
from studio.core.project import Project, Stage
from studio.engine.build import build
from studio.engine.learning import learning, own_groups
from studio.engine.taking import take

GAN = catalog().make_project("gan")
LAYERS = catalog().make_project("stacked-autoencoder")
PLAIN = catalog().make_project("mlp")


def with_stage(project: Project, number: int = 0, **changes: Any) -> Project:
    stages = list(project.training.stages)
    stages[number] = replace(stages[number], **changes)
    return replace(project, training=replace(project.training, stages=tuple(stages)))


def only(project: Project) -> Problem:
    (problem,) = check(project).problems
    return problem


def mended(project: Project, label: str) -> Project:
    repair = next(each for each in only(project).repairs if each.label == label)
    changed: Project = repair.apply(project)
    assert check(changed).can_run
    return changed


def test_a_stage_without_an_end_is_given_one():
    project = with_stage(PLAIN, epochs=0)
    assert "would never end" in only(project).message
    assert only(project).stage == 0
    assert mended(project, "End it after 10 epochs").training.stages[0].epochs == 10


def test_how_often_is_said_for_each_objective_or_for_none():
    project = with_stage(GAN, every=(1, 2, 3))
    assert "must say for each of its 2 objectives" in only(project).message
    assert mended(project, "Run each at every step").training.stages[0].every == ()


@pytest.mark.parametrize(
    ("entry", "meant"),
    [("Generator's turn: Generater", "Generator's turn: Generator"), ("Discriminatr", "Discriminator")],
)
def test_what_is_to_be_taught_exists_and_a_slip_is_put_right(entry: str, meant: str):
    kept = GAN.training.stages[0].learns
    project = with_stage(GAN, learns=(*kept, entry))
    assert "but nothing of that name has weights" in only(project).message
    assert mended(project, f"Teach {meant}").training.stages[0].learns == (*kept, meant)
    assert mended(project, "Leave it out").training.stages[0].learns == kept


def test_a_node_without_weights_cannot_be_taught():
    (network,) = PLAIN.networks
    plain = next(name for name, found in check(PLAIN).graphs[network].nodes.items() if not found.weight_count)
    project = with_stage(PLAIN, learns=(f"{network}/{plain}",))
    assert f"'{network}/{plain}'" in only(project).message


def test_an_objective_without_a_loss_only_measures():
    stage = GAN.training.stages[0]
    (measure,) = stage.measures
    project = with_stage(GAN, objectives=(*stage.objectives, measure), measures=())
    assert "which has no loss" in only(project).message
    assert mended(project, f"Only measure {measure}").training.stages[0] == replace(stage, every=())


def test_what_learns_leaves_each_objective_something_to_teach():
    telling, fooling = GAN.training.stages[0].objectives
    project = with_stage(GAN, learns=(f"{telling}: Discriminator",))
    assert f"nothing learns from {fooling!r}" in only(project).message
    learns = mended(project, "Teach all of it").training.stages[0].learns
    assert learns == (f"{telling}: Discriminator", f"{fooling}: Generator", f"{fooling}: Discriminator")
    left = mended(project, f"Only measure {fooling}").training.stages[0]
    assert (left.objectives, left.learns) == ((telling,), (f"{telling}: Discriminator",))
    with pytest.raises(ProjectError) as refused:
        learning(build(GAN), project.training.stages[0], fooling)
    assert str(refused.value) == only(project).message


def test_what_is_measured_is_in_the_project():
    project = with_stage(PLAIN, measures=("Gone",))
    assert "measures the objective 'Gone'" in only(project).message
    assert mended(project, "Leave it out") == PLAIN


@pytest.mark.parametrize(
    ("takes", "sentence"),
    [
        ({"Autoencoder 2": "Gone"}, "nothing of the name 'Gone' has any"),
        ({"Autoencoder 2/Encoder": "Autoencoder 1/Encoder"}, "does not fit into"),
        ({"Autoencoder 1/Encoder": "Autoencoder 1"}, "tensors"),
    ],
)
def test_only_weights_of_the_same_sizes_are_taken(takes: Mapping[str, str], sentence: str):
    project = with_stage(LAYERS, 1, takes=takes)
    assert sentence in only(project).message
    assert only(project).stage == 1
    assert mended(project, "Let it take nothing").training.stages[1].takes == {}


@pytest.mark.parametrize(
    ("own", "sentence"),
    [
        ({"Generater": {"learning_rate": 0.1}}, "has settings for 'Generater'"),
        ({"Generator": {"learning_rate": -1.0}}, "for 'Generator': "),
        ({"Generator": {"speed": 1.0}}, "for 'Generator': "),
    ],
)
def test_settings_of_its_own_are_those_of_a_part_that_there_is(own: Mapping[str, Mapping[str, Any]], sentence: str):
    project = with_stage(GAN, own=own)
    assert sentence in only(project).message
    assert mended(project, "Leave them out").training.stages[0].own == {}


def test_rule_and_clipping_are_those_of_an_objective():
    project = with_stage(GAN, own={"Generator": {"optimizer": "sgd"}})
    assert "for 'Generator': Rule and clipping are an objective's" in only(project).message
    assert mended(project, "Leave them out").training.stages[0].own == {}
    turn = GAN.training.stages[0].objectives[0]
    alike = {turn: {"clip": 1.0}, "Generator": {"clip": 1.0}}
    assert "for 'Generator'" in only(with_stage(GAN, own=alike)).message
    assert check(with_stage(GAN, own={turn: {"optimizer": "sgd", "clip": 1.0}})).can_run


def test_settings_that_an_optimizer_cannot_have_together_are_told_apart():
    project = with_stage(GAN, optimizer="adamw", l2=0.1)
    assert "AdamW keeps weight decay out of the gradient" in only(project).message
    assert mended(project, "Use Adam").training.stages[0].optimizer == "adam"
    assert mended(project, "Set L2 to 0").training.stages[0].l2 == 0.0
    turn = GAN.training.stages[0].objectives[0]
    own = with_stage(GAN, weight_decay=0.1, own={turn: {"optimizer": "lbfgs"}})
    assert f"for {turn!r}: L-BFGS has no weight decay" in only(own).message
    stage = mended(own, "Set both to 0").training.stages[0]
    assert (stage.weight_decay, stage.own[turn]["weight_decay"]) == (0.1, 0.0)
    part = with_stage(PLAIN, optimizer="lbfgs", own={next(iter(PLAIN.networks)): {"learning_rate": 0.1}})
    assert "L-BFGS looks at all weights together" in only(part).message


def test_a_part_within_another_may_have_settings_of_its_own_too():
    (network,) = PLAIN.networks
    node = next(name for name, found in check(PLAIN).graphs[network].nodes.items() if found.weight_count)
    stage = Stage(
        own={f"{network}/{node}": {"weight_decay": 0.5}, network: {"learning_rate": 0.1, "weight_decay": 0.1}}
    )
    assert check(with_stage(PLAIN, own=stage.own)).can_run
    how = stage.optimization(*stage.around(f"{network}/{node}"), f"{network}/{node}")
    assert (how.learning_rate, how.weight_decay, how.optimizer) == (0.1, 0.5, "adam")
    built = build(PLAIN)
    whole, inner = own_groups(built, stage, learning(built, stage, DEFAULT), DEFAULT)
    assert (whole[0].weight_decay, inner[0]) == (0.1, how)
    assert inner[1]
    assert not set(inner[1]) & set(whole[1])


def test_the_engine_refuses_what_is_said_here_and_in_the_same_words():
    project = with_stage(LAYERS, 1, takes={"Autoencoder 2/Encoder": "Autoencoder 1/Encoder"})
    sentence = only(project).message
    built = build(LAYERS)
    with pytest.raises(ProjectError) as refused:
        take(built, project.training.stages[1])
    assert str(refused.value).rstrip(".") == sentence.rstrip(".")
    with pytest.raises(ProjectError, match=r"has no weights to teach|nothing of that name has weights"):
        learning(built, Stage(learns=("Gone",)), LAYERS.training.stages[0].objectives[0])


def test_an_empty_place_for_weights_is_no_part():
    project = with_stage(PLAIN, learns=("",))
    assert "''" in only(project).message


def test_problems_of_graphs_come_first():
    (name,) = PLAIN.networks
    graph = PLAIN.graphs[name]
    weighty = next(node for node, found in check(PLAIN).graphs[name].nodes.items() if found.weight_count)
    broken = with_stage(PLAIN.with_graph(name, graph.put({weighty: graph.nodes[weighty].set(features=-1)})), epochs=0)
    found = check(broken).problems
    assert found
    assert all(problem.stage is None for problem in found)
