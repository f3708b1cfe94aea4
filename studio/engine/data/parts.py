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

    Rows that the data's authors held out stay held out; the shares apply to the rest.
    """
    order = np.random.default_rng(dataset.split_seed).permutation(len(samples))
    test, order = _held_out(order, samples.test_rows, dataset.test)
    validation, train = _held_out(order, samples.validation_rows, dataset.validation)
    if not len(train):
        raise DataError(
            f"No sample is left to train on: of {len(samples):,}, {len(test):,} are held out for the test "
            f"and {len(validation):,} for validation. Lower these shares."
        )
    most = dataset.limit or len(samples)
    return Split(train[:most], validation[:most], test[:most])


def _held_out(order: Rows, named: Any, share: float) -> tuple[Rows, Rows]:
    """The rows that are held out, by name or else by share, and the others."""
    if named is None:
        count = round(share * len(order))
        return order[:count], order[count:]
    chosen = np.isin(order, np.asarray(named, np.int64))
    return order[chosen], order[~chosen]
