"""What a training knows about the processes that train with it; usually there are none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from queue import SimpleQueue
from typing import Protocol

import torch
from torch import Tensor, nn

from studio.engine.meter import Meter
from studio.training.commands import Command
from studio.training.ring import RingWriter


class Inbox(Protocol):
    """Where commands arrive."""

    def empty(self) -> bool: ...

    def get(self) -> Command: ...


class Crew(Protocol):
    """The processes that train together, each with its share of every batch.

    All of them go through the same training and call everything here but ``wrap`` at the same moments of it. The first
    process alone is told what a person wants, and alone tells, saves and reads the clock.
    """

    @property
    def share(self) -> tuple[int, int]:
        """The number of this process, and of how many."""

    @property
    def leads(self) -> bool:
        """Whether this is the first process."""

    @property
    def device(self) -> torch.device | None:
        """The device of this process; None where there is a choice."""

    def wrap(self, objective: nn.Module, taught: Mapping[str, nn.Parameter], weight: Callable[[], float]) -> nn.Module:
        """The objective as a step runs it: the gradients of what it teaches are averaged over all processes.

        ``weight`` says what this process's share of the step counts in that.
        """

    def inbox(self, commands: SimpleQueue[Command]) -> Inbox:
        """Where every process finds the commands of the first."""

    def meter(self, series: tuple[str, ...], ring: RingWriter | None) -> Meter:
        """A meter that reads in all processes at the same steps, the same figures."""

    def meet(self, seconds: Sequence[float]) -> Sequence[float]:
        """Take over what the first process's clocks show, and hear whether it was given commands."""

    def totals(self, numbers: Sequence[float]) -> Sequence[float]:
        """The sum over all processes of each number."""

    def align(self, modules: Sequence[nn.Module]) -> None:
        """Take over the first process's weights and buffers."""

    def first_goes_first(self) -> AbstractContextManager[None]:
        """A context that the others enter when the first has left it, and found what it needs or fetched it."""

    def random_states(self) -> list[Tensor]:
        """The states of the other processes' random numbers, which differ from the first's."""

    def set_random_state(self, states: Sequence[Tensor], seed: int) -> None:
        """Let random numbers of another process than the first go on from its state, or begin at a seed of its own."""


class Alone:
    """The usual case: nothing stands between a step and torch."""

    share = (0, 1)
    leads = True
    device = None

    def wrap(self, objective: nn.Module, taught: Mapping[str, nn.Parameter], weight: Callable[[], float]) -> nn.Module:
        return objective

    def inbox(self, commands: SimpleQueue[Command]) -> Inbox:
        return commands

    def meter(self, series: tuple[str, ...], ring: RingWriter | None) -> Meter:
        return Meter(series, ring)

    def meet(self, seconds: Sequence[float]) -> Sequence[float]:
        return seconds

    def totals(self, numbers: Sequence[float]) -> Sequence[float]:
        return numbers

    def align(self, modules: Sequence[nn.Module]) -> None:
        """Nobody to differ from."""

    @contextmanager
    def first_goes_first(self) -> Iterator[None]:
        yield

    def random_states(self) -> list[Tensor]:
        return []

    def set_random_state(self, states: Sequence[Tensor], seed: int) -> None:
        """The state that was set already is the only one."""
