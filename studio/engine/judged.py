"""Finds the scores of classes that the losses and metrics of an objective compare with class numbers."""

from __future__ import annotations

from dataclasses import dataclass

from studio.core.dataset import Dataset
from studio.core.graph import Link
from studio.core.node_class import Loss, Metric
from studio.core.shape import class_axis
from studio.engine.build import Built

Place = tuple[str, str]
"""Graph and path of a node whose value is looked at while the objective runs."""


@dataclass(frozen=True)
class Judged:
    """Scores, and the class numbers that they should agree with."""

    objective: str
    scores: Place
    labels: str | Place
    """An argument of the objective, or a node."""
    axis: int
    """Along which the classes lie in a batch of scores."""
    classes: int
    data: str
    """The data node that the class numbers come from; empty where others lie between."""


def judged_in(built: Built, objective: str) -> list[Judged]:
    """What the losses and metrics of an objective judge, where that is classes."""
    nodes = built.diagnosis.graphs[objective].nodes
    judges = (name for name, found in nodes.items() if isinstance(found.instance, Loss | Metric))
    return [judged for name in judges if (judged := _judged(built, objective, name)) is not None]


def _judged(built: Built, objective: str, judge: str) -> Judged | None:
    result = built.diagnosis.graphs[objective]
    links = {link.input: link for link in result.graph.links.into.get(judge, ())}
    inputs = result.nodes[judge].inputs
    if not links.keys() >= {"prediction", "target"} or not (inputs.get("prediction") and inputs.get("target")):
        return None
    scores, labels = inputs["prediction"][0], inputs["target"][0]
    if labels.dtype != "int" or scores.dtype != "float" or not scores.sizes:
        return None
    axis = class_axis(scores)
    classes = scores.sizes[0 if axis == 1 else -1]
    if not isinstance(classes, int) or classes < 2:
        return None
    target = links["target"]
    data = target.source if isinstance(result.nodes[target.source].instance, Dataset) else ""
    return Judged(
        objective,
        _place(built, objective, links["prediction"]),
        _argument(built, objective, target) if data else (objective, target.source),
        axis,
        classes,
        data,
    )


def _place(built: Built, objective: str, link: Link) -> Place:
    """Where the value of a link is told: of a network with several outputs, by the network."""
    node = built.diagnosis.graphs[objective].graph.nodes[link.source]
    outputs = built.project.graphs[node.graph].outputs() if node.graph else ()
    return (node.graph, link.output) if len(outputs) > 1 else (objective, link.source)


def _argument(built: Built, objective: str, link: Link) -> str:
    """The argument that a column of data has become."""
    columns = built.objective_sources[objective].columns
    return next(argument for argument, column in columns.items() if column == (link.source, link.output))
