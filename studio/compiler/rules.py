"""What shapes alone do not forbid but experience does: a softmax before a loss that has one, and the like."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import prod
from typing import Any

from studio.compiler.edits import edit_of
from studio.compiler.feeding import answering, maker_of
from studio.compiler.repairs import take_out
from studio.compiler.results import GraphResult, NodeResult
from studio.compiler.training_rules import answer_problems, asking_problems, disagreements, figure_problems
from studio.core.dataset import Dataset
from studio.core.expressions import resolve
from studio.core.problem import Assign, Edit, Mismatch, Problem, Repair, Replace
from studio.core.project import Project
from studio.core.shape import LABEL

LOGITS_LOSSES = {"CrossEntropy": ("Softmax", "LogSoftmax"), "BinaryCrossEntropy": ("Sigmoid",)}
"""Losses that apply an activation themselves, and the activations that must not stand before them."""

BATCH_NORMS = {
    "BatchNorm1d": Replace("LayerNorm", "Use LayerNorm instead"),
    "BatchNorm2d": Replace("GroupNorm", "Use GroupNorm instead"),
}
"""Layers that learn nothing from a batch of one, where a sample has one number for each channel."""

USUAL_BATCH = 32


def rule_problems(project: Project, result: GraphResult) -> tuple[Problem, ...]:
    """Problems of a graph that its shapes do not show."""
    if result.graph.role != "objective":
        return (*answer_problems(result), *asking_problems(project, result))
    return (
        *asking_problems(project, result),
        *disagreements(project, result),
        *_doubled_activations(result),
        *_missing_classes(result),
        *_uncounted_classes(result),
        *_lonely_norms(project, result),
        *figure_problems(result),
    )


def _doubled_activations(result: GraphResult) -> Iterator[Problem]:
    for name, node in result.graph.nodes.items():
        for link in result.graph.links.into.get(name, ()):
            if node.type in LOGITS_LOSSES and link.input == "prediction":
                yield from _activation_before(result, name, link.source, link.output)


def _activation_before(result: GraphResult, loss: str, source: str, output: str) -> Iterator[Problem]:
    """The problem of a network, or a node, whose last step is the activation that the loss applies again."""
    last = answering(result, source, output)
    if last is None:
        return
    inside, name = last
    found, judge = inside.nodes[name], result.graph.nodes[loss].type
    ends = found.instance.ends_with() if found.instance is not None else ""
    if ends in LOGITS_LOSSES[judge] and not found.node.bypassed:
        message = f"{judge} applies the {ends.lower()} itself; before it {name} would be one too many."
        yield Problem(message, inside.name, name, "", (_without_activation(inside.name, name, found),))


def _without_activation(graph: str, name: str, found: NodeResult) -> Repair:
    """The node is the activation, which is taken out, or has one as a setting."""
    if found.instance is None or found.instance.ends_with() == found.node.type:
        return take_out(graph, name)
    label = f"Let {name} answer its sum"
    return Repair(label, edit_of(graph, name, Assign("activation", "linear", label)))


def _missing_classes(result: GraphResult) -> Iterator[Problem]:
    """A network that answers fewer scores than the data has classes, which the loss finds out by failing."""
    for name, found in result.nodes.items():
        ports = {link.input: link for link in result.graph.links.into.get(name, ())}
        if not found.outputs or not {"prediction", "target"} <= ports.keys():
            continue
        data = result.nodes[ports["target"].source].instance
        classes = len(data.known_classes()) if isinstance(data, Dataset) else 0
        (scores,), (target,) = found.inputs["prediction"], found.inputs["target"]
        if target == LABEL and scores.sizes and isinstance(count := scores.sizes[-1], int) and count < classes:
            yield _too_few(result, name, count, classes, type(data).title() if data else "")


def _too_few(result: GraphResult, judge: str, count: int, classes: int, data: str) -> Problem:
    """Said at the layer that makes the scores, where that can be told."""
    link = next(link for link in result.graph.links.into[judge] if link.input == "prediction")
    made = maker_of(result, link.source, link.output)
    message = f"{count} {'score leaves' if count == 1 else 'scores leave'}, but {data} has {classes} classes."
    if made is None:
        return Problem(message, result.name, judge, "prediction")
    label = f"Set {made.setting} to {classes}"
    edit = edit_of(made.graph, made.node, Assign(made.setting, classes, label))
    return Problem(message, made.graph, made.node, "", (Repair(label, edit),))


def _uncounted_classes(result: GraphResult) -> Iterator[Problem]:
    """A loss that weighs classes by their counts, whose class numbers do not come straight from data."""
    for name, found in result.nodes.items():
        targets = [link.source for link in result.graph.links.into.get(name, ()) if link.input == "target"]
        if not getattr(found.instance, "reciprocal_counts", False) or not targets:
            continue
        if not isinstance(result.nodes[targets[0]].instance, Dataset):
            message = f"{targets[0]} is no data, so its classes cannot be counted before the training."
            edit = edit_of(result.name, name, Assign("reciprocal_counts", False, ""))
            yield Problem(message, result.name, name, "target", (Repair("Weigh all classes alike", edit),))


def _lonely_norms(project: Project, result: GraphResult) -> Iterator[Problem]:
    """Batch norms that see one number for each channel, because batch and image hold one."""
    if _batch(project) != 1:
        return
    for inside, name, found in _placed(result):
        shapes = [shape for shapes in found.inputs.values() for shape in shapes]
        instead = BATCH_NORMS.get(found.node.type)
        if instead is None or found.node.bypassed or not shapes or prod(map(_known, shapes[0].sizes[1:])) != 1:
            continue
        message = f"Batch norm needs several samples, but the batch is 1 and the {shapes[0].kind} {shapes[0]}."
        batch = Repair(f"Set the batch to {USUAL_BATCH}", _batch_of(USUAL_BATCH))
        usable = (Repair(instead.label, edit_of(inside.name, name, instead)),) if shapes[0].elements > 1 else ()
        yield Problem(message, inside.name, name, "", (batch, *usable))


def _placed(result: GraphResult) -> Iterator[tuple[GraphResult, str, NodeResult]]:
    """Every node, with the graph it stands in, those inside blocks and networks included."""
    for name, found in result.nodes.items():
        yield result, name, found
        if found.inner is not None:
            yield from _placed(found.inner)


def _batch(project: Project) -> Any:
    try:
        return resolve(project.training.batch, project.variables)
    except Mismatch:
        return None


def _batch_of(size: int) -> Edit:
    return lambda project: replace(project, training=replace(project.training, batch=size))


def _known(size: int | str) -> int:
    """A length that varies counts as several."""
    return size if isinstance(size, int) else 2
