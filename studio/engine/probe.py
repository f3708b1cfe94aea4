"""Shows the running network: values of any node for a held-out sample, and weights."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict

import torch
from torch import Tensor, nn

from studio.core.dataset import Dataset
from studio.engine.build import Built
from studio.engine.data.batches import Batch
from studio.engine.data.load import PartName
from studio.engine.evaluate import own_random_numbers
from studio.engine.feed import Columns, Data, columns_of, datasets_of, sample
from studio.engine.instrument import Instrument, Values
from studio.engine.learning import evaluating
from studio.engine.places import weights_of
from studio.training.commands import Watch
from studio.training.slots import PICTURE, Picture, SlotWriter

MAPS = 64
"""Channels of a node that are shown at most."""


class Probe:
    """Looks at samples the training never learns from, without a trace in it."""

    def __init__(self, built: Built, data: Data, device: torch.device, *, seed: int, channels_last: bool) -> None:
        self.built, self.data, self._device, self._seed = built, data, device, seed
        self._instrument: Instrument | None = None
        self._channels_last = channels_last

    def values(self, objective: str, samples: Sequence[int]) -> tuple[Values, Sequence[Batch]]:
        """Every value of an objective's pass over held-out samples, and these samples."""
        datasets = datasets_of(self.built, [objective])
        loaded = [self.data[dataset] for dataset in datasets]
        batch = sample(loaded, held_out_part(self.data, datasets), samples)
        columns = columns_of(self.built, objective, datasets, channels_last=self._channels_last)
        module = self.built.objectives[objective]
        with evaluating({objective: module}), own_random_numbers(self._seed, self._device):
            return self.pass_through(module, columns, batch), batch

    def answer(self, network: str, values: Tensor) -> Tensor:
        """What a network alone answers for values of its one input; of several answers, the first."""
        module = self.built.networks[network]
        with evaluating({network: module}), own_random_numbers(self._seed, self._device):
            answers = module(values)
        found: Tensor = answers[0] if isinstance(answers, tuple) else answers
        return found

    def pass_through(self, objective: nn.Module, columns: Columns, batch: Sequence[Batch]) -> Values:
        """Every value of one forward pass, in the order in which they were computed."""
        self._instrument = self._instrument or Instrument(self.built)
        values: Values = {}
        with self._instrument.telling(values):
            objective(**columns(batch))
        return values

    def show(self, watches: Iterable[Watch], slots: SlotWriter, step: int) -> list[Watch]:
        """Put a picture of each watched node into its slot; answers the watches of which there is nothing to show."""
        passes: dict[tuple[str, int], Values] = {}
        empty = []
        for watch in watches:
            value = self._weights(watch) if watch.look_at != "output" else None
            objective = self.objective_with(watch.graph)
            if watch.look_at == "output" and objective:
                key = objective, watch.sample
                if key not in passes:
                    passes[key] = self.values(objective, [watch.sample])[0]
                value = passes[key].get((watch.graph, watch.node))
                value = value[0] if value is not None and value.ndim else value
            if value is None:
                empty.append(watch)
            else:
                slots.write(watch.slot, picture(value, step, watch))
        return empty

    def objective_with(self, graph: str) -> str | None:
        """The objective of this name, or the first that holds the network of this name."""
        sources = self.built.objective_sources.items()
        return next((name for name, source in sources if graph in (name, *source.networks.values())), None)

    def _weights(self, watch: Watch) -> Tensor | None:
        """The largest weight of a node, or its gradient; of a repeated block, that of the first."""
        network = self.built.networks.get(watch.graph)
        if network is None:
            return None
        project = self.built.project
        modules = weights_of(project, project.graphs[watch.graph], network, watch.node)[:1]
        weights = [weight for module in modules for weight in module.parameters()]
        largest = max(weights, key=lambda weight: (weight.ndim, weight.numel()), default=None)
        return largest if largest is None or watch.look_at == "weights" else largest.grad


def held_out_part(data: Data, datasets: Sequence[Dataset]) -> PartName:
    """The part that is looked at: validation, or the next that no dataset lacks."""
    order: tuple[PartName, ...] = ("validation", "test", "train")
    return next((part for part in order if all(len(data[dataset].part(part)) for dataset in datasets)), "train")


def picture(value: Tensor, step: int, watch: Watch | None) -> Picture:
    """The value as a picture: at most 64 channels in float32, coarser where it would not fit into a slot."""
    value = value.detach()
    shown = value[:MAPS] if value.ndim > 2 and watch is not None else value
    stride = 1
    while shown.numel() * 4 > PICTURE:
        shown = shown[..., ::2, ::2] if shown.ndim > 1 else shown[::2]
        stride *= 2
    about = asdict(watch) if watch else {}
    bounds = {"low": float(value.min()), "high": float(value.max())} if value.numel() else {}
    array = shown.to("cpu", torch.float32).numpy()
    return Picture(array, step, {**about, **bounds, "shape_of_value": list(value.shape), "stride": stride})


def first_not_finite(values: Mapping[tuple[str, str], Tensor]) -> tuple[str, str] | None:
    """Graph and path of the first value of a pass that is no longer a finite number."""
    return next((at for at, value in values.items() if not bool(value.isfinite().all())), None)
