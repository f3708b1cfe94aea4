"""NumPy files: which axis is what, and what is refused before it is read."""

from __future__ import annotations

import io
import pickle
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.lib import format as npy

from nodes.data.arrays import Arrays, ImageArrays
from studio.core.dataset import DataError
from studio.core.problem import Mismatch
from studio.core.shape import LABEL, image, sequence, tokens, vector
from tests.data.files import quiet


def saved(folder: Path, **arrays: Any) -> str:
    np.savez(folder / "own.npz", **arrays)
    return str(folder / "own.npz")


LABELS = np.arange(6) % 3


@pytest.mark.parametrize(
    ("shape", "sizes"),
    [((6, 5, 4), (1, 5, 4)), ((6, 3, 8, 9), (3, 8, 9)), ((6, 8, 9, 3), (3, 8, 9)), ((6, 1, 8, 9), (1, 8, 9))],
)
def test_images_come_with_channels_first(tmp_path: Path, shape: tuple[int, ...], sizes: tuple[int, ...]) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    dataset = ImageArrays(file=saved(tmp_path, x=pixels, y=LABELS))
    read = dataset.read(tmp_path, quiet).columns["image"][:]
    assert dataset.infer() == (image(*sizes), LABEL)
    assert read.reshape(6, *sizes)[2, 0, 3, 1] == (
        pixels[2, 3, 1, 0] if shape[-1] == 3 else pixels[2].reshape(sizes)[0, 3, 1]
    )


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (np.array([0.0, 0.25, 0.5]), [0, 0.25, 0.5]),
        (np.array([0, 51, 255], np.int32), [0, 0.2, 1]),
        (np.array([-1.0, 0.0, 1.0]), [0, 0.5, 1]),
        (np.array([False, True, True]), [0, 1, 1]),
    ],
    ids=["floats within 0 and 1", "integers", "floats around 0", "truth values"],
)
def test_images_that_are_not_bytes_come_to_the_range_from_zero_to_one(
    tmp_path: Path, values: Any, expected: list[float]
) -> None:
    dataset = ImageArrays(file=saved(tmp_path, x=values.reshape(3, 1, 1), y=np.arange(3)))
    read = dataset.read(tmp_path, quiet).columns["image"][:]
    assert read.ravel() == pytest.approx(expected)
    assert read.dtype == np.float32


def test_sequences_vectors_tokens_and_numbers_have_their_axes(tmp_path: Path) -> None:
    file = saved(
        tmp_path, s=np.zeros((6, 7, 2)), v=np.zeros((6, 4), np.int16), t=np.full((6, 9), 5), n=np.ones((6, 2)), y=LABELS
    )
    assert Arrays(file=file, input="s", kind="sequence").infer() == (sequence(7, 2), LABEL)
    assert Arrays(file=file, input="v", target="n", task="numbers").infer() == (vector(4), vector(2))
    assert Arrays(file=file, input="v", target="").infer() == (vector(4), LABEL)
    assert Arrays(file=file, input="t", kind="tokens").infer() == (tokens(9), LABEL)
    assert Arrays(file=file, input="t", kind="tokens").read(tmp_path, quiet).columns["input"][:].dtype == np.int64
    assert Arrays(file=file, input="v", target="n", task="numbers").read(tmp_path, quiet).columns["target"][
        :
    ].shape == (6, 2)
    with pytest.raises(Mismatch, match="N×T×D; this one has 2 axes"):
        Arrays(file=file, input="v", kind="sequence").infer()


def test_two_npy_files_belong_together(tmp_path: Path) -> None:
    np.save(tmp_path / "in.npy", np.zeros((6, 4)))
    np.save(tmp_path / "out.npy", LABELS)
    both = Arrays(file=str(tmp_path / "in.npy"), target=str(tmp_path / "out.npy"))
    assert both.read(tmp_path, quiet).columns["target"][:].tolist() == LABELS.tolist()
    with pytest.raises(DataError, match="holds one array"):
        Arrays(file=str(tmp_path / "in.npy")).read(tmp_path, quiet)


