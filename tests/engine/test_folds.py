"""Cross-validation: a run for each fold, and what all of them reach."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import studio
from nodes.data.point_sets import PointSets
from studio.compiler.objective import with_drawn_objective
from studio.core.builder import node_of
from studio.core.catalog import catalog
from studio.core.problem import ProjectError
from studio.core.project import Project, Stage
from studio.engine.folds import with_fold
from studio.training.run import Run
from studio.training.shelf import FOLDS, shelved


def perceptron() -> Project:
    project = catalog().make_project("perceptron")
    data = node_of(PointSets(pattern="and", task="numbers", samples=90, spread=0.4))
    return replace(project, data=data, training=replace(project.training, stages=(Stage(epochs=1),)))


def test_figures_are_those_of_the_runs_with_their_mean_and_standard_deviation(tmp_path: Path) -> None:
    found = studio.cross_validate(perceptron(), 3, out=tmp_path, device="cpu")
    runs = [Run.open(tmp_path / f"fold-{fold}") for fold in (1, 2, 3)]
    assert found.runs == tuple(str(run.folder) for run in runs)
    for name, values in found.values.items():
        assert values == tuple(run.status().metrics[name] for run in runs)
        assert found.metrics[name] == pytest.approx(np.mean(values))
        assert found.deviations[name] == pytest.approx(np.std(values, ddof=1))
    assert len(set(found.values["loss"])) == 3
    assert found.goal is not None
    assert found.goal["measured"] == found.metrics["binary_accuracy"]


def test_the_runs_of_all_folds_lie_together_with_what_they_reach(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAYERLOOM_HOME", str(tmp_path))
    found = studio.cross_validate(perceptron(), 2, device="cpu")
    (folder,) = (tmp_path / "runs").iterdir()
    assert found.runs == tuple(str(folder / f"fold-{fold}") for fold in (1, 2))
    assert folder.name == "perceptron-and-pointsets-folds-1"
    assert [each.sweep for each in shelved([tmp_path / "runs"])] == [folder.name, folder.name]
    kept = json.loads((folder / FOLDS).read_text())
    assert (kept["folds"], kept["metrics"], kept["deviations"]) == (2, found.metrics, found.deviations)


def test_a_place_where_no_runs_can_be_kept_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ProjectError, match="Choose another folder"):
        studio.cross_validate(perceptron(), 2, out=tmp_path / "file", device="cpu")


def test_the_project_of_a_run_says_which_fold_it_left_out() -> None:
    for project in (perceptron(), with_drawn_objective(perceptron())):
        of_fold = with_fold(project, 5, 2)
        nodes = [node for graph in of_fold.graphs.values() for node in graph.nodes.values()]
        data = [node for node in (of_fold.data, *nodes) if node is not None and node.type == "PointSets"]
        assert len(data) == len(of_fold.graphs)
        assert all((node.settings["folds"], node.settings["fold"]) == (5, 2) for node in data)


def test_without_data_there_is_nothing_to_cut() -> None:
    with pytest.raises(ProjectError, match="has no data that could be cut into folds"):
        with_fold(replace(perceptron(), data=None), 5, 1)
