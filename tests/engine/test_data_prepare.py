"""How samples become what a network reads, compared with Pillow, scikit-learn and NumPy."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from nodes.data.arrays import Arrays, ImageArrays
from nodes.data.digits import Digits
from studio.engine.data.load import Loaded, load

CPU = torch.device("cpu")


def loaded(dataset: Any, folder: Path, **options: Any) -> Loaded:
    return load(dataset, folder, CPU, lambda what, share: None, **options)


@pytest.fixture
def pictures(tmp_path: Path) -> dict[str, Any]:
    """Settings of a dataset of smooth colour images of 24 × 20."""
    rng = np.random.default_rng(0)
    coarse = rng.integers(0, 256, (60, 6, 5, 3), np.uint8)
    pixels = np.stack([np.asarray(Image.fromarray(image).resize((20, 24))) for image in coarse])
    np.savez(tmp_path / "own.npz", x=pixels, y=np.arange(60) % 3)
    return {"file": str(tmp_path / "own.npz")}


@pytest.mark.parametrize("size", [(12, 10), (7, 33), (48, 40), (24, 20)])
def test_images_are_resized_as_pillow_resizes_them(
    pictures: dict[str, Any], tmp_path: Path, size: tuple[int, int]
) -> None:
    data = loaded(ImageArrays.of({**pictures, "resize": size}), tmp_path)
    raw, (prepared, _) = data.sample("train", 5)
    expected = np.asarray(Image.fromarray(raw).resize(size[::-1], Image.Resampling.BILINEAR))
    assert prepared.shape == (3, *size)
    assert np.abs(prepared.numpy().transpose(1, 2, 0) * 255 - expected).max() <= 1.01


def test_z_score_gives_the_training_part_mean_zero_and_deviation_one(pictures: dict[str, Any], tmp_path: Path) -> None:
    data = loaded(ImageArrays.of({**pictures, "normalise": "z-score", "pad": 3}), tmp_path)
    for channel in data.train.columns[0].transpose(0, 1):
        assert float(channel.double().mean()) == pytest.approx(0, abs=1e-5)
        assert float(channel.double().std(correction=0)) == pytest.approx(1, abs=1e-5)
    assert float(data.test.columns[0].mean()) != pytest.approx(0, abs=1e-5)


def test_the_frame_is_black_before_values_are_scaled(tmp_path: Path) -> None:
    data = loaded(Digits(pad=2, normalise="minus-one-one", limit=50), tmp_path)
    raw, (image, _) = data.sample("train", 0)
    assert image.shape == (1, 32, 32)
    assert (image[0, :2] == -1).all()
    assert (image[0, :, -2:] == -1).all()
    np.testing.assert_allclose(image[0, 2:-2, 2:-2], raw / 127.5 - 1, atol=1e-6)


@pytest.mark.parametrize(("how", "scaler"), [("z-score", StandardScaler()), ("zero-one", MinMaxScaler())])
def test_features_are_scaled_as_scikit_learn_scales_them_by_the_training_part(
    how: str, scaler: Any, tmp_path: Path
) -> None:
    numbers = np.random.default_rng(1).normal(5, [1, 10, 100, 0], (80, 4))
    np.savez(tmp_path / "own.npz", x=numbers, y=np.arange(80) % 2)
    data = loaded(Arrays.of({"file": str(tmp_path / "own.npz"), "normalise": how}), tmp_path)
    scaler.fit(numbers[data.train.rows])
    for part in (data.train, data.validation, data.test):
        np.testing.assert_allclose(part.columns[0], scaler.transform(numbers[part.rows]), atol=1e-4)


@pytest.mark.parametrize(("kind", "axes"), [("sequence", (0, 1)), ("signal", (0, 2))])
def test_sequences_are_scaled_by_feature_and_signals_by_channel(
    kind: str, axes: tuple[int, ...], tmp_path: Path
) -> None:
    np.savez(tmp_path / "own.npz", x=np.random.default_rng(1).normal(5, 2, (80, 4, 6)), y=np.arange(80) % 2)
    settings = {"file": str(tmp_path / "own.npz"), "kind": kind, "normalise": "z-score"}
    values = loaded(Arrays.of(settings), tmp_path).train.columns[0].numpy()
    np.testing.assert_allclose(values.mean(axes), 0, atol=1e-5)
    np.testing.assert_allclose(values.std(axes), 1, atol=1e-5)


def test_numbers_to_predict_keep_their_unit(tmp_path: Path) -> None:
    np.savez(tmp_path / "own.npz", x=np.zeros((20, 3)), y=np.arange(20) * 1000.0)
    settings = {"file": str(tmp_path / "own.npz"), "task": "numbers", "normalise": "z-score"}
    data = loaded(Arrays.of(settings), tmp_path)
    assert data.train.columns[1][:, 0].tolist() == (data.train.rows * 1000.0).tolist()


@dataclass
class Counted:
    """A column that counts how many samples are read at once."""

    array: Any
    asked: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.array)

    def __getitem__(self, rows: Any, /) -> Any:
        self.asked.append(len(rows))
        return self.array[rows]


@pytest.mark.parametrize("normalise", ["zero-one", "minus-one-one", "z-score"])
def test_data_that_does_not_fit_into_memory_is_prepared_alike(
    pictures: dict[str, Any], tmp_path: Path, normalise: str
) -> None:
    dataset = ImageArrays.of({**pictures, "normalise": normalise, "resize": 16, "pad": 1})
    held, deferred = loaded(dataset, tmp_path), loaded(dataset, tmp_path, memory=44 * 4 * 3 * 18 * 18)
    assert held.train.in_memory
    assert not deferred.train.in_memory
    places = torch.tensor([0, 4, 3])
    for part in ("train", "validation", "test"):
        for one, two in zip(held.part(part).take(places), deferred.part(part).take(places), strict=True):
            torch.testing.assert_close(one, two)
