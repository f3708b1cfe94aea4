"""What a stage does with each objective of a project, as a list that can be put into another order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Literal

from studio.compiler.objective import DEFAULT, objectives_of_stage, with_drawn_objective
from studio.core.project import Project, Stage
from studio.core.removing import without_objective

Use = Literal["teaches", "measures", "rests"]


@dataclass(frozen=True, slots=True)
class Running:
    """An objective in a stage: it teaches at every so many steps, it only measures, or it is not used."""

    objective: str
    use: Use = "rests"
    every: int = 1


def running_in(stage: Stage, objectives: Iterable[str]) -> tuple[Running, ...]:
    """What a stage does with these objectives: those that teach in their order, those that measure, and the others."""
    names = objectives_of_stage(stage)
    teaching = [Running(name, "teaches", every or 1) for name, every in zip_longest(names, stage.every[: len(names)])]
    measuring = [Running(name, "measures") for name in stage.measures if name not in names]
    used = {each.objective for each in (*teaching, *measuring)}
    return (*teaching, *measuring, *(Running(name) for name in objectives if name not in used))


def with_running(project: Project, number: int, rows: Sequence[Running]) -> tuple[Project, Stage]:
    """The stage of this number as it does with the objectives what these rows say, and the project for it.

    The objective that the studio makes is drawn where it runs beside others, or only measures: stages do not name it.
    """
    stage = project.training.stages[number]
    names = objectives_of_stage(stage)
    if tuple(rows) == running_in(stage, (row.objective for row in rows)):
        return project, stage
    teaching = [row for row in rows if row.use == "teaches"]
    taught, every = (tuple(getattr(row, name) for row in teaching) for name in ("objective", "every"))
    measures = tuple(row.objective for row in rows if row.use == "measures")
    is_made = DEFAULT not in project.graphs
    if is_made and DEFAULT in (*taught, *measures) and taught != (DEFAULT,):
        project = with_drawn_objective(project)
        is_made = False
    for name in set(names) - set(taught):
        stage = without_objective(stage, name)
    objectives = () if is_made and taught == (DEFAULT,) else taught
    every = every if set(every) - {1} else ()
    return project, replace(stage, objectives=objectives, every=every, measures=measures)
