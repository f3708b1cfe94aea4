"""An objective on a device: which columns of the data it reads, and what it makes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from studio.core.dataset import Dataset
from studio.engine.build import Built
from studio.engine.device import autocast
from studio.engine.feed import columns_of


class Forward:
    """Computes an objective; as such it only measures and shows, and nothing learns from it."""

    def __init__(
        self, built: Built, name: str, device: torch.device, datasets: Sequence[Dataset], *, channels_last: bool
    ) -> None:
        """``datasets`` are those of which it gets a batch each."""
        source, precision = built.objective_sources[name], built.project.training.precision
        self.objective: nn.Module = built.objectives[name]
        self.datasets = datasets
        self.columns = columns_of(built, name, datasets, channels_last=channels_last)
        self.previews = tuple(source.previews)
        """Keys of what it shows."""
        self.mixed = precision != "32-bit"
        self._autocast = autocast(precision, device)

    def forward(self, batch: Mapping[str, Tensor], *, measure: bool, show: bool = False) -> dict[str, Tensor]:
        """The loss (), where there is one; measured, every loss and metric; shown, also every preview (batch, ...)."""
        return self.run(self.objective, batch, measure=measure, show=show)

    def run(
        self, objective: nn.Module, batch: Mapping[str, Tensor], *, measure: bool, show: bool = False
    ) -> dict[str, Tensor]:
        """The same of the objective as it is wrapped for several processes."""
        asked = {"show": True} if show and self.previews else {}
        values: dict[str, Tensor]
        if not self.mixed:
            values = objective(**batch, measure=measure, **asked)
        else:
            with self._autocast():
                values = objective(**batch, measure=measure, **asked)
        return values
