"""What lies over the curves: their last points, the best epoch, where stages end, the cursor with its numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from studio.gui import fonts, theme
from studio.gui.curves.frame import Frame
from studio.gui.curves.series import Series
from studio.gui.curves.ticks import number_text
from studio.gui.style.measures import GRID, HINT, LABEL, RADIUS_BUTTON

_DOT, _DIAMOND, _ROW, _SWATCH = 3.5, 4.5, 18, 10
_REACH = 6.0
"""How far from a mark the pointer may be to hear more of it."""


@dataclass(frozen=True)
class Best:
    """The point that is kept, and the sentence that says so."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class StageEnd:
    """Where a stage ends, its name, and why it ended in a sentence."""

    x: float
    name: str
    text: str


class Marks(QGraphicsItem):
    """Painted in the pixels of the parent view box, over the curves."""

    def __init__(self, parent: QGraphicsItem) -> None:
        super().__init__(parent)
        self.setZValue(10)
        self.series: Sequence[Series] = ()
        self.frame: Frame | None = None
        self.best: Best | None = None
        self.stages: list[StageEnd] = []
        self.cursor_x: float | None = None
        self.x_name = ""

    def present(self, series: Sequence[Series], frame: Frame) -> None:
        """Mark these curves in this frame from now on."""
        if self.frame is None or (self.frame.width, self.frame.height) != (frame.width, frame.height):
            self.prepareGeometryChange()
        self.series, self.frame = series, frame
        self.update()

    def boundingRect(self) -> QRectF:
        # Dots at the very edge, and nothing else, may stand out a little.
        return QRectF(-8, -8, self.frame.width + 16, self.frame.height + 16) if self.frame else QRectF()

    def numbers(self) -> tuple[str, list[tuple[Series, str]]]:
        """What the cursor reads: its x, and the value of every curve that is shown."""
        shown = [one for one in self.series if one.shown and len(one.points)]
        if self.cursor_x is None or not shown:
            return "", []
        found = [(one, one.nearest(self.cursor_x)) for one in shown]
        nearest = min((point[0] for _, point in found if point), key=lambda x: abs(x - (self.cursor_x or 0.0)))
        rows = [(one, number_text(point[1])) for one, point in found if point]
        return f"{self.x_name} {number_text(nearest)}".lstrip(), rows

    def point_at(self, across: float) -> None:
        """Have the pointer at so many pixels: the end of a stage that is near tells why it ended."""
        frame = self.frame
        near = [] if frame is None else [end for end in self.stages if abs(frame.place(end.x, 1)[0] - across) <= _REACH]
        self.setToolTip("\n".join(end.text for end in near))

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        frame = self.frame
        if frame is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for one in self.series:
            if one.shown and len(one.points):
                x, y = float(one.points.x[-1]), float((one.average or one.points).y[-1])
                self._draw_dot(painter, frame, x, y, one.look.color(theme.current()))
        for number, end in enumerate(self.stages):
            self._draw_end(painter, frame, end, self.stages[number - 1].x if number else frame.left)
        if self.best is not None:
            self._draw_best(painter, frame, self.best)
        if self.cursor_x is not None:
            self._draw_cursor(painter, frame)

    def _draw_dot(self, painter: QPainter, frame: Frame, x: float, y: float, color: QColor) -> None:
        across, down = frame.place(x, y)
        if _inside(frame, across, down):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color)
            painter.drawEllipse(QPointF(across, down), _DOT, _DOT)

    def _draw_upright(self, painter: QPainter, frame: Frame, across: float) -> None:
        pen = QPen(theme.current().line_strong, 1)
        pen.setDashPattern([2, 3])
        painter.setPen(pen)
        middle = math.floor(across) + 0.5
        painter.drawLine(QPointF(middle, 0), QPointF(middle, frame.height))

    def _draw_end(self, painter: QPainter, frame: Frame, end: StageEnd, begin: float) -> None:
        """A line where a stage ends, and its name before it, as far as the stage has room for one."""
        (left, _), (across, _) = frame.place(max(begin, frame.left), 1), frame.place(end.x, 1)
        if not 0 <= across <= frame.width + 1:
            return
        painter.setPen(QPen(theme.current().line_strong, 1))
        middle = math.floor(across) + 0.5
        painter.drawLine(QPointF(middle, 0), QPointF(middle, frame.height))
        painter.setFont(fonts.interface(HINT))
        painter.setPen(theme.current().text3)
        place = QRectF(left + GRID / 2, frame.height - _ROW, across - left - GRID, _ROW)
        shown = painter.fontMetrics().elidedText(end.name, Qt.TextElideMode.ElideRight, int(place.width()))
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, shown)

    def _draw_best(self, painter: QPainter, frame: Frame, best: Best) -> None:
        across, down = frame.place(best.x, best.y)
        if not _inside(frame, across, down):
            return
        self._draw_upright(painter, frame, across)
        painter.setPen(QPen(theme.current().panel, 1))
        painter.setBrush(theme.current().series2)
        corners = ((0, -_DIAMOND), (_DIAMOND, 0), (0, _DIAMOND), (-_DIAMOND, 0))
        painter.drawPolygon(QPolygonF([QPointF(across + dx, down + dy) for dx, dy in corners]))
        if self.cursor_x is None:
            width = QFontMetricsF(fonts.interface(LABEL)).horizontalAdvance(best.text) + 2 * GRID
            card = _card_beside(frame, across, down, width, _ROW + GRID)
            _draw_card(painter, card)
            painter.setPen(theme.current().text1)
            painter.drawText(card, Qt.AlignmentFlag.AlignCenter, best.text)

    def _draw_cursor(self, painter: QPainter, frame: Frame) -> None:
        title, rows = self.numbers()
        if not rows or self.cursor_x is None:
            return
        across, _ = frame.place(self.cursor_x, 1.0)
        self._draw_upright(painter, frame, across)
        metrics = QFontMetricsF(fonts.interface(LABEL))
        names = max(metrics.horizontalAdvance(one.name) for one, _ in rows)
        values = max(metrics.horizontalAdvance(text) for _, text in rows)
        width = max(_SWATCH + names + values + 4 * GRID, metrics.horizontalAdvance(title) + 2 * GRID)
        card = _card_beside(frame, across, GRID, width, _ROW * (len(rows) + 1) + GRID)
        _draw_card(painter, card)
        line = QRectF(card.left() + GRID, card.top() + GRID / 2, card.width() - 2 * GRID, _ROW)
        painter.setPen(theme.current().text3)
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, title)
        for one, text in rows:
            line.translate(0, _ROW)
            _draw_reading(painter, line, one, text)


