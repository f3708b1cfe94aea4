"""A thin bar of progress under what is done and what is left."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from studio.gui import fonts, theme
from studio.gui.style.measures import GRID, LABEL

_BAR, _STEPS, _WIDTH = 4, 10_000, 312


class Progress(QProgressBar):
    """How far a long piece of work has come; `strong` is the part of the left text that is set in semibold."""

    def __init__(self, *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setRange(0, _STEPS)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._strong = self._left = self._right = ""

    def show_progress(self, share: float, *, strong: str = "", left: str = "", right: str = "") -> None:
        """Set the bar to a share from 0 to 1, and the texts above its two ends."""
        self.setValue(round(min(max(share, 0.0), 1.0) * _STEPS))
        self._strong, self._left, self._right = strong, left, right
        self.setAccessibleDescription(" ".join(filter(None, (strong, left, right))))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(fonts.scaled(_WIDTH), fonts.scaled(16) + GRID + _BAR)

    def minimumSizeHint(self) -> QSize:
        return QSize(fonts.scaled(_WIDTH // 3), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bar = QRectF(0, self.height() - _BAR, self.width(), _BAR)
        self._draw_texts(painter, QRectF(0, 0, self.width(), bar.top() - GRID / 2))
        colors = theme.current()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colors.control)
        painter.drawRoundedRect(bar, _BAR / 2, _BAR / 2)
        bar.setWidth(bar.width() * self.value() / _STEPS)
        painter.setBrush(colors.accent)
        painter.drawRoundedRect(bar, _BAR / 2, _BAR / 2)

    def _draw_texts(self, painter: QPainter, area: QRectF) -> None:
        colors = theme.current()
        middle = Qt.AlignmentFlag.AlignVCenter
        plain, strong = fonts.interface(LABEL), fonts.interface(LABEL, QFont.Weight.DemiBold)
        painter.setFont(plain)
        painter.setPen(colors.text2)
        painter.drawText(area, middle | Qt.AlignmentFlag.AlignRight, self._right)
        area.setRight(area.right() - QFontMetricsF(plain).horizontalAdvance(self._right) - GRID)
        painter.setFont(strong)
        painter.setPen(colors.text1)
        painter.drawText(area, middle | Qt.AlignmentFlag.AlignLeft, self._strong)
        if self._strong:
            area.setLeft(QFontMetricsF(strong).horizontalAdvance(self._strong + " "))
        painter.setFont(plain)
        painter.setPen(colors.text2)
        shown = painter.fontMetrics().elidedText(self._left, Qt.TextElideMode.ElideRight, int(area.width()))
        painter.drawText(area, middle | Qt.AlignmentFlag.AlignLeft, shown)
