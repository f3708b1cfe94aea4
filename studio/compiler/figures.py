"""The figures that a training measures: what they are called, and how a person reads them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from studio.compiler.objective_program import losses_of
from studio.compiler.results import Diagnosis
from studio.compiler.source import ObjectiveSource
from studio.core.names import identifiers

LOSS = "loss"
"""The key under which an objective answers what a step makes small."""


@dataclass(frozen=True)
class Figure:
    """A loss or a metric: its name in events and files, its title, whether it is a share, and which way is better."""

    name: str
    title: str
    percent: bool
    higher_is_better: bool

    def shown(self, value: float) -> str:
        """``93.20%`` or ``0.2513``"""
        return f"{value:.2%}" if self.percent else f"{value:.4g}"


def figures_of(sources: Mapping[str, ObjectiveSource], diagnosis: Diagnosis) -> dict[tuple[str, str], Figure]:
    """Every figure by objective and the key under which the objective answers it.

    Where there are several objectives, each name begins with the objective's. A single loss is the loss as a whole.
    """
    found: dict[tuple[str, str], Figure] = {}
    for objective, source in sources.items():
        parts = _losses(diagnosis, objective)
        known: dict[str, tuple[str, bool, bool]] = {LOSS: ("Loss", False, False)} if parts else {}
        known.update({key: (title, False, False) for key, title in parts.items() if len(parts) > 1})
        known.update(source.metrics)
        for key, (title, percent, higher) in known.items():
            found[objective, key] = Figure(figure_name(sources, objective, key), title, percent, higher)
    return found


def figure_name(objectives: Collection[str], objective: str, key: str) -> str:
    """What a figure of one of these objectives is called."""
    return key if len(objectives) == 1 else f"{objective}: {key}"


def _losses(diagnosis: Diagnosis, objective: str) -> dict[str, str]:
    """Title of each loss whose sum the objective makes small, by the key under which it is answered."""
    result = diagnosis.graphs[objective]
    keys = identifiers(result.graph.nodes)
    return {keys[name]: name for name in losses_of(result)}
