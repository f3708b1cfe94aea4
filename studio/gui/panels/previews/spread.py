"""How numbers are spread, those of two nodes over each other: a critic's answers for real and for generated samples."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.gui import fonts, theme
from studio.gui.curves.series import Look
from studio.gui.curves.ticks import linear_ticks, tick_texts
from studio.gui.pictures import Array
from studio.gui.style.measures import GRID, HINT, LABEL, PANEL_PADDING

BINS = 24
OPACITY = 0.35
LEAST = 120


class SpreadView(QWidget):
    """Bars of two kinds share their steps; an upright line marks each mean."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("How the numbers are spread")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.names: tuple[str, ...] = ()
        self.counts: tuple[tuple[float, ...], ...] = ()
        """Shares of the numbers in each step, for each name."""
        self.means: tuple[float, ...] = ()
        self.low, self.high = 0.0, 1.0
        self._said = ""

    def show_numbers(self, named: Sequence[tuple[str, Array]], said: str = "") -> None:
        """Show how the finite numbers of each name are spread, and say a word at the right."""
        self._said = said
        each = [np.asarray(values, np.float64).ravel() for _, values in named]
        each = [values[np.isfinite(values)] for values in each]
        self.names = tuple(name for name, _ in named)
        every = np.concatenate(each) if each else np.zeros(0)
        low, high = (float(every.min()), float(every.max())) if every.size else (0.0, 1.0)
        self.low, self.high = (low, high) if high > low else (low - 0.5, high + 0.5)
        self.counts = tuple(self._shares(values) for values in each)
        self.means = tuple(float(values.mean()) if values.size else np.nan for values in each)
        self.setAccessibleDescription("; ".join(self.said()))
        self.update()

    def said(self) -> list[str]:
        """Each name with its mean."""
        return [f"{name}: mean {mean:.3g}" for name, mean in zip(self.names, self.means, strict=True)]

    def _shares(self, values: Array) -> tuple[float, ...]:
        counts, _ = np.histogram(values, BINS, (self.low, self.high))
        return tuple((counts / max(1, values.size)).tolist())

    def sizeHint(self) -> QSize:
        return QSize(fonts.scaled(2 * LEAST), fonts.scaled(LEAST))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, foot, head = QPainter(self), fonts.scaled(20), fonts.scaled(20)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(PANEL_PADDING, head, -PANEL_PADDING, -foot)
        if not self.counts or area.height() <= 0:
            return
        for number, shares in enumerate(self.counts):
            self._draw_bars(painter, area, shares, Look(number).color(theme.current()))
        for number, mean in enumerate(self.means):
            if np.isfinite(mean):
                style = Qt.PenStyle.DashLine if number else Qt.PenStyle.SolidLine
                painter.setPen(QPen(Look(number).color(theme.current()), 2, style))
                x = self._across(area, mean)
                painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        self._draw_axis(painter, area, foot)
        self._draw_legend(painter, QRectF(area.left(), 0, area.width(), head))

    def _across(self, area: QRectF, value: float) -> float:
        return area.left() + (value - self.low) / (self.high - self.low) * area.width()

    def _draw_bars(self, painter: QPainter, area: QRectF, shares: Sequence[float], color: QColor) -> None:
        """One outline round all bars, so that two sets of them can be seen through each other."""
        most = max(max(each) for each in self.counts) or 1.0
        wide, outline = area.width() / BINS, [area.bottomLeft()]
        for at, share in enumerate(shares):
            top = area.bottom() - share / most * area.height()
            outline += [QPointF(area.left() + at * wide, top), QPointF(area.left() + (at + 1) * wide, top)]
        fill = QColor(color)
        fill.setAlphaF(OPACITY)
        painter.setPen(QPen(color, 1.5))
        painter.setBrush(fill)
        painter.drawPolygon(QPolygonF([*outline, area.bottomRight()]))

    def _draw_axis(self, painter: QPainter, area: QRectF, foot: float) -> None:
        painter.setPen(QPen(theme.current().line_strong, 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.setFont(fonts.interface(HINT))
        painter.setPen(theme.current().text3)
        ticks = linear_ticks(self.low, self.high, max(2, int(area.width() // fonts.scaled(56))))
        for value, text in zip(ticks, tick_texts(ticks), strict=True):
            place = QRectF(self._across(area, value) - 40, area.bottom(), 80, foot)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)

    def _draw_legend(self, painter: QPainter, row: QRectF) -> None:
        """The names, with their means where there is room for them."""
        painter.setFont(fonts.interface(LABEL))
        left, texts = row.left(), self.said()
        if sum(painter.fontMetrics().horizontalAdvance(text) + 10 + 3 * GRID for text in texts) > row.width():
            texts = list(self.names)
        for number, text in enumerate(texts):
            painter.fillRect(QRectF(left, row.center().y() - 5, 10, 10), Look(number).color(theme.current()))
            painter.setPen(theme.current().text2)
            wide = painter.fontMetrics().horizontalAdvance(text) + 1
            place = QRectF(left + 10 + GRID / 2, row.top(), wide, row.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)
            left = place.right() + 2 * GRID
        painter.setFont(fonts.interface(HINT))
        painter.setPen(theme.current().text3)
        rest = QRectF(left, row.top(), row.right() - left, row.height())
        painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, self._said)
