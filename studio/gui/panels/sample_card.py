"""What the cards of held-out samples have in common: their frame, and that a click looks at the sample."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from studio.gui import fonts, theme
from studio.gui.style.measures import RADIUS_CARD
from studio.gui.widgets.ring import draw_focus_ring, inside_ring

PICTURE = 64
"""Side of a sample."""
WIDTH, HEIGHT = 180, 108


class SampleCard(QAbstractButton):
    """A click looks at the sample in the layer view. ``text`` says all that is painted."""

    def __init__(self, text: str, *, marked: bool = False) -> None:
        """``marked`` draws the frame in the colour of problems."""
        super().__init__()
        self._marked = marked
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setText(text)
        self.setAccessibleName(text)
        self.setToolTip(text)

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, fonts.scaled(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = inside_ring(QRectF(self.rect())).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(colors.problem if self._marked else colors.node_line, 1))
        painter.setBrush(colors.raised)
        painter.drawRoundedRect(area, RADIUS_CARD, RADIUS_CARD)
        self.draw(painter, area)
        if self.hasFocus():
            draw_focus_ring(painter, area, RADIUS_CARD)

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Paint what the card shows into its frame."""
        raise NotImplementedError
