"""Measures objectives on held-out samples: every loss and metric, averaged over the samples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor

from studio.engine.data.batches import Batch
from studio.engine.learning import evaluating
from studio.engine.meter import Mean
from studio.engine.teaching import Teaching


def evaluate(
    teachings: Mapping[str, Teaching], batches: Iterable[Sequence[Batch]], *, seed: int, device: torch.device
) -> dict[tuple[str, str], Mean]:
    """Figures by objective and key, averaged over the samples.

    What is drawn at random is the same each time, and no training notices it.
    """
    means: dict[tuple[str, str], Mean] = {}
    objectives = {name: teaching.objective for name, teaching in teachings.items()}
    with evaluating(objectives), own_random_numbers(seed, device):
        for batch in batches:
            for name, teaching in teachings.items():
                figures = teaching.forward(teaching.columns(batch), measure=True)
                for key, value in zip(figures, _numbers(figures), strict=True):
                    means.setdefault((name, key), Mean()).add(value, len(batch[0][0]))
    return means


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
