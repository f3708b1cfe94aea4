"""Networks begin with weights that are drawn with the deviation that a project names."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from studio.core.problem import ProjectError
from studio.core.project import Project, Stage
from studio.engine.beginning import begun_run, compare
from studio.engine.build import build_network
from studio.engine.failures import TrainingFailed
from studio.exporters.exporting import subject_of_run
from studio.training.messages import WeightsLoaded
from studio.training.options import with_weights
from tests.data.test_download import NOBODY

from .projects import classifier, same, trained


def begun(project: Project, folder: Path) -> dict[str, Tensor]:
    return dict(subject_of_run(begun_run(project, folder, NOBODY, download=False).folder, None).module.state_dict())


@pytest.fixture
def wide() -> Project:
    """A network with enough weights to tell their distribution."""
    from .projects import drawn_network

    return classifier(stages=(Stage(epochs=1, steps=1),)).with_graph("Net", drawn_network(600))


def test_weights_have_the_deviation_that_is_named_norms_lie_about_one_and_biases_are_zero(
    wide: Project, tmp_path: Path
) -> None:
    found = begun(with_weights(wide, ["normal:0.02"]), tmp_path / "run")
    hidden, gains = found["hidden.weight"], found["batchnorm1d.weight"]
    assert abs(float(hidden.mean())) < 5e-4
    assert float(hidden.std()) == pytest.approx(0.02, rel=0.02)
    assert float(gains.mean()) == pytest.approx(1, abs=0.004)
    assert float(gains.std()) == pytest.approx(0.02, rel=0.15)
    assert not any(found[name].any() for name in ("hidden.bias", "batchnorm1d.bias", "scores.bias"))
    assert torch.equal(found["batchnorm1d.running_var"], torch.ones(600))


def test_a_seed_always_draws_the_same_and_another_one_others(wide: Project, tmp_path: Path) -> None:
    project = with_weights(wide, ["normal:0.02"])
    first, again = (begun(project, tmp_path / name) for name in ("first", "again"))
    other = begun(replace(project, training=replace(project.training, seed=1)), tmp_path / "other")
    assert same(first, again)
    assert not same(first, other)


def test_the_run_says_how_its_networks_began(wide: Project, tmp_path: Path) -> None:
    _, events = trained(with_weights(wide, ["Net=normal:0.01"]), tmp_path)
    (told,) = (event for event in events if isinstance(event, WeightsLoaded))
    count = sum(weight.numel() for weight in build_network(wide).parameters())
    assert told.in_words() == (
        f"Net begins with {count:,} weights drawn with a deviation of 0.01: all 6 of its tensors."
    )


def test_what_would_be_drawn_is_told_without_drawing(wide: Project) -> None:
    (told,) = compare(with_weights(wide, ["normal:0.5"]), NOBODY)
    assert (told.source, told.missing, len(told.loaded)) == ("normal:0.5", (), 6)


@pytest.mark.parametrize("source", ["normal:", "normal:wide", "normal:-1", "normal:0", "normal:nan", "normal:inf"])
def test_a_deviation_that_is_none_is_refused_in_words(wide: Project, source: str, tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=r"a deviation above 0, as in normal:0\.02"):
        compare(with_weights(wide, [source]), NOBODY)
    with pytest.raises(TrainingFailed, match="deviation above 0"):
        trained(with_weights(wide, [source]), tmp_path)
