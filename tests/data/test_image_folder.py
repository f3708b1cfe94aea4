"""Images in folders: layouts, sizes, colours, and what is said about files that are no images."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
import torchvision
from PIL import Image

from nodes.data.image_folder import ImageFolder
from studio.core.dataset import DataError, DataMissing
from studio.core.problem import Mismatch
from tests.data.files import quiet, write_images


def header_of_png(width: int, height: int) -> bytes:
    """A PNG that announces a size and holds almost nothing."""
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = b"IDAT" + zlib.compress(b"\0")
    chunks = [struct.pack(">I", len(part) - 4) + part + struct.pack(">I", zlib.crc32(part)) for part in (body, data)]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def test_a_folder_is_read_as_torchvision_reads_it(tmp_path: Path) -> None:
    write_images(tmp_path, {"dog": 3, "cat": 4, "a bird": 2})
    (tmp_path / "dog" / "notes.txt").write_text("no image")
    samples = ImageFolder(folder=str(tmp_path)).read(tmp_path, quiet)
    theirs = torchvision.datasets.ImageFolder(str(tmp_path))
    assert ImageFolder(folder=str(tmp_path)).class_names() == tuple(theirs.classes)
    assert samples.columns["label"][:].tolist() == theirs.targets
    ours = samples.columns["image"][np.arange(len(samples))]
    assert ours.shape == (9, 3, 12, 10)
    for mine, (picture, _) in zip(ours, theirs, strict=True):
        assert np.array_equal(mine.transpose(1, 2, 0), np.asarray(picture))


def test_the_parts_that_folders_name_are_kept(tmp_path: Path) -> None:
    for part, count in {"train": 4, "val": 2, "test": 3}.items():
        write_images(tmp_path / part, {"cat": count, "dog": count})
    samples = ImageFolder(folder=str(tmp_path)).read(tmp_path, quiet)
    assert len(samples) == 18
    assert list(samples.validation_rows or ()) == list(range(8, 12))
    assert list(samples.test_rows or ()) == list(range(12, 18))


@pytest.mark.parametrize(("colour", "channels"), [("grey", 1), ("colour", 3)])
@pytest.mark.parametrize("mode", ["L", "RGBA", "P", "1", "CMYK"])
def test_every_kind_of_image_becomes_grey_or_colour(tmp_path: Path, colour: str, channels: int, mode: str) -> None:
    ending = "tif" if mode == "CMYK" else "png"
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        Image.new(mode, (5, 4), 1).save(tmp_path / name / f"x.{ending}")
    dataset = ImageFolder.of({"folder": str(tmp_path), "colour": colour})
    assert dataset.infer()[0].sizes == (channels, 4, 5)
    assert dataset.read(tmp_path, quiet).columns["image"][[0, 1]].shape == (2, channels, 4, 5)


def test_images_of_sixteen_bits_keep_their_greys(tmp_path: Path) -> None:
    ramp = np.linspace(0, 65535, 16).astype(np.uint16).reshape(4, 4)
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        Image.fromarray(ramp).save(tmp_path / name / "ramp.png")
    pixels = ImageFolder.of({"folder": str(tmp_path), "colour": "grey"}).read(tmp_path, quiet).columns["image"][[0]]
    assert np.array_equal(pixels[0, 0], ramp >> 8)


def test_a_photo_taken_with_a_turned_camera_stands_upright(tmp_path: Path) -> None:
    turned = Image.Exif()
    turned[0x0112] = 6
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        Image.new("RGB", (20, 10)).save(tmp_path / name / "x.jpg", exif=turned)
    dataset = ImageFolder(folder=str(tmp_path))
    assert dataset.size() == (3, 20, 10)
    assert dataset.read(tmp_path, quiet).columns["image"][[0]].shape == (1, 3, 20, 10)


def test_images_of_different_sizes_come_to_that_of_the_first_or_to_the_chosen_one(tmp_path: Path) -> None:
    write_images(tmp_path, {"a": 2}, size=(8, 6))
    write_images(tmp_path, {"b": 2}, size=(30, 40))
    plain, chosen = ImageFolder(folder=str(tmp_path)), ImageFolder(folder=str(tmp_path), resize=(16, 12), pad=2)
    assert plain.read(tmp_path, quiet).columns["image"][[0, 3]].shape == (2, 3, 8, 6)
    assert chosen.read(tmp_path, quiet).columns["image"][[0, 3]].shape == (2, 3, 16, 12)
    assert chosen.infer()[0].sizes == (3, 20, 16)


def test_without_labels_every_image_counts_wherever_it_lies(tmp_path: Path) -> None:
    write_images(tmp_path, {".": 2, "below": 3, "below/deeper": 1})
    samples = ImageFolder(folder=str(tmp_path), labelled=False).read(tmp_path, quiet)
    assert samples.columns["label"][:].tolist() == [0] * 6


def test_a_folder_of_one_class_says_how_to_train_without_labels(tmp_path: Path) -> None:
    write_images(tmp_path, {"cat": 2})
    with pytest.raises(DataError, match=r"one class only.*turn Labelled off"):
        ImageFolder(folder=str(tmp_path)).read(tmp_path, quiet)


def test_an_empty_class_is_named(tmp_path: Path) -> None:
    write_images(tmp_path, {"cat": 2, "dog": 2, "fish": 0})
    with pytest.raises(DataError, match="fish holds no image"):
        ImageFolder(folder=str(tmp_path)).read(tmp_path, quiet)


def test_a_class_that_only_the_test_part_has_is_named(tmp_path: Path) -> None:
    write_images(tmp_path / "train", {"cat": 2, "dog": 2})
    write_images(tmp_path / "test", {"cat": 2, "fish": 2})
    with pytest.raises(DataError, match="fish is a class that"):
        ImageFolder(folder=str(tmp_path)).read(tmp_path, quiet)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"this is text", "is not an image"),
        (b"", "is not an image"),
        (header_of_png(8, 8), "cannot be decoded"),
        (header_of_png(17_000, 10), "17,000 × 10 pixels"),
        (header_of_png(60_000, 60_000), "too large"),
    ],
    ids=["text", "empty", "cut off", "too long", "a bomb"],
)
def test_a_broken_or_huge_image_is_named_before_it_is_decoded(tmp_path: Path, content: bytes, complaint: str) -> None:
    write_images(tmp_path, {"cat": 2, "dog": 1})
    (tmp_path / "dog" / "bad.png").write_bytes(content)
    images = ImageFolder(folder=str(tmp_path)).read(tmp_path, quiet).columns["image"]
    assert images[[0, 1, 2]].shape == (3, 3, 12, 10)
    with pytest.raises(DataError, match=complaint) as raised:
        images[[3]]
    assert "bad.png" in str(raised.value)


def test_before_a_folder_is_chosen_the_node_asks_for_one(tmp_path: Path) -> None:
    with pytest.raises(Mismatch, match="Choose the folder"):
        ImageFolder().infer()
    with pytest.raises(Mismatch, match="There is no folder"):
        ImageFolder(folder=str(tmp_path / "nowhere")).infer()
    with pytest.raises(Mismatch, match="There is no image"):
        ImageFolder(folder=str(tmp_path)).infer()
    with pytest.raises(DataMissing, match="There is no folder"):
        ImageFolder(folder=str(tmp_path / "nowhere")).read(tmp_path, quiet)
