"""What every dataset of the catalog keeps to."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
import torch

from nodes.data.point_sets import PointSets
from nodes.data.small_digits import SmallDigits
from studio.core.catalog import catalog
from studio.core.dataset import Dataset
from studio.core.node_class import shapes_of
from studio.core.shape import LABEL
from studio.engine.data.batches import Batches
from studio.engine.data.load import PartName, load
from studio.engine.looking import look
from tests.data import files

Making = Callable[[Path, type[Dataset], pytest.MonkeyPatch], dict[str, Any]]


def _mnist(folder: Path, cls: type[Dataset], patch: pytest.MonkeyPatch) -> dict[str, Any]:
    patch.setattr(cls, "files", files.write(folder / cls.place, files.mnist_files()))  # type: ignore[attr-defined]
    return {}


def _cifar(folder: Path, cls: type[Dataset], patch: pytest.MonkeyPatch) -> dict[str, Any]:
    patch.setattr(cls, "files", files.write(folder, {"cifar-10-binary.tar.gz": files.cifar_archive()}))
    patch.setattr(cls, "members", dict.fromkeys(cls.members, 20))  # type: ignore[attr-defined]
    return {}


def _images(folder: Path, cls: type[Dataset], patch: pytest.MonkeyPatch) -> dict[str, Any]:
    files.write_images(folder / "own", {"cat": 20, "dog": 20})
    return {"folder": str(folder / "own")}


def _pairs(folder: Path, cls: type[Dataset], patch: pytest.MonkeyPatch) -> dict[str, Any]:
    files.write_images(folder / "own", {"A": 40, "B": 40})
    return {"folder": str(folder / "own"), "layout": "two-folders"}


def _table(folder: Path, cls: type[Dataset], patch: pytest.MonkeyPatch) -> dict[str, Any]:
    lines = [f"{n * 0.5},{n % 7},{'ab'[n % 2]}" for n in range(40)]
    (folder / "own.csv").write_text("\n".join(["length,width,kind", *lines]))
    return {"file": str(folder / "own.csv")}


def _arrays(folder: Path, cls: type[Dataset], patch: pytest.MonkeyPatch) -> dict[str, Any]:
    images, labels = files.digits(40, size=(6, 5))
    np.savez(folder / "own.npz", x=images if "Image" in cls.__name__ else images.reshape(40, -1), y=labels)
    return {"file": str(folder / "own.npz")}


MADE: dict[str, Making] = {
    "MNIST": _mnist,
    "FashionMNIST": _mnist,
    "CIFAR10": _cifar,
    "ImageFolder": _images,
    "ImagePairs": _pairs,
    "Table": _table,
    "Arrays": _arrays,
    "ImageArrays": _arrays,
}
"""How the files of a dataset that does not ship with the studio are made, and the settings that find them."""

every_dataset = pytest.mark.parametrize("cls", catalog().datasets.values(), ids=catalog().datasets)


@pytest.fixture
def settings(cls: type[Dataset], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    return MADE[cls.__name__](tmp_path, cls, monkeypatch) if cls.__name__ in MADE else {}


@every_dataset
def test_a_dataset_says_what_it_is_and_whose(cls: type[Dataset]) -> None:
    assert cls.family() == "Data"
    assert cls.doc().endswith(".")
    assert cls.licence
    assert cls.source
    assert all(setting.meaning for setting in cls.settings())


@every_dataset
def test_what_is_read_has_the_declared_outputs_shapes_and_classes(
    cls: type[Dataset], settings: dict[str, Any], tmp_path: Path
) -> None:
    dataset = cls.of(settings)
    loaded = load(dataset, tmp_path, torch.device("cpu"), files.quiet)
    assert tuple(loaded.samples.columns) == cls.outputs
    assert len({len(column) for column in loaded.samples.columns.values()}) == 1
    if cls.__name__ not in MADE:
        assert len(loaded.samples) == dataset.known_count()
    for part in (loaded.train, loaded.validation, loaded.test):
        assert len(part) > 0
        for column, shape in zip(part.columns, shapes_of(dataset.infer()), strict=True):
            assert column.shape[1:] == shape.sizes
            assert column.dtype == (torch.int64 if shape.dtype == "int" else torch.float32)
            assert torch.isfinite(column).all()
    targets = np.concatenate([part.columns[-1].numpy() for part in (loaded.train, loaded.validation, loaded.test)])
    if shapes_of(dataset.infer())[-1] == LABEL:
        assert set(targets) == set(range(len(dataset.class_names())))
    else:
        assert dataset.class_names() == ()
        varies = targets.std(0) > 0  # a picture may have a corner that is the same in all
        assert varies.all() if targets.ndim < 3 else varies.any(), "nothing is to be predicted"


@every_dataset
def test_no_sample_is_in_two_parts_and_none_is_lost(
    cls: type[Dataset], settings: dict[str, Any], tmp_path: Path
) -> None:
    loaded = load(cls.of(settings), tmp_path, torch.device("cpu"), files.quiet)
    rows = np.concatenate([loaded.train.rows, loaded.validation.rows, loaded.test.rows])
    assert sorted(rows) == list(range(len(loaded.samples)))


@every_dataset
def test_the_same_seed_gives_the_same_parts_and_another_seed_others(
    cls: type[Dataset], settings: dict[str, Any], tmp_path: Path
) -> None:
    first, again, other = (
        load(cls.of({**settings, "split_seed": seed}), tmp_path, torch.device("cpu"), files.quiet) for seed in (3, 3, 4)
    )
    assert np.array_equal(first.train.rows, again.train.rows)
    assert np.array_equal(first.validation.rows, again.validation.rows)
    assert not np.array_equal(first.train.rows, other.train.rows)
    epochs = [next(iter(Batches(loaded.train, 8, 5))) for loaded in (first, again)]
    assert all(torch.equal(one, two) for one, two in zip(*epochs, strict=True))


@every_dataset
def test_samples_to_look_at_are_those_of_the_dataset_with_their_labels(
    cls: type[Dataset], settings: dict[str, Any], tmp_path: Path
) -> None:
    dataset = cls.of(settings)
    about, arrays = look(dataset, tmp_path, files.quiet)
    loaded = load(dataset, tmp_path, torch.device("cpu"), files.quiet)
    first, last = (loaded.samples.columns[name] for name in (cls.outputs[0], cls.outputs[-1]))
    for part in get_args(PartName):
        rows, shown = arrays[f"{part} rows"], arrays[part]
        assert len(set(rows)) == len(rows) == len(shown) > 0
        assert set(rows) <= set(loaded.part(part).rows)
        assert about.samples[part] == len(loaded.part(part))
        assert shown.shape[1:] == shapes_of(dataset.infer())[0].sizes == about.sizes
        raw = np.asarray(first[rows]).reshape(shown.shape)
        if shown.dtype == np.uint8:
            unit = raw / 255 if raw.dtype == np.uint8 else raw
            assert np.abs(shown / 255 - unit).max() < 0.003  # half a level of 256, and what scaling to and fro rounds
        else:
            assert np.array_equal(shown, raw)
        if about.classes:
            assert np.array_equal(arrays[f"{part} labels"], last[rows])
            labels = last[loaded.part(part).rows]
            assert np.array_equal(about.counts[part], np.bincount(labels, minlength=len(about.classes)))
        else:
            assert np.array_equal(arrays[f"{part} targets"], np.asarray(last[rows]).reshape(len(rows), -1))


@pytest.mark.parametrize("normalise", ["zero-one", "minus-one-one", "z-score"])
def test_images_look_the_same_however_they_are_scaled_and_are_varied_only_while_training(
    normalise: str, tmp_path: Path
) -> None:
    plain, wanted = look(SmallDigits(), tmp_path, files.quiet)
    _, arrays = look(SmallDigits.of({"normalise": normalise, "flip": True}), tmp_path, files.quiet)
    assert "varied" not in wanted
    assert np.abs(arrays["train"].astype(int) - wanted["train"]).max() <= 1
    mirrored = [np.array_equal(one[..., ::-1], two) for one, two in zip(arrays["train"], arrays["varied"], strict=True)]
    kept = [np.array_equal(one, two) for one, two in zip(arrays["train"], arrays["varied"], strict=True)]
    assert all(a or b for a, b in zip(mirrored, kept, strict=True))
    assert 0.2 < np.mean(mirrored) < 0.8
    _, others = look(SmallDigits(), tmp_path, files.quiet, seed=1)
    assert set(others["train rows"]) != set(wanted["train rows"])
    assert plain.samples == {"train": 1294, "validation": 144, "test": 359}


def test_numbers_that_stand_for_classes_are_counted_and_shown_as_classes(tmp_path: Path) -> None:
    """The same points, told their class as a number: 1-of-n or 0 and 1."""
    for pattern in ("moons", "gaussians"):
        told = {"pattern": pattern, "groups": 3, "samples": 60}
        about, wanted = look(PointSets.of(told), tmp_path, files.quiet)
        again, arrays = look(PointSets.of({**told, "task": "numbers"}), tmp_path, files.quiet)
        assert again.counts == about.counts
        assert np.array_equal(arrays["train labels"], wanted["train labels"])


def test_a_large_image_is_given_smaller_in_its_proportions(tmp_path: Path) -> None:
    about, arrays = look(SmallDigits.of({"resize": (400, 200), "limit": 10}), tmp_path, files.quiet)
    assert about.sizes == (1, 400, 200)
    assert arrays["test"].shape == (10, 1, 128, 64)


def test_the_catalog_of_datasets_is_found_without_numpy_pillow_or_torch() -> None:
    look = (
        "import sys; from studio.core.catalog import catalog; assert catalog().datasets;"
        "print([name for name in ('numpy', 'PIL', 'torch', 'urllib.request') if name in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
