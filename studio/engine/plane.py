"""What a network of points in the plane answers everywhere between them, on a grid, for a person to look at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from studio.compiler.rules import LOGITS_LOSSES
from studio.core.shape import LABEL
from studio.engine.feed import datasets_of
from studio.engine.predicting import probabilities
from studio.engine.probe import Probe, held_out_part, picture
from studio.training.commands import Watch
from studio.training.slots import SlotWriter

SIDE = 96
"""Points of the grid in each direction."""
MARGIN = 0.08
"""Of the range of the held-out points, how much is shown beyond them on each side."""
MOST_POINTS = 10_000
"""Held-out points that tell the range at most."""


@dataclass(frozen=True)
class Plane:
    """Answers at the centres of SIDE × SIDE equal cells, the lowest row first."""

    answers: Tensor
    """Class and probability (2, SIDE, SIDE)."""
    bounds: tuple[float, float, float, float]
    """Outer edges of the cells: left, right, bottom and top."""


def show_planes(probe: Probe, watches: Iterable[Watch], slots: SlotWriter, step: int) -> list[Watch]:
    """Put the plane of each watched network into its slot; answers the watches of which there is nothing to show."""
    empty = []
    for watch in watches:
        plane = plane_of(probe, watch.graph)
        if plane is None:
            empty.append(watch)
        else:
            shown = picture(plane.answers, step, watch)
            slots.write(watch.slot, replace(shown, about={**shown.about, "bounds": plane.bounds}))
    return empty


def plane_of(probe: Probe, network: str) -> Plane | None:
    """What a network answers among the held-out points; None where its input is no point, or its answer no class."""
    objective = probe.objective_with(network)
    if objective is None or network not in probe.built.networks:
        return None
    dataset = datasets_of(probe.built, [objective])[0]
    loaded, fed = probe.data[dataset], probe.built.diagnosis.graphs[network].inputs
    if not loaded.class_names or [shape.sizes for shape in (*fed.values(), loaded.shapes[0])] != [(2,), (2,)]:
        return None
    part = loaded.part(held_out_part(probe.data, [dataset]))
    points = part.take(torch.arange(min(len(part), MOST_POINTS), device=part.device))[0]
    bounds = _bounds(points)
    answer = probe.answer(network, _centres(bounds).to(points))
    count = len(loaded.class_names)
    if answer.ndim != 2 or answer.shape[1] not in ((1, 2) if count == 2 else (count,)):
        return None
    chosen = _choices(answer.float(), are_scores=_are_scores(probe, objective), has_labels=LABEL in loaded.shapes)
    return Plane(chosen.reshape(2, SIDE, SIDE), bounds)


def _bounds(points: Tensor) -> tuple[float, float, float, float]:
    """The range of points (N, 2) with a margin; where they all lie on a line, of one unit around it."""
    low, high = points.amin(0), points.amax(0)
    room = torch.where(high > low, MARGIN * (high - low), 0.5)
    (left, bottom), (right, top) = (low - room).tolist(), (high + room).tolist()
    return left, right, bottom, top


def _centres(bounds: tuple[float, float, float, float]) -> Tensor:
    """The points (SIDE · SIDE, 2) in the middle of the cells, row by row."""
    left, right, bottom, top = bounds
    share = (torch.arange(SIDE) + 0.5) / SIDE
    columns, rows = left + (right - left) * share, bottom + (top - bottom) * share
    return torch.stack([columns.repeat(SIDE), rows.repeat_interleave(SIDE)], 1)


def _choices(answer: Tensor, *, are_scores: bool, has_labels: bool) -> Tensor:
    """Class and probability (2, N) for answers (N, 1), of which a half is a yes, or (N, classes)."""
    if are_scores:
        answer = answer.sigmoid()
    if answer.shape[1] == 1:
        yes = answer[:, 0].clamp(0, 1)
        return torch.stack([(yes >= 0.5).float(), torch.maximum(yes, 1 - yes)])
    best = (probabilities(answer) if has_labels else answer.clamp(0, 1)).max(1)
    return torch.stack([best.indices.float(), best.values])


def _are_scores(probe: Probe, objective: str) -> bool:
    """Whether a loss of the objective applies the logistic function to the answer itself."""
    nodes = probe.built.diagnosis.graphs[objective].graph.nodes.values()
    return any("Sigmoid" in LOGITS_LOSSES.get(node.type, ()) for node in nodes)
