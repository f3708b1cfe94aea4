"""The curve of an activation, and beneath it how the net inputs are spread that it is given."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.gui import fonts, theme
from studio.gui.curves.ticks import linear_ticks, tick_texts
from studio.gui.style.measures import GRID, HINT

BINS = 40
SHARE = 0.62
"""Of the height, what the curve takes."""
LEAST = 120
REACH = 1.15
"""How far the curve is shown beyond the widest of the net inputs, at the scale where the slider begins."""

Values = NDArray[np.float64]


class ResponseView(QWidget):
    """``scale`` multiplies the weights before the activation, and so its net inputs, in the picture alone."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Curve of the activation and its net inputs")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.inputs: Values = np.zeros(0)
        self.places: Values = np.zeros(0)
        self.answers: Values = np.zeros(0)
        self.scale = 1.0

    def show_response(self, inputs: Values, places: Values, answers: Values) -> None:
        """Net inputs (N,), and what the activation answers at places from left to right."""
        self.inputs, self.places, self.answers = inputs, places, answers
        self.update()

    def set_scale(self, scale: float) -> None:
        self.scale = scale
        self.update()

    def linear_share(self) -> float:
        """How much of what varies in the answers a straight line would give too, 0 to 1."""
        return linear_share(self.inputs * self.scale, self.places, self.answers)

    def sizeHint(self) -> QSize:
        return QSize(fonts.scaled(2 * LEAST), fonts.scaled(LEAST))

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.places.size or not self.inputs.size:
            return
        painter, foot = QPainter(self), fonts.scaled(18)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QRectF(self.rect()).adjusted(fonts.scaled(36), GRID, -GRID, -foot)
        above = QRectF(whole.left(), whole.top(), whole.width(), whole.height() * SHARE)
        below = QRectF(whole.left(), above.bottom() + GRID, whole.width(), whole.height() - above.height() - GRID)
        far = min(float(self.places[-1]), REACH * max(1.0, float(np.abs(self.inputs).max())))
        self._draw_curve(painter, above, far)
        self._draw_inputs(painter, below, far)
        _draw_axis(painter, below, far, foot)

    def _draw_curve(self, painter: QPainter, area: QRectF, far: float) -> None:
        seen = np.abs(self.places) <= far
        low, high = min(0.0, float(self.answers[seen].min())), max(0.0, float(self.answers[seen].max()))
        room = (high - low) or 1.0
        across = area.center().x() + self.places[seen] / far * area.width() / 2
        down = area.bottom() - (self.answers[seen] - low) / room * area.height()
        colors = theme.current()
        painter.setPen(QPen(colors.line, 1))
        zero = area.bottom() + low / room * area.height()
        painter.drawLine(QPointF(area.left(), zero), QPointF(area.right(), zero))
        painter.drawLine(QPointF(area.center().x(), area.top()), QPointF(area.center().x(), area.bottom()))
        painter.setPen(QPen(colors.family("Activation"), 2))
        painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in zip(across.tolist(), down.tolist(), strict=True)]))
        painter.setFont(fonts.interface(HINT))
        painter.setPen(colors.text3)
        for value, place in ((high, area.top()), (low, area.bottom())):
            beside = QRectF(0, place - 8, area.left() - GRID / 2, 16)
            painter.drawText(beside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{value:.3g}")

    def _draw_inputs(self, painter: QPainter, area: QRectF, far: float) -> None:
        """Bars that show how often each net input occurs; those beyond the edges stand at the edges."""
        scaled = (self.inputs * self.scale).clip(-far, far)
        counts, edges = np.histogram(scaled, BINS, (-far, far))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.current().accent)
        wide = area.width() / BINS
        for count, edge in zip(counts.tolist(), edges.tolist(), strict=False):
            height = area.height() * count / max(1, int(counts.max()))
            left = area.center().x() + edge / far * area.width() / 2
            painter.drawRect(QRectF(left, area.bottom() - height, max(1.0, wide - 1), height))


def linear_share(inputs: Values, x: Values, y: Values) -> float:
    """Share of the variance of an activation's answers that the best straight line explains, 0 to 1."""
    answers = np.interp(inputs, x, y)
    whole = float(answers.var())
    if whole <= 0 or float(inputs.var()) <= 0:
        return 1.0
    slope, shift = np.polyfit(inputs, answers, 1)
    return max(0.0, 1 - float((answers - slope * inputs - shift).var()) / whole)


def _draw_axis(painter: QPainter, area: QRectF, far: float, foot: float) -> None:
    painter.setPen(QPen(theme.current().line_strong, 1))
    painter.drawLine(area.bottomLeft(), area.bottomRight())
    painter.setFont(fonts.interface(HINT))
    painter.setPen(theme.current().text3)
    ticks = linear_ticks(-far, far, max(2, int(area.width() // fonts.scaled(48))))
    for value, text in zip(ticks, tick_texts(ticks), strict=True):
        middle = area.center().x() + value / far * area.width() / 2
        painter.drawText(QRectF(middle - 30, area.bottom(), 60, foot), Qt.AlignmentFlag.AlignCenter, text)
