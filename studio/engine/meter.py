"""Reads the live figures of a training ten times a second, so that no step waits for a number."""

from __future__ import annotations

import math
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from studio.training.ring import RingWriter

EVERY = 0.1
"""Seconds between two readings."""


class Diverged(Exception):
    """A loss is no longer a finite number since this step, or, where none is named, cannot be: the weights are none."""

    def __init__(self, step: int, loss: str = "") -> None:
        super().__init__(f"{loss or 'a weight'} is not a finite number at step {step}")
        self.step, self.loss = step, loss


@dataclass
class Mean:
    """A mean that grows value by value, always in the same order, so that it is the same to the last bit."""

    total: float = 0.0
    count: float = 0

    def add(self, value: float, weight: int = 1) -> None:
        self.total += value * weight
        self.count += weight

    def add_all(self, values: Sequence[float]) -> None:
        """Add some of weight 1, in their order; ``sum`` rounds otherwise where it is given them in other parts."""
        total = self.total
        for value in values:
            total += value
        self.total = total
        self.count += len(values)

    @property
    def value(self) -> float:
        return self.total / self.count if self.count else math.nan


@dataclass
class Meter:
    """Collects the losses of every step as tensors; a reading turns them into numbers all at once."""

    series: tuple[str, ...]
    ring: RingWriter | None = None
    epoch: dict[str, Mean] = field(default_factory=dict)
    """Mean of each loss over the epoch so far."""
    clock: Callable[[], float] = time.perf_counter

    def __post_init__(self) -> None:
        self._numbers = {name: number for number, name in enumerate(self.series)}
        self._losses: defaultdict[str, tuple[list[int], list[Tensor]]] = defaultdict(lambda: ([], []))
        self._next = 0.0

    def due(self) -> bool:
        """Whether it is time for a reading."""
        return self.clock() >= self._next

    def add(self, step: int, series: str, loss: Tensor) -> None:
        """Keep the loss of a step, a tensor ()."""
        steps, losses = self._losses[series]
        steps.append(step)
        losses.append(loss.detach())

    def fetch(self, values: Tensor) -> list[float]:
        """These values (n) as numbers."""
        numbers: list[float] = values.tolist()
        return numbers

    def read(self, step: int, figures: Mapping[str, float | Tensor]) -> dict[str, float]:
        """Turn everything collected into numbers and tell the window: means of the losses, then the figures.

        Raises Diverged.
        """
        self._next = self.clock() + EVERY
        values = self.flush()
        for name, figure in figures.items():
            values[name] = self.fetch(figure.detach().reshape(1))[0] if isinstance(figure, Tensor) else figure
            self._tell(name, [step], [values[name]])
        return values

    def flush(self) -> dict[str, float]:
        """Turn the losses collected into numbers, between two readings; answers their means.

        Raises Diverged for the loss that was the first to be none.
        """
        values: dict[str, float] = {}
        diverged: list[Diverged] = []
        for name, (steps, losses) in self._losses.items():
            if steps:
                try:
                    values[name] = self._losses_read(name, steps, self.fetch(torch.stack(losses)))
                except Diverged as error:
                    diverged.append(error)
                steps.clear()
                losses.clear()
        if diverged:
            raise min(diverged, key=lambda error: error.step)
        return values

    def end_epoch(self) -> dict[str, float]:
        """Means over the epoch, which begins anew; everything collected must have been read."""
        means = {name: mean.value for name, mean in self.epoch.items()}
        self.epoch.clear()
        return means

    def _losses_read(self, name: str, steps: list[int], numbers: list[float]) -> float:
        """The mean of these losses, each told to the window and counted for the epoch."""
        self._tell(name, steps, numbers)
        for step, number in zip(steps, numbers, strict=True):
            if not math.isfinite(number):
                raise Diverged(step, name)
        self.epoch.setdefault(name, Mean()).add_all(numbers)
        return sum(numbers) / len(numbers)

    def _tell(self, name: str, steps: list[int], values: list[float]) -> None:
        if self.ring is not None and name in self._numbers:
            self.ring.write(self._numbers[name], steps, values)
