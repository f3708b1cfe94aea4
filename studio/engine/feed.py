"""Feeds the objectives of a stage: at every step a batch of each dataset, its columns as the arguments they become."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from studio.core.dataset import Dataset
from studio.engine.build import Built
from studio.engine.data.batches import Batch, Batches, Part, in_order
from studio.engine.data.load import Loaded, PartName

Data = Mapping[Dataset, Loaded]
"""Every dataset of the project, read and prepared."""


@dataclass(frozen=True)
class Columns:
    """Picks the arguments of an objective from a batch of each dataset."""

    picked: tuple[tuple[str, int, int], ...]
    """Argument, number of the dataset, number of its column."""
    channels_last: bool = False

    def __call__(self, batches: Sequence[Batch]) -> dict[str, Tensor]:
        if self.channels_last:
            return {argument: _pixel_by_pixel(batches[data][column]) for argument, data, column in self.picked}
        return {argument: batches[data][column] for argument, data, column in self.picked}


def datasets_of(built: Built, objectives: Sequence[str]) -> list[Dataset]:
    """The datasets that objectives read, each once, in order."""
    nodes = [(name, node) for name in objectives for node in built.objective_sources[name].data]
    return list(dict.fromkeys(built.dataset(name, node) for name, node in nodes))


def columns_of(built: Built, objective: str, datasets: Sequence[Dataset], *, channels_last: bool) -> Columns:
    """How a batch of each of these datasets becomes the objective's arguments."""
    picked = []
    for argument, (node, output) in built.objective_sources[objective].columns.items():
        dataset = built.dataset(objective, node)
        picked.append((argument, datasets.index(dataset), dataset.outputs.index(output)))
    return Columns(tuple(picked), channels_last)


class Feed:
    """The training parts of some datasets in batches; an epoch is a pass over the first, the others go round."""

    def __init__(self, data: Sequence[Loaded], size: int, seed: int, share: tuple[int, int] = (0, 1)) -> None:
        self._batches = [
            Batches(
                each.train,
                size,
                seed + number,
                augmentation=each.augmentation,
                drop_last=leaves_one(len(each.train), size, share[1]),
                share=share,
            )
            for number, each in enumerate(data)
        ]

    def __len__(self) -> int:
        """Steps of an epoch."""
        return len(self._batches[0])

    def __iter__(self) -> Iterator[tuple[Batch, ...]]:
        """What is left of the epoch."""
        first, *others = self._batches
        endless = [_endless(batches) for batches in others]
        if not endless:
            yield from ((batch,) for batch in first)
        else:
            yield from ((batch, *map(next, endless)) for batch in first)

    @property
    def weight(self) -> float:
        """What this process's share of the step counts, 1 on average over all processes."""
        return self._batches[0].weight

    def state(self) -> list[tuple[int, int]]:
        """Where in which epoch each dataset stands."""
        return [(batches.epoch, batches.index) for batches in self._batches]

    def restore(self, state: Sequence[tuple[int, int]]) -> None:
        for batches, (epoch, index) in zip(self._batches, state, strict=True):
            batches.epoch, batches.index = epoch, index


def held_out(
    data: Sequence[Loaded], part: PartName, size: int, share: tuple[int, int] = (0, 1)
) -> Iterator[tuple[Batch, ...]]:
    """A part of the first dataset in order, with as much of the same part of the others beside it.

    Of several processes each takes its share; of another dataset with too few samples for that, all take all.
    """
    first, *others = (each.part(part) for each in data)
    endless = [_endless_in_order(other, size, share if len(other) >= share[1] else (0, 1)) for other in others]
    for batch in in_order(first, size, share=share):
        yield (batch, *(_first(next(other), len(batch[0])) for other in endless))


def sample(data: Sequence[Loaded], part: PartName, places: Sequence[int]) -> tuple[Batch, ...]:
    """These samples of a part, prepared, from each dataset; places beyond its end begin anew."""
    parts = [each.part(part) for each in data]
    return tuple(each.take(torch.tensor([p % len(each) for p in places], device=each.device)) for each in parts)


def leaves_one(samples: int, size: int, processes: int = 1) -> bool:
    """Whether the last batch would leave a process less than two samples, of which a norm knows no variance."""
    together = size * processes
    return size > 1 and samples > together and 0 < samples % together < 2 * processes


def _pixel_by_pixel(values: Tensor) -> Tensor:
    return values.to(memory_format=torch.channels_last) if values.ndim == 4 else values


def _endless(batches: Batches) -> Iterator[Batch]:
    while True:
        yield from batches


def _endless_in_order(part: Part, size: int, share: tuple[int, int]) -> Iterator[Batch]:
    while len(part):
        yield from in_order(part, size, share=share)


def _first(batch: Batch, count: int) -> Batch:
    return tuple(column[:count] for column in batch)
