"""Cross-validation: a training for each fold of the data, and the mean and spread of what they reach."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

from studio.core.catalog import catalog
from studio.core.graph import Graph, Node
from studio.core.problem import ProjectError
from studio.core.project import Project
from studio.engine.figures import judged
from studio.engine.train import Trained, train
from studio.training.messages import CrossValidated

TrainFold = Callable[[Project, Path | None], Trained]
"""Trains the project of a fold in a run folder."""


def cross_validate(
    project: Project,
    folds: int,
    *,
    out: Path | None = None,
    train_fold: TrainFold | None = None,
    **options: Any,
) -> CrossValidated:
    """Train a project once for each fold, which is left out as its test part; everything is left out once.

    ``out`` gets a run folder for each fold; ``options`` are those of ``train``. Raises ProjectError, TrainingFailed.
    """
    trained: list[Trained] = []
    for fold in range(1, folds + 1):
        folder = out / f"fold-{fold}" if out else None
        begin = train_fold or (lambda project, folder: train(project, out=folder, **options))
        trained.append(begin(with_fold(project, folds, fold), folder))
    return validated(project, trained)


def with_fold(project: Project, folds: int, fold: int) -> Project:
    """The project whose datasets leave one of so many folds out. Raises ProjectError where it has no data."""
    known = catalog().datasets

    def cut(node: Node) -> Node:
        return node.set(folds=folds, fold=fold) if node.type in known else node

    def cut_all(graph: Graph) -> Graph:
        found = {name: cut(node) for name, node in graph.nodes.items() if node.type in known}
        return graph.put(found) if found else graph

    graphs = {name: cut_all(graph) for name, graph in project.graphs.items()}
    data = cut(project.data) if project.data else None
    if data is None and graphs == project.graphs:
        raise ProjectError(f"{project.name} has no data that could be cut into folds.")
    return replace(project, graphs=graphs, data=data)


def validated(project: Project, trained: Sequence[Trained]) -> CrossValidated:
    """What the trainings of all folds reached: the mean, and the standard deviation between folds."""
    names = [name for name in trained[0].metrics if all(name in each.metrics for each in trained)]
    values = {name: tuple(each.metrics[name] for each in trained) for name in names}
    means = {name: fmean(found) for name, found in values.items()}
    deviations = {name: stdev(found) for name, found in values.items()}
    runs, seconds = tuple(str(each.run.folder) for each in trained), sum(map(_seconds, trained))
    return CrossValidated(len(trained), means, deviations, values, runs, seconds, judged(project.goal, means))


def _seconds(trained: Trained) -> float:
    return trained.finished.seconds if trained.finished else 0.0
