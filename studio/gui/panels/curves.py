"""Loss and figures while they change, training and validation, one plot each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from studio.gui.curves.legend import Legend
from studio.gui.curves.plot import CurvePlot
from studio.gui.curves.series import Look
from studio.gui.panels.panel import Context, Panel
from studio.gui.runs.overlay import Overlay
from studio.gui.style.measures import GRID
from studio.gui.training import curve_data
from studio.gui.training.curve_data import LOSS, TRAINING, VALIDATION, Measure, Point
from studio.gui.training.plan import Plan
from studio.gui.widgets.button import Button, Kind
from studio.gui.widgets.empty import EmptyState
from studio.training.messages import EpochEnded, Event, StageEnded, Started
from studio.training.run import Run

MOST = 3
"""Plots side by side; further figures stand in the log and in the table of runs."""

KEEP = 0.6
"""How much of what was the running mean of the training curve keeps."""


class CurvesPanel(Panel):
    """Follows the training of the session, or shows a run that is over."""

    title, side = "Curves", "left"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.plots: dict[str, CurvePlot] = {}
        """By figure; those that measure the same for several objectives share one."""
        self._names: dict[tuple[str, str], str] = {}
        """What a curve is called, by figure and part."""
        self._measures: dict[str, Measure] = {}
        self._started: Started | None = None
        self._live: curve_data.Live | None = None
        self._plan: Plan | None = None
        self.overlay = Overlay()
        self._legend = Legend()
        self._head, self._row = QHBoxLayout(), QHBoxLayout()
        self._row.setSpacing(GRID)
        self._log = Button("Log axis", kind=Kind.QUIET, small=True)
        self._log.setCheckable(True)
        self._log.setChecked(True)
        self._log.toggled.connect(self._set_log)
        self._save = Button(icon="save", name="Save the curves as a picture or a table", kind=Kind.QUIET, small=True)
        self._save.clicked.connect(self._save_curves)
        self._lay_out()
        context.session.told.connect(self.take)
        context.session.ticked.connect(self._tick)

    def _lay_out(self) -> None:
        self._head.addWidget(self._legend)
        self._head.addStretch()
        self._head.addWidget(self._log)
        self._head.addWidget(self._save)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(GRID, GRID // 2, GRID, 0)
        column.setSpacing(0)
        column.addLayout(self._head)
        column.addLayout(self._row, 1)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(EmptyState("loss", "No curves yet: press Train, and they grow with every step."))
        self._stack.addWidget(page)

    def take(self, event: Event) -> None:
        """Follow what the training tells."""
        if isinstance(event, Started):
            self._begin(event)
            run = self.context.session.run
            if event.step and run is not None:
                self._replay(run)
        elif self._plan is not None:
            self._add(self._points(event, self._plan))
            self._mark(event)

    def show_run(self, run: Run) -> None:
        """Show the curves of a run from its file."""
        started = next((event for event in run.history() if isinstance(event, Started)), None)
        if started is not None:
            self._begin(started)
            self._replay(run)

    def show_over(self, runs: Sequence[Run]) -> list[Run]:
        """Draw the curves of these runs over those that are shown; answers the runs of which there are any."""
        self.overlay.erase(self.plots)
        shown = self.overlay.choose(runs)
        measures = self.overlay.measures
        if self._started is None and list(measures)[:MOST] != list(self.plots):
            self._make_plots(measures)
        self.overlay.draw(self.plots)
        return shown

    def _begin(self, started: Started) -> None:
        self._started, self._plan = started, Plan(started)
        self._live = curve_data.Live(started, self._plan)
        self._make_plots(curve_data.measures_of(started))
        for group in _seen(self._measures):
            for place, figure in enumerate(group):
                self._add_curves(figure, place if len(group) > 1 else None)
        self._show_end()
        self.overlay.draw(self.plots)

    def _show_end(self) -> None:
        """Let the plots reach to where the training will end, if that is known."""
        if self._plan is not None and self._plan.total:
            for plot in _first_of_each(self.plots).values():
                plot.set_planned_end(self._plan.epochs_at(self._plan.total))

    def _add_curves(self, figure: str, place: int | None) -> None:
        """Both curves of a figure; where objectives share the plot, in the colour of this place, hidden as one."""
        plot, (objective, _) = self.plots[figure], curve_data.split(figure)
        for part in (TRAINING, VALIDATION):
            name = part if place is None else _curve(objective, part)
            look = None if place is None else Look(place, dashed=part == VALIDATION)
            self._names[figure, part] = name
            series = plot.add_series(name, look, entry="" if place is None else objective)
            if part == TRAINING and self._started is not None and figure in self._started.series:
                series.smooth(KEEP)

    def _make_plots(self, measures: Mapping[str, Measure]) -> None:
        """A plot for each kind of figure, as many as there is room for, in place of those that were shown."""
        for old in (self._legend, *_first_of_each(self.plots).values()):
            old.hide()
            old.deleteLater()
        self.plots, self._names, self._legend = {}, {}, Legend()
        groups = _seen(measures)
        self._measures = {name: measures[name] for group in groups for name in group}
        self._head.insertWidget(0, self._legend)
        for group in groups:
            measure = measures[group[0]]
            plot = CurvePlot(measure.title, "%" if measure.percent else "", x_name="Epoch", legend=self._legend)
            plot.set_log(log=_is_loss(group[0]) and self._log.isChecked())
            self.plots.update(dict.fromkeys(group, plot))
            self._row.addWidget(plot, 1)
        self._stack.setCurrentIndex(1 if self.plots else 0)

    def _replay(self, run: Run) -> None:
        """Draw what the run's file tells; of steps that were taken again, only the last time."""
        if self._started is None:
            return
        events = run.history()
        for (figure, part), (epochs, values) in curve_data.curves_of(events, self._started).curves.items():
            if figure in self.plots:
                self.plots[figure].append(self._names[figure, part], epochs, values)
        for event in events:
            self._mark(event)

    def _tick(self) -> None:
        session = self.context.session
        if self._live is None or session.worker is None or session.started is not self._started:
            return
        for name, epochs, values in self._live.points(session.worker.metrics.read()):
            if name in self.plots:
                factor = 100 if self._measures[name].percent else 1
                series = self.plots[name].series[self._names[name, TRAINING]]
                # what a stage did in the moment before its end was told may lie a little too far on
                self.plots[name].append(series.name, np.maximum(epochs, series.end), values * factor)

    def _add(self, points: Iterable[Point]) -> None:
        for point in points:
            plot = self.plots.get(point.figure)
            if plot is None:
                continue
            name, measure = self._names[point.figure, point.part], self._measures[point.figure]
            if point.epoch > plot.series[name].end:  # what a run's file told may be told once more
                plot.append(name, point.epoch, curve_data.shown_value(measure, point.value))

    def _points(self, event: Event, plan: Plan) -> list[Point]:
        """What an event adds; the single steps of this window's own training come through shared memory instead."""
        if self.context.session.attached is not None:
            return curve_data.replayed(event, plan)
        points = curve_data.points_of(event, plan)
        return [point for point in points if point.part == VALIDATION or not self._is_live(point)]

    def _is_live(self, point: Point) -> bool:
        """Whether the curve is already fed by single steps."""
        return self.context.session.started is self._started and bool(
            self._started
            and point.figure in self._started.series
            and self.plots[point.figure].series[self._names[point.figure, TRAINING]].points.x.size
        )

    def _mark(self, event: Event) -> None:
        """Mark the best epoch so far, and where stages end."""
        if self._plan is not None and self._plan.take(event):
            self._show_end()
        if isinstance(event, EpochEnded) and event.best:
            self._mark_best(event)
        elif isinstance(event, StageEnded) and self._plan is not None:
            for plot in _first_of_each(self.plots).values():
                at = self._plan.epochs_at(event.step)
                plot.mark_stage(at, event.name, curve_data.end_text(event, self._plan))

    def _mark_best(self, event: EpochEnded) -> None:
        """Mark it in each plot, of several objectives on the curve of the first."""
        for name, plot in _first_of_each(self.plots).items():
            if name in event.metrics and self._plan is not None:
                measure, value = self._measures[name], event.metrics[name]
                at = self._plan.epochs_at(event.step)
                plot.mark_best(
                    at, curve_data.shown_value(measure, value), curve_data.best_text(measure, event.epoch, value)
                )

    def _set_log(self, log: bool) -> None:
        for figure, plot in _first_of_each(self.plots).items():
            if _is_loss(figure):
                plot.set_log(log=log)

    def _save_curves(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, "Save the curves", "curves.png", "Picture (*.png *.svg);;Table (*.csv)"
        )
        if not name:
            return
        path = Path(name)
        for figure, plot in _first_of_each(self.plots).items():
            plot.save(path.with_name(f"{path.stem}-{curve_data.split(figure)[1]}{path.suffix or '.png'}"))


def _seen(measures: Mapping[str, Measure]) -> list[tuple[str, ...]]:
    """The figures that are shown, those that share a plot together."""
    return curve_data.together(measures)[:MOST]


def _first_of_each(plots: Mapping[str, CurvePlot]) -> dict[str, CurvePlot]:
    """Every plot once, by its first figure."""
    found = {plot: figure for figure, plot in reversed(list(plots.items()))}
    return {figure: plot for plot, figure in reversed(list(found.items()))}


def _curve(objective: str, part: str) -> str:
    return objective if part == TRAINING else f"{objective}, {part.lower()}"


def _is_loss(figure: str) -> bool:
    return curve_data.split(figure)[1] == LOSS
