"""Keeps what a training says of nodes, such as ``Network/layer1/Conv``, true when they get other places or names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from studio.core.graph import Graph
from studio.core.project import Project, Stage

Steps = tuple[str, ...]
"""Names of nodes, each inside the one before."""
Rewrite = Callable[[Steps], Iterable[Steps]]
"""Takes the steps from a graph on, and answers with those that take their place: one way, several or none."""


def with_paths(before: Project, after: Project, graph: str, rewrite: Rewrite) -> Project:
    """``after``, with what its stages teach rewritten wherever the way, in ``before``, leads through the graph."""
    stages = tuple(_stage(stage, before, graph, rewrite) for stage in after.training.stages)
    if stages == after.training.stages:
        return after
    return replace(after, training=replace(after.training, stages=stages))


def _stage(stage: Stage, project: Project, graph: str, rewrite: Rewrite) -> Stage:
    if not any("/" in entry for entry in stage.learns):
        return stage
    learns = (new for entry in stage.learns for new in _entry(entry, stage, project, graph, rewrite))
    return replace(stage, learns=tuple(dict.fromkeys(learns)))


def _entry(entry: str, stage: Stage, project: Project, graph: str, rewrite: Rewrite) -> list[str]:
    """An entry of ``learns``: ``Network/node``, with the objective that teaches it and a colon before it or not."""
    objective = next((f"{name}: " for name in stage.objectives if entry.startswith(f"{name}: ")), "")
    bare = entry.removeprefix(objective)
    network = next((name for name in project.networks if bare.startswith(f"{name}/")), None)
    if network is None:
        return [entry]
    owners, steps = _walk(project, network, bare.removeprefix(f"{network}/"))
    if graph not in owners:
        return [entry]
    at = owners.index(graph)
    return ["/".join((f"{objective}{network}", *steps[:at], *new)) for new in rewrite(steps[at:])]


def _walk(project: Project, name: str, path: str) -> tuple[list[str], Steps]:
    """The graphs that a path leads through, and its steps; a part that leads nowhere is the last step."""
    owners: list[str] = []
    steps: list[str] = []
    while path:
        graph = project.graphs.get(name, Graph())
        step = path.partition("/")[0]
        if step not in graph.nodes:  # names may hold slashes themselves
            step = next((node for node in graph.nodes if path == node or path.startswith(f"{node}/")), path)
        owners.append(name)
        steps.append(step)
        path = path[len(step) + 1 :]
        name = graph.nodes[step].graph if step in graph.nodes else ""
    return owners, tuple(steps)
