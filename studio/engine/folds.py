"""Cross-validation: a training for each fold of the data, and the mean and spread of what they reach."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
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
from studio.training.run import next_folder, runs_folder, stem_of
from studio.training.shelf import FOLDS

TrainFold = Callable[[Project, Path], Trained]
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
    with_fold(project, folds, 1)
    with _refusals(out or runs_folder()):
        out = out or next_folder(runs_folder(), f"{stem_of(project)}-folds")
        _keep(out, {"folds": folds})
    begin = train_fold or (lambda project, folder: train(project, out=folder, **options))
    trained = [begin(with_fold(project, folds, fold), out / f"fold-{fold}") for fold in range(1, folds + 1)]
    found = validated(project, trained)
    with _refusals(out):
        _keep(out, {"folds": folds, "metrics": found.metrics, "deviations": found.deviations})
    return found


def _keep(folder: Path, content: Mapping[str, Any]) -> None:
    """Make the folder a cross-validation."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FOLDS).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


@contextmanager
def _refusals(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or error
        raise ProjectError(f"No runs can be kept in {folder}: {reason}. Choose another folder.") from None


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
