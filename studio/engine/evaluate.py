"""Measures objectives on held-out samples: every loss and metric, averaged over the samples or counted over all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Protocol, cast

import torch
from torch import Tensor, nn

from studio.engine.class_counting import ClassCounting
from studio.engine.data.batches import Batch
from studio.engine.forward import Forward
from studio.engine.learning import evaluating
from studio.engine.meter import Mean


@dataclass
class Seen:
    """What objectives answered to held-out samples."""

    means: dict[tuple[str, str], Mean] = field(default_factory=dict)
    """Figures by objective and key, averaged over the samples."""
    shown: dict[str, dict[str, Tensor]] = field(default_factory=dict)
    """Previews of the first batch by objective and key, (batch, ...)."""


def evaluate(
    objectives: Mapping[str, Forward],
    batches: Iterable[Sequence[Batch]],
    *,
    seed: int,
    device: torch.device,
    counting: ClassCounting | None = None,
    show: bool = False,
) -> Seen:
    """What objectives answer to these batches; what counts instead of being averaged has counted them afterwards.

    What is drawn at random is the same each time, and no training notices it. ``counting`` looks on. Only where
    ``show`` says so are previews computed.
    """
    seen = Seen()
    modules = {name: each.objective for name, each in objectives.items()}
    sloping = {name for name, module in modules.items() if _takes_slopes(module)}
    for module in modules.values():
        for tally in tallies(module).values():
            tally.reset()
    with evaluating(modules), own_random_numbers(seed, device), counting.looking_on() if counting else nullcontext():
        for number, batch in enumerate(batches):
            for name, each in objectives.items():
                columns = each.columns(batch)
                with torch.set_grad_enabled(name in sloping):
                    answered = each.forward(columns, measure=True, show=show and number == 0)
                answered = {key: value.detach() for key, value in answered.items()}
                if counting is not None:
                    counting.take(name, columns)
                if show and number == 0:
                    seen.shown[name] = {key: answered[key] for key in each.previews}
                figures = {key: value for key, value in answered.items() if key not in each.previews}
                for key, value in zip(figures, _numbers(figures), strict=True):
                    seen.means.setdefault((name, key), Mean()).add(value, len(batch[0][0]))
    return seen


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
    objectives: Mapping[str, Forward], totals: Callable[[Sequence[float]], Sequence[float]]
) -> dict[tuple[str, str], float]:
    """The figures that count, by objective and key, of what all processes counted; ``totals`` adds theirs up."""
    figures = {}
    for name, each in objectives.items():
        for key, tally in tallies(each.objective).items():
            for counts in tally.buffers():
                of_all = counts.new_tensor(totals(counts.flatten().tolist()))
                counts.copy_(of_all.view_as(counts))
            figures[name, key] = float(tally.compute())
    return figures


@contextmanager
def own_random_numbers(seed: int, device: torch.device) -> Iterator[None]:
    """Let random numbers begin at a seed; afterwards they go on as if nothing had happened."""
    with torch.random.fork_rng([device] if device.type == "cuda" else []):
        if device.type == "cpu":
            torch.default_generator.manual_seed(seed)  # torch.manual_seed would also note its caller for a GPU: 0.4 ms
        else:
            torch.manual_seed(seed)
        yield


def _takes_slopes(objective: nn.Module) -> bool:
    """Whether a figure of an objective is made of gradients, which measuring does without otherwise."""
    return any(getattr(module, "measured_with_gradients", False) for module in objective.modules())


def _numbers(figures: Mapping[str, Tensor]) -> list[float]:
    """All figures of a batch, fetched from the device at once."""
    if not figures:
        return []
    numbers: list[float] = torch.stack([value.float() for value in figures.values()]).tolist()
    return numbers
