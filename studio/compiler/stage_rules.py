"""What must hold of the stages of a training: that they end, and speak of objectives and parts that there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from functools import partial
from typing import Any

from studio.compiler.learned import entries_of, networks_in
from studio.compiler.objective import objectives_of_stage
from studio.compiler.objective_program import losses_of
from studio.compiler.results import GraphResult, NodeResult
from studio.core.graph import Graph
from studio.core.problem import Mismatch, Problem, Repair
from studio.core.project import Project, Stage

Graphs = Mapping[str, GraphResult]
Sizes = tuple[tuple[int, ...], ...]

ENOUGH = 10
"""Epochs that are proposed to a stage without an end."""


def stage_problems(project: Project, graphs: Graphs, objectives: Mapping[str, Graph]) -> Iterator[Problem]:
    """What keeps stages from being trained, of graphs that are sound themselves."""
    for number, stage in enumerate(project.training.stages):
        known = [name for name in objectives_of_stage(stage) if name in objectives]
        yield from _when(number, stage)
        yield from _measured(number, stage, objectives)
        yield from _taught(number, stage, known, graphs)
        yield from _parts(number, project, graphs)


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


def _when(number: int, stage: Stage) -> Iterator[Problem]:
    if message := endless(stage):
        yield _problem(number, message, _change(f"End it after {ENOUGH} epochs", stage, epochs=ENOUGH))
    if message := uneven(stage):
        yield _problem(number, message, _change("Run each at every step", stage, every=()))


def _measured(number: int, stage: Stage, objectives: Mapping[str, Graph]) -> Iterator[Problem]:
    for name in stage.measures:
        if name not in objectives:
            message = f"The stage {stage.name!r} measures the objective {name!r:.60}, which is not in this project."
            measures = tuple(each for each in stage.measures if each != name)
            yield _problem(number, message, _change("Leave it out", stage, measures=measures))


def _taught(number: int, stage: Stage, objectives: Sequence[str], graphs: Graphs) -> Iterator[Problem]:
    """Objectives from which nothing can be learned."""
    for name in objectives:
        result = graphs.get(name)
        if result is None:
            continue
        others = tuple(each for each in stage.objectives if each != name)
        if not losses_of(result):
            changes = {"objectives": others, "every": _every_of(stage, others), "measures": (*stage.measures, name)}
            repair = (_change(f"Only measure {name}", stage, **changes),) if others else ()
            yield _problem(number, teaches_nothing(stage, name), *repair)
        elif not any(graphs[each].weights for each in networks_in(result.graph) if each in graphs):
            yield _problem(number, f"In the stage {stage.name!r} the objective {name!r} has no weights to teach.")


def _every_of(stage: Stage, objectives: Sequence[str]) -> tuple[int, ...]:
    every = dict(zip(stage.objectives, stage.every, strict=False))
    return tuple(every[name] for name in objectives) if len(every) == len(stage.objectives) else ()


def _parts(number: int, project: Project, graphs: Graphs) -> Iterator[Problem]:
    """Parts that a stage teaches, takes or treats otherwise, and that do not exist or do not fit."""
    stage = project.training.stages[number]
    for at, entry in enumerate(entries_of(stage, project.networks)):
        part = replace(entry, objective="").text
        if sizes_of(graphs, part) is None:
            message = f"The stage {stage.name!r} is to teach {part!r:.60}, but nothing of that name has weights."
            before, text, after = stage.learns[:at], stage.learns[at], stage.learns[at + 1 :]
            others = [text.replace(part, near) for near in _near(part, graphs)]
            meant = [_change(f"Teach {each}", stage, learns=(*before, each, *after)) for each in others]
            kept = (*before, *after)
            drop = [_change("Leave it out", stage, learns=kept)] if kept else []
            yield _problem(number, message, *meant, *drop)
    for part, source in stage.takes.items():
        message = _why_not(stage, part, source, graphs)
        if message:
            takes = {key: value for key, value in stage.takes.items() if key != part}
            yield _problem(number, message, _change("Let it take nothing", stage, takes=takes))
    for part in stage.own:
        yield from _own(number, stage, part, graphs)


def _own(number: int, stage: Stage, part: str, graphs: Graphs) -> Iterator[Problem]:
    message = ""
    if part not in objectives_of_stage(stage) and sizes_of(graphs, part) is None:
        message = f"The stage {stage.name!r} has settings for {part!r:.60}, but nothing of that name has weights."
    else:
        try:
            stage.optimization(part)
        except Mismatch as error:
            message = f"In the stage {stage.name!r}, for {part!r}: {error.message}"
    if message:
        own = {key: value for key, value in stage.own.items() if key != part}
        yield _problem(number, message, _change("Leave them out", stage, own=own))


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


def sizes_of(graphs: Graphs, part: str) -> Sizes | None:
    """The sizes of what a part learns, ``Net`` or ``Net/Block/Conv``; None where nothing of that name has weights."""
    for name, result in graphs.items():
        if result.graph.role == "network" and (part == name or part.startswith(f"{name}/")):
            path = part[len(name) + 1 :]
            inside = [found for at, found in result.walk() if not path or at == path or at.startswith(f"{path}/")]
            sizes = tuple(size for found in inside for size in found.weights.values())
            return sizes if sizes or any(_shares(found) for found in inside) else None
    return None


def _shares(found: NodeResult) -> bool:
    return bool(found.node.shares_with)


def _near(part: str, graphs: Graphs) -> list[str]:
    """Parts of much the same name."""
    networks = {name: result for name, result in graphs.items() if result.graph.role == "network" and result.weights}
    nodes = [
        f"{name}/{node}"
        for name, result in networks.items()
        for node, found in result.nodes.items()
        if found.weight_count
    ]
    return get_close_matches(part, [*networks, *nodes], n=2)


def _problem(number: int, message: str, *repairs: Repair) -> Problem:
    return Problem(message, repairs=repairs, stage=number)


def _change(label: str, stage: Stage, **changes: Any) -> Repair:
    return Repair(label, partial(_replaced, stage, replace(stage, **changes)))


def _replaced(old: Stage, new: Stage, project: Project) -> Project:
    """The project with another stage in the place of one; as it is where that is there no longer."""
    stages = tuple(new if each is old else each for each in project.training.stages)
    return replace(project, training=replace(project.training, stages=stages))


def _x(size: tuple[int, ...]) -> str:
    return "×".join(map(str, size)) or "a single number"
