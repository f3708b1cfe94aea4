"""What a training will measure, known before it begins."""

import pytest

from studio.compiler.check import check
from studio.compiler.figures import Figure, figures_of
from studio.compiler.source import objective_sources
from studio.core.catalog import catalog
from studio.core.project import Project


def figures(project: Project) -> list[Figure]:
    diagnosis = check(project)
    return list(figures_of(objective_sources(project, diagnosis), diagnosis).values())


def test_a_single_objective_gives_its_loss_and_its_metrics() -> None:
    loss, accuracy, *_ = figures(catalog().make_project("lenet5"))
    assert loss == Figure("loss", "Loss", percent=False, higher_is_better=False)
    assert accuracy == Figure("accuracy", "Accuracy", percent=True, higher_is_better=True)


def test_of_several_losses_each_is_a_figure_beside_their_sum() -> None:
    names = [figure.name for figure in figures(catalog().make_project("multi-task"))]
    assert names[0] == "loss"
    assert len(names) == len(set(names)) > 4


def test_figures_of_several_objectives_begin_with_their_names() -> None:
    project = catalog().make_project("gan")
    found = figures(project)
    names = [*project.training.stages[0].objectives, *project.training.stages[0].measures]
    assert {figure.name.split(": ")[0] for figure in found} == set(names)
    assert {f"{name}: loss" for name in project.training.stages[0].objectives} <= {figure.name for figure in found}


@pytest.mark.parametrize(("percent", "shown"), [(True, "12.35%"), (False, "0.1235")])
def test_shares_are_shown_in_per_cent(percent: bool, shown: str) -> None:
    assert Figure("f", "F", percent, higher_is_better=True).shown(0.123456) == shown