def test_names_of_classes_may_be_text(tmp_path: Path) -> None:
    dataset = Arrays(file=saved(tmp_path, x=np.zeros((3, 2)), y=np.array(["dog", "cat", "dog"])))
    assert dataset.class_names() == ("cat", "dog")
    assert dataset.read(tmp_path, quiet).columns["target"][:].tolist() == [1, 0, 1]


@pytest.mark.parametrize(
    ("arrays", "complaint"),
    [
        ({"x": np.zeros((6, 2)), "y": LABELS[:5]}, "6 inputs but 5 targets"),
        ({"x": np.array([[0.0, np.nan]] * 6), "y": LABELS}, r"no number, first at \[0, 1\]"),
        ({"x": np.zeros((6, 2)), "y": LABELS * 0}, "one class only"),
        ({"x": np.zeros((6, 2)), "y": LABELS - 1}, "classes count from 0"),
        ({"x": np.zeros((6, 2)), "y": LABELS + 0.5}, "whole numbers"),
        ({"x": np.zeros((6, 2)), "y": np.zeros((6, 3))}, "one class for each sample"),
        ({"x": np.zeros((6, 2))}, "no array 'y'. It has: x"),
        ({"x": np.array([["a", "b"]] * 6), "y": LABELS}, "not numbers"),
        ({"x": np.zeros((0, 2)), "y": LABELS[:0]}, "is empty"),
    ],
)
def test_arrays_that_do_not_fit_are_refused_in_words(tmp_path: Path, arrays: dict[str, Any], complaint: str) -> None:
    with pytest.raises(DataError, match=complaint):
        Arrays(file=saved(tmp_path, **arrays)).read(tmp_path, quiet)


def test_an_array_of_python_objects_is_not_unpickled(tmp_path: Path) -> None:
    class Bomb:
        def __reduce__(self) -> tuple[Any, ...]:
            return (Path.touch, (tmp_path / "executed",))

    np.savez(tmp_path / "bad.npz", x=np.array([Bomb()] * 6, dtype=object), y=LABELS)
    (tmp_path / "bad.npy").write_bytes(pickle.dumps(Bomb()))
    for name in ("bad.npz", "bad.npy"):
        with pytest.raises(DataError, match=r"Python objects|can be read"):
            Arrays(file=str(tmp_path / name), target="").read(tmp_path, quiet)
    assert not (tmp_path / "executed").exists()


@pytest.mark.parametrize(("shape", "complaint"), [((10**9, 10**4), "GB is the most"), ((1000, 1000), "cut off")])
@pytest.mark.parametrize("packed", [True, False])
def test_an_array_that_announces_more_than_it_has_is_refused_unread(
    tmp_path: Path, shape: tuple[int, ...], complaint: str, packed: bool
) -> None:
    buffer = io.BytesIO()
    npy.write_array_header_1_0(buffer, {"descr": "<f8", "fortran_order": False, "shape": shape})
    path = tmp_path / ("liar.npz" if packed else "liar.npy")
    if packed:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("x.npy", buffer.getvalue())
    else:
        path.write_bytes(buffer.getvalue())
    with pytest.raises(Mismatch, match=complaint):
        Arrays(file=str(path), target="").infer()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"\x93NUMPY\x01\x00", b"text"])
def test_a_file_that_is_no_numpy_file_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    for name in ("a.npz", "a.npy"):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(Mismatch, match="not a NumPy file that can be read"):
            Arrays(file=str(tmp_path / name), target="").infer()


def test_before_a_file_is_chosen_the_node_asks_for_one() -> None:
    for cls in (Arrays, ImageArrays):
        with pytest.raises(Mismatch, match="Choose a NumPy file"):
            cls().infer()
