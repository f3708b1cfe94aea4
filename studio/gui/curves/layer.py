"""The grid and all curves of a plot, painted once into a picture that is shown until something changes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from studio.gui import theme
from studio.gui.curves.band import draw_band, draw_band_outline, runs
from studio.gui.curves.frame import Frame, y_ticks
from studio.gui.curves.pyramid import Columns, Pyramid
from studio.gui.curves.series import Series

Values = NDArray[np.float64]

_FAINT_OPACITY = 0.4
_DASH, _GAP = 6, 3
# Above this many points in view, broad smooth pens cost more than they show.
_BROAD_LIMIT = 2000


class CurveLayer(QGraphicsItem):
    """Paints in the pixels of its parent view box; `frame` says what those show."""

    def __init__(self, parent: QGraphicsItem) -> None:
        super().__init__(parent)
        self.series: Sequence[Series] = ()
        self.frame: Frame | None = None
        self.is_exporting = False
        self._picture: QPixmap | None = None

    def present(self, series: Sequence[Series], frame: Frame) -> None:
        """Draw these curves in this frame from now on."""
        if self.frame is None or (self.frame.width, self.frame.height) != (frame.width, frame.height):
            self.prepareGeometryChange()
        self.series, self.frame = series, frame
        self._picture = None
        self.update()

    def boundingRect(self) -> QRectF:
        return QRectF(0, 0, self.frame.width, self.frame.height) if self.frame else QRectF()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if self.frame is None or self.frame.width < 1 or self.frame.height < 1:
            return
        if self.is_exporting:
            painter.setClipRect(self.boundingRect())
            self._draw(painter, self.frame, density=None)
            return
        if self._picture is None:
            density = widget.devicePixelRatioF() if widget else 1.0
            self._picture = self._render(self.frame, density)
        painter.drawPixmap(QPointF(0, 0), self._picture)

    def _render(self, frame: Frame, density: float) -> QPixmap:
        picture = QPixmap(round(frame.width * density), round(frame.height * density))
        picture.setDevicePixelRatio(density)
        # An opaque ground makes every blend after it cheaper than a transparent one would.
        picture.fill(theme.current().panel)
        painter = QPainter(picture)
        self._draw(painter, frame, density)
        painter.end()
        return picture

    def _draw(self, painter: QPainter, frame: Frame, density: float | None) -> None:
        """Draw pixels of this density, or nothing but lines and areas when there is none."""
        self._draw_grid(painter, frame)
        shown = [one for one in self.series if one.shown and len(one.points)]
        columns = max(1, round(frame.width * (density or 1)))
        views = [_view(one.points, frame, columns) for one in shown]
        few = sum(view.x.size for view in views) <= _BROAD_LIMIT
        for one, view in zip(shown, views, strict=True):
            broad = few and view.exact
            color = one.look.color(theme.current())
            if not view.exact and density is not None:
                draw_band(painter, frame, view, color, density)
            elif not view.exact:
                draw_band_outline(painter, frame, view, color)
            elif one.average is not None:
                _draw_line(painter, frame, view, _faint(color), broad=False, dashed=False)
            line = view if one.average is None else _view(one.average, frame, columns)
            _draw_line(painter, frame, line, color, broad=broad, dashed=one.look.dashed)

    def _draw_grid(self, painter: QPainter, frame: Frame) -> None:
        painter.setPen(QPen(theme.current().line, 0))
        for value in y_ticks(frame.bottom, frame.top, log=frame.log):
            height = round((frame.top - value) * frame.height / (frame.top - frame.bottom)) + 0.5
            painter.drawLine(QPointF(0, height), QPointF(frame.width, height))


def _view(points: Pyramid, frame: Frame, columns: int) -> Columns:
    return points.view(frame.left, frame.right, columns)


def _faint(color: QColor) -> QColor:
    faint = QColor(color)
    faint.setAlphaF(_FAINT_OPACITY)
    return faint


def _draw_line(painter: QPainter, frame: Frame, view: Columns, color: QColor, *, broad: bool, dashed: bool) -> None:
    across, down = frame.across(view.x), frame.down(view.mean)
    pen = QPen(color, 2 if broad else 1)
    # One pixel of the screen, however dense that is, is what Qt strokes fast.
    pen.setCosmetic(not broad)
    if broad:
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap if dashed else Qt.PenCapStyle.RoundCap)
    if dashed and broad:
        pen.setDashPattern([_DASH / 2, _GAP / 2])  # Qt counts in widths of the pen
    elif dashed:
        # Qt's dashing walks along every zigzag; leaving columns out shows the same at no cost.
        down = np.where(across % (_DASH + _GAP) < _DASH, down, np.nan)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if np.isfinite(down).all():
        painter.drawPolyline(pg.functions.arrayToQPolygonF(across, down))
    else:
        for run in runs(np.isfinite(down)):
            painter.drawPolyline(pg.functions.arrayToQPolygonF(across[run], down[run]))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
