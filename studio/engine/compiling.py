"""Runs the steps of objectives through torch.compile; what cannot be compiled goes on as it is, and it is said."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch
from torch import Tensor, nn

from studio.engine.crew import Alone


class Compiled(nn.Module):
    """An objective whose whole batches are computed by compiled code.

    Smaller batches, as at the end of an epoch, are computed as they are: a compiler would begin anew for each size.
    Metrics are always computed along, so that what a step computes does not depend on who is looking.
    """

    def __init__(self, objective: nn.Module, tell: Callable[[str], None] | None = None) -> None:
        super().__init__()
        self.objective, self._tell = objective, tell
        self._compiled: Callable[..., dict[str, Tensor]] | None = torch.compile(objective, dynamic=False)
        self._whole = 0

    def forward(self, *, measure: bool = False, **batch: Tensor) -> dict[str, Tensor]:
        size = len(next(iter(batch.values())))
        self._whole = max(self._whole, size)
        values: dict[str, Tensor]
        if self._compiled is not None and size == self._whole:
            try:
                return self._compiled(**batch, measure=True)
            except Exception as error:
                if self._tell is None or not _is_compilers(error):
                    raise
                self._compiled = None
                self._tell(f"torch.compile cannot compile this: it is computed as it is. {first_line(error)}")
        values = self.objective(**batch, measure=measure)
        return values


class Compiling(Alone):
    """A process that trains alone, with compiled objectives; ``tell`` is told why one cannot be compiled.

    Without it that is an error.
    """

    def __init__(self, tell: Callable[[str], None] | None = None) -> None:
        self._tell = tell

    def wrap(self, objective: nn.Module, taught: Mapping[str, nn.Parameter], weight: Callable[[], float]) -> nn.Module:
        return Compiled(objective, self._tell)


def _is_compilers(error: Exception) -> bool:
    """Whether the compiler failed, rather than what it compiled."""
    return type(error).__module__.startswith(("torch._dynamo", "torch._inductor"))


def first_line(error: Exception) -> str:
    """What an error says, in one line."""
    return (str(error).strip() or type(error).__name__).splitlines()[0][:200]
