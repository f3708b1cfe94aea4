"""What a training measured: under the names of its figures, and held to its goal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import nn

from studio.compiler.figures import Figure
from studio.core.project import Goal


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
