"""Batches: every sample once, shuffled by seed and epoch, and the same after a pause."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from nodes.data.digits import Digits
from studio.core.dataset import DataError
from studio.core.shape import image
from studio.engine.data.batches import Batch, Batches, Deferred, Part, in_order
from studio.engine.data.load import Loaded, load
from studio.engine.data.prepare import Preparation

CPU = torch.device("cpu")
VARIED = {"rotate": 10.0, "shift": 2.0, "noise": 0.1, "limit": 700}


def numbered(count: int) -> Part:
    """A part whose only column holds the place of each sample."""
    return Part((torch.arange(count),), np.arange(count), CPU)


def digits(folder: Path, **options: Any) -> Loaded:
    return load(Digits.of(VARIED), folder, CPU, lambda what, share: None, **options)


def of_digits(data: Loaded) -> Batches:
    return Batches(data.train, 32, 3, augmentation=data.augmentation)


def assert_equal(ours: list[Batch], theirs: list[Batch]) -> None:
    assert len(ours) == len(theirs)
    for one, two in zip(ours, theirs, strict=True):
        assert all(torch.equal(a, b) for a, b in zip(one, two, strict=True))


@pytest.mark.parametrize(("count", "size"), [(100, 7), (100, 10), (5, 64), (1, 1), (1000, 3)])
def test_an_epoch_takes_every_sample_once_in_batches_of_the_size(count: int, size: int) -> None:
    batches = Batches(numbered(count), size, 0)
    taken = [batch[0] for batch in batches]
    assert len(taken) == len(batches) == -(-count // size)
    assert all(len(batch) == size for batch in taken[:-1])
    assert sorted(torch.cat(taken).tolist()) == list(range(count))


def test_every_epoch_and_every_seed_has_an_order_of_its_own() -> None:
    batches = Batches(numbered(100), 10, 0)
    epochs = [torch.cat([batch[0] for batch in batches]).tolist() for _ in range(3)]
    epochs.append(torch.cat([batch[0] for batch in Batches(numbered(100), 10, -1)]).tolist())
    assert len({tuple(epoch) for epoch in epochs}) == 4
    assert batches.epoch == 3


def test_the_smaller_last_batch_can_be_left_out() -> None:
    assert [len(batch[0]) for batch in Batches(numbered(25), 10, 0, drop_last=True)] == [10, 10]
    assert [len(batch[0]) for batch in Batches(numbered(5), 10, 0, drop_last=True)] == [5]


@pytest.mark.parametrize("memory", [2 << 30, 1_000_000], ids=["in memory", "read batch by batch"])
@pytest.mark.parametrize("stop", [0, 1, 3, 16, 21, 22])
def test_batches_go_on_after_a_pause_bit_for_bit(tmp_path: Path, memory: int, stop: int) -> None:
    data = digits(tmp_path, memory=memory)
    whole = of_digits(data)
    expected = [*whole, *whole]
    first = of_digits(data)
    taken = [batch for batch, _ in zip(first, range(stop), strict=False)] if stop else []
    second = of_digits(digits(tmp_path, memory=memory))
    second.epoch, second.index = 0, stop
    assert_equal([*taken, *second, *second], expected)
    assert (second.epoch, second.index) == (2, 0)


def test_the_position_is_that_of_the_next_batch() -> None:
    batches = Batches(numbered(50), 10, 0)
    steps = iter(batches)
    next(steps)
    next(steps)
    assert (batches.epoch, batches.index) == (0, 2)


def test_a_batch_can_be_changed_without_changing_the_data(tmp_path: Path) -> None:
    data = digits(tmp_path)
    before = data.train.columns[0].clone()  # type: ignore[union-attr]
    for images, _ in Batches(data.train, 32, 3):
        images.zero_()
    assert torch.equal(data.train.columns[0], before)  # type: ignore[arg-type]


@pytest.mark.parametrize(("count", "steps"), [(100, 3), (103, 3), (120, 3), (83, 2)])
def test_processes_that_share_an_epoch_take_together_what_one_would_take_alone(count: int, steps: int) -> None:
    whole = [batch[0] for batch in Batches(numbered(count), 40, 0)]
    shares = [Batches(numbered(count), 10, 0, share=(rank, 4)) for rank in range(4)]
    taken = list(zip(*shares, strict=True))
    assert len(taken) == steps
    for parts, batch in zip(taken, whole, strict=False):
        assert sorted(torch.cat([part[0] for part in parts]).tolist()) == sorted(batch.tolist())


def test_shares_weigh_as_much_as_they_hold() -> None:
    shares = [Batches(numbered(47), 10, 0, share=(rank, 4)) for rank in range(4)]
    weights = [[(len(batch[0]), share.weight) for batch in share] for share in shares]
    assert {share[0] for share in weights} == {(10, 1.0)}
    assert [share[1] for share in weights] == [(2, 8 / 7), (2, 8 / 7), (2, 8 / 7), (1, 4 / 7)]


@pytest.mark.parametrize("memory", [2 << 30, 1_000_000], ids=["in memory", "read batch by batch"])
def test_evaluation_takes_every_sample_once_in_order_and_unvaried(tmp_path: Path, memory: int) -> None:
    data = digits(tmp_path, memory=memory)
    images, labels = (torch.cat(column) for column in zip(*in_order(data.test, 64), strict=True))
    raw, expected = Digits().read(tmp_path, lambda what, share: None).columns.values()
    torch.testing.assert_close(images[:, 0], torch.from_numpy(raw[data.test.rows]) / 255)
    assert labels.tolist() == expected[data.test.rows].tolist()


def test_evaluation_can_be_shared_and_an_empty_part_has_no_batches() -> None:
    shares = [torch.cat([batch[0] for batch in in_order(numbered(11), 4, share=(rank, 3))]) for rank in range(3)]
    assert sorted(torch.cat(shares).tolist()) == list(range(11))
    assert list(in_order(numbered(0), 4)) == []


class Broken:
    """A column whose last file cannot be read."""

    def __len__(self) -> int:
        return 100

    def __getitem__(self, rows: Any, /) -> Any:
        if 99 in rows:
            raise DataError("99.png cannot be decoded. Repair or remove it.")
        return np.zeros((len(rows), 1, 2, 2), np.uint8)


def test_a_sample_that_cannot_be_read_ends_the_epoch_with_its_sentence_and_no_thread_stays() -> None:
    column = Deferred(Broken(), np.arange(100), Preparation(image(1, 2, 2), CPU, (2, 2)))
    with pytest.raises(DataError, match=r"99\.png"):
        list(Batches(Part((column,), np.arange(100), CPU), 10, 0))
    steps = iter(Batches(Part((column,), np.arange(90), CPU), 10, 0))
    next(steps)
    del steps
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("data")]
