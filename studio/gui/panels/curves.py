"""Loss and figures while they change, training and validation, one plot each."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from studio.gui.curves.legend import Legend
from studio.gui.curves.plot import CurvePlot
from studio.gui.panels.panel import Context, Panel
from studio.gui.style.measures import GRID
from studio.gui.training import curve_data
from studio.gui.training.curve_data import LOSS, TRAINING, VALIDATION, Measure, Point
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
        self._measures: dict[str, Measure] = {}
        self._started: Started | None = None
        self._live: curve_data.Live | None = None
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
        elif self._started is not None:
            self._add(curve_data.points_of(event, self._started))
            self._mark(event)

    def show_run(self, run: Run) -> None:
        """Show the curves of a run from its file."""
        started = next((event for event in run.history() if isinstance(event, Started)), None)
        if started is not None:
            self._begin(started)
            self._replay(run)

    def _begin(self, started: Started) -> None:
        self._started, self._live = started, curve_data.Live(started)
        self._measures = dict(list(curve_data.measures_of(started).items())[:MOST])
        for old in (self._legend, *self.plots.values()):
            old.hide()
            old.deleteLater()
        self.plots, self._legend = {}, Legend()
        self._head.insertWidget(0, self._legend)
        for name, measure in self._measures.items():
            plot = CurvePlot(measure.title, "%" if measure.percent else "", x_name="Epoch", legend=self._legend)
            plot.set_log(log=name == LOSS and self._log.isChecked())
            plot.add_series(TRAINING).smooth(KEEP if name in started.series else 0.0)
            plot.add_series(VALIDATION)
            if started.steps:
                plot.set_planned_end(started.steps / max(started.steps_per_epoch, 1))
            self.plots[name] = plot
            self._row.addWidget(plot, 1)
        self._stack.setCurrentIndex(1)

    def _replay(self, run: Run) -> None:
        """Draw what the run's file tells; of steps that were taken again, only the last time."""
        if self._started is None:
            return
        for event in run.history():
            self._add(curve_data.replayed(event, self._started))
            self._mark(event)

    def _tick(self) -> None:
        session = self.context.session
        if self._live is None or session.worker is None or session.started is not self._started:
            return
        for name, epochs, values in self._live.points(session.worker.metrics.read()):
            if name in self.plots:
                factor = 100 if self._measures[name].percent else 1
                self.plots[name].append(TRAINING, epochs, values * factor)

    def _add(self, points: Iterable[Point]) -> None:
        for point in points:
            plot = self.plots.get(point.figure)
            if plot is not None and (point.part == VALIDATION or not self._is_live(point)):
                value = curve_data.shown_value(self._measures[point.figure], point.value)
                plot.append(point.part, point.epoch, value)

    def _is_live(self, point: Point) -> bool:
        """Whether the curve is already fed by single steps."""
        return self.context.session.started is self._started and bool(
            self._started
            and point.figure in self._started.series
            and self.plots[point.figure].series[TRAINING].points.x.size
        )

    def _mark(self, event: Event) -> None:
        """Mark the best epoch so far, and where stages end."""
        if isinstance(event, EpochEnded) and event.best:
            self._mark_best(event)
        elif isinstance(event, StageEnded) and self._started is not None:
            for plot in self.plots.values():
                at = event.step / max(self._started.steps_per_epoch, 1)
                plot.mark_stage(at, event.name, curve_data.end_text(event, self._started))

    def _mark_best(self, event: EpochEnded) -> None:
        for name, plot in self.plots.items():
            if name in event.metrics and self._started is not None:
                measure, value = self._measures[name], event.metrics[name]
                at = event.step / max(self._started.steps_per_epoch, 1)
                plot.mark_best(
                    at, curve_data.shown_value(measure, value), curve_data.best_text(measure, event.epoch, value)
                )

    def _set_log(self, log: bool) -> None:
        if LOSS in self.plots:
            self.plots[LOSS].set_log(log=log)

    def _save_curves(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, "Save the curves", "curves.png", "Picture (*.png *.svg);;Table (*.csv)"
        )
        if not name:
            return
        path = Path(name)
        for figure, plot in self.plots.items():
            plot.save(path.with_name(f"{path.stem}-{figure}{path.suffix or '.png'}"))
