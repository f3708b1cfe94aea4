"""The autoencoder: its sizes, its target, and what it finds where it is linear."""

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA

import studio
from nodes.data.small_digits import SmallDigits
from studio.compiler.check import Checker
from studio.compiler.objective import DEFAULT
from studio.compiler.source import objective_source
from studio.core.catalog import catalog
from studio.engine.data.load import load


@pytest.mark.parametrize(
    ("settings", "sizes"),
    [
        ({}, (784, 128, 24, 128, 784)),
        ({"data": "small-digits", "hidden": (), "code": 3}, (64, 3, 64)),
        ({"hidden": (1000, 500, 250), "code": 30}, (784, 1000, 500, 250, 30, 250, 500, 1000, 784)),
    ],
)
def test_the_decoder_is_the_mirror_of_the_encoder(settings: dict[str, Any], sizes: tuple[int, ...]) -> None:
    report = Checker().check(catalog().make_project("autoencoder", settings=settings)).networks["Autoencoder"]
    assert report.weights == sum((a + 1) * b for a, b in itertools.pairwise(sizes))


def test_the_paper_preset_has_the_weights_of_the_deep_one_of_2006() -> None:
    report = Checker().check(catalog().make_project("autoencoder", preset="paper")).networks["Autoencoder"]
    assert report.weights == 2_837_314


def test_its_target_is_its_input_and_labels_are_not_even_read() -> None:
    assert list(objective_source(catalog().make_project("autoencoder"), DEFAULT).columns) == ["image"]


@pytest.mark.slow
def test_a_linear_one_errs_as_much_as_the_principal_components_leave_over(tmp_path: Path) -> None:
    project = studio.open_project("autoencoder", data="small-digits", code=8, linear=True)
    network = studio.train(project, device="cpu", out=tmp_path / "run").network()
    data = load(SmallDigits(), tmp_path, torch.device("cpu"), lambda _what, _share: None)
    taught, unseen = (part.take(torch.arange(len(part)))[0] for part in (data.train, data.test))
    components = PCA(8).fit(taught.flatten(1).double())
    for images in (taught, unseen):
        flat = images.flatten(1).double().numpy()
        left_over = np.square(components.inverse_transform(components.transform(flat)) - flat).mean()
        with torch.no_grad():
            error = (network(images) - images).double().square().mean().item()
        assert error == pytest.approx(left_over, rel=0.01)
