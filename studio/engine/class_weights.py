"""Counts the classes of the training part for losses that weigh each class by how often it occurs."""

from __future__ import annotations

from typing import Protocol, cast

import torch
from torch import Tensor, nn

from studio.core.names import identifiers
from studio.core.problem import ProjectError
from studio.engine.build import Built
from studio.engine.data.batches import Part
from studio.engine.feed import Data
from studio.training.messages import ClassesWeighed

AT_ONCE = 4096


class Weighing(Protocol):
    """A loss that wants to know how often each class occurs."""

    weight: Tensor
    """Of each class (classes)."""

    def weigh(self, counts: Tensor) -> None: ...


def weigh_classes(built: Built, data: Data) -> list[ClassesWeighed]:
    """Tell every loss that asks for it how often each class occurs in the training part; and what came of it.

    Raises ProjectError where a loss stands where that cannot be found out.
    """
    told, known = [], set()
    for objective, module in built.objectives.items():
        names = {identifier: name for name, identifier in identifiers(_nodes(built, objective)).items()}
        for identifier, child in module.named_children():
            if hasattr(child, "weigh"):
                known.add(child)
                told.append(_weighed(built, data, objective, names[identifier], cast(Weighing, child)))
    if any(hasattr(each, "weigh") and each not in known for each in _modules(built)):
        raise ProjectError("A loss inside a block cannot count classes: put it into the objective itself.")
    return told


def _weighed(built: Built, data: Data, objective: str, loss: str, module: Weighing) -> ClassesWeighed:
    links = built.diagnosis.graphs[objective].graph.links.into[loss]
    target = next(link for link in links if link.input == "target")
    dataset = built.dataset(objective, target.source)
    found, classes = data[dataset], len(module.weight)
    counts = class_counts(found.train, dataset.outputs.index(target.output), classes)
    module.weigh(counts.to(module.weight.device))
    names = found.class_names if len(found.class_names) == classes else tuple(map(str, range(classes)))
    return ClassesWeighed(loss, names, tuple(counts.tolist()), tuple(module.weight.tolist()))


def class_counts(part: Part, column: int, classes: int) -> Tensor:
    """How often each class (classes) is the label of a sample, or of a pixel; what is none of them does not count."""
    values, counts = part.columns[column], torch.zeros(classes, dtype=torch.int64)
    for places in torch.split(torch.arange(len(part), device=part.device), AT_ONCE):
        labels = values[places] if isinstance(values, Tensor) else values.take(places)
        known = labels[(labels >= 0) & (labels < classes)]
        counts += torch.bincount(known, minlength=classes).cpu()
    return counts


def _nodes(built: Built, objective: str) -> list[str]:
    return list(built.diagnosis.graphs[objective].graph.nodes)


def _modules(built: Built) -> set[nn.Module]:
    return {each for objective in built.objectives.values() for each in objective.modules()}
