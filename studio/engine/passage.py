"""What goes into a node and what comes out of it: evaluated, and once more as while training, on a copy of the node."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import asdict, dataclass, field
from math import isfinite, nan, prod
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from studio.core.graph import Graph
from studio.engine.evaluate import own_random_numbers
from studio.engine.places import weights_of
from studio.engine.probe import Probe
from studio.training.commands import Watch
from studio.training.slots import Picture, SlotWriter

SAMPLES = 32
"""Held-out samples that pass through."""
MOST = 4096
"""Numbers of each kind that are shown, evenly chosen of all."""
MOST_UNITS = 16_384
POINTS, REACH = 401, 4.0
"""Of the curve of an activation, and how far it reaches beyond what goes in."""


@dataclass(frozen=True)
class Passage:
    """Numbers by what they are: ``in``, ``out``, ``trained``, ``kept`` (1 or 0 for each unit), ``x`` and ``y``."""

    rows: dict[str, Tensor]
    about: dict[str, Any] = field(default_factory=dict)


def show_passages(probe: Probe, watches: Iterable[Watch], slots: SlotWriter, step: int) -> list[Watch]:
    """Put the passage of each watched node into its slot; answers the watches of which there is nothing to show."""
    empty = []
    for watch in watches:
        passage = passage_of(probe, watch)
        if passage is None:
            empty.append(watch)
        else:
            about = {**asdict(watch), **passage.about, "rows": list(passage.rows)}
            slots.write(watch.slot, Picture(_table(list(passage.rows.values())), step, about))
    return empty


def passage_of(probe: Probe, watch: Watch) -> Passage | None:
    """What a node of one input does to held-out samples; None where it has no input, or several."""
    objective, network = probe.objective_with(watch.graph), probe.built.networks.get(watch.graph)
    if objective is None or network is None:
        return None
    values, _ = probe.values(objective, range(watch.sample, watch.sample + SAMPLES))
    project = probe.built.project
    source = _source(project.graphs, project.graphs[watch.graph], watch.node)
    given, out = (values.get((watch.graph, path)) for path in (source, watch.node))
    if given is None or out is None or not given.is_floating_point():
        return None
    rows = {"in": _some(given), "out": _some(out)}
    modules = weights_of(project, project.graphs[watch.graph], network, watch.node)
    if not modules or modules[0] is network:
        return Passage(rows)
    seed = project.training.seed + watch.draw
    return _with_module(Passage(rows), modules[0], given, out, seed)


def _with_module(passage: Passage, module: nn.Module, given: Tensor, out: Tensor, seed: int) -> Passage:
    """Add what the node would do while training, which units it switches off, and its curve."""
    trained = _as_while_training(module, given, seed)
    if trained is None:
        return passage
    rows, about = dict(passage.rows), dict(passage.about)
    if not torch.equal(trained, out):
        rows["trained"] = _some(trained)
    kept = _as_while_training(module, torch.ones_like(given), seed) if _switches_off(module) else None
    if kept is not None:
        # The same numbers are drawn for ones, of which what comes out zero was switched off.
        mask = (kept != 0).float()
        about["share"], about["units"] = float(mask.mean()), list(mask.shape[1:])
        rows["kept"] = mask[0].flatten()[:MOST_UNITS]
    curve = _curve(module, given, out)
    if curve is not None:
        rows["x"], rows["y"] = curve
    return Passage(rows, about)


def _source(graphs: Mapping[str, Graph], graph: Graph, path: str) -> str:
    """The path of the node that feeds the first input of a node; empty where it has none or several."""
    *blocks, name = _steps(graphs, graph, path)
    for block in blocks:
        graph = graphs[graph.nodes[block].graph]
    links = graph.links.into.get(name, ())
    return "/".join((*blocks, links[0].source)) if len(links) == 1 else ""


def _steps(graphs: Mapping[str, Graph], graph: Graph, path: str) -> Sequence[str]:
    """The blocks of a path and the node at its end; names may hold slashes themselves."""
    if path in graph.nodes:
        return (path,)
    for name, node in graph.nodes.items():
        if node.graph and path.startswith(f"{name}/"):
            return (name, *_steps(graphs, graphs[node.graph], path[len(name) + 1 :]))
    return (path,)


@torch.no_grad()
def _as_while_training(module: nn.Module, given: Tensor, seed: int) -> Tensor | None:
    """What a copy of the module answers in training mode, so that its statistics stay; None where it needs more."""
    copy = deepcopy(module).train()
    try:
        with own_random_numbers(seed, given.device):
            answer = copy(given)
    except (TypeError, RuntimeError, ValueError):  # it takes several inputs, or refuses these while training
        return None
    return answer if isinstance(answer, Tensor) else None


def _switches_off(module: nn.Module) -> bool:
    return isinstance(module, nn.Dropout | nn.Dropout1d | nn.Dropout2d | nn.Dropout3d)


@torch.no_grad()
def _curve(module: nn.Module, given: Tensor, out: Tensor) -> tuple[Tensor, Tensor] | None:
    """An activation over the numbers in its reach; None for what is no function of each number alone."""
    far = REACH * max(1.0, float(given.abs().max()))
    if any(True for _ in module.buffers()) or out.shape != given.shape or not isfinite(far):
        return None
    x = torch.linspace(-far, far, POINTS, device=given.device)
    copy = deepcopy(module).eval()
    try:
        y = copy(x)
        alike = torch.allclose(copy(given.flatten()).view_as(given), out, atol=1e-5)
    except (TypeError, RuntimeError, IndexError, ValueError):  # it needs axes that a row of numbers lacks
        return None
    return (x, y) if isinstance(y, Tensor) and y.shape == x.shape and alike and not torch.equal(x, y) else None


def _some(values: Tensor) -> Tensor:
    """Evenly chosen numbers of a value."""
    flat = values.detach().flatten()
    return flat[:: max(1, prod(values.shape) // MOST)][:MOST]


def _table(rows: Sequence[Tensor]) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Rows of different lengths as one array (rows, longest), filled up with NaN."""
    table = np.full((len(rows), max(len(row) for row in rows)), nan, np.float32)
    for filled, row in zip(table, rows, strict=True):
        filled[: len(row)] = row.to("cpu", torch.float32).numpy()
    return table
