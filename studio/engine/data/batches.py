"""Cuts a part of the data into batches: shuffled and varied for training, in order for evaluation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice

import numpy as np
import torch
from torch import Tensor

from studio.core.dataset import Column
from studio.engine.data.ahead import ahead
from studio.engine.data.augment import Augmentation
from studio.engine.data.parts import Rows
from studio.engine.data.prepare import Preparation

Batch = tuple[Tensor, ...]
"""One tensor for each output of the dataset, in their order."""

CHUNK_BYTES = 1 << 20
"""Batches are gathered and varied so many bytes at a time: few calls, and still in the processor's cache."""

CHUNK_BATCHES = 16


@dataclass(frozen=True, slots=True)
class Deferred:
    """A column of a part that is read and prepared batch by batch, because it is too large for memory."""

    column: Column
    rows: Rows
    preparation: Preparation

    def take(self, places: Tensor) -> Tensor:
        return self.preparation(self.column[self.rows[places.cpu().numpy()]])


@dataclass(frozen=True, slots=True)
class Part:
    """The samples of one part: a tensor for each column, or what reads it; and their row numbers in the dataset."""

    columns: tuple[Tensor | Deferred, ...]
    rows: Rows
    device: torch.device

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def in_memory(self) -> bool:
        return all(isinstance(column, Tensor) for column in self.columns)

    def take(self, places: Tensor) -> Batch:
        """The prepared samples at these places of the part, not varied."""
        return tuple(
            column.index_select(0, places) if isinstance(column, Tensor) else column.take(places)
            for column in self.columns
        )


class Batches:
    """The training part in batches, shuffled anew in each epoch.

    Iterating gives the rest of the present epoch and then stands at the start of the next. ``epoch`` and ``index``,
    the batches of the epoch that were taken, are the whole state: set on a new object, they give the same batches.

    ``share`` is this process among how many. Together they take what one process would with batches of them all; the
    last batch may be smaller, and of some a sample smaller than of others. Where it had none for some, it is left out.
    """

    def __init__(
        self,
        part: Part,
        size: int,
        seed: int,
        *,
        augmentation: Augmentation | None = None,
        drop_last: bool = False,
        share: tuple[int, int] = (0, 1),
    ) -> None:
        self.part, self.size, self.share = part, size, share
        self.epoch = self.index = 0
        self._seed, self._augmentation = seed % 2**64, augmentation
        samples, together = len(part), size * share[1]
        left = samples % together
        self._samples = samples - left if (drop_last and samples >= together) or left < share[1] else samples
        self._chunk = size * _batches_at_once(part, size)

    def __len__(self) -> int:
        """Batches of an epoch."""
        return -(-self._samples // (self.size * self.share[1]))

    @property
    def weight(self) -> float:
        """What the mean over the batch taken last counts in the mean of all processes: 1, but where an epoch ends."""
        rank, ranks = self.share
        together = self.size * ranks
        taken = min(together, self._samples - (self.index - 1) * together)
        return ranks * len(range(rank, taken, ranks)) / taken

    def __iter__(self) -> Iterator[Batch]:
        places = torch.split(self._order(), self._chunk)
        number, skip = divmod(self.index * self.size, self._chunk)
        for columns in _done(self.part, (partial(self._varied, places[n], n) for n in range(number, len(places)))):
            for batch in islice(_cut(columns, self.size), skip // self.size, None):
                self.index += 1
                yield batch
            skip = 0
        self.epoch, self.index = self.epoch + 1, 0

    def _order(self) -> Tensor:
        """The places of the part in the order of this epoch."""
        order = np.random.default_rng([self._seed, self.epoch]).permutation(len(self.part))
        rank, ranks = self.share
        return torch.from_numpy(order[rank : self._samples : ranks].copy()).to(self.part.device)

    def _varied(self, places: Tensor, number: int) -> Batch:
        columns = self.part.take(places)
        if self._augmentation is None:
            return columns
        return self._augmentation.of_columns(columns, (self._seed, self.epoch, self.share[0], number))


def in_order(part: Part, size: int, *, share: tuple[int, int] = (0, 1)) -> Iterator[Batch]:
    """Every sample of the part once, as it is; of several processes each takes its share."""
    if not len(part):
        return iter(())
    places = torch.arange(share[0], len(part), share[1], device=part.device)
    whole = tuple(column for column in part.columns if isinstance(column, Tensor))
    if part.in_memory and share[1] == 1:
        return _cut(whole, size)
    return _done(part, (partial(part.take, some) for some in torch.split(places, size)))


def _done(part: Part, jobs: Iterable[Callable[[], Batch]]) -> Iterator[Batch]:
    """The results of the jobs; those that read and decode are begun ahead of time."""
    return (job() for job in jobs) if part.in_memory else ahead(jobs)


def _cut(columns: Batch, size: int) -> Iterator[Batch]:
    return zip(*(torch.split(column, size) for column in columns), strict=True)


def _batches_at_once(part: Part, size: int) -> int:
    if not part.in_memory:
        return 1
    sample = sum(column[:1].nbytes for column in part.columns if isinstance(column, Tensor))
    return max(1, min(CHUNK_BATCHES, CHUNK_BYTES // (sample * size)))
