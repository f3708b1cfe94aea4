"""Other runs over the curves of one: each in a colour of its own, what was held out dashed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from studio.gui.curves.plot import CurvePlot
from studio.gui.curves.series import Look
from studio.gui.training.curve_data import TRAINING, Measure, Told, told_by
from studio.training.run import Run

PLACES = range(2, 8)
"""Colours that the curves of the open run leave free."""


class Overlay:
    """Reads the runs that are chosen, and draws them into the plots of the figures that they tell."""

    def __init__(self, places: Sequence[int] = PLACES) -> None:
        self._places = places
        self._told: dict[Path, Told] = {}
        self._colors: dict[Path, int] = {}

    @property
    def looks(self) -> dict[Path, Look]:
        """How the curves of each run look, those of its held-out samples being dashed."""
        return {folder: Look(self._colors[folder]) for folder in self._told}

    @property
    def measures(self) -> dict[str, Measure]:
        """The figures that the runs tell."""
        return {name: measure for told in self._told.values() for name, measure in told.measures.items()}

    def choose(self, runs: Sequence[Run]) -> list[Run]:
        """Read these runs, as many as there are colours; answers those of which curves can be drawn."""
        told = {run.folder: found for run in runs if (found := told_by(run)) is not None}
        self._told = dict(list(told.items())[: len(self._places)])
        kept = {folder: place for folder, place in self._colors.items() if folder in self._told}
        free = (place for place in self._places if place not in kept.values())
        self._colors = {folder: kept[folder] if folder in kept else next(free) for folder in self._told}
        return [run for run in runs if run.folder in self._told]

    def draw(self, plots: Mapping[str, CurvePlot]) -> None:
        """Add the curves to the plots; a run is one entry of their legend."""
        for folder, told in self._told.items():
            for (figure, part), (epochs, values) in told.curves.items():
                plot = plots.get(figure)
                if plot is not None and epochs:
                    name = _curve(folder, figure, part)
                    look = Look(self._colors[folder], dashed=part != TRAINING)
                    plot.add_series(name, look, entry=folder.name)
                    plot.append(name, epochs, values)

    def erase(self, plots: Mapping[str, CurvePlot]) -> None:
        """Take the curves out of the plots again."""
        for folder, told in self._told.items():
            for figure, part in told.curves:
                plot = plots.get(figure)
                if plot is not None:
                    plot.remove_series(_curve(folder, figure, part))
                    if plot.legend is not None:
                        plot.legend.remove(folder.name)


def _curve(folder: Path, figure: str, part: str) -> str:
    """What tells a curve from all others: several figures may share a plot."""
    return f"{folder.name}, {figure}, {part.lower()}"
