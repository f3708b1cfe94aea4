"""How samples are split into parts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodes.data.digits import Digits
from studio.core.dataset import DataError, Samples
from studio.engine.data.parts import split


def samples(count: int, **held_out: Any) -> Samples:
    return Samples({"label": np.zeros(count)}, **held_out)


def test_the_digits_hold_two_thousand_out_for_the_test() -> None:
    parts = split(Digits(), samples(10_000))
    assert [len(part) for part in parts] == [7_200, 800, 2_000]


@given(
    count=st.integers(10, 200),
    validation=st.floats(0, 0.8),
    test=st.floats(0, 0.5),
    seed=st.integers(0, 1_000_000),
    held_out=st.booleans(),
)
def test_every_sample_is_in_exactly_one_part(
    count: int, validation: float, test: float, seed: int, held_out: bool
) -> None:
    dataset = Digits(validation=validation, test=test, split_seed=seed)
    named = range(count // 2, count - 1) if held_out else None
    parts = split(dataset, samples(count, test_rows=named))
    assert sorted(np.concatenate(parts)) == list(range(count))
    assert named is None or sorted(parts.test) == list(named)


def test_parts_that_the_authors_named_stay_as_they_are() -> None:
    parts = split(Digits(validation=0.5), samples(10, test_rows=[8, 9], validation_rows=[0, 1, 2]))
    assert sorted(parts.test) == [8, 9]
    assert sorted(parts.validation) == [0, 1, 2]
    assert sorted(parts.train) == [3, 4, 5, 6, 7]


def test_a_limit_shortens_every_part_and_moves_no_sample_to_another() -> None:
    whole, limited = split(Digits(), samples(100)), split(Digits(limit=5), samples(100))
    assert [len(part) for part in limited] == [5, 5, 5]
    for part, full in zip(limited, whole, strict=True):
        assert set(part) < set(full)


def test_few_samples_to_learn_from_leave_those_that_are_held_out_as_they_are() -> None:
    whole, few = split(Digits(), samples(100)), split(Digits(learn_from=7), samples(100))
    assert few.train.tolist() == whole.train[:7].tolist()
    assert few.validation.tolist() == whole.validation.tolist()
    assert few.test.tolist() == whole.test.tolist()
    limited = split(Digits(learn_from=7, limit=5), samples(100))
    assert [len(part) for part in limited] == [5, 5, 5]


def test_the_parts_are_random_and_not_in_the_order_of_the_file() -> None:
    parts = split(Digits(), samples(10_000))
    assert 4_000 < parts.test.mean() < 6_000
    assert (np.diff(parts.train) > 0).mean() < 0.6


def test_shares_that_leave_nothing_to_train_on_are_refused() -> None:
    with pytest.raises(DataError, match="of 10, 10 are held out for the test and 0 for validation"):
        split(Digits(test=1.0), samples(10))


@given(count=st.integers(10, 120), folds=st.integers(2, 10), seed=st.integers(0, 1_000_000), held_out=st.booleans())
def test_folds_leave_every_sample_out_once_and_never_learn_from_it(
    count: int, folds: int, seed: int, held_out: bool
) -> None:
    named = range(count // 3) if held_out and count // 3 + folds <= count else None
    data = samples(count, test_rows=named)
    left_out = []
    for fold in range(1, folds + 1):
        parts = split(Digits(split_seed=seed, folds=folds, fold=fold), data)
        assert not set(parts.test) & (set(parts.train) | set(parts.validation))
        assert len(np.concatenate(parts)) == count - len(named or ())
        left_out.append(parts.test)
    assert sorted(np.concatenate(left_out)) == sorted(set(range(count)) - set(named or ()))
    sizes = [len(part) for part in left_out]
    assert max(sizes) - min(sizes) <= 1


def test_folds_are_those_of_the_seed() -> None:
    first, again, other = (split(Digits(split_seed=seed, folds=3), samples(30)).test for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize(("folds", "fold"), [(1, 1), (3, 4), (11, 1)])
def test_folds_that_cannot_be_made_are_refused_in_words(folds: int, fold: int) -> None:
    with pytest.raises(DataError, match=f"Fold {fold} of {folds} cannot be made of 10 samples"):
        split(Digits(folds=folds, fold=fold), samples(10))
