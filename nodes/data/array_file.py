"""One array of a NumPy file: measured by its header, read without pickle, checked for what it should hold."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from functools import lru_cache
from math import prod
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from studio.core.dataset import DataError, DataMissing

if TYPE_CHECKING:
    import numpy

LARGEST = 1 << 34
"""Bytes that an array may take in memory."""


@dataclass(frozen=True, slots=True)
class ArrayFile:
    """An array by its file and, inside an .npz file, its name."""

    file: str
    name: str

    def __str__(self) -> str:
        return f"Array {self.name!r:.60} of {self.file}"

    @property
    def path(self) -> Path:
        """Where the array is. A name that ends in .npy is a file of its own. Raises DataMissing."""
        if not self.file:
            raise DataMissing("Choose a NumPy file.")
        path = Path(self.name if self.name.endswith(".npy") else self.file).expanduser()
        if not path.is_file():
            raise DataMissing(f"There is no file {str(path)!r}. Choose an .npz or .npy file.")
        return path

    @property
    def shape(self) -> tuple[int, ...]:
        """As the header says. Raises DataError for what cannot be read, is damaged or too large."""
        return self._header()[0]

    @property
    def letter(self) -> str:
        """What the numbers are, as NumPy abbreviates it: ``u`` and ``i`` whole, ``f`` fractions, ``U`` text."""
        return self._header()[1][1]

    def load(self) -> numpy.ndarray[Any, Any]:
        """The array as it is. Raises DataError."""
        import numpy

        self._header()
        path, member = self.path, self._member()
        try:
            with path.open("rb") as file:
                loaded = numpy.load(file, allow_pickle=False)
                array: numpy.ndarray[Any, Any] = loaded[member] if member else loaded
                return array
        except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
            raise DataError(f"{path} cannot be read: {error}.") from None

    def numbers(self) -> numpy.ndarray[Any, Any]:
        """The array of finite numbers. Raises DataError with the first place where it holds something else."""
        import numpy

        array = self.load()
        if array.dtype.kind not in "biuf":
            raise DataError(f"{self} holds {array.dtype}, not numbers.")
        if array.dtype.kind == "f" and not numpy.isfinite(array).all():
            place = ", ".join(map(str, numpy.argwhere(~numpy.isfinite(array))[0]))
            raise DataError(f"{self} holds a value that is no number, first at [{place}].")
        return array

    def whole_numbers(self) -> numpy.ndarray[Any, Any]:
        """The array as int64. Raises DataError where that would change a value."""
        import numpy

        array = self.numbers()
        if array.dtype.kind == "f" and not (array == numpy.round(array)).all():
            raise DataError(f"{self} should hold whole numbers; it has fractions.")
        return array.astype(numpy.int64)

    def labels(self) -> numpy.ndarray[Any, Any]:
        """Class numbers (N,) of an array of numbers or names. Raises DataError."""
        import numpy

        if len(self.shape) != 1 and prod(self.shape[1:]) != 1:
            raise DataError(f"{self} should hold one class for each sample; its shape is {self.shape}.")
        if self._holds_text():
            labels = numpy.unique(self.load(), return_inverse=True)[1].reshape(-1)
        else:
            labels = self.whole_numbers().reshape(-1)
        if labels.min(initial=0) < 0:
            raise DataError(f"{self} holds the class {labels.min()}; classes count from 0.")
        if len(labels) and labels.min() == labels.max():
            raise DataError(f"{self} holds one class only, so there is nothing to tell apart.")
        return labels

    def class_names(self) -> tuple[str, ...]:
        """The names, or the class numbers up to the largest. Raises DataError."""
        return _class_names(self, self.path.stat().st_mtime_ns)

    def _holds_text(self) -> bool:
        return self._header()[1][1] in "US"

    def _member(self) -> str:
        """The array's name inside its file; empty where the file is one array."""
        return "" if self.path.suffix == ".npy" else self.name

    def _header(self) -> tuple[tuple[int, ...], str]:
        path = self.path
        return _header(path, self._member(), path.stat().st_mtime_ns)


def array_names(path: Path) -> tuple[str, ...]:
    """The arrays of a file; an .npy file holds one without a name. Raises DataError."""
    if path.suffix == ".npy":
        return ("",)
    try:
        with zipfile.ZipFile(path) as archive:
            return tuple(entry.filename.removesuffix(".npy") for entry in archive.infolist())
    except (OSError, zipfile.BadZipFile) as error:
        raise DataError(f"{path} is not a NumPy file that can be read: {error}.") from None


@lru_cache(maxsize=16)
def _class_names(array: ArrayFile, changed: int) -> tuple[str, ...]:
    import numpy

    if array._holds_text():
        return tuple(str(name) for name in numpy.unique(array.load()))
    return tuple(str(number) for number in range(int(array.labels().max(initial=0)) + 1))


@lru_cache(maxsize=64)
def _header(path: Path, member: str, changed: int) -> tuple[tuple[int, ...], str]:
    """Shape and type of an array; ``changed`` makes the answer good until the file changes. Raises DataError."""
    try:
        if not member:
            with path.open("rb") as file:
                return _parsed(path, file, path.stat().st_size)
        with zipfile.ZipFile(path) as archive:
            inside = {entry.filename.removesuffix(".npy"): entry for entry in archive.infolist()}
            if member not in inside:
                raise DataError(f"{path} has no array {member!r:.60}. It has: {', '.join(inside) or 'none'}.")
            with archive.open(inside[member]) as file:
                return _parsed(path, file, inside[member].file_size)
    except (OSError, ValueError, EOFError, NotImplementedError, RuntimeError, zipfile.BadZipFile) as error:
        raise DataError(f"{path} is not a NumPy file that can be read: {error}.") from None


def _parsed(path: Path, file: IO[bytes], size: int) -> tuple[tuple[int, ...], str]:
    """The header of an array in ``size`` bytes. Raises DataError, ValueError."""
    from numpy.lib import format as npy

    version = npy.read_magic(file)
    read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    shape, _, dtype = read(file)
    if dtype.hasobject:
        raise DataError(f"{path} holds Python objects, which are not opened. Save plain numbers.")
    wanted = dtype.itemsize * prod(shape)
    if wanted > LARGEST:
        raise DataError(f"{path} holds an array of {wanted / 2**30:,.0f} GB; {LARGEST >> 30} GB is the most.")
    if wanted > size or not shape:
        raise DataError(f"{path} is cut off or damaged: its header and its length do not agree.")
    return shape, dtype.str
