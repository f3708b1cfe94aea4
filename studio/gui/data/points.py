"""Points in the plane, coloured by their class."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from studio.gui import fonts, theme
from studio.gui.data.reading import Page
from studio.gui.panels.plane_drawing import draw_mark
from studio.gui.panels.wording import class_text
from studio.gui.pictures import Array
from studio.gui.style.measures import CARD_PADDING, GRID, LABEL, RADIUS_CARD


class Scatter(QWidget):
    """Points in the plane, each class with a colour and a mark of its own, which the legend names."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page
        self.setMinimumSize(240, 240)
        self.labels = page.labels if page.labels is not None else np.zeros(len(page.samples), np.int64)
        self.legend = [(number, class_text(page.about.classes, number)) for number in np.unique(self.labels).tolist()]
        self.setAccessibleName(f"{len(self.labels):,} points: {', '.join(text for _, text in self.legend)}")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        foot = fonts.scaled(24)
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -foot - 0.5)
        painter.setPen(QPen(theme.current().node_line, 1))
        painter.setBrush(theme.current().canvas)
        painter.drawRoundedRect(frame, RADIUS_CARD, RADIUS_CARD)
        inside = frame.adjusted(CARD_PADDING, CARD_PADDING, -CARD_PADDING, -CARD_PADDING)
        if len(self.labels):
            for (x, y), label in zip(placed(self.page.samples, inside), self.labels, strict=True):
                draw_mark(painter, QPointF(float(x), float(y)), int(label))
        self._draw_legend(painter, QRectF(0, frame.bottom(), self.width(), foot))

    def _draw_legend(self, painter: QPainter, area: QRectF) -> None:
        painter.setFont(fonts.interface(LABEL))
        left = area.left() + GRID
        for number, text in self.legend:
            draw_mark(painter, QPointF(left, area.center().y()), number)
            painter.setPen(theme.current().text1)
            width = painter.fontMetrics().horizontalAdvance(text) + 1
            painter.drawText(QRectF(left + GRID, area.top(), width, area.height()), Qt.AlignmentFlag.AlignVCenter, text)
            left += width + 4 * GRID


def placed(points: Array, area: QRectF) -> Array:
    """Where points (N, 2) lie in an area, both axes in one scale and y upwards."""
    low, high = points.min(0), points.max(0)
    scale = min(np.array([area.width(), area.height()]) / np.maximum(high - low, 1e-9))
    middle = np.array([area.center().x(), area.center().y()])
    places: Array = (points - (low + high) / 2) * np.array([scale, -scale]) + middle
    return places
