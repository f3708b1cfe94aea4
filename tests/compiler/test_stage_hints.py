"""What is rarely meant by stages is said, and keeps nothing from running."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio.compiler.check import check
from studio.core.catalog import catalog
from studio.core.problem import Problem
from studio.core.project import Project
from tests.compiler.test_stage_rules import GAN, LAYERS, with_stage

TELLING, FOOLING = GAN.training.stages[0].objectives
LOST = with_stage(GAN, objectives=(FOOLING,), learns=("Generator",), every=())


def hint(project: Project) -> Problem:
    found = check(project)
    assert found.can_run
    (told,) = found.hints
    return told


def test_no_template_has_anything_against_it():
    assert [name for name in catalog().templates if check(catalog().make_project(name)).hints] == []


def test_a_network_that_nothing_teaches_is_pointed_out_and_can_be_taught():
    told = hint(LOST)
    assert "Discriminator keeps the random weights" in told.message
    assert told.stage == 0
    (teach,) = told.repairs
    mended: Project = teach.apply(LOST)
    assert mended.training.stages[0].learns == ("Generator", "Discriminator")
    assert check(mended).hints == ()


@pytest.mark.parametrize(("source", "said"), [("judge.safetensors", 0), ("normal:0.02", 1)])
def test_weights_that_are_loaded_are_no_random_ones(source: str, said: int):
    loaded = replace(LOST, training=replace(LOST.training, weights={"Discriminator": source}))
    assert len(check(loaded).hints) == said


def test_what_a_later_stage_teaches_or_what_is_taken_is_not_random():
    (stage,) = GAN.training.stages
    stages = (*LOST.training.stages, stage)
    assert check(replace(LOST, training=replace(LOST.training, stages=stages))).hints == ()
    first, *_, last = LAYERS.training.stages
    measured = with_stage(LAYERS, -1, objectives=first.objectives, learns=first.learns, measures=last.objectives)
    assert check(measured).hints == ()
    assert "Stacked keeps the random weights" in hint(with_stage(measured, -1, takes={})).message


def test_weights_are_taken_from_what_was_taught_by_then():
    part, source = next(iter(LAYERS.training.stages[-1].takes.items()))
    early = with_stage(LAYERS, 0, takes={source: part})
    assert "which nothing has taught by then" in hint(early).message
    (mend,) = hint(early).repairs
    assert mend.apply(early) == LAYERS
