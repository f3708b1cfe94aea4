"""Pairs of images in folders: both layouts, and what is said where something has no partner."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from nodes.data.image_pairs import ImagePairs
from nodes.data.shape_pairs import COLOURS, ShapePairs
from studio.core.dataset import DataError, DataMissing
from studio.core.problem import Mismatch
from studio.engine.data.batches import Batches
from studio.engine.data.load import load
from tests.data.files import quiet

LEFT, RIGHT = (np.arange(start, start + 90, dtype=np.uint8).reshape(6, 5, 3) for start in (0, 90))


def joined(folder: Path, *names: str) -> None:
    """Files that hold both images."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        Image.fromarray(np.concatenate([LEFT, RIGHT], 1)).save(folder / name)


def apart(folder: Path, first: tuple[str, ...], second: tuple[str, ...]) -> None:
    for name, pixels, files in (("A", LEFT, first), ("B", RIGHT, second)):
        for file in files:
            (folder / name / file).parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(pixels).save(folder / name / file)


def read(folder: Path, **settings: Any) -> dict[str, np.ndarray[Any, Any]]:
    samples = ImagePairs.of({"folder": str(folder), **settings}).read(folder, quiet)
    return {name: column[np.arange(len(column))] for name, column in samples.columns.items()}


@pytest.mark.parametrize("swap", [False, True])
@pytest.mark.parametrize("layout", ["side-by-side", "two-folders"])
def test_the_first_image_is_the_input_and_the_second_the_target(tmp_path: Path, layout: str, swap: bool) -> None:
    joined(tmp_path / "joined", "a.png", "b.png")
    apart(tmp_path / "apart", ("a.png", "b.png"), ("a.bmp", "b.png"))
    folder = tmp_path / ("joined" if layout == "side-by-side" else "apart")
    found = read(folder, layout=layout, swap=swap)
    for name, pixels in zip(("input", "target"), (RIGHT, LEFT) if swap else (LEFT, RIGHT), strict=True):
        assert found[name].shape == (2, 3, 6, 5)
        assert np.array_equal(found[name][0].transpose(1, 2, 0), pixels)
    assert ImagePairs.of({"folder": str(folder), "layout": layout}).infer()[1].sizes == (3, 6, 5)


@pytest.mark.parametrize("layout", ["side-by-side", "two-folders"])
def test_the_parts_that_folders_name_are_kept(tmp_path: Path, layout: str) -> None:
    names = ("train/a.png", "train/b.png", "val/a.png", "test/c.png")
    if layout == "side-by-side":
        for name in names:
            joined((tmp_path / name).parent, Path(name).name)
    else:
        apart(tmp_path, names, names)
    samples = ImagePairs.of({"folder": str(tmp_path), "layout": layout}).read(tmp_path, quiet)
    assert len(samples) == 4
    assert (samples.validation_rows, samples.test_rows) == ([2], [3])


def test_images_without_a_partner_are_named(tmp_path: Path) -> None:
    apart(tmp_path, ("a.png", "b.png"), ("a.png", "c.png"))
    with pytest.raises(DataError, match=r"2 images have no partner.*A/b\.png, B/c\.png.*rename or remove"):
        read(tmp_path, layout="two-folders")


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(Mismatch, match="Choose the folder"):
        ImagePairs().infer()
    with pytest.raises(Mismatch, match="There is no folder"):
        ImagePairs(folder=str(tmp_path / "nowhere")).infer()
    with pytest.raises(DataMissing, match="There is no image"):
        read(tmp_path)
    with pytest.raises(DataMissing, match="There is no folder 'A'"):
        read(tmp_path, layout="two-folders")


def test_an_odd_width_cannot_be_two_images(tmp_path: Path) -> None:
    Image.new("RGB", (7, 4)).save(tmp_path / "odd.png")
    with pytest.raises(Mismatch, match=r"odd\.png is 7 pixels wide.*Resize"):
        ImagePairs(folder=str(tmp_path)).infer()
    assert read(tmp_path, resize=4)["target"].shape == (1, 3, 4, 4)


def test_a_broken_pair_is_named_when_it_is_read(tmp_path: Path) -> None:
    joined(tmp_path, "a.png")
    (tmp_path / "bad.png").write_bytes(b"no image")
    with pytest.raises(DataError, match=r"bad\.png is not an image"):
        read(tmp_path)


def test_both_images_of_a_pair_are_scaled_and_mirrored_alike() -> None:
    """A painting is where its drawing is, whatever is varied."""
    dataset = ShapePairs(samples=60, normalise="minus-one-one", flip=True, shift=4.0)
    loaded = load(dataset, Path(), torch.device("cpu"), quiet)
    plain = loaded.train.take(torch.arange(len(loaded.train)))
    assert all(column.min() < -0.5 and column.max() == 1 for column in plain)
    drawings, paintings = next(iter(Batches(loaded.train, 32, 0, augmentation=loaded.augmentation)))
    lines, paint = (drawings < 0).any(1).flatten(1).float(), (paintings < 0.5).any(1).flatten(1).float()
    inside = (lines * paint).sum(1) / lines.sum(1)  # half of a line lies within what is painted
    assert inside.min() > 0.25
    others = (lines * paint.roll(1, 0)).sum(1) / lines.sum(1)
    assert others.mean() < inside.mean() - 0.05


def test_what_a_shape_is_decides_its_colour() -> None:
    found = {name: column[:] for name, column in ShapePairs(samples=50, kinds=5).read(Path(), quiet).columns.items()}
    middles = found["painting"][:, :, 15:17, 15:17].reshape(50, 3, -1)
    distances = np.abs(middles[:, None] - np.array(COLOURS)[None, :, :, None]).sum(2).min(2)
    assert (distances.min(1) < 0.01).sum() > 40, "the colours of the middles are those of the five kinds"
    drawing = found["drawing"]
    assert np.array_equal(drawing[:, 0], drawing[:, 2]), "a drawing tells no colour"
