"""How the values of a picture are spread, as bars."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.gui import fonts, theme
from studio.gui.pictures import Array
from studio.gui.style.measures import HINT

BINS = 32


class Histogram(QWidget):
    """Counts of values in equal steps from the lowest to the highest, with both ends and zero named."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.counts: tuple[int, ...] = ()
        self.low = self.high = 0.0

    def show_values(self, values: Array) -> None:
        """Count finite values."""
        data = np.asarray(values, float).ravel()
        data = data[np.isfinite(data)]
        if not data.size:
            self.counts = ()
        else:
            counts, edges = np.histogram(data, BINS)
            self.counts, self.low, self.high = tuple(map(int, counts)), float(edges[0]), float(edges[-1])
            self.setAccessibleDescription(f"{data.size} values from {self.low:.3g} to {self.high:.3g}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(116, 72)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.counts:
            return
        colors = theme.current()
        painter = QPainter(self)
        text = fonts.scaled(16)
        area = QRectF(0, 0, self.width(), self.height() - text)
        width = area.width() / len(self.counts)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colors.family("Convolution"))
        for at, count in enumerate(self.counts):
            height = area.height() * count / max(self.counts)
            painter.drawRect(QRectF(at * width, area.bottom() - height, max(width - 1, 1), height))
        painter.setPen(colors.line_strong)
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.setFont(fonts.interface(HINT))
        painter.setPen(colors.text3)
        foot = QRectF(0, area.bottom(), self.width(), text)
        painter.drawText(foot, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, f"{self.low:.3g}")
        painter.drawText(foot, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{self.high:.3g}")
