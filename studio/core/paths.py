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
    parts = (*stage.learns, *stage.takes, *stage.takes.values(), *stage.own)
    if not any("/" in part for part in parts):
        return stage
    news = {part: _entry(part, stage, project, graph, rewrite) for part in parts}
    return replace(
        stage,
        learns=tuple(dict.fromkeys(new for entry in stage.learns for new in news[entry])),
        takes={part: of for old, source in stage.takes.items() for part, of in _pairs(news[old], news[source])},
        own={new: settings for part, settings in stage.own.items() for new in news[part]},
    )


def _pairs(parts: list[str], sources: list[str]) -> Iterable[tuple[str, str]]:
    """What takes of what, where both have come to be several in the same way, or one source serves all."""
    return zip(parts, sources if len(sources) == len(parts) else sources[:1] * len(parts), strict=False)


def _entry(entry: str, stage: Stage, project: Project, graph: str, rewrite: Rewrite) -> list[str]:
    """A part of a network: ``Network/node``, with the objective that teaches it and a colon before it or not."""
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
