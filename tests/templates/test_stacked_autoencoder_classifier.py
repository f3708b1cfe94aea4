"""Four steps: features from many digits without labels, a classifier from few, and at last a little of everything."""

from pathlib import Path

import pytest
import torch

from studio.compiler.check import check
from studio.core.catalog import catalog
from studio.core.project import Project
from studio.engine.build import build
from studio.engine.data.load import load
from studio.engine.train import train
from studio.engine.trainer import Outside
from studio.training.messages import StageEnded
from tests.data.files import quiet
from tests.engine.projects import same
from tests.templates.stages import after_stages, shortly_trained, taught

ENCODERS = {f"encoder_{number}": f"encoder_{number}." for number in (1, 2)}
HEAD = {"hidden_1": "hidden_1.", "scores": "scores."}


@pytest.fixture
def project() -> Project:
    settings = {"data": "small-digits", "codes": (40, 20), "head": (40,), "labelled": 600, "noise": 0.1}
    return catalog().make_project("stacked-autoencoder-classifier", settings=settings)


def test_the_paper_preset_classifies_by_784_500_500_2000_10() -> None:
    diagnosis = check(catalog().make_project("stacked-autoencoder-classifier", preset="paper"))
    assert diagnosis.networks["Classifier"].weights == 785 * 500 + 501 * 500 + 501 * 2000 + 2001 * 10


def test_the_classifier_alone_learns_before_all_weights_do(project: Project, tmp_path: Path) -> None:
    run = shortly_trained(project, tmp_path)
    grown, alone, whole = taught(run, "Classifier", ENCODERS | HEAD)[-3:]
    assert grown == set()
    assert alone == set(ENCODERS | HEAD)
    assert whole == set(ENCODERS | HEAD)
    stacked, classifier = after_stages(run, "Stacked"), after_stages(run, "Classifier")
    for name in (f"encoder_{number}.{kind}" for number in (1, 2) for kind in ("weight", "bias")):
        assert torch.equal(classifier[-2][name], stacked[-2][name]), "taken, and as it was to the last bit"
        assert not torch.equal(classifier[-1][name], stacked[-1][name])
    assert same(stacked[-3], stacked[-1]), "with the decoder gone, nothing learns from it any more"


def test_no_step_learns_from_a_digit_that_another_holds_out(project: Project) -> None:
    built = build(project)
    datasets = {
        built.dataset(objective, node) for objective, source in built.objective_sources.items() for node in source.data
    }
    many, few = sorted(
        (load(each, Path(), torch.device("cpu"), quiet) for each in datasets), key=lambda d: -len(d.train)
    )
    assert (len(many.train), len(few.train)) == (1294, 600)
    assert set(few.train.rows) < set(many.train.rows)
    for part in ("validation", "test"):
        assert few.part(part).rows.tolist() == many.part(part).rows.tolist()


def test_training_all_weights_does_not_undo_what_the_classifier_alone_reached(project: Project, tmp_path: Path) -> None:
    ended: list[StageEnded] = []
    run = train(
        project,
        out=tmp_path / "run",
        device="cpu",
        outside=Outside(lambda event: ended.append(event) if isinstance(event, StageEnded) else None),
    )
    *_, third, _ = ended
    assert third.name == "Classifier alone"
    assert 0.7 < third.metrics["Classify: accuracy"] <= run.metrics["Classify: accuracy"]
