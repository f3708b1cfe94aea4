"""What goes into the selected node and what comes out, live: net inputs under an activation's curve, units that dropout
switches off, values before and after a norm; and how large the weights are, epoch by epoch."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSlider, QStackedLayout, QStackedWidget, QVBoxLayout, QWidget

from studio.gui import fonts
from studio.gui.curves.legend import Legend
from studio.gui.curves.plot import CurvePlot
from studio.gui.panels.panel import Context, Panel
from studio.gui.panels.passage.response import ResponseView
from studio.gui.panels.previews.spread import SpreadView
from studio.gui.panels.sample_view import maps_of
from studio.gui.panels.scrolling import scrolling
from studio.gui.style.measures import GRID, PANEL_PADDING
from studio.gui.tiles import TileGrid
from studio.gui.training.plan import Plan
from studio.gui.training.state import State
from studio.gui.training.views import why_unseen
from studio.gui.widgets.button import Button
from studio.gui.widgets.empty import EmptyState
from studio.gui.widgets.label import Role, label
from studio.training.messages import EpochEnded, Event, Started
from studio.training.run import Run
from studio.training.slots import Picture

PASSAGE = "passage"
LOOKS = 5
"""How often an epoch is looked at, at most: each is a pass of as many samples as a small batch has."""
HALVINGS, DOUBLINGS, STEPS = 4, 2, 16
"""How far the slider shrinks and enlarges the weights, and its steps from one power of two to the next."""
LEAST, UNITS_WIDTH, SQUARES_WIDTH = 240, 180, 220
NOT_YET = (
    "Train the network and select a node of it: what goes into it and what comes out appears here, for activations, "
    "dropout and norms above all."
)
NO_NODE = "Select a node of the network to see what goes into it and what comes out."
NO_INPUT = "{} has not one input to look at. Select an activation, dropout or a norm."
OVER = "The training is over. What goes into {} and what comes out is seen while it trains."
NAMES = {"in": "in", "out": "out", "trained": "out while training"}


class PassagePanel(Panel):
    """A curve with a slider for activations, else what comes in and goes out over each other."""

    title, side = "In and out", "right"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.response, self.spread = ResponseView(), SpreadView()
        self.units, self.again = TileGrid("Units", item="Map", grey=True), Button("Draw again", icon="redo", small=True)
        self.scale = QSlider(Qt.Orientation.Horizontal)
        self._legend = Legend()
        self.squares = CurvePlot("Sum of squared weights", x_name="Epoch", legend=self._legend)
        self._caption, self._said = label("", Role.CAPTION), label("", Role.HINT, wrap=True)
        self._kept, self._times = label("", Role.HINT, wrap=True), label("", Role.HINT)
        self._empty = EmptyState("activation", NOT_YET)
        self._draw, self._node = 0, ""
        self._plan: Plan | None = None
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self._figure, self._slide, self._dropped, page = QStackedWidget(), QWidget(), QWidget(), QWidget()
        self._figure.addWidget(self.response)
        self._figure.addWidget(self.spread)
        row = QHBoxLayout(page)
        row.setContentsMargins(PANEL_PADDING, GRID, GRID, GRID)
        row.setSpacing(PANEL_PADDING)
        row.addLayout(self._figure_column(), 1)
        row.addWidget(self._dropped)
        self._grown = self._squares_column()
        row.addWidget(self._grown)
        units = QVBoxLayout(self._dropped)
        units.setContentsMargins(0, 0, 0, 0)
        units.addWidget(self.again)
        units.addWidget(self._kept)
        units.addWidget(scrolling(self.units), 1)
        self._dropped.setFixedWidth(fonts.scaled(UNITS_WIDTH))
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(page)

    def _figure_column(self) -> QVBoxLayout:
        self.scale.setRange(-HALVINGS * STEPS, DOUBLINGS * STEPS)
        self.scale.setAccessibleName("Scale of the weights, in the picture alone")
        slide = QHBoxLayout(self._slide)
        slide.setContentsMargins(0, 0, 0, 0)
        slide.addWidget(label("Weights", Role.HINT))
        slide.addWidget(self.scale, 1)
        slide.addWidget(self._times)
        column = QVBoxLayout()
        column.setSpacing(GRID // 2)
        column.addWidget(self._caption)
        column.addWidget(self._figure, 1)
        column.addWidget(self._slide)
        column.addWidget(self._said)
        return column

    def _squares_column(self) -> QWidget:
        column = QVBoxLayout(result := QWidget())
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.squares, 1)
        column.addWidget(self._legend)
        result.setFixedWidth(fonts.scaled(SQUARES_WIDTH))
        return result

    def _connect(self) -> None:
        context = self.context
        self.again.clicked.connect(self._draw_again)
        self.scale.valueChanged.connect(self._scale)
        context.views.pictured.connect(self._show)
        context.session.told.connect(self._take)
        context.session.state_changed.connect(self._watch)
        context.place.selected_changed.connect(self._watch)

    def show_run(self, run: Run) -> None:
        self._show_squares(run.outline())

    def appear(self) -> None:
        self._watch()

    def disappear(self) -> None:
        self.context.views.unwatch(PASSAGE)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """Weights epoch by epoch give way where there is no room for all."""
        beside = UNITS_WIDTH if not self._dropped.isHidden() else 0
        self._grown.setVisible(self.width() >= fonts.scaled(LEAST + beside + SQUARES_WIDTH))

    def _watch(self, _: object = None) -> None:
        """Ask for what is selected, or say why there is nothing to see."""
        place, session = self.context.place, self.context.session
        trouble = self._trouble()
        self.again.setEnabled(session.state.is_busy)
        if not self.is_seen or trouble:
            self.context.views.unwatch(PASSAGE)
        if not self.is_seen:
            return
        path = place.path_of(place.node)
        if trouble or path != self._node:
            self._empty.say(trouble or NOT_YET)
            self._stack.setCurrentIndex(0)
            self._node = ""
        if not trouble:
            every = max(1, (self._plan.epoch_steps(0) if self._plan is not None else 1) // LOOKS)
            self.context.views.watch(PASSAGE, place.root, path, look_at="passage", every=every, draw=self._draw)

    def _trouble(self) -> str:
        """Why nothing can be seen of what is selected; empty where something can."""
        place, session = self.context.place, self.context.session
        if unseen := why_unseen(session, NOT_YET):
            return unseen
        if not place.node or place.root not in self.context.document.project.networks:
            return NO_NODE
        if len(place.graph.links.into.get(place.node, ())) != 1:
            return NO_INPUT.format(place.node)
        over = session.state in (State.FINISHED, State.FAILED, State.DIED)
        return OVER.format(place.node) if over and place.path_of(place.node) != self._node else ""

    def _take(self, event: Event) -> None:
        run = self.context.session.run
        if isinstance(event, Started):
            self._node = ""
            self._show_squares(run.outline() if event.step and run is not None else [event])
        else:
            self._add_squares(event)

    def _show_squares(self, events: Iterable[Event]) -> None:
        self.squares.clear()
        self._plan = None
        for event in events:
            self._add_squares(event)

    def _add_squares(self, event: Event) -> None:
        """Add what the event tells of the squares, if it does."""
        if isinstance(event, Started):
            self._plan = self._plan or Plan(event)
        if self._plan is None:
            return
        self._plan.take(event)
        if not isinstance(event, EpochEnded):
            return
        at = self._plan.epochs_at(event.step)
        for network, squares in event.squares.items():
            if at > self.squares.add_series(network).end:  # what a run's file told may be told once more
                self.squares.append(network, at, squares)

    def _draw_again(self) -> None:
        self._draw += 1
        self._watch()

    def _show(self, purpose: str, picture: Picture) -> None:
        if purpose != PASSAGE:
            return
        rows = {name: _finite(row) for name, row in zip(picture.about["rows"], picture.array, strict=True)}
        self._node = str(picture.about["node"])
        self._caption.setText(f"{self._node}, step {picture.step:,}")
        is_curve = "x" in rows
        self._slide.setVisible(is_curve)
        self._figure.setCurrentWidget(self.response if is_curve else self.spread)
        if is_curve:
            self.response.show_response(rows["in"], rows["x"], rows["y"])
            self._scale()
        else:
            self.spread.show_numbers([(NAMES[name], rows[name]) for name in NAMES if name in rows])
            self._said.setText(_difference(rows))
        self._dropped.setVisible("kept" in rows)
        if "kept" in rows:
            self._show_units(rows["kept"], picture)
        self._make_room()
        self._stack.setCurrentIndex(1)

    def _show_units(self, kept: NDArray[np.float64], picture: Picture) -> None:
        shape = tuple(picture.about["units"])
        whole = kept.reshape(shape) if kept.size == int(np.prod(shape)) else kept
        self.units.show_maps(maps_of(whole))
        off, share = int((kept == 0).sum()), picture.about["share"]
        self._kept.setText(f"{off} of {kept.size} off, black, for this sample; of all samples {share:.1%} are kept.")

    def _scale(self, _: int = 0) -> None:
        """Show the activation as if the weights before it were so much smaller or larger."""
        times = 2.0 ** (self.scale.value() / STEPS)
        self.response.set_scale(times)
        self._times.setText(f"× {times:.2f}, in the picture alone")
        share = self.response.linear_share() if self.response.places.size else 0.0
        self._said.setText(f"A straight line tells {share:.1%} of how the answers vary.")


def _finite(row: NDArray[np.float32]) -> NDArray[np.float64]:
    """The numbers of a row that was filled up."""
    return np.asarray(row[np.isfinite(row)], np.float64)


def _difference(rows: dict[str, NDArray[np.float64]]) -> str:
    """Mean and standard deviation of each kind of numbers."""
    there = (name for name in NAMES if name in rows and rows[name].size)
    parts = (f"{NAMES[name]} {rows[name].mean():.3g} ± {rows[name].std():.3g}" for name in there)
    return f"Mean and standard deviation: {', '.join(parts)}."
