"""What a running network makes of held-out samples: classes, the samples again, or numbers, for a person to look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from studio.core.dataset import Dataset
from studio.core.graph import Link
from studio.core.node_class import Loss
from studio.core.shape import LABEL
from studio.engine.build import Built
from studio.engine.data.batches import Batch
from studio.engine.feed import datasets_of
from studio.engine.instrument import Values
from studio.engine.places import weights_of
from studio.engine.probe import Probe, picture
from studio.training.answers import Predicted
from studio.training.commands import Predict
from studio.training.slots import SlotWriter

BEST = 5


@dataclass(frozen=True)
class Compared:
    """A network's output that a loss compares with numbers of the data: graph and output, and the data's column."""

    network: str
    output: str
    column: str


def predicted(probe: Probe, asked: Predict, slots: SlotWriter, step: int, objectives: Sequence[str]) -> Predicted:
    """What the network of the first of these objectives answers, with the samples in the slot."""
    built = probe.built
    values, (batch, *_) = probe.values(objectives[0], asked.samples)
    slots.write(asked.slot, picture(batch[0], step, None))
    dataset = datasets_of(built, objectives)[0]
    for compared in _compared(built, objectives[0]):
        answer = values.get((compared.network, compared.output))
        target = batch[dataset.outputs.index(compared.column)]
        if answer is None or answer.shape != target.shape:
            continue
        errors = tuple((answer - target).square().flatten(1).mean(1).tolist())
        told = Predicted(step, asked.slot, asked.samples, (), (), (), errors=errors)
        if compared.column == dataset.outputs[0]:
            slots.write(asked.answers, picture(answer, step, None))
            return told
        if answer.ndim == 2:
            slots.write(asked.answers, picture(torch.stack([answer, target]), step, None))
            named = replace(told, classes=probe.data[dataset].class_names)
            return _read(built, values, compared, target, named)
    return _choices(probe, asked, step, objectives, values, batch)


def _compared(built: Built, objective: str) -> list[Compared]:
    """What the losses of an objective compare: an output of a network, and a column of the first dataset."""
    result, found = built.diagnosis.graphs[objective], []
    first = datasets_of(built, [objective])[0]
    for name, judge in result.nodes.items():
        links = result.graph.links.into.get(name, ()) if isinstance(judge.instance, Loss) else ()
        data = [k for k in links if isinstance(result.nodes[k.source].instance, Dataset)]
        answers = [k for k in links if result.nodes[k.source].node.type == "Network"]
        if data and answers and built.dataset(objective, data[0].source) == first:
            network = result.nodes[answers[0].source].node.graph
            found.append(Compared(network, answers[0].output, data[0].output))
    return found


def _read(built: Built, values: Values, compared: Compared, target: Tensor, told: Predicted) -> Predicted:
    """With what the network reads off its numbers, and what it would read off the right ones, where it does so."""
    told = replace(told, numbers=True)
    graph = built.project.graphs[compared.network]
    (answering,) = graph.links.into[compared.output]
    for output in graph.outputs():
        (feeding,) = graph.links.into[output]
        reader = graph.links.into.get(feeding.source, ())
        found = values.get((compared.network, output))
        if found is None or found.ndim != 1 or [_source(link) for link in reader] != [_source(answering)]:
            continue
        modules = weights_of(built.project, graph, built.networks[compared.network], feeding.source)
        if modules and not any(True for _ in modules[0].parameters()):
            with torch.no_grad():
                wanted = modules[0](target)
            return replace(told, reading=output, read=tuple(found.tolist()), wanted=tuple(wanted.tolist()))
    return told


def _source(link: Link) -> tuple[str, str]:
    return link.source, link.output


def _choices(
    probe: Probe, asked: Predict, step: int, objectives: Sequence[str], values: Values, columns: Batch
) -> Predicted:
    """The most probable classes of each sample; none where the answers are no scores of classes."""
    loaded = probe.data[datasets_of(probe.built, objectives)[0]]
    answer = next((values[at] for at in _answers(probe.built, objectives[0]) if at in values), None)
    labels = next((column for column, shape in zip(columns, loaded.shapes, strict=True) if shape == LABEL), None)
    numbers = tuple(labels.tolist()) if labels is not None else ()
    if answer is None or answer.ndim != 2 or labels is None:
        return Predicted(step, asked.slot, asked.samples, numbers, (), ())
    best = probabilities(answer).topk(min(BEST, answer.shape[1]))
    top, shares = (tuple(map(tuple, each.tolist())) for each in (best.indices, best.values))
    return Predicted(step, asked.slot, asked.samples, numbers, top, shares, loaded.class_names)


def _answers(built: Built, objective: str) -> list[tuple[str, str]]:
    """The outputs of the objective's networks, as graph and path."""
    networks = built.objective_sources[objective].networks.values()
    return [(name, output) for name in networks for output in built.project.graphs[name].answers()]


def probabilities(scores: Tensor) -> Tensor:
    """Scores (N, classes) as probabilities; those that are some already stay."""
    scores = scores.float()
    already = bool((scores >= 0).all()) and bool(
        torch.allclose(scores.sum(1), torch.ones_like(scores[:, 0]), atol=1e-3)
    )
    return scores if already else scores.softmax(1)
