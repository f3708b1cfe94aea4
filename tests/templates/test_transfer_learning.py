"""Transfer learning: what is reused stays as it is, and helps where samples are few."""

from pathlib import Path
from typing import Any

import pytest
import torch

from studio.compiler.check import check
from studio.core.catalog import catalog
from studio.core.project import Project
from studio.engine.build import build
from studio.engine.data.load import load
from tests.data.files import quiet
from tests.templates.stages import after_stages, shortly_trained, taught


def project(**settings: Any) -> Project:
    return catalog().make_project("transfer-learning", settings=settings)


def test_the_features_are_preserved_to_the_last_bit_statistics_included(tmp_path: Path) -> None:
    run = shortly_trained(project(width=4), tmp_path)
    parts = {"features": "features.", "scores": "scores."}
    assert taught(run, "Other task", parts) == [{"features", "scores"}, set(), set()]
    assert taught(run, "From scratch", parts) == [set(), {"features", "scores"}, set()]
    assert taught(run, "New task", parts) == [set(), set(), {"features", "scores"}]
    learned, new = (after_stages(run, name)[-1] for name in ("Other task", "New task"))
    kept = [name for name in learned if name.startswith("features.")]
    assert sum("running_" in name for name in kept) == 6
    assert all(torch.equal(learned[name], new[name]) for name in kept)
    start = after_stages(run, "Other task")[0]
    assert not any(torch.equal(start[name], new[name]) for name in kept if "running_" in name or "weight" in name)


@pytest.mark.parametrize("classes", [2, 5])
def test_the_tasks_share_no_class_and_the_new_one_has_few_samples(classes: int) -> None:
    built = build(project(classes=classes))
    kept: dict[str, set[str]] = {}
    for objective, source in built.objective_sources.items():
        (node,) = source.data
        dataset = built.dataset(objective, node)
        kept[objective] = set(dataset.class_names())
        loaded = load(dataset, Path(), torch.device("cpu"), quiet)
        few = objective != "Teach other task"
        assert (len(loaded.train) == 20) == few
        assert len(loaded.test) > 300
    assert kept["Teach new task"] == kept["Teach from scratch"]
    assert not kept["Teach new task"] & kept["Teach other task"]
    assert kept["Teach new task"] | kept["Teach other task"] == set("0123456789")


@pytest.mark.parametrize("task", ["shapes", "photos"])
def test_the_published_features_are_those_of_efficientnet_lite0(task: str) -> None:
    diagnosis = check(project(task=task))
    assert diagnosis.problems == ()
    assert diagnosis.networks["Other task"].weights == 4_652_008
    new = diagnosis.networks["New task"].weights
    assert new == 4_652_008 - 1281 * 1000 + 1281 * 5
