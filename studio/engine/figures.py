"""The figures that a training measures: what they are called, and how a person reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from torch import nn

from studio.compiler.objective_program import losses_of
from studio.core.names import identifiers
from studio.core.project import Goal
from studio.engine.build import Built

LOSS = "loss"
"""The key under which an objective answers what a step makes small."""


@dataclass(frozen=True)
class Figure:
    """A loss or a metric: its name in events and files, its title, whether it is a share, and which way is better."""

    name: str
    title: str
    percent: bool
    higher_is_better: bool


def figures_of(built: Built) -> dict[tuple[str, str], Figure]:
    """Every figure by objective and the key under which the objective answers it.

    Where there are several objectives, each name begins with the objective's. A single loss is the loss as a whole.
    """
    found: dict[tuple[str, str], Figure] = {}
    for objective, source in built.objective_sources.items():
        parts = _losses(built, objective)
        known: dict[str, tuple[str, bool, bool]] = {LOSS: ("Loss", False, False)} if parts else {}
        known.update({key: (title, False, False) for key, title in parts.items() if len(parts) > 1})
        known.update(source.metrics)
        for key, (title, percent, higher) in known.items():
            found[objective, key] = Figure(figure_name(built, objective, key), title, percent, higher)
    return found


def figure_name(built: Built, objective: str, key: str) -> str:
    return key if len(built.objectives) == 1 else f"{objective}: {key}"


def named(figures: Mapping[tuple[str, str], Figure], measured: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What was measured, by objective and key, under the figures' names."""
    pairs = ((figures.get((objective, key)), value) for objective, of in measured.items() for key, value in of.items())
    return {figure.name: value for figure, value in pairs if figure is not None}


def described(figures: Mapping[tuple[str, str], Figure]) -> dict[str, dict[str, Any]]:
    """The figures as plain data, by name."""
    return {
        figure.name: {"title": figure.title, "percent": figure.percent, "higher_is_better": figure.higher_is_better}
        for figure in figures.values()
    }


def judged(goal: Goal | None, metrics: Mapping[str, float]) -> dict[str, Any] | None:
    """The goal with what was measured, as plain data; None where there is none, or it names another figure."""
    if goal is None:
        return None
    name = next((name for name in metrics if name == goal.metric or name.endswith(f": {goal.metric}")), None)
    if name is None:
        return None
    measured = metrics[name]
    shown = {"metric": goal.metric, "op": goal.op, "value": goal.value}
    return {**shown, "measured": measured, "reached": goal.reached(measured)}


def squares_of(networks: Mapping[str, nn.Module]) -> dict[str, float]:
    """The sum of the squares of each network's weights, by name; biases and norms left out."""
    return {
        name: sum(float(weight.detach().square().sum()) for weight in network.parameters() if weight.ndim > 1)
        for name, network in networks.items()
    }


def _losses(built: Built, objective: str) -> dict[str, str]:
    """Title of each loss whose sum the objective makes small, by the key under which it is answered."""
    result = built.diagnosis.graphs[objective]
    keys = identifiers(result.graph.nodes)
    return {keys[name]: name for name in losses_of(result)}
