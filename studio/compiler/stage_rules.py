"""What must hold of the stages of a training: that they end, and speak of objectives and parts that there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from studio.compiler.learned import Entry, Learned, entries_of, networks_in
from studio.compiler.objective import objectives_of_stage
from studio.compiler.objective_program import losses_of
from studio.compiler.own_rules import own_problems
from studio.compiler.parts import Graphs, parts_like, sizes_of
from studio.compiler.stage_problem import becomes, change, stage_problem, takes_nothing
from studio.core.graph import Graph
from studio.core.problem import Problem, Repair
from studio.core.project import Project, Stage
from studio.core.removing import without_objective

ENOUGH = 10
"""Epochs that are proposed to a stage without an end."""


def stage_problems(project: Project, graphs: Graphs, objectives: Mapping[str, Graph]) -> Iterator[Problem]:
    """What keeps stages from being trained, of graphs that are sound themselves."""
    for number, stage in enumerate(project.training.stages):
        slips = list(_slips(number, project, graphs))
        yield from _when(number, stage)
        yield from _measured(number, stage, objectives)
        yield from slips or _taught(number, Learned(stage, project.networks, objectives), graphs)
        yield from _taking(number, stage, graphs)
        yield from own_problems(number, stage, graphs)


def endless(stage: Stage) -> str:
    """Why a stage would never end; empty where it does."""
    if stage.epochs or stage.steps or stage.minutes or stage.patience:
        return ""
    return f"The stage {stage.name!r} would never end: give it epochs, steps, minutes or patience."


def uneven(stage: Stage) -> str:
    """Why it is not clear how often the objectives of a stage run; empty where it is."""
    count = len(objectives_of_stage(stage))
    if not stage.every or len(stage.every) == count:
        return ""
    return f"The stage {stage.name!r} must say for each of its {count} objectives how often it runs."


def teaches_nothing(stage: Stage, objective: str) -> str:
    """What is to be said where an objective that shall teach has no loss."""
    return (
        f"In the stage {stage.name!r} nothing can learn from {objective!r}, which has no loss: add one to it, or "
        "let the stage only measure it."
    )


def unteachable(stage: Stage, objective: str) -> str:
    """What is to be said where nothing learns through an objective that has a loss."""
    if stage.learns:
        return f"In the stage {stage.name!r} nothing learns from {objective!r}: no part that may learn stands in it."
    return f"In the stage {stage.name!r} the objective {objective!r} has no weights to teach."


def _when(number: int, stage: Stage) -> Iterator[Problem]:
    if message := endless(stage):
        yield stage_problem(number, message, change(f"End it after {ENOUGH} epochs", stage, epochs=ENOUGH))
    if message := uneven(stage):
        yield stage_problem(number, message, change("Run each at every step", stage, every=()))


def _measured(number: int, stage: Stage, objectives: Mapping[str, Graph]) -> Iterator[Problem]:
    for name in stage.measures:
        if name not in objectives:
            message = f"The stage {stage.name!r} measures the objective {name!r:.60}, which is not in this project."
            measures = tuple(each for each in stage.measures if each != name)
            yield stage_problem(number, message, change("Leave it out", stage, measures=measures))


def _taught(number: int, learned: Learned, graphs: Graphs) -> Iterator[Problem]:
    """Objectives from which nothing can be learned."""
    stage = learned.stage
    for name in objectives_of_stage(stage):
        result = graphs.get(name)
        if result is None:
            continue
        networks = [each for each in networks_in(result.graph) if each in graphs and graphs[each].weights]
        if not losses_of(result):
            yield stage_problem(number, teaches_nothing(stage, name), *_measuring(stage, name))
        elif all(learned.share(network, objective=name) == "none" for network in networks):
            teach = [change("Teach all of it", stage, learns=_with_all(stage, name, networks))] if networks else []
            yield stage_problem(number, unteachable(stage, name), *teach, *_measuring(stage, name))


def _measuring(stage: Stage, objective: str) -> Iterator[Repair]:
    """Let an objective be measured alone, where others teach."""
    if len(stage.objectives) > 1:
        left = without_objective(stage, objective)
        yield becomes(f"Only measure {objective}", stage, replace(left, measures=(*left.measures, objective)))


def _with_all(stage: Stage, objective: str, networks: Sequence[str]) -> tuple[str, ...]:
    """What learns, with all networks of an objective."""
    several = len(stage.objectives) > 1
    return (*stage.learns, *(Entry(objective if several else "", network).text for network in networks))


def _slips(number: int, project: Project, graphs: Graphs) -> Iterator[Problem]:
    """Parts that a stage is to teach and that do not exist."""
    stage = project.training.stages[number]
    for at, entry in enumerate(entries_of(stage, project.networks)):
        part = replace(entry, objective="").text
        if sizes_of(graphs, part) is None:
            message = f"The stage {stage.name!r} is to teach {part!r:.60}, but nothing of that name has weights."
            before, text, after = stage.learns[:at], stage.learns[at], stage.learns[at + 1 :]
            others = [text.replace(part, near) for near in parts_like(part, graphs)]
            meant = [change(f"Teach {each}", stage, learns=(*before, each, *after)) for each in others]
            kept = (*before, *after)
            drop = [change("Leave it out", stage, learns=kept)] if kept else []
            yield stage_problem(number, message, *meant, *drop)


def _taking(number: int, stage: Stage, graphs: Graphs) -> Iterator[Problem]:
    """Weights that a part is to begin with and that do not fit, or do not exist."""
    for part, source in stage.takes.items():
        if message := _why_not(stage, part, source, graphs):
            yield stage_problem(number, message, takes_nothing(stage, part))


def _why_not(stage: Stage, part: str, source: str, graphs: Graphs) -> str:
    """Why a part cannot begin with the weights of another; empty where it can."""
    sizes = [sizes_of(graphs, each) for each in (part, source)]
    for name, found in zip((part, source), sizes, strict=True):
        if found is None:
            return f"In the stage {stage.name!r} {part} takes weights, but nothing of the name {name!r:.60} has any."
    target, given = (each or () for each in sizes)
    reason = next((f"{_x(g)} does not fit into {_x(t)}" for t, g in zip(target, given, strict=False) if t != g), "")
    if not reason and len(target) != len(given):
        reason = f"it has {len(given)} tensors, and {len(target)} are wanted"
    return reason and f"In the stage {stage.name!r} {part} cannot take the weights of {source}: {reason}."


def _x(size: tuple[int, ...]) -> str:
    return "×".join(map(str, size)) or "a single number"
