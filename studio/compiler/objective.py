"""The objective graphs of a project: those drawn, or the one the studio makes of data, network, loss and metrics."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from studio.compiler.begun import with_begun_objective
from studio.compiler.lacking import lacking
from studio.compiler.ports import node_class, ports_of
from studio.compiler.scope import scope_of
from studio.core.dataset import Dataset
from studio.core.expressions import resolve
from studio.core.graph import Graph, Link, Node
from studio.core.layout import arrange
from studio.core.node_class import Loss, Metric
from studio.core.problem import Problem, Repair
from studio.core.project import Project, Stage
from studio.core.removing import without_objective

DEFAULT = "Training"
"""Name of the objective that the studio makes."""


def objectives_of(project: Project) -> tuple[Mapping[str, Graph], list[Problem]]:
    """The objectives that the stages use, by name, and why one could not be made."""
    drawn = project.of_role("objective")
    used = [name for stage in project.training.stages for name in stage.objectives]
    problems = [
        Problem(
            f"A stage uses the objective {name!r:.60}, which is not in this project.",
            repairs=(Repair("Leave it out", partial(_without_objective, name=name)),),
        )
        for name in dict.fromkeys(used)
        if name not in drawn
    ]
    if all(stage.objectives for stage in project.training.stages) and project.training.stages:
        return drawn, problems
    complaint = lacking(project)
    if complaint is not None:
        return drawn, [*problems, complaint]
    return {**drawn, DEFAULT: default_objective(project)}, problems


def _without_objective(project: Project, *, name: str) -> Project:
    """The project whose stages run an objective no longer."""
    stages = tuple(without_objective(stage, name) for stage in project.training.stages)
    return replace(project, training=replace(project.training, stages=stages))


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
    given = len(columns) > len(inputs) and project.training.target == "data"
    target = columns[len(inputs)] if given else columns[0]
    answer = inside.answers()[0]
    for judge in (loss, *project.training.metrics):
        cls = node_class(judge.type)
        ports = [port.name for port in cls.inputs()] if cls else ["prediction", "target"]
        name = graph.free_name(cls.title() if cls else judge.type)
        links = (Link(network, answer, name, ports[0]), *(Link("Data", target, name, port) for port in ports[1:2]))
        graph = graph.add(name, judge, *links)
    return graph.move(arrange(graph).places)


def objectives_of_stage(stage: Stage) -> tuple[str, ...]:
    """Names of the objectives of a stage; where it names none, the one that the studio makes."""
    return stage.objectives or (DEFAULT,)


def sources_of(graph: Graph) -> dict[str, Node]:
    """The data nodes of an objective, in order: nodes without inputs of a dataset class."""
    found = {name: node_class(node.type) for name, node in graph.nodes.items() if not node.graph}
    return {name: graph.nodes[name] for name, cls in found.items() if cls is not None and issubclass(cls, Dataset)}


def data_of(project: Project) -> list[Dataset]:
    """The datasets of a project, their settings resolved: the one that is chosen, then those drawn, each once.

    Raises Mismatch where a setting is wrong.
    """
    chosen = [(project.data, Graph())] if project.data is not None else []
    drawn = [(node, graph) for graph in project.of_role("objective").values() for node in sources_of(graph).values()]
    found = []
    for node, graph in (*chosen, *drawn):
        cls = node_class(node.type)
        if cls is not None and issubclass(cls, Dataset):
            scope = scope_of(project, graph)
            found.append(cls.of({key: resolve(value, scope) for key, value in node.settings.items()}))
    return list(dict.fromkeys(found))


def with_drawn_objective(project: Project) -> Project:
    """The project with the objective that the studio makes drawn into it, for a person to change."""
    stages = tuple(replace(stage, objectives=stage.objectives or (DEFAULT,)) for stage in project.training.stages)
    training = replace(project.training, stages=stages)
    return replace(project.with_graph(DEFAULT, default_objective(project)), training=training)


def with_new_objective(project: Project, number: int) -> tuple[Project, str]:
    """The project with an objective for a person to draw on, which the stage of this number runs, and its name.

    Where the stage runs the objective that the studio makes, that one is drawn.
    """
    stages = project.training.stages[number : number + 1]
    is_made = any(not stage.objectives for stage in stages) and DEFAULT not in project.graphs
    if is_made and lacking(project) is None:
        return with_drawn_objective(project), DEFAULT
    return with_begun_objective(project, number)


def with_edited(project: Project, name: str, graph: Graph) -> Project:
    """The project with a graph that a person has edited: the objective that the studio makes becomes theirs."""
    return (project if name in project.graphs else with_drawn_objective(project)).with_graph(name, graph)


def edit_graph(project: Project, name: str, edit: Callable[[Graph], Graph]) -> Project:
    """The project with one of its graphs edited.

    The objective that the studio makes stays made where data, loss and metrics can say what changed, else it is drawn.
    """
    if name in project.graphs:
        return project.with_graph(name, edit(project.graphs[name]))
    edited = edit(default_objective(project))
    told = _told(project, edited)
    if told is not None and _drawn_alike(default_objective(told), edited):
        return told
    return with_drawn_objective(project).with_graph(name, edited)


def _told(project: Project, edited: Graph) -> Project | None:
    """The project whose data, loss, metrics and target are those of an edited objective."""
    judges = [(node, cls) for node in edited.nodes.values() if not node.graph and (cls := node_class(node.type))]
    losses, metrics = (
        tuple(_unplaced(node) for node, cls in judges if issubclass(cls, kind)) for kind in (Loss, Metric)
    )
    if len(losses) != 1 or "Data" not in edited.nodes:
        return None
    own = _compares_with_input(project, edited)
    training = replace(project.training, loss=losses[0], metrics=metrics, target="input" if own else "data")
    return replace(project, data=_unplaced(edited.nodes["Data"]), training=training)


def _compares_with_input(project: Project, objective: Graph) -> bool:
    """Whether the loss of an objective has the first column of the data, which the network reads, as its target."""
    first = ports_of(project, objective.nodes["Data"]).outputs[0]
    judges = [
        name for name, node in objective.nodes.items() if (cls := node_class(node.type)) and issubclass(cls, Loss)
    ]
    return any(k.target in judges and (k.source, k.output) == ("Data", first) for k in objective.links)


def _drawn_alike(made: Graph, edited: Graph) -> bool:
    """Whether two graphs hold the same nodes and links, wherever they stand."""
    nodes = ({name: _unplaced(node) for name, node in graph.nodes.items()} for graph in (made, edited))
    first, second = nodes
    return first == second and set(made.links) == set(edited.links)


def _unplaced(node: Node) -> Node:
    return replace(node, position=(0.0, 0.0))
