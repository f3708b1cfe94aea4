"""Shows the running network: values of any node for a held-out sample, weights, and predictions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict

import torch
from torch import Tensor, nn

from studio.core.dataset import Dataset
from studio.core.node_class import Loss
from studio.core.shape import LABEL
from studio.engine.build import Built
from studio.engine.data.batches import Batch
from studio.engine.data.load import PartName
from studio.engine.evaluate import own_random_numbers
from studio.engine.feed import Columns, Data, columns_of, datasets_of, sample
from studio.engine.instrument import Instrument, Values
from studio.engine.learning import evaluating
from studio.engine.places import weights_of
from studio.training.commands import Predict, Watch
from studio.training.messages import Predicted
from studio.training.slots import PICTURE, Picture, SlotWriter

MAPS = 64
"""Channels of a node that are shown at most."""
BEST = 5


class Probe:
    """Looks at samples the training never learns from, without a trace in it."""

    def __init__(self, built: Built, data: Data, device: torch.device, *, seed: int, channels_last: bool) -> None:
        self._built, self._data, self._device, self._seed = built, data, device, seed
        self._instrument: Instrument | None = None
        self._channels_last = channels_last

    def values(self, objective: str, samples: Sequence[int]) -> tuple[Values, Sequence[Batch]]:
        """Every value of an objective's pass over held-out samples, and these samples."""
        datasets = datasets_of(self._built, [objective])
        loaded = [self._data[dataset] for dataset in datasets]
        batch = sample(loaded, held_out_part(self._data, datasets), samples)
        columns = columns_of(self._built, objective, datasets, channels_last=self._channels_last)
        module = self._built.objectives[objective]
        with evaluating({objective: module}), own_random_numbers(self._seed, self._device):
            return self.pass_through(module, columns, batch), batch

    def pass_through(self, objective: nn.Module, columns: Columns, batch: Sequence[Batch]) -> Values:
        """Every value of one forward pass, in the order in which they were computed."""
        self._instrument = self._instrument or Instrument(self._built)
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
            objective = self._objective_with(watch.graph)
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

    def predict(self, asked: Predict, slots: SlotWriter, step: int, objectives: Sequence[str]) -> Predicted:
        """What the network of the first of these objectives answers, with the samples in the slot."""
        values, batch = self.values(objectives[0], asked.samples)
        samples = batch[0][0]
        slots.write(asked.slot, picture(samples, step, None))
        again = values.get(self._again(objectives[0]))
        if again is not None and again.shape == samples.shape:
            slots.write(asked.answers, picture(again, step, None))
            errors = (again - samples).square().flatten(1).mean(1)
            return Predicted(step, asked.slot, asked.samples, (), (), (), errors=tuple(errors.tolist()))
        return self._choices(asked, step, objectives, values, batch[0])

    def _choices(
        self, asked: Predict, step: int, objectives: Sequence[str], values: Values, columns: Batch
    ) -> Predicted:
        """The most probable classes of each sample; none where the answers are no scores of classes."""
        loaded = self._data[datasets_of(self._built, objectives)[0]]
        answer = next((values[at] for at in self._answers(objectives[0]) if at in values), None)
        labels = next((column for column, shape in zip(columns, loaded.shapes, strict=True) if shape == LABEL), None)
        numbers = tuple(labels.tolist()) if labels is not None else ()
        if answer is None or answer.ndim != 2 or labels is None:
            return Predicted(step, asked.slot, asked.samples, numbers, (), ())
        best = probabilities(answer).topk(min(BEST, answer.shape[1]))
        top, shares = (tuple(map(tuple, each.tolist())) for each in (best.indices, best.values))
        return Predicted(step, asked.slot, asked.samples, numbers, top, shares, loaded.class_names)

    def _again(self, objective: str) -> tuple[str, str]:
        """The network and its output that a loss compares with the first column of the data; empty where none does."""
        result = self._built.diagnosis.graphs[objective]
        data = next(name for name, found in result.nodes.items() if isinstance(found.instance, Dataset))
        sample = data, next(iter(result.nodes[data].outputs))
        for name, found in result.nodes.items():
            links = result.graph.links.into.get(name, ())
            if isinstance(found.instance, Loss) and any((link.source, link.output) == sample for link in links):
                answers = (link for link in links if result.nodes[link.source].node.type == "Network")
                return next(((result.nodes[k.source].node.graph, k.output) for k in answers), ("", ""))
        return "", ""

    def _objective_with(self, graph: str) -> str | None:
        """The objective of this name, or the first that holds the network of this name."""
        sources = self._built.objective_sources.items()
        return next((name for name, source in sources if graph in (name, *source.networks.values())), None)

    def _answers(self, objective: str) -> list[tuple[str, str]]:
        """The outputs of the objective's networks, as graph and path."""
        networks = self._built.objective_sources[objective].networks.values()
        return [(name, output) for name in networks for output in self._built.project.graphs[name].answers()]

    def _weights(self, watch: Watch) -> Tensor | None:
        """The largest weight of a node, or its gradient; of a repeated block, that of the first."""
        network = self._built.networks.get(watch.graph)
        if network is None:
            return None
        project = self._built.project
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


def probabilities(scores: Tensor) -> Tensor:
    """Scores (N, classes) as probabilities; those that are some already stay."""
    scores = scores.float()
    already = bool((scores >= 0).all()) and bool(
        torch.allclose(scores.sum(1), torch.ones_like(scores[:, 0]), atol=1e-3)
    )
    return scores if already else scores.softmax(1)


def first_not_finite(values: Mapping[tuple[str, str], Tensor]) -> tuple[str, str] | None:
    """Graph and path of the first value of a pass that is no longer a finite number."""
    return next((at for at, value in values.items() if not bool(value.isfinite().all())), None)
