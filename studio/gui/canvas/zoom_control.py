"""The zoom control at the bottom left: farther, 100 %, nearer, all of it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from studio.gui import theme
from studio.gui.canvas import lettering
from studio.gui.canvas.lens import Lens
from studio.gui.canvas.overlay import Overlay, Target, paint_icon_button
from studio.gui.style.measures import RADIUS_BUTTON

MARGIN, WIDTH, HEIGHT = 16.0, 138.0, 32.0
BUTTON, INSET, LABEL_WIDTH = 28.0, 3.0, 44.0
ICONS = {"Zoom out": "minus", "Zoom in": "plus", "Fit all": "fit"}


class ZoomControl(Overlay):
    """Shows the zoom and changes it."""

    def __init__(self, lens: Lens) -> None:
        self._lens = lens

    def area(self) -> QRectF:
        return QRectF(MARGIN, self._lens.room[1] - MARGIN - HEIGHT, WIDTH, HEIGHT)

    def targets(self) -> list[Target]:
        area = self.area()
        top, side = area.top() + 2, BUTTON
        left = area.left() + INSET
        return [
            Target(QRectF(left, top, side, side), "Zoom out", self._lens.zoom_out),
            Target(QRectF(left + side, top, LABEL_WIDTH, side), self._percent(), self._lens.zoom_fully),
            Target(QRectF(left + side + LABEL_WIDTH, top, side, side), "Zoom in", self._lens.zoom_in),
            Target(QRectF(area.right() - INSET - side, top, side, side), "Fit all", self._lens.fly),
        ]

    def paint(self, painter: QPainter, hovered: QPointF | None) -> None:
        colors, area, targets = theme.current(), self.area(), self.targets()
        painter.setPen(QPen(colors.line, 1))
        painter.setBrush(colors.panel)
        painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_BUTTON, RADIUS_BUTTON)
        for target in targets:
            if target.name in ICONS:
                is_hovered = hovered is not None and target.rect.contains(hovered)
                paint_icon_button(painter, target, ICONS[target.name], colors, hovered=is_hovered)
        painter.setPen(colors.text1)
        painter.setFont(lettering.font("value"))
        painter.drawText(targets[1].rect, int(Qt.AlignmentFlag.AlignCenter), self._percent())
        painter.fillRect(QRectF(targets[3].rect.left() - 3, area.top() + 8, 1, HEIGHT - 16), colors.line)

    def _percent(self) -> str:
        return f"{round(self._lens.camera.zoom * 100)} %"
