"""Loading a dataset: downloads, complaints, cancelling, and samples to show."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from nodes.data.arrays import ImageArrays
from nodes.data.digits import Digits
from nodes.data.image_folder import ImageFolder
from nodes.data.mnist import MNIST
from nodes.data.small_digits import SmallDigits
from nodes.data.table import Table
from studio.core.dataset import DataError, DataMissing
from studio.core.problem import ProjectError
from studio.engine.data.load import Loaded, load
from tests.data import files

CPU = torch.device("cpu")


def loaded(dataset: Any, folder: Path, **options: Any) -> Loaded:
    return load(dataset, folder, CPU, files.quiet, **options)


def test_what_is_missing_is_fetched_only_when_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MNIST, "files", files.write(tmp_path / "offered", files.mnist_files()))
    with files.served(tmp_path / "offered") as (address, asked):
        monkeypatch.setattr(MNIST, "mirrors", (address,))
        with pytest.raises(DataMissing):
            loaded(MNIST(), tmp_path)
        assert not asked
        data = loaded(MNIST(), tmp_path, download=True)
    assert [len(part) for part in (data.train, data.validation, data.test)] == [36, 4, 20]


def test_data_without_a_download_is_missing_even_when_asked_for(tmp_path: Path) -> None:
    with pytest.raises(DataMissing, match="There is no file"):
        loaded(Table(file=str(tmp_path / "own.csv")), tmp_path, download=True)


def test_complaints_about_data_are_sentences_of_the_project(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="There is no folder"):
        loaded(ImageFolder(folder=str(tmp_path / "nowhere")), tmp_path)


def test_a_label_without_a_class_is_named(tmp_path: Path) -> None:
    class Mislabelled(Digits):
        """Digits of which one says it is a ten."""

        def read(self, folder: Path, progress: Any) -> Any:
            samples = super().read(folder, progress)
            samples.columns["label"][7] = 10
            return samples

    with pytest.raises(DataError, match="Sample 7 of Mislabelled has the label 10, but there are 10 classes"):
        loaded(Mislabelled(), tmp_path)


def test_a_settings_conflict_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="wide and high at most"):
        loaded(Digits(pad=20_000), tmp_path)


def test_a_broken_first_image_is_named(tmp_path: Path) -> None:
    files.write_images(tmp_path / "own", {"cat": 2, "dog": 2})
    (tmp_path / "own" / "cat" / "0.png").write_text("no image")
    with pytest.raises(DataError, match=r"0\.png is not an image"):
        loaded(ImageFolder(folder=str(tmp_path / "own")), tmp_path)


def test_a_file_that_the_system_refuses_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise PermissionError(13, "Permission denied", "own.npz")

    monkeypatch.setattr(Digits, "read", refuse)
    with pytest.raises(DataError, match=r"Digits cannot be read: .*Permission denied"):
        loaded(Digits(), tmp_path)


def test_progress_grows_to_one_and_may_end_the_work(tmp_path: Path) -> None:
    told: list[tuple[str, float]] = []
    load(SmallDigits(), tmp_path, CPU, lambda what, share: told.append((what, share)))
    assert ("Preparing Small digits", 1.0) in told

    def cancel(_what: str, _share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(Digits(), tmp_path, CPU, cancel)


def test_images_in_folders_are_decoded_into_memory_where_they_fit(tmp_path: Path) -> None:
    files.write_images(tmp_path / "own", {"cat": 30, "dog": 30})
    dataset = ImageFolder(folder=str(tmp_path / "own"))
    held, deferred = loaded(dataset, tmp_path), loaded(dataset, tmp_path, memory=50_000)
    assert held.class_names == ("cat", "dog")
    assert (held.train.in_memory, deferred.train.in_memory) == (True, False)
    places = torch.arange(len(held.train))
    for one, two in zip(held.train.take(places), deferred.train.take(places), strict=True):
        assert torch.equal(one, two)


@pytest.mark.parametrize(("channels", "shown"), [(1, (6, 5)), (2, (6, 5)), (3, (6, 5, 3)), (4, (6, 5, 3))])
def test_a_sample_to_show_is_bytes_whatever_was_read(tmp_path: Path, channels: int, shown: tuple[int, ...]) -> None:
    pixels = np.random.default_rng(0).random((30, channels, 6, 5))
    np.savez(tmp_path / "own.npz", x=pixels, y=np.arange(30) % 2)
    data = loaded(ImageArrays(file=str(tmp_path / "own.npz"), resize=12), tmp_path)
    raw, (image, label) = data.sample("validation", 1)
    row = data.validation.rows[1]
    assert raw.shape == shown
    assert np.abs(raw.reshape(6, 5, -1)[..., 0] / 255 - pixels[row, 0]).max() < 0.003
    assert image.shape == (channels, 12, 12)
    assert int(label) == row % 2
    Image.fromarray(raw)
