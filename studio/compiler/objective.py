"""The objective graphs of a project: those drawn, or the one the studio makes of data, network, loss and metrics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from studio.compiler.ports import node_class, ports_of
from studio.core.dataset import Dataset
from studio.core.graph import Graph, Link, Node
from studio.core.layout import arrange
from studio.core.problem import Problem
from studio.core.project import Project

DEFAULT = "Training"
"""Name of the objective that the studio makes."""


def objectives_of(project: Project) -> tuple[Mapping[str, Graph], list[Problem]]:
    """The objectives that the stages use, by name, and why one could not be made."""
    drawn = project.of_role("objective")
    used = [name for stage in project.training.stages for name in stage.objectives]
    problems = [
        Problem(f"A stage uses the objective {name!r:.60}, which is not in this project.")
        for name in dict.fromkeys(used)
        if name not in drawn
    ]
    if all(stage.objectives for stage in project.training.stages) and project.training.stages:
        return drawn, problems
    complaint = _lacking(project)
    if complaint is not None:
        return drawn, [*problems, Problem(complaint)]
    return {**drawn, DEFAULT: default_objective(project)}, problems


def default_objective(project: Project) -> Graph:
    """Data → network → loss and metrics, drawn as a person would; the project must have one network, data and loss."""
    (network, inside), data, loss = next(iter(project.networks.items())), project.data, project.training.loss
    assert data is not None
    assert loss is not None
    columns = ports_of(project, data).outputs
    graph = Graph(role="objective").add("Data", data)
    inputs = inside.inputs()
    feeding = [Link("Data", column, network, port) for column, port in zip(columns, inputs, strict=False)]
    graph = graph.add(network, Node("Network", graph=network), *feeding)
    target = columns[len(inputs)] if len(columns) > len(inputs) else columns[0]
    answer = inside.outputs()[0]
    for judge in (loss, *project.training.metrics):
        cls = node_class(judge.type)
        ports = [port.name for port in cls.inputs()] if cls else ["prediction", "target"]
        name = graph.free_name(cls.title() if cls else judge.type)
        links = (Link(network, answer, name, ports[0]), *(Link("Data", target, name, port) for port in ports[1:2]))
        graph = graph.add(name, judge, *links)
    return graph.move(arrange(graph).places)


def sources_of(graph: Graph) -> dict[str, Node]:
    """The data nodes of an objective, in order: nodes without inputs of a dataset class."""
    found = {name: node_class(node.type) for name, node in graph.nodes.items() if not node.graph}
    return {name: graph.nodes[name] for name, cls in found.items() if cls is not None and issubclass(cls, Dataset)}


def _lacking(project: Project) -> str | None:
    """What a project still needs so that an objective can be made for it."""
    networks = project.networks
    if not networks:
        return "There is no network yet: draw one, or begin with a template."
    if len(networks) > 1:
        return "There are several networks: draw an objective that says how they are trained."
    ((name, graph),) = networks.items()
    if not graph.inputs() or not graph.outputs():
        return f"{name} needs an Input and an Output before it can be trained."
    if project.data is None:
        return "No data is chosen: pick a dataset in the Training tab."
    if project.training.loss is None:
        return "No loss is chosen: pick one in the Training tab."
    return None


def with_drawn_objective(project: Project) -> Project:
    """The project with the objective that the studio makes drawn into it, for a person to change."""
    stages = tuple(replace(stage, objectives=stage.objectives or (DEFAULT,)) for stage in project.training.stages)
    training = replace(project.training, stages=stages)
    return replace(project.with_graph(DEFAULT, default_objective(project)), training=training)
