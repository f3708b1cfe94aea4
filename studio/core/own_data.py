"""Makes a file or a folder that a person brings the data of a project, fitted to what is drawn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from studio.core.catalog import catalog
from studio.core.dataset import DataError, Dataset, ImageDataset
from studio.core.declaration import Raw
from studio.core.graph import Links, Node
from studio.core.problem import Mismatch, ProjectError
from studio.core.project import Project
from studio.core.shape import LABEL, Shape

CLASSES, NUMBERS = ("CrossEntropy", "BinaryCrossEntropy"), ("SquaredError", "L1")
"""Losses for targets that name a class, and for those that are numbers."""


@dataclass(frozen=True, slots=True)
class OwnData:
    """A dataset for what was brought, and a sentence that says what to check."""

    node: Node
    check: str


def data_of(path: Path) -> OwnData | None:
    """The dataset that reads this file or folder; None where none does. Raises DataError for what is damaged."""
    for name, cls in catalog().datasets.items():
        guess = cls.guess(path)
        if guess is not None:
            return OwnData(Node(name, dict(guess.settings)), guess.check)
    return None


def with_data(project: Project, data: Node) -> Project:
    """The project that learns from this data: sizes are fitted, and the loss where the studio makes the objective.

    Raises ProjectError where the data cannot be read, or several datasets are drawn.
    """
    shapes = _shapes(data)
    drawn = [
        (name, node)
        for name, graph in project.of_role("objective").items()
        for node in graph.nodes
        if graph.nodes[node].type in catalog().datasets
    ]
    if len(drawn) > 1:
        there = ", ".join(node for _, node in drawn)
        raise ProjectError(f"The objectives hold several datasets: {there}. Change the one that is meant by hand.")
    fitted = _fitted(project, data, shapes[0])
    project = _with_input(project, shapes[0])
    if drawn:
        return _in_place_of(project, *drawn[0], fitted)
    return _with_loss(replace(project, data=fitted), is_class=shapes[1:2] == (LABEL,))


def _shapes(data: Node) -> tuple[Shape, ...]:
    try:
        found = _made(data).infer()
    except Mismatch as error:
        raise DataError(error.message) from None
    return found if isinstance(found, tuple) else (found,)


def _made(data: Node) -> Dataset:
    return catalog().datasets[data.type].of(data.settings)


def _inputs(project: Project) -> list[tuple[str, str, Node]]:
    """The Input nodes of networks: where data could go."""
    return [(name, key, graph.nodes[key]) for name, graph in project.networks.items() for key in graph.inputs()]


def _fitted(project: Project, data: Node, shape: Shape) -> Node:
    """Images brought to the size and the colours of the one place where images go in."""
    inputs = _inputs(project)
    sizes = inputs[0][2].settings.get("sizes", (1, 28, 28)) if len(inputs) == 1 else None
    is_image = len(inputs) == 1 and inputs[0][2].settings.get("kind", "image") == "image"
    if not is_image or not isinstance(sizes, tuple) or not issubclass(catalog().datasets[data.type], ImageDataset):
        return data
    channels, *side = sizes
    changed: dict[str, Raw] = {}
    if tuple(side) != shape.sizes[1:] and all(isinstance(size, int) for size in side):
        changed["resize"] = tuple(size for size in side if isinstance(size, int))
    if "colour" in data.settings and channels in (1, 3):
        changed["colour"] = "grey" if channels == 1 else "colour"
    return data.set(**changed)


def _with_input(project: Project, shape: Shape) -> Project:
    """The project whose one input takes what the data gives, where that is of the same kind but for its sizes."""
    inputs = _inputs(project)
    if len(inputs) != 1 or shape.kind == "image":
        return project
    name, key, node = inputs[0]
    if node.settings.get("kind", "image") != shape.kind:
        return project
    return project.with_graph(name, project.graphs[name].put({key: node.set(sizes=shape.sizes)}))


def _with_loss(project: Project, *, is_class: bool) -> Project:
    """The project with a loss that fits targets of this kind, where another one was chosen."""
    training = project.training
    if training.target == "input":
        return project
    loss = training.loss.type if training.loss is not None else ""
    if is_class and (loss in NUMBERS or not loss):
        fit = replace(training, loss=Node("CrossEntropy"), metrics=(Node("Accuracy"),))
    elif not is_class and (loss in CLASSES or not loss):
        fit = replace(training, loss=Node("SquaredError"), metrics=())
    else:
        return project
    return replace(project, training=fit)


def _in_place_of(project: Project, name: str, key: str, data: Node) -> Project:
    """The project with other data in a drawn objective; its outputs take the links of the old ones, in order."""
    graph = project.graphs[name]
    old, new = (catalog().datasets[node.type].outputs for node in (graph.nodes[key], data))
    names = dict(zip(old, new, strict=False))
    placed = replace(data, position=graph.nodes[key].position)
    links = (replace(k, output=names.get(k.output, k.output)) if k.source == key else k for k in graph.links)
    return project.with_graph(name, replace(graph.put({key: placed}), links=Links(links)))
