"""Downloads from a server on this computer: whole, broken off, stopped, wrong and impossible."""

from __future__ import annotations

from pathlib import Path

import pytest

from nodes.data.cifar10 import CIFAR10
from nodes.data.mnist import MNIST
from studio.core.dataset import DataMissing
from studio.core.download import MIRROR, PIECE
from tests.data import files

NOBODY = "http://127.0.0.1:9/"
"""The discard port, on which nothing listens."""


class StoppedError(Exception):
    """What a window's progress raises when a person presses Cancel."""


@pytest.fixture
def offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files of MNIST, which count as the published ones."""
    content = files.mnist_files(train=2_000)
    monkeypatch.setattr(MNIST, "files", files.write(tmp_path / "offered", content))
    return tmp_path / "offered"


def test_a_download_brings_the_files_and_shows_progress(
    offered: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[float] = []
    with files.served(offered) as (address, asked):
        monkeypatch.setattr(MNIST, "mirrors", (address,))
        MNIST().download(tmp_path, lambda what, share: told.append(share))
        assert len(asked) == 4
        MNIST().download(tmp_path, files.quiet)
        assert len(asked) == 4, "what is there is not fetched again"
    assert told == sorted(told)
    assert told[-1] == 1
    assert len(MNIST().read(tmp_path, files.quiet)) == 2_020
    assert sorted(path.name for path in (tmp_path / MNIST.place).iterdir()) == sorted(MNIST.files)


def test_a_stopped_download_goes_on_where_it_ended(
    offered: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(_what: str, _share: float) -> None:
        raise StoppedError

    with files.served(offered) as (address, asked):
        monkeypatch.setattr(MNIST, "mirrors", (address,))
        with pytest.raises(StoppedError):
            MNIST().download(tmp_path, stop)
        assert [path.name for path in (tmp_path / MNIST.place).iterdir()] == ["train-images-idx3-ubyte.gz.part"]
        MNIST().download(tmp_path, files.quiet)
    assert asked[1] == ("train-images-idx3-ubyte.gz", f"bytes={PIECE}-")
    assert (tmp_path / MNIST.place / "train-images-idx3-ubyte.gz").read_bytes() == (
        offered / "train-images-idx3-ubyte.gz"
    ).read_bytes()


def test_the_second_mirror_serves_where_the_first_is_gone(
    offered: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with files.served(offered) as (address, _):
        monkeypatch.setattr(MNIST, "mirrors", (NOBODY, address))
        MNIST().download(tmp_path, files.quiet)
    assert len(MNIST().read(tmp_path, files.quiet)) == 2_020


def test_the_mirror_of_the_environment_is_asked_first(
    offered: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MNIST, "mirrors", (NOBODY,))
    with files.served(offered) as (address, asked):
        monkeypatch.setenv(MIRROR, address)
        MNIST().download(tmp_path, files.quiet)
    assert len(asked) == 4


def test_without_a_network_the_sentence_says_where_to_put_which_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MNIST, "mirrors", (NOBODY,))
    with pytest.raises(DataMissing, match="Connection refused") as raised:
        MNIST().download(tmp_path, files.quiet)
    sentence = str(raised.value)
    assert all(name in sentence for name in MNIST.files)
    assert str(tmp_path / MNIST.place) in sentence
    assert NOBODY in sentence


@pytest.mark.parametrize(
    ("content", "complaint"),
    [(b"short", "broke off"), (b"x" * 5_000_000, "another file"), (None, "404")],
    ids=["cut off", "another file", "not there"],
)
def test_a_wrong_answer_never_becomes_a_file(
    content: bytes | None, complaint: str, offered: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "train-images-idx3-ubyte.gz"
    (offered / name).unlink() if content is None else (offered / name).write_bytes(content)
    with files.served(offered) as (address, _):
        monkeypatch.setattr(MNIST, "mirrors", (address,))
        with pytest.raises(DataMissing, match=complaint):
            MNIST().download(tmp_path, files.quiet)
    assert not (tmp_path / MNIST.place / name).exists()


def test_cifar_is_unpacked_after_its_download(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = {"cifar-10-binary.tar.gz": files.cifar_archive()}
    monkeypatch.setattr(CIFAR10, "files", files.write(tmp_path / "offered", archive))
    monkeypatch.setattr(CIFAR10, "members", dict.fromkeys(CIFAR10.members, 20))
    with files.served(tmp_path / "offered") as (address, asked):
        monkeypatch.setattr(CIFAR10, "mirrors", (address,))
        CIFAR10().download(tmp_path / "data", files.quiet)
        CIFAR10().download(tmp_path / "data", files.quiet)
    assert len(asked) == 1
    assert len(CIFAR10().read(tmp_path / "data", files.quiet)) == 120
