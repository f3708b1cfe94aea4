"""MNIST, Fashion-MNIST and CIFAR-10 as their authors publish them."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest
import torchvision

from nodes.data.cifar10 import CIFAR10
from nodes.data.fashion_mnist import FashionMNIST
from nodes.data.mnist import MNIST
from studio.core.dataset import DataError, DataMissing
from tests.data import files


@pytest.mark.parametrize(("ours", "theirs"), [(MNIST, "MNIST"), (FashionMNIST, "FashionMNIST")])
def test_idx_files_are_read_as_torchvision_reads_them(ours: type[MNIST], theirs: str, tmp_path: Path) -> None:
    files.write(tmp_path / ours.place, files.mnist_files())
    for name in ours.files:
        (tmp_path / ours.place / name.removesuffix(".gz")).write_bytes(
            gzip.decompress((tmp_path / ours.place / name).read_bytes())
        )
    samples = ours().read(tmp_path, files.quiet)
    parts = [getattr(torchvision.datasets, theirs)(tmp_path, train=train) for train in (True, False)]
    assert np.array_equal(samples.columns["image"][:], np.concatenate([part.data.numpy() for part in parts]))
    assert np.array_equal(samples.columns["label"][:], np.concatenate([part.targets.numpy() for part in parts]))
    assert list(samples.test_rows or ()) == list(range(40, 60))
    assert ours.classes == tuple(name.split(" - ")[0] for name in parts[0].classes)


@pytest.mark.parametrize("ours", [MNIST, FashionMNIST])
def test_the_files_and_sums_are_those_of_torchvision(ours: type[MNIST]) -> None:
    theirs = getattr(torchvision.datasets, ours.__name__)
    assert {name: file.md5 for name, file in ours.files.items()} == dict(theirs.resources)


def test_cifar_is_read_from_its_binary_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CIFAR10, "files", files.write(tmp_path, {"cifar-10-binary.tar.gz": files.cifar_archive()}))
    monkeypatch.setattr(CIFAR10, "members", dict.fromkeys(CIFAR10.members, 20))
    samples = CIFAR10().read(tmp_path, files.quiet)
    images, labels = zip(*(files.digits(20, seed=seed, size=(3, 32, 32)) for seed in range(6)), strict=True)
    assert np.array_equal(samples.columns["image"][:], np.concatenate(images))
    assert np.array_equal(samples.columns["label"][:], np.concatenate(labels))
    assert list(samples.test_rows or ()) == list(range(100, 120))


@pytest.mark.parametrize(
    ("archive", "complaint"),
    [
        (files.cifar_archive(leave_out="test_batch.bin"), "lacks"),
        (files.cifar_archive(as_link="data_batch_2.bin"), "is not what it should be"),
        (files.cifar_archive(count=21), "is not what it should be"),
        (files.cifar_archive()[:5000], "cannot be unpacked"),
    ],
    ids=["a member is missing", "a member is a link", "a member has another size", "cut off"],
)
def test_a_wrong_archive_is_refused_in_words(
    archive: bytes, complaint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CIFAR10, "files", files.write(tmp_path, {"cifar-10-binary.tar.gz": archive}))
    monkeypatch.setattr(CIFAR10, "members", dict.fromkeys(CIFAR10.members, 20))
    with pytest.raises(DataError, match=complaint):
        CIFAR10().read(tmp_path, files.quiet)


def test_an_archive_with_another_sum_is_not_unpacked(tmp_path: Path) -> None:
    files.write(tmp_path, {"cifar-10-binary.tar.gz": files.cifar_archive()})
    with pytest.raises(DataError, match="MD5"):
        CIFAR10().read(tmp_path, files.quiet)
    assert not (tmp_path / "cifar-10-batches-bin").exists()


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (files.idx(np.zeros((40, 28, 27), np.uint8)), "does not begin"),
        (files.idx(np.zeros((40, 28, 28), np.uint8))[:-40], "cannot be unpacked"),
        (b"<html>Please log in</html>", "cannot be unpacked"),
        (gzip.compress(b"\0\0\x08\x03" + b"\0\x0f\0\0" + b"\0\0\0\x1c" * 2), "as many samples"),
        (gzip.compress(b"\0\0\x08\x03" + b"\xff" * 4 + b"\0\0\0\x1c" * 2), "does not begin"),
        (files.idx(np.zeros((41, 28, 28), np.uint8)), "belong together"),
    ],
    ids=["other size", "cut off", "not packed", "too few samples", "huge count", "more images than labels"],
)
def test_a_damaged_idx_file_is_refused_in_words(content: bytes, complaint: str, tmp_path: Path) -> None:
    files.write(tmp_path / MNIST.place, {**files.mnist_files(), "train-images-idx3-ubyte.gz": content})
    with pytest.raises(DataError, match=complaint):
        MNIST().read(tmp_path, files.quiet)


@pytest.mark.parametrize("cls", [MNIST, CIFAR10])
def test_missing_files_say_how_to_get_them(cls: type[MNIST] | type[CIFAR10], tmp_path: Path) -> None:
    with pytest.raises(DataMissing, match="is not downloaded yet") as raised:
        cls().read(tmp_path, files.quiet)
    assert raised.value.downloadable
    assert cls.mirrors[0] in str(raised.value)
    assert str(tmp_path) in str(raised.value)
