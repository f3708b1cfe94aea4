"""The ring round the control that has the keyboard."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from studio.gui import theme
from studio.gui.style.measures import FOCUS_RING


def inside_ring(rect: QRectF) -> QRectF:
    """What is left for the control itself of the rectangle of its widget."""
    return rect.adjusted(FOCUS_RING, FOCUS_RING, -FOCUS_RING, -FOCUS_RING)


def draw_focus_ring(painter: QPainter, control: QRectF, radius: float) -> None:
    """Draw the ring just outside a control with this corner radius."""
    half = FOCUS_RING / 2
    painter.setPen(QPen(theme.current().accent, FOCUS_RING))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(control.adjusted(-half, -half, half, half), radius + half, radius + half)
