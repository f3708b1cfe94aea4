"""Takes graphs out of a project, with all that other graphs and the stages of the training say of them."""

from __future__ import annotations

from dataclasses import replace

from studio.core.graph import Graph
from studio.core.project import Project, Stage


def remove_graph(project: Project, name: str) -> Project:
    """The project without a graph, without the nodes that stand for it, and with stages that run or teach it no more.

    A stage that taught nothing but a network still says so: to teach nothing in particular would mean everything.
    """
    graphs = {key: _without_nodes(graph, name) for key, graph in project.graphs.items() if key != name}
    stages = tuple(_without_network(without_objective(stage, name), name) for stage in project.training.stages)
    weights = {key: source for key, source in project.training.weights.items() if key != name}
    return replace(project, graphs=graphs, training=replace(project.training, stages=stages, weights=weights))


def without_objective(stage: Stage, name: str) -> Stage:
    """The stage that runs an objective no longer."""
    if name not in (*stage.objectives, *stage.measures):
        return stage
    kept = [at for at, each in enumerate(stage.objectives) if each != name]
    return replace(
        stage,
        objectives=tuple(stage.objectives[at] for at in kept),
        every=tuple(stage.every[at] for at in kept if at < len(stage.every)),
        learns=tuple(entry for entry in stage.learns if not entry.startswith(f"{name}: ")),
        own={part: settings for part, settings in stage.own.items() if part != name},
        measures=tuple(each for each in stage.measures if each != name),
    )


def _without_network(stage: Stage, name: str) -> Stage:
    learns = tuple(entry for entry in stage.learns if not _speaks_of(entry, stage, name)) or stage.learns
    takes = {
        part: of
        for part, of in stage.takes.items()
        if not (_speaks_of(part, stage, name) or _speaks_of(of, stage, name))
    }
    own = {part: settings for part, settings in stage.own.items() if not _speaks_of(part, stage, name)}
    unchanged = (learns, takes, own) == (stage.learns, stage.takes, stage.own)
    return stage if unchanged else replace(stage, learns=learns, takes=takes, own=own)


def _speaks_of(entry: str, stage: Stage, network: str) -> bool:
    objective = next((each for each in stage.objectives if entry.startswith(f"{each}: ")), None)
    bare = entry.removeprefix(f"{objective}: ") if objective is not None else entry
    return bare == network or bare.startswith(f"{network}/")


def _without_nodes(graph: Graph, placed: str) -> Graph:
    there = [name for name, node in graph.nodes.items() if node.graph == placed]
    return graph.remove(there) if there else graph
