"""What lies over the graph at a fixed size: it paints itself, takes presses, and names its buttons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from studio.gui.canvas import lettering
from studio.gui.icons import draw_icon
from studio.gui.style.measures import FOCUS_RING, RADIUS_BUTTON
from studio.gui.style.tokens import Theme


@dataclass(frozen=True, slots=True)
class Target:
    """Something painted that can be pressed: where, what it is called, what it does."""

    rect: QRectF
    name: str
    press: Callable[[], object]


class Overlay:
    """Base of what lies over the graph."""

    def area(self) -> QRectF | None:
        """Where it lies in the view; None while it does not show."""
        raise NotImplementedError

    def targets(self) -> list[Target]:
        """What can be pressed, in the order of reading."""
        return []

    def paint(self, painter: QPainter, hovered: QPointF | None) -> None:
        raise NotImplementedError

    def press(self, at: QPointF) -> bool:
        """Take a press; answers whether it lay on this."""
        area = self.area()
        if area is None or not area.contains(at):
            return False
        target = next((target for target in self.targets() if target.rect.contains(at)), None)
        if target is not None:
            target.press()
        return True


def paint_button(
    painter: QPainter, target: Target, theme: Theme, *, primary: bool, hovered: bool, focused: bool
) -> None:
    """Paint a button with text; the focus ring lies outside it."""
    # On a light ground the fill alone would not show where the button ends.
    outlined = not primary and not theme.is_dark
    painter.setPen(QPen(theme.line_strong, 1) if outlined else Qt.PenStyle.NoPen)
    painter.setBrush(theme.accent if primary else theme.control)
    painter.drawRoundedRect(target.rect, RADIUS_BUTTON, RADIUS_BUTTON)
    painter.setPen(theme.accent_text if primary else theme.text1)
    painter.setFont(lettering.font("button"))
    painter.drawText(target.rect, int(Qt.AlignmentFlag.AlignCenter), target.name)
    if hovered or focused:
        gap = FOCUS_RING if focused else 0.5
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.accent if focused else theme.line_strong, FOCUS_RING if focused else 1))
        painter.drawRoundedRect(target.rect.adjusted(-gap, -gap, gap, gap), RADIUS_BUTTON + gap, RADIUS_BUTTON + gap)


def paint_icon_button(painter: QPainter, target: Target, icon: str, theme: Theme, *, hovered: bool) -> None:
    """Paint a button that is an icon."""
    if hovered:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.control)
        painter.drawRoundedRect(target.rect, RADIUS_BUTTON, RADIUS_BUTTON)
    center = target.rect.center()
    draw_icon(painter, icon, QRectF(round(center.x()) - 7, round(center.y()) - 7, 14, 14), theme.text2)
