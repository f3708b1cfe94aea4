"""A row of numbers as bars, with those that are wanted as a line over them."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from studio.gui import fonts, theme
from studio.gui.pictures import Array
from studio.gui.style.measures import HINT

DASHES = (6.0 / 1.5, 3.0 / 1.5)
"""Of the line of what is wanted, in widths of the pen."""
MOST = 256
"""Numbers that can be told apart as bars."""


def draw_profile(painter: QPainter, area: QRectF, values: Array, wanted: Array | None = None) -> None:
    """Bars from zero, and a dashed line through what is wanted; both share one scale, which holds zero."""
    colors = theme.current()
    both = np.concatenate([values, wanted]) if wanted is not None else np.asarray(values)
    both = both[np.isfinite(both)]
    low, high = min(0.0, float(both.min(initial=0.0))), max(0.0, float(both.max(initial=0.0)))
    scale = area.height() / (high - low or 1.0)
    zero = area.bottom() + low * scale
    width = area.width() / len(values)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colors.accent)
    for at, value in enumerate(values):
        if np.isfinite(value):
            top = zero - max(0.0, float(value)) * scale
            painter.drawRect(QRectF(area.left() + at * width, top, max(width - 1, 1), abs(float(value)) * scale))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(colors.line_strong)
    painter.drawLine(QPointF(area.left(), zero), QPointF(area.right(), zero))
    if wanted is not None:
        pen = QPen(colors.series2, 1.5)
        pen.setDashPattern(DASHES)
        painter.setPen(pen)
        places = (QPointF(area.left() + (at + 0.5) * width, zero - float(v) * scale) for at, v in enumerate(wanted))
        painter.drawPolyline(QPolygonF(list(places)))


class Profile(QWidget):
    """The numbers of one sample in their order; resting the pointer on a bar reads it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.values: Array = np.zeros(0)

    def show_values(self, values: Array) -> None:
        self.values = np.asarray(values, float).ravel()
        shown = ", ".join(f"{value:.3g}" for value in self.values[:MOST])
        self.setAccessibleDescription(shown)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(4 * 56, fonts.scaled(140))

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.values.size:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        foot = fonts.scaled(16)
        area = QRectF(0, 2, self.width(), self.height() - foot - 2)
        draw_profile(painter, area, self.values)
        painter.setFont(fonts.interface(HINT))
        painter.setPen(theme.current().text3)
        text = QRectF(0, area.bottom(), self.width(), foot)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(text, Qt.AlignmentFlag.AlignLeft | middle, "0")
        painter.drawText(text, Qt.AlignmentFlag.AlignRight | middle, f"{len(self.values) - 1}")

    def event(self, event: object) -> bool:
        """Say the number under the pointer."""
        if isinstance(event, QHelpEvent) and self.values.size:
            at = min(int(event.x() / self.width() * len(self.values)), len(self.values) - 1)
            QToolTip.showText(event.globalPos(), f"Number {at}: {self.values[at]:.6g}", self)
            return True
        return super().event(event)  # type: ignore[arg-type]
