"""CSV tables: columns, targets, and complaints that name line and column."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_iris

from nodes.data.table import Table
from studio.core.dataset import DataError, DataMissing
from studio.core.problem import Mismatch
from studio.core.shape import LABEL, vector
from tests.data.files import quiet


def table(folder: Path, text: str | bytes, **settings: object) -> Table:
    path = folder / "table.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return Table.of({"file": str(path), **settings})


def test_iris_comes_back_as_scikit_learn_has_it(tmp_path: Path) -> None:
    iris = load_iris()
    with (tmp_path / "iris.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*iris.feature_names, "species"])
        writer.writerows(
            [*numbers, iris.target_names[kind]] for numbers, kind in zip(iris.data, iris.target, strict=True)
        )
    dataset = Table(file=str(tmp_path / "iris.csv"), target="species")
    columns = dataset.read(tmp_path, quiet).columns
    assert np.array_equal(columns["features"][:], iris.data.astype(np.float32))
    assert np.array_equal(columns["target"][:], iris.target)
    assert dataset.class_names() == tuple(iris.target_names)
    assert dataset.infer() == (vector(4), LABEL)


def test_a_number_is_predicted_from_the_chosen_columns(tmp_path: Path) -> None:
    dataset = table(tmp_path, "a;b;name;price\n1;2;x;3.5\n4;5;y;-1e2\n", task="numbers", columns=("b", "a"))
    columns = dataset.read(tmp_path, quiet).columns
    assert columns["features"][:].tolist() == [[2, 1], [5, 4]]
    assert columns["target"][:].tolist() == [[3.5], [-100]]
    assert dataset.infer() == (vector(2), vector(1))
    assert dataset.class_names() == ()


@pytest.mark.parametrize(
    "text", ["a\tk\n1\tx\n2\ty\n", "\ufeffa,k\r\n\r\n1, x\r\n2,y \r\n\r\n", '"a";"k"\n"1";"x"\n2;y']
)
def test_tabs_semicolons_quotes_blank_lines_and_byte_marks_are_understood(tmp_path: Path, text: str) -> None:
    columns = table(tmp_path, text).read(tmp_path, quiet).columns
    assert columns["features"][:].tolist() == [[1], [2]]
    assert columns["target"][:].tolist() == [0, 1]


def test_classes_that_are_numbers_are_in_order_of_size(tmp_path: Path) -> None:
    assert table(tmp_path, "a,k\n1,10\n1,9\n1,-2\n").class_names() == ("-2", "9", "10")


def test_a_file_that_changes_is_read_anew(tmp_path: Path) -> None:
    assert table(tmp_path, "a,k\n1,x\n2,y\n").infer()[0] == vector(1)
    assert table(tmp_path, "a,b,k\n1,2,x\n3,2,yes\n").infer()[0] == vector(2)
    assert table(tmp_path, "a,b,k\n1,2,x\n3,2,yes\n").class_names() == ("x", "yes")


@pytest.mark.parametrize(
    ("text", "settings", "complaint"),
    [
        ("a,b,k\n1,2,x\n1,many,y\n", {}, r"Line 3 of .* has 'many', which is no number in column 'b'"),
        ("a,b,k\n1,2,x\n1,,y\n", {}, "Line 3 of .* has nothing in column 'b'"),
        ("a,b,k\n1,nan,x\n1,2,y\n", {}, "Line 2 of .* has 'nan'"),
        ("a,b,k\n1,-inf,x\n1,2,y\n", {}, "Line 2 of .* has '-inf'"),
        ("a,b,k\n1,2,x\n\n1,y\n", {}, "Line 4 of .* has 2 cells; the first line has 3"),
        ("a,b,k\n1,2,x\n1,2,\n", {}, "Line 3 of .* has nothing in column 'k'"),
        ("a,b,k\n1,2,x\n1,3,x\n", {}, "Column 'k' of .* holds one class only: x"),
        ("a,b,k\n", {}, "no line below its header"),
        ("a,b,k\n", {"task": "numbers"}, "no line below its header"),
        ("", {}, "first line of .* should name the columns"),
        ("1,2,3\n4,5,6\n", {}, "first line of .* should name the columns"),
        ("a,a,k\n1,2,x\n", {}, "Column 2 of .* is called 'a' again"),
        ("a,,k\n1,2,x\n", {}, "Column 2 of .* has no name"),
        ("k\nx\ny\n", {}, "no column to predict 'k' from"),
        ("a,k\n1,x\n2,y\n", {"target": "price"}, "no column 'price'. It has: a, k"),
        ("a,k\n1,x\n2,y\n", {"columns": ("b",)}, "no column 'b'. It has: a, k"),
        (b"a,k\n1,\xff\xfe\n", {}, "UTF-8"),
        ('a,k\n1,"x\n2,y\n', {}, "cannot be read"),
    ],
)
def test_a_wrong_table_is_refused_with_its_place(
    tmp_path: Path, text: str | bytes, settings: dict[str, object], complaint: str
) -> None:
    with pytest.raises(DataError, match=complaint):
        table(tmp_path, text, **settings).read(tmp_path, quiet)


def test_before_a_file_is_chosen_the_node_asks_for_one(tmp_path: Path) -> None:
    with pytest.raises(Mismatch, match="Choose a CSV file"):
        Table().infer()
    with pytest.raises(Mismatch, match="There is no file"):
        Table(file=str(tmp_path / "nothing.csv")).infer()
    with pytest.raises(DataMissing, match="There is no file"):
        Table(file=str(tmp_path / "nothing.csv")).read(tmp_path, quiet)