def _draw_reading(painter: QPainter, line: QRectF, one: Series, text: str) -> None:
    colors = theme.current()
    pen = QPen(one.look.color(colors), 2)
    if one.look.dashed:
        pen.setDashPattern([2, 1])
    painter.setPen(pen)
    middle = line.center().y()
    painter.drawLine(QPointF(line.left(), middle), QPointF(line.left() + _SWATCH, middle))
    painter.setPen(colors.text2)
    painter.drawText(line.adjusted(_SWATCH + GRID, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, one.name)
    painter.setPen(colors.text1)
    painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)


def _inside(frame: Frame, across: float, down: float) -> bool:
    return -1 <= across <= frame.width + 1 and -1 <= down <= frame.height + 1


def _card_beside(frame: Frame, across: float, down: float, width: float, height: float) -> QRectF:
    """A card above a point, or beside it where the frame ends."""
    left = across - width / 2 if down > height + 2 * GRID else across + GRID
    left = min(max(left, 0), max(0, frame.width - width))
    top = down - height - 2 * GRID if down > height + 2 * GRID else down + GRID
    return QRectF(round(left) + 0.5, round(max(top, 0)) + 0.5, round(width), round(height))


def _draw_card(painter: QPainter, card: QRectF) -> None:
    colors = theme.current()
    painter.setPen(QPen(colors.node_line, 1))
    painter.setBrush(colors.raised)
    painter.drawRoundedRect(card, RADIUS_BUTTON, RADIUS_BUTTON)
    painter.setFont(fonts.interface(LABEL))
