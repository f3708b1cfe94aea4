"""Measures objectives on held-out samples: every loss and metric, averaged over the samples or counted over all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from typing import Protocol, cast

import torch
from torch import Tensor, nn

from studio.engine.class_counting import ClassCounting
from studio.engine.data.batches import Batch
from studio.engine.learning import evaluating
from studio.engine.meter import Mean
from studio.engine.teaching import Teaching


def evaluate(
    teachings: Mapping[str, Teaching],
    batches: Iterable[Sequence[Batch]],
    *,
    seed: int,
    device: torch.device,
    counting: ClassCounting | None = None,
) -> dict[tuple[str, str], Mean]:
    """Figures by objective and key, averaged over the samples; what counts instead has counted them afterwards.

    What is drawn at random is the same each time, and no training notices it. ``counting`` looks on.
    """
    means: dict[tuple[str, str], Mean] = {}
    for teaching in teachings.values():
        for tally in tallies(teaching.objective).values():
            tally.reset()
    objectives = {name: teaching.objective for name, teaching in teachings.items()}
    with evaluating(objectives), own_random_numbers(seed, device), counting.looking_on() if counting else nullcontext():
        for batch in batches:
            for name, teaching in teachings.items():
                columns = teaching.columns(batch)
                figures = teaching.forward(columns, measure=True)
                if counting is not None:
                    counting.take(name, columns)
                for key, value in zip(figures, _numbers(figures), strict=True):
                    means.setdefault((name, key), Mean()).add(value, len(batch[0][0]))
    return means


class Tally(Protocol):
    """The module of a figure that is no mean over batches: in evaluation mode it counts what it sees.

    All that it counts is in its buffers, and those of several processes may be added up.
    """

    def reset(self) -> None:
        """Begin to count anew."""

    def compute(self) -> Tensor:
        """The figure of everything counted since, a tensor ()."""

    def buffers(self) -> Iterator[Tensor]:
        """The counts."""


def tallies(objective: nn.Module) -> dict[str, Tally]:
    """The figures of an objective that count, by the key under which it answers them: the name of their module."""
    found = ((name, cast(Tally, module)) for name, module in objective.named_children())
    return {name: module for name, module in found if hasattr(module, "compute") and hasattr(module, "reset")}


def counted(
    teachings: Mapping[str, Teaching], totals: Callable[[Sequence[float]], Sequence[float]]
) -> dict[tuple[str, str], float]:
    """The figures that count, by objective and key, of what all processes counted; ``totals`` adds theirs up."""
    figures = {}
    for name, teaching in teachings.items():
        for key, tally in tallies(teaching.objective).items():
            for counts in tally.buffers():
                of_all = counts.new_tensor(totals(counts.flatten().tolist()))
                counts.copy_(of_all.view_as(counts))
            figures[name, key] = float(tally.compute())
    return figures


@contextmanager
def own_random_numbers(seed: int, device: torch.device) -> Iterator[None]:
    """Let random numbers begin at a seed; afterwards they go on as if nothing had happened."""
    with torch.random.fork_rng([device] if device.type == "cuda" else []):
        torch.manual_seed(seed)
        yield


def _numbers(figures: Mapping[str, Tensor]) -> list[float]:
    """All figures of a batch, fetched from the device at once."""
    numbers: list[float] = torch.stack([value.float() for value in figures.values()]).tolist()
    return numbers
