"""The digits that ship with the studio."""

from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits

from nodes.data.digits import Digits
from nodes.data.small_digits import SmallDigits
from tests.data.files import quiet


def test_the_small_digits_are_those_that_scikit_learn_ships(tmp_path: Path) -> None:
    ours, theirs = SmallDigits().read(tmp_path, quiet).columns, load_digits()
    assert np.array_equal(ours["image"][:] * 16, theirs.images)
    assert np.array_equal(ours["label"][:], theirs.target)


def test_the_digits_have_the_class_sizes_of_their_source(tmp_path: Path) -> None:
    columns = Digits().read(tmp_path, quiet).columns
    assert np.bincount(columns["label"][:]).tolist() == [1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978]
    assert columns["image"][:].dtype == np.uint8


def test_digits_that_are_kept_are_classes_in_the_order_in_which_they_are_named(tmp_path: Path) -> None:
    whole, some = (Digits(only=only).read(tmp_path, quiet).columns for only in ((), (7, 0, 7)))
    kept = np.isin(whole["label"][:], (0, 7))
    assert Digits(only=(7, 0, 7)).class_names() == ("7", "0")
    assert np.array_equal(some["image"][:], whole["image"][:][kept])
    assert np.array_equal(some["label"][:], whole["label"][:][kept] == 0)


def test_a_simple_classifier_recognises_the_digits(tmp_path: Path) -> None:
    """Images and labels belong together: the nearest class mean is right for about four of five."""
    columns = Digits().read(tmp_path, quiet).columns
    images, labels = columns["image"][:].reshape(-1, 784).astype(np.float32), columns["label"][:]
    means = np.stack([images[labels == digit].mean(0) for digit in range(10)])
    distances = ((images[::20, None] - means) ** 2).sum(2)
    assert (distances.argmin(1) == labels[::20]).mean() > 0.75
