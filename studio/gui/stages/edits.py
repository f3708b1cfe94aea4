"""Adds, copies, moves and deletes stages of a project; each edit is a new project."""

from __future__ import annotations

from dataclasses import replace

from studio.core.project import Project, Stage


def add_stage(project: Project, after: int) -> Project:
    """The project with a plain stage behind this one, which runs the same objectives."""
    before = project.training.stages[after]
    name = _free_name(project, "training")
    fresh = replace(Stage(), name=name, objectives=before.objectives, every=before.every, learns=before.learns)
    return project.with_stages(_put(project.training.stages, after + 1, fresh))


def duplicate_stage(project: Project, number: int) -> Project:
    """The project with the same stage once more, behind it."""
    stage = project.training.stages[number]
    copy = replace(stage, name=_free_name(project, stage.name))
    return project.with_stages(_put(project.training.stages, number + 1, copy))


def delete_stage(project: Project, number: int) -> Project:
    """The project without a stage; the last one stays."""
    stages = project.training.stages
    return project if len(stages) == 1 else project.with_stages((*stages[:number], *stages[number + 1 :]))


def move_stage(project: Project, number: int, to: int) -> Project:
    """The project with a stage at another place; beyond the ends it stays."""
    stages = project.training.stages
    if not 0 <= to < len(stages):
        return project
    left = (*stages[:number], *stages[number + 1 :])
    return project.with_stages(_put(left, to, stages[number]))


def _put(stages: tuple[Stage, ...], at: int, stage: Stage) -> tuple[Stage, ...]:
    return (*stages[:at], stage, *stages[at:])


def _free_name(project: Project, wanted: str) -> str:
    """The wanted name, or with the lowest number behind it that no stage has."""
    taken = {stage.name for stage in project.training.stages}
    names = (wanted, *(f"{wanted} {number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)
