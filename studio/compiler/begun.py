"""An objective as a person begins one: with the project's data and networks in it, run by a stage."""

from __future__ import annotations

from dataclasses import replace

from studio.core.blocks import free_graph_name
from studio.core.graph import Graph, Node
from studio.core.layout import arrange
from studio.core.project import Project, Stage

STEM = "Objective"


def with_begun_objective(project: Project, number: int = 0) -> tuple[Project, str]:
    """The project with one more objective, which the stage of this number runs, and its name."""
    name = free_graph_name(project, STEM)
    stages = tuple(
        _running(stage, name) if index == number else stage for index, stage in enumerate(project.training.stages)
    )
    return replace(project.with_graph(name, _begun(project)), training=replace(project.training, stages=stages)), name


def _running(stage: Stage, objective: str) -> Stage:
    every = (*stage.every, 1) if stage.every else ()
    return replace(stage, objectives=(*stage.objectives, objective), every=every)


def _begun(project: Project) -> Graph:
    """An objective with what all begin with: the data, and every network once."""
    graph = Graph(role="objective")
    if project.data is not None:
        graph = graph.add("Data", project.data)
    for network in project.networks:
        graph = graph.add(graph.free_name(network), Node("Network", graph=network))
    return graph.move(arrange(graph).places)
