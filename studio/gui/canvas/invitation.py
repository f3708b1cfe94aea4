"""What an empty graph shows in place of nodes: how the first one comes to be."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from studio.gui import theme
from studio.gui.canvas import lettering
from studio.gui.canvas.lens import FOOT, Lens
from studio.gui.canvas.overlay import Overlay
from studio.gui.icons import draw_icon
from studio.gui.style.measures import LABEL, LINE_HEIGHTS

ICON, GAP, WIDEST = 32.0, 12.0, 400.0
SENTENCE = "Drag a node from the palette, or {} to search for one."


class Invitation(Overlay):
    """Stands in the middle of the view and lets every press through."""

    def __init__(self, lens: Lens, is_wanted: Callable[[], bool]) -> None:
        self._lens, self._is_wanted = lens, is_wanted
        self.key = ""
        """The key that opens the search of nodes."""

    @property
    def sentence(self) -> str:
        return SENTENCE.format(f"press {self.key}" if self.key else "double-click here")

    def area(self) -> QRectF | None:
        width, height = self._lens.room
        if not self._is_wanted() or height < 3 * FOOT:
            return None
        wide = min(WIDEST, width - 2 * GAP)
        tall = ICON + GAP + 2 * LINE_HEIGHTS[LABEL]
        return QRectF(round((width - wide) / 2), round((height - FOOT - tall) / 2), wide, tall)

    def press(self, at: QPointF) -> bool:
        return False

    def paint(self, painter: QPainter, hovered: QPointF | None) -> None:
        area, colors = self.area(), theme.current()
        if area is None:
            return
        square = QRectF(round(area.center().x() - ICON / 2), area.top(), ICON, ICON)
        draw_icon(painter, "plus", square, colors.line_strong)
        painter.setFont(lettering.font("label"))
        painter.setPen(colors.text2)
        flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        painter.drawText(area.adjusted(0, ICON + GAP, 0, 0), int(flags), self.sentence)
