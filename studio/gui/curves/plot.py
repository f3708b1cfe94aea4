"""A plot of growing curves: loss, accuracy, learning rate, throughput."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from studio.gui import theme
from studio.gui.curves.area import PlotArea
from studio.gui.curves.export import write_csv
from studio.gui.curves.legend import Legend
from studio.gui.curves.marks import Best, StageEnd
from studio.gui.curves.series import TRAINING, VALIDATION, Look, Series
from studio.gui.style.measures import CURVES_HZ, GRID, PANEL_PADDING, RADIUS_FIELD
from studio.gui.widgets.empty import EmptyState
from studio.gui.widgets.label import Role, label
from studio.gui.widgets.ring import draw_focus_ring, inside_ring

_PERIOD_S = 1 / CURVES_HZ
_KNOWN_LOOKS = {"training": TRAINING, "validation": VALIDATION}
_NOTHING_YET = "No curves yet: they appear with the first step of a training."


class CurvePlot(QWidget):
    """Curves over one pair of axes, which follow the data until a person zooms, and again after Home or a double-click.

    Keys: Left and Right move the cursor, plus and minus zoom, Home shows all.
    """

    def __init__(
        self,
        title: str,
        unit: str = "",
        *,
        x_name: str = "Step",
        log: bool = False,
        legend: Legend | None = None,
        empty: str = _NOTHING_YET,
    ) -> None:
        super().__init__()
        self.title, self.unit, self.legend = title, unit, legend
        self.series: dict[str, Series] = {}
        self.area = PlotArea(x_name)
        self._unit_label = label(unit, Role.LABEL)
        self._smoothing = 0.0
        self._stages: list[StageEnd] = []
        self._drawn_at = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.draw_now)
        self.setAccessibleName(f"{title} curves")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.area.cursor_moved.connect(self.setAccessibleDescription)
        theme.switch().changed.connect(self.area.dress)
        self._lay_out(empty)
        self.set_log(log=log)

    def _lay_out(self, empty: str) -> None:
        head = QHBoxLayout()
        head.addWidget(label(self.title, Role.CAPTION))
        head.addStretch()
        head.addWidget(self._unit_label)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(PANEL_PADDING, GRID, PANEL_PADDING, GRID)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.area)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(EmptyState("loss", empty))
        self._stack.addWidget(body)

    def add_series(self, name: str, look: Look | None = None, *, entry: str = "") -> Series:
        """A curve by name; one that is new is made, in this look or in the next colour.

        Curves that share an ``entry`` of the legend, which bears their own name otherwise, are hidden as one.
        """
        if name not in self.series:
            look = look or _KNOWN_LOOKS.get(name.lower()) or Look(len(self.series))
            self.series[name] = series = Series(name, look)
            series.smooth(self._smoothing)
            if self.legend is not None:
                switch = self.legend.entry(entry or name, look)
                switch.toggled.connect(lambda shown: self.show_series(name, shown=shown))
                series.shown = switch.isChecked()
        return self.series[name]

    def append(self, name: str, x: ArrayLike, y: ArrayLike) -> None:
        """Add points to a curve in order of x; a y that is not finite is a gap. Drawn within a thirtieth of a second.

        Raises `ValueError` when x goes back or the lengths differ.
        """
        self.add_series(name).append(np.atleast_1d(np.asarray(x, float)), np.atleast_1d(np.asarray(y, float)))
        self._stack.setCurrentIndex(1)
        self._ask_to_draw()

    def mark_best(self, x: float, y: float, text: str) -> None:
        """Mark the point that is kept, with a sentence such as "Best, epoch 11: 0.040"."""
        self.area.mark_best(Best(x, y, text))
        self._ask_to_draw()

    def mark_stage(self, x: float, name: str, text: str) -> None:
        """Mark where a stage ends, with a sentence that is told where the pointer rests there."""
        self._stages = [*(end for end in self._stages if end.x < x), StageEnd(x, name, text)]
        self.area.mark_stages(self._stages)
        self._ask_to_draw()

    def remove_series(self, name: str) -> None:
        """Take a curve away; one that was never added is left alone."""
        if self.series.pop(name, None) is not None:
            self._ask_to_draw()

    def clear(self) -> None:
        """Forget all curves, and follow the ones to come."""
        self.series.clear()
        self.area.mark_best(None)
        self._stages = []
        self.area.mark_stages(())
        self.area.set_cursor(None)
        self.area.is_following = True
        self._stack.setCurrentIndex(0)
        self._ask_to_draw()

    def show_series(self, name: str, *, shown: bool) -> None:
        """Show or hide a curve; one that was never added is left alone."""
        if name in self.series:
            self.series[name].shown = shown
            self._ask_to_draw()

    def set_log(self, *, log: bool) -> None:
        """Measure the vertical axis in decimal logarithms, or plainly."""
        self._unit_label.setText(" · ".join(filter(None, (self.unit, "log axis" if log else ""))))
        self.area.set_log(log)

    def set_smoothing(self, keep: float) -> None:
        """Draw running averages that keep this share of what was, from 0 (off) up to 1."""
        self._smoothing = keep
        for series in self.series.values():
            series.smooth(keep)
        self._ask_to_draw()

    def set_planned_end(self, x: float | None) -> None:
        """Let the horizontal axis reach to where the training will end, if that is known."""
        self.area.planned_end = x
        self._ask_to_draw()

    def save(self, path: Path) -> None:
        """Write the plot as `.png` or `.svg`, or its points as `.csv`.

        Raises `ValueError` for another ending and `OSError` when the file cannot be written.
        """
        if path.suffix == ".csv":
            write_csv(list(self.series.values()), path)
        elif path.suffix in (".png", ".svg"):
            self.draw_now()
            self.area.save(self.title, path)
        else:
            raise ValueError(f'Curves are saved as .png, .svg or .csv, and "{path.name}" ends with none of them.')

    def keyPressEvent(self, event: QKeyEvent) -> None:
        actions = {
            Qt.Key.Key_Left: lambda: self.area.step_cursor(-1),
            Qt.Key.Key_Right: lambda: self.area.step_cursor(1),
            Qt.Key.Key_Plus: self.area.zoom_in,
            Qt.Key.Key_Equal: self.area.zoom_in,
            Qt.Key.Key_Minus: self.area.zoom_out,
            Qt.Key.Key_Home: self.area.follow,
        }
        action = actions.get(Qt.Key(event.key()))
        if action is None:
            super().keyPressEvent(event)
        else:
            action()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            draw_focus_ring(painter, inside_ring(self.rect().toRectF()), RADIUS_FIELD)

    def _ask_to_draw(self) -> None:
        """Draw as soon as thirty times a second allow."""
        if not self._timer.isActive():
            wait = self._drawn_at + _PERIOD_S - time.monotonic()
            self._timer.start(max(0, round(wait * 1000)))

    def draw_now(self) -> None:
        """Draw without waiting for the next thirtieth of a second."""
        self._timer.stop()
        self._drawn_at = time.monotonic()
        self.area.series = list(self.series.values())
        self.area.redraw()
