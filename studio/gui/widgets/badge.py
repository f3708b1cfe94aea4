"""A short fact in a pill: how often, how many, in which state."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from studio.gui import fonts, theme
from studio.gui.style.measures import GRID, HINT, RADIUS_CHIP


class Badge(QLabel):
    """A label in a pill, in the colours of the theme or, with `tone`, in the one colour of that token's name."""

    def __init__(self, text: str, *, tone: str = "text2", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.tone = tone
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        text = QFontMetrics(self._font()).horizontalAdvance(self.text())
        height = fonts.scaled(2 * RADIUS_CHIP)
        return QSize(max(text + 2 * GRID, height), height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colors.problem_bg if self.tone == "problem" else colors.canvas)
        painter.drawRoundedRect(QRectF(self.rect()), self.height() / 2, self.height() / 2)
        painter.setPen(colors.named(self.tone))
        painter.setFont(self._font())
        painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, self.text())

    def _font(self) -> QFont:
        return fonts.interface(HINT, QFont.Weight.Medium)
