"""What is wrong with a stage, as a problem, and repairs that give the stage other settings."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from studio.core.problem import Problem, Repair
from studio.core.project import Project, Stage


def stage_problem(number: int, message: str, *repairs: Repair) -> Problem:
    """A problem of the stage of this number, counted from 0."""
    return Problem(message, repairs=repairs, stage=number)


def change(label: str, stage: Stage, **changes: Any) -> Repair:
    """A repair that gives a stage these settings."""
    return becomes(label, stage, replace(stage, **changes))


def takes_nothing(stage: Stage, part: str) -> Repair:
    """A repair that lets a part begin with weights of its own."""
    takes = {key: source for key, source in stage.takes.items() if key != part}
    return change("Let it take nothing", stage, takes=takes)


def becomes(label: str, stage: Stage, wanted: Stage) -> Repair:
    """A repair that puts another stage in the place of one."""
    return Repair(label, partial(_replaced, stage, wanted))


def _replaced(old: Stage, new: Stage, project: Project) -> Project:
    """The project with another stage in the place of one; as it is where that is there no longer."""
    stages = tuple(new if each is old else each for each in project.training.stages)
    return project.with_stages(stages)
