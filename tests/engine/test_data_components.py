"""Principal components in place of pixels, compared with those of scikit-learn on the same training part."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA

import studio
from nodes.data.arrays import Arrays
from nodes.data.small_digits import SmallDigits
from nodes.inputs import Input, Output
from nodes.linear import Linear
from nodes.loss import Accuracy, CrossEntropy
from studio.core.builder import GraphBuilder, node_of
from studio.core.dataset import DataError
from studio.core.problem import Mismatch
from studio.core.project import Project, Stage, Training
from studio.core.shape import vector
from studio.engine.data.load import Loaded, load

CPU = torch.device("cpu")


def loaded(dataset: Any, folder: Path, **options: Any) -> Loaded:
    return load(dataset, folder, CPU, lambda _what, _share: None, **options)


def columns(data: Loaded) -> list[np.ndarray[Any, Any]]:
    """The first column of the training part and of the test part, samples as vectors."""
    parts = (data.train, data.test)
    return [part.take(torch.arange(len(part)))[0].flatten(1).numpy() for part in parts]


@pytest.mark.parametrize("normalise", ["zero-one", "z-score"])
def test_components_are_those_that_scikit_learn_finds_on_the_training_part(normalise: Any, tmp_path: Path) -> None:
    whole = columns(loaded(SmallDigits(normalise=normalise), tmp_path))
    kept = columns(loaded(SmallDigits(normalise=normalise, components=10), tmp_path))
    pca = PCA(10).fit(whole[0].astype(np.float64))
    for ours, samples in zip(kept, whole, strict=True):
        theirs = pca.transform(samples)
        signs = np.sign((ours * theirs).sum(0))
        np.testing.assert_allclose(ours * signs, theirs, atol=1e-4)
    assert SmallDigits(components=10).infer()[0] == vector(10)


def test_there_are_components_of_fewer_samples_than_numbers(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    np.savez(tmp_path / "own.npz", x=rng.normal(size=(20, 50)).astype(np.float32), y=np.arange(20) % 2)
    own = Arrays(file=str(tmp_path / "own.npz"), components=4)
    taught, unseen = columns(loaded(own, tmp_path))
    whole = columns(loaded(Arrays(file=own.file), tmp_path))
    pca = PCA(4).fit(whole[0].astype(np.float64))
    signs = np.sign((taught * pca.transform(whole[0])).sum(0))
    np.testing.assert_allclose(unseen * signs, pca.transform(whole[1]), atol=1e-4)
    with pytest.raises(DataError, match="14 training samples have no 30 components"):
        loaded(Arrays(file=own.file, components=30), tmp_path)


def test_data_that_does_not_fit_into_memory_is_reduced_alike(tmp_path: Path) -> None:
    dataset = SmallDigits(components=5)
    data, large = loaded(dataset, tmp_path), loaded(dataset, tmp_path, memory=1500 * 64 * 4)
    assert not large.train.in_memory
    for ours, theirs in zip(columns(large), columns(data), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-4)


@pytest.mark.parametrize(
    ("settings", "words"),
    [({"components": 65}, "64 components at most, not 65"), ({"components": 5, "rotate": 9.0}, "Rotate varies pixels")],
)
def test_what_cannot_be_is_said_with_its_repair(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(Mismatch, match=words) as refused:
        SmallDigits.of(settings).infer()
    (repair,) = refused.value.repairs
    assert SmallDigits.of({**settings, repair.setting: repair.value}).infer()  # type: ignore[union-attr]


def test_a_network_learns_from_components(tmp_path: Path) -> None:
    net = GraphBuilder()
    scores = net.add(Linear(), net.add(Input(kind="vector", sizes=(20,)), name="Components"))
    net.add(Output(), scores, name="Scores")
    stage = Stage(epochs=8, learning_rate=0.02)
    training = Training(loss=node_of(CrossEntropy()), metrics=(node_of(Accuracy()),), stages=(stage,))
    project = Project(graphs={"Net": net.graph()}, data=node_of(SmallDigits(components=20)), training=training)
    run = studio.train(project, device="cpu", out=tmp_path / "run")
    assert run.metrics["accuracy"] > 0.9
