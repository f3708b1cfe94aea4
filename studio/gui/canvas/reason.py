"""The sentence beside the pointer that says why something cannot be let go here."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from studio.gui.canvas import lettering
from studio.gui.canvas.geometry import Point
from studio.gui.icons import draw_icon
from studio.gui.style.measures import RADIUS_BUTTON
from studio.gui.style.tokens import Theme

OFFSET, HEIGHT, PADDING = 16.0, 28.0, 10.0


def reason_rect(reason: str, at: Point, size: Point) -> QRectF:
    """Where the sentence lies in a view of this size, with the pointer here."""
    width = lettering.width(reason, "label") + 3 * PADDING + 16
    left = max(min(at[0] + OFFSET, size[0] - width - 4), 4.0)
    return QRectF(round(left) + 0.5, round(at[1] + OFFSET) + 0.5, width, HEIGHT)


def paint_reason(painter: QPainter, colors: Theme, rect: QRectF, reason: str) -> None:
    """Paint the sentence with the icon of a problem."""
    painter.setPen(QPen(colors.problem, 1))
    painter.setBrush(colors.problem_bg)
    painter.drawRoundedRect(rect, RADIUS_BUTTON, RADIUS_BUTTON)
    draw_icon(painter, "warning", QRectF(rect.left() + PADDING, rect.top() + 6, 16, 16), colors.problem)
    painter.setPen(colors.text1)
    painter.setFont(lettering.font("label"))
    inside = rect.adjusted(2 * PADDING + 16, 0, 0, 0)
    painter.drawText(inside, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), reason)
