"""Splits samples into a training, a validation and a test part, none of which shares a sample with another."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from studio.core.dataset import DataError, Dataset, Samples

Rows = np.ndarray[Any, np.dtype[np.int64]]


class Split(NamedTuple):
    """Row numbers of each part, in random order."""

    train: Rows
    validation: Rows
    test: Rows


def split(dataset: Dataset, samples: Samples) -> Split:
    """The parts that the settings ask for, the same for the same seed. Raises DataError if nothing is left to train on.

    Rows that the data's authors held out stay held out; the shares apply to the rest. Where there are folds, one of
    them is the test part: all of them together hold each row once, but for those that were held out.
    """
    order = np.random.default_rng(dataset.split_seed).permutation(len(samples))
    if dataset.folds:
        test, order = _fold(dataset, order, samples.test_rows)
    else:
        test, order = _held_out(order, samples.test_rows, dataset.test)
    validation, train = _held_out(order, samples.validation_rows, dataset.validation)
    if not len(train):
        raise DataError(
            f"No sample is left to train on: of {len(samples):,}, {len(test):,} are held out for the test "
            f"and {len(validation):,} for validation. Lower these shares."
        )
    most = dataset.limit or len(samples)
    few = dataset.learn_from or most
    return Split(train[: min(few, most)], validation[:most], test[:most])


def _fold(dataset: Dataset, order: Rows, test_rows: Any) -> tuple[Rows, Rows]:
    """The rows of one fold, and those of the others. Raises DataError where there is no such fold."""
    _, order = _held_out(order, [] if test_rows is None else test_rows, 0.0)
    if not 1 <= dataset.fold <= dataset.folds or not 2 <= dataset.folds <= len(order):
        raise DataError(
            f"Fold {dataset.fold:,} of {dataset.folds:,} cannot be made of {len(order):,} samples: "
            "there must be two folds or more, none without a sample."
        )
    folds = np.array_split(order, dataset.folds)
    return folds.pop(dataset.fold - 1), np.concatenate(folds)


def _held_out(order: Rows, named: Any, share: float) -> tuple[Rows, Rows]:
    """The rows that are held out, by name or else by share, and the others."""
    if named is None:
        count = round(share * len(order))
        return order[:count], order[count:]
    chosen = np.isin(order, np.asarray(named, np.int64))
    return order[chosen], order[~chosen]
