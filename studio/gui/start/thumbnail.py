"""Paints the sketch of a network into a small picture."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from studio.gui import theme
from studio.gui.start.strokes import Bar, Sketch, units

INSET_X, INSET_Y = 20.0, 12.0
WIDEST, NARROWEST = 9.0, 5.0
DOT = 3.6


def draw_sketch(painter: QPainter, sketch: Sketch, area: QRectF) -> None:
    """Paint the network from left to right into this rectangle."""
    inside = area.adjusted(INSET_X, INSET_Y, -INSET_X, -INSET_Y)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if sketch.dots:
        _draw_dots(painter, sketch, inside)
    else:
        _draw_bars(painter, sketch, inside)


def _place(bar: Bar, sketch: Sketch, area: QRectF) -> QPointF:
    step = area.width() / max(sketch.columns - 1, 1)
    spread = max((abs(other.row) for other in sketch.bars), default=0.0)
    room = area.height() / (2 * spread + 1)
    left = area.left() + bar.column * step if sketch.columns > 1 else area.center().x()
    return QPointF(left, area.center().y() + bar.row * room)


def _draw_bars(painter: QPainter, sketch: Sketch, area: QRectF) -> None:
    spread = max((abs(bar.row) for bar in sketch.bars), default=0.0)
    room = area.height() / (2 * spread + 1) * (1.0 if spread == 0 else 0.8)
    places = [_place(bar, sketch, area) for bar in sketch.bars]
    painter.setPen(QPen(theme.current().line_strong, 1.3))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for start, end in sketch.links:
        skips = sketch.bars[end].column - sketch.bars[start].column > 1
        tall = max((bar.height for bar in sketch.bars), default=1.0)
        painter.drawPath(_wire(places[start], places[end], rise=tall * room * 0.55 if skips else 0.0))
    painter.setPen(Qt.PenStyle.NoPen)
    step = area.width() / max(sketch.columns, 1)
    for bar, place in zip(sketch.bars, places, strict=True):
        width = min(max(NARROWEST, WIDEST * bar.width), step * 0.8)
        height = max(bar.height * room, NARROWEST + 1)
        painter.setBrush(theme.current().family(bar.family))
        painter.drawRoundedRect(QRectF(place.x() - width / 2, place.y() - height / 2, width, height), 1.5, 1.5)


def _wire(start: QPointF, end: QPointF, *, rise: float) -> QPainterPath:
    """A line; one that skips nodes goes over them in an arc."""
    path = QPainterPath(start)
    if rise:
        path.cubicTo(QPointF(start.x(), start.y() - rise), QPointF(end.x(), end.y() - rise), end)
    elif abs(start.y() - end.y()) < 1:
        path.lineTo(end)
    else:
        middle = (start.x() + end.x()) / 2
        path.cubicTo(QPointF(middle, start.y()), QPointF(middle, end.y()), end)
    return path


def _draw_dots(painter: QPainter, sketch: Sketch, area: QRectF) -> None:
    columns = [_column(bar, _place(bar, sketch, area), area) for bar in sketch.bars]
    painter.setPen(QPen(theme.current().line_strong, 0.5))
    for left, right in pairwise(columns):
        for start in left:
            for end in right:
                painter.drawLine(start, end)
    painter.setPen(Qt.PenStyle.NoPen)
    for bar, dots in zip(sketch.bars, columns, strict=True):
        painter.setBrush(theme.current().family(bar.family))
        for dot in dots:
            painter.drawEllipse(dot, DOT, DOT)


def _column(bar: Bar, place: QPointF, area: QRectF) -> list[QPointF]:
    count = units(bar)
    step = area.height() / 6
    return [QPointF(place.x(), place.y() + (at - (count - 1) / 2) * step) for at in range(count)]
