"""The axes, the curves between them, and the ways to move over them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.gui.curves import export
from studio.gui.curves.axis import Axis
from studio.gui.curves.frame import Frame, fitting_x, fitting_y
from studio.gui.curves.layer import CurveLayer
from studio.gui.curves.marks import Best, Marks, StageEnd
from studio.gui.curves.plain import PlainPlot
from studio.gui.curves.series import Series

_ZOOM_STEP = 0.8


class PlotArea(QWidget):
    """Follows the data until a person moves the view; `follow` takes that back."""

    cursor_moved = Signal(str)  # what the cursor reads, empty when it has left

    def __init__(self, x_name: str) -> None:
        super().__init__()
        self.series: Sequence[Series] = ()
        self.planned_end: float | None = None
        self.is_following = True
        self._log = False
        self._is_busy = False
        self.bottom, self.left = Axis("bottom"), Axis("left")
        self.view = PlainPlot(self.bottom, self.left)
        self.box = self.view.getViewBox()
        self._layer, self._marks = CurveLayer(self.box), Marks(self.box)
        self._marks.x_name = x_name
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self._prepare_view()
        self.dress()

    def _prepare_view(self) -> None:
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for part in (self.view, self.view.viewport()):
            part.setAccessibleName("Curves")
        self.box.disableAutoRange()
        self.box.setDefaultPadding(0)
        self.box.sigRangeChangedManually.connect(self._leave_data)
        self.box.sigRangeChanged.connect(self._view_moved)
        self.box.sigResized.connect(self._view_moved)
        self.view.scene().sigMouseMoved.connect(self._point_at)
        self.view.viewport().installEventFilter(self)

    def dress(self) -> None:
        """Take the colours of the theme that is on."""
        self.view.dress()
        self.left.dress()
        self.bottom.dress()
        self.redraw()

    def set_log(self, log: bool) -> None:
        """Measure the vertical axis in decimal logarithms, or plainly."""
        self._log = self.left.log = log
        self.left.picture = None
        self.follow()

    def mark_best(self, best: Best | None) -> None:
        """Mark a point with a sentence, or take the mark away."""
        self._marks.best = best

    def mark_stages(self, ends: Sequence[StageEnd]) -> None:
        """Mark where stages end."""
        self._marks.stages = list(ends)

    def follow(self) -> None:
        """Show all data and keep showing all of it."""
        self.is_following = True
        self.redraw()

    def redraw(self) -> None:
        """Draw the curves as they are now."""
        if self.is_following:
            self._fit()
        frame = self.frame()
        if frame is not None:
            self._layer.present(self.series, frame)
            self._marks.present(self.series, frame)

    def frame(self) -> Frame | None:
        """What is shown, and how large; none while the plot has no size."""
        size = self.box.size()
        (left, right), (bottom, top) = self.box.viewRange()
        if size.width() < 1 or size.height() < 1 or right <= left or top <= bottom:
            return None
        return Frame(size.width(), size.height(), left, right, bottom, top, self._log)

    def zoom(self, factor: float) -> None:
        """Show this many times as much of the horizontal axis, about the cursor or the middle."""
        self._leave_data()
        middle = None if self._marks.cursor_x is None else (self._marks.cursor_x, 0.0)
        self.box.scaleBy(x=factor, center=middle)

    def zoom_in(self) -> None:
        """Show a little less of the horizontal axis."""
        self.zoom(_ZOOM_STEP)

    def zoom_out(self) -> None:
        """Show a little more of the horizontal axis."""
        self.zoom(1 / _ZOOM_STEP)

    def step_cursor(self, points: int) -> None:
        """Move the cursor by this many points of the first curve that is shown."""
        shown = [one for one in self.series if one.shown and len(one.points)]
        if not shown:
            return
        x = shown[0].points.x
        start = x[-1] if self._marks.cursor_x is None else self._marks.cursor_x
        index = min(max(int(x.searchsorted(start)) + points, 0), len(x) - 1)
        self.set_cursor(float(x[index]))

    def set_cursor(self, x: float | None) -> None:
        """Read the curves at an x, or stop reading."""
        self._marks.cursor_x = x
        self._marks.update()
        title, rows = self._marks.numbers()
        self.cursor_moved.emit(", ".join([title, *(f"{one.name} {text}" for one, text in rows)]) if rows else "")

    def save(self, title: str, path: Path) -> None:
        """Write the plot as `.png` or `.svg`. Raises `OSError` when the file cannot be written."""
        self._layer.is_exporting = True
        area = self.view.getPlotItem().sceneBoundingRect()
        try:
            if path.suffix == ".png":
                export.write_png(self.view.scene(), area, path)
            else:
                export.write_svg(self.view.scene(), area, title, path)
        finally:
            self._layer.is_exporting = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self.set_cursor(None)
        elif event.type() == QEvent.Type.MouseButtonDblClick:
            self.follow()
            return True
        return super().eventFilter(watched, event)

    def _point_at(self, scene_place: QPointF) -> None:
        frame = self.frame()
        place = self.box.mapFromScene(scene_place)
        if frame is not None and self.box.boundingRect().contains(place):
            self.set_cursor(frame.x_at(place.x()))
            self._marks.point_at(place.x())
        elif self._marks.cursor_x is not None:
            self.set_cursor(None)

    def _leave_data(self) -> None:
        self.is_following = False

    def _view_moved(self) -> None:
        if not self._is_busy:
            self.redraw()

    def _fit(self) -> None:
        filled = [one for one in self.series if one.shown and len(one.points)]
        if not filled:
            return
        starts, ends = zip(*((float(one.points.x[0]), float(one.points.x[-1])) for one in filled), strict=True)
        across = fitting_x(starts, ends, self.planned_end)
        upright = fitting_y(*_bounds(filled, log=self._log), log=self._log)
        if [list(across), list(upright)] != self.box.viewRange():
            self._is_busy = True
            self.box.setRange(xRange=across, yRange=upright, padding=0, disableAutoRange=True)
            self._is_busy = False


def _bounds(filled: Sequence[Series], *, log: bool) -> tuple[float, float]:
    """The lowest and the highest value as the axis measures them; not finite when there are none."""
    high = max(one.points.high for one in filled)
    if not log:
        return min(one.points.low for one in filled), high
    return _log10(min(one.points.least_positive for one in filled)), _log10(high)


def _log10(value: float) -> float:
    return math.log10(value) if 0 < value < math.inf else math.nan
