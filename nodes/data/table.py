"""Tables of numbers with one column to predict."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path
from typing import Annotated, Literal

from nodes.data.table_guess import guess_of
from studio.core.components import Components, reduced
from studio.core.dataset import DataError, DataMissing, Dataset, Guess, Progress, Samples
from studio.core.problem import Mismatch
from studio.core.shape import LABEL, Shape, vector

FAMILY = "Data"
ENDINGS = (".csv", ".tsv")
GUESSED_FROM = 1_000
"""Lines that are looked at to tell what a table holds."""
LARGEST = 1 << 30
"""Bytes of a file; larger tables belong into NumPy arrays."""

Row = tuple[int, list[str]]
"""A line's number in the file and its cells."""


class Table(Dataset):
    """A CSV file: the first line names the columns, one column is to be predicted from the others."""

    file: Annotated[str, "CSV file with the names of the columns in its first line"] = ""
    target: Annotated[str, "name of the column to predict; empty takes the last one"] = ""
    task: Annotated[Literal["classes", "numbers"], "whether the target names a class or is a number"] = "classes"
    columns: Annotated[tuple[str, ...], "names of the columns to predict from; none means all others"] = ()
    normalise: Annotated[
        Literal["z-score", "zero-one", "none"], "range of each column, as measured on the training part"
    ] = "z-score"
    components: Components = 0

    outputs = ("features", "target")
    synonyms = ("csv", "spreadsheet", "excel", "own data", "regression")
    purpose = (
        "Predicts one column from the others. Numbers are brought to a common range, so that no column counts more "
        "just for its unit."
    )
    trap = "A column that is known only together with the answer makes a perfect and useless network."
    unsourced = "Your own data: only you know where it comes from."
    licence = "yours"
    source = "a file on this computer"
    shown = ("file", "target", "task")

    @classmethod
    def guess(cls, path: Path) -> Guess | None:
        if path.suffix.lower() not in ENDINGS:
            return None
        with _rows(path) as rows:
            header = _columns(path, _stamp(path))
            next(rows)
            return guess_of(path, header, [cells for _, cells in islice(rows, GUESSED_FROM)])

    def infer(self) -> tuple[Shape, ...]:
        if not self.file:
            raise Mismatch("Choose a CSV file.")
        try:
            features, _ = self._places()
        except DataError as error:
            raise Mismatch(str(error)) from None
        return reduced(vector(len(features)), self.components), LABEL if self.task == "classes" else vector(1)

    def class_names(self) -> tuple[str, ...]:
        return _values(self._path(), self._places()[1], _stamp(self._path())) if self.task == "classes" else ()

    def number_names(self) -> tuple[str, ...]:
        header, (features, _) = self._header(), self._places()
        return tuple(header[place] for place in features)

    def read(self, folder: Path, progress: Progress) -> Samples:
        import numpy

        path, (features, target), names = self._path(), self._places(), self._header()
        classes = {name: number for number, name in enumerate(self.class_names())}
        if len(classes) == 1:
            raise DataError(f"Column {names[target]!r} of {path} holds one class only: {', '.join(classes)}.")
        progress(f"Reading {path.name}", 0.0)
        with _rows(path) as rows:
            next(rows)
            taken = [
                (
                    [_number(path, line, names[column], cells[column]) for column in features],
                    classes[cells[target].strip()] if classes else _number(path, line, names[target], cells[target]),
                )
                for line, cells in rows
            ]
        if not taken:
            raise DataError(f"{path} has no line below its header.")
        answers = numpy.array([answer for _, answer in taken], numpy.int64 if classes else numpy.float32)
        return Samples(
            {
                "features": numpy.array([numbers for numbers, _ in taken], numpy.float32),
                "target": answers if classes else answers[:, None],
            }
        )

    def _path(self) -> Path:
        path = Path(self.file).expanduser()
        if not self.file or not path.is_file():
            raise DataMissing(f"There is no file {str(path)!r}. Choose a CSV file.")
        return path

    def _header(self) -> tuple[str, ...]:
        return _columns(self._path(), _stamp(self._path()))

    def _places(self) -> tuple[list[int], int]:
        """Where the features and the target stand in a line. Raises DataError."""
        header = self._header()
        for name in (*self.columns, *([self.target] if self.target else [])):
            if name not in header:
                raise DataError(f"{self.file} has no column {name!r:.60}. It has: {', '.join(header)}.")
        target = header.index(self.target) if self.target else len(header) - 1
        chosen = [header.index(name) for name in self.columns] or range(len(header))
        features = [place for place in chosen if place != target]
        if not features:
            raise DataError(f"{self.file} has no column to predict {header[target]!r} from.")
        return features, target


def _stamp(path: Path) -> tuple[int, int]:
    """Changes when the file does."""
    state = path.stat()
    return state.st_mtime_ns, state.st_size


@lru_cache(maxsize=32)
def _columns(path: Path, stamp: tuple[int, int]) -> tuple[str, ...]:
    """The names in the first line. Raises DataError."""
    with _rows(path) as rows:
        _, cells = next(rows, (0, []))
    names = tuple(cell.strip() for cell in cells)
    if not names or all(_is_number(name) for name in names):
        raise DataError(f"The first line of {path} should name the columns.")
    for place, name in enumerate(names):
        if not name or name in names[:place]:
            raise DataError(f"Column {place + 1} of {path} {f'is called {name!r} again' if name else 'has no name'}.")
    return names


@lru_cache(maxsize=8)
def _values(path: Path, column: int, stamp: tuple[int, int]) -> tuple[str, ...]:
    """The different values of a column: numbers by size, or else names by alphabet. Raises DataError."""
    with _rows(path) as rows:
        _, header = next(rows)
        found: set[str] = set()
        for line, cells in rows:
            if not cells[column].strip():
                what = header[column].strip()
                raise DataError(f"Line {line} of {path} has nothing in column {what!r}. Fill it in or remove the line.")
            found.add(cells[column].strip())
    return tuple(sorted(found, key=float if all(map(_is_number, found)) else None))


@contextmanager
def _rows(path: Path) -> Iterator[Iterator[Row]]:
    """The lines of the file that are not empty, all of one length. Raises DataError, also while they are taken."""
    try:
        if path.stat().st_size > LARGEST:
            raise DataError(f"{path} is larger than {LARGEST >> 30} GB. Use NumPy arrays for so much data.")
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = file.readline()
            separator = max(",;\t", key=first.count)
            yield _even(path, csv.reader(chain([first], file), delimiter=separator, strict=True))
    except UnicodeDecodeError:
        raise DataError(f"{path} is not text in UTF-8. Save it as CSV in UTF-8.") from None
    except (OSError, csv.Error) as error:
        raise DataError(f"{path} cannot be read: {error}.") from None


def _even(path: Path, reader: Iterator[list[str]]) -> Iterator[Row]:
    width = 0
    for cells in reader:
        line: int = reader.line_num  # type: ignore[attr-defined]
        if not any(cell.strip() for cell in cells):
            continue
        width = width or len(cells)
        if len(cells) != width:
            raise DataError(f"Line {line} of {path} has {len(cells)} cells; the first line has {width}.")
        yield line, cells


def _number(path: Path, line: int, column: str, cell: str) -> float:
    """The cell as a finite number. Raises DataError with its line and column."""
    try:
        value = float(cell)
    except ValueError:
        value = math.nan
    if math.isfinite(value):
        return value
    what = f"{cell.strip()!r:.40}, which is no number" if cell.strip() else "nothing"
    raise DataError(
        f"Line {line} of {path} has {what} in column {column!r}. Correct it, or leave the line or the column out."
    )


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False
