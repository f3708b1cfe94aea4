"""One template in the gallery: a picture of its network, its name, its size, its data."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from studio.gui import fonts, theme
from studio.gui.start.strokes import Facts
from studio.gui.start.thumbnail import draw_sketch
from studio.gui.style.measures import BODY, CARD_PADDING, FOCUS_RING, HINT, LABEL, RADIUS_CARD
from studio.gui.style.tokens import mix
from studio.gui.widgets.ring import draw_focus_ring, inside_ring

WIDTH, HEIGHT, PICTURE = 232, 160, 86


class TemplateCard(QAbstractButton):
    """A card that is clicked to open its template. Its facts come later than itself."""

    def __init__(self, name: str, title: str, doc: str) -> None:
        super().__init__()
        self.name = name
        self.facts: Facts | None = None
        self.setText(title)
        self.setAccessibleName(title)
        self.setAccessibleDescription(doc)
        self.setToolTip(doc)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def show_facts(self, facts: Facts) -> None:
        """Draw the network and say its size."""
        self.facts = facts
        known = (self.toolTip(), facts.weights, facts.data, facts.figure, facts.paper)
        self.setAccessibleDescription(". ".join(filter(None, known)))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(fonts.scaled(WIDTH), fonts.scaled(HEIGHT - PICTURE) + PICTURE + 2 * FOCUS_RING)

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = inside_ring(QRectF(self.rect())).adjusted(0.5, 0.5, -0.5, -0.5)
        outline = QPainterPath()
        outline.addRoundedRect(area, RADIUS_CARD, RADIUS_CARD)
        share = 0.1 if self.isDown() else 0.05 if self.underMouse() else 0.0
        painter.fillPath(outline, mix(colors.raised, colors.text1, share))
        picture = QRectF(area.left(), area.top(), area.width(), PICTURE)
        painter.save()
        painter.setClipPath(outline)
        painter.fillRect(picture, colors.canvas)
        if self.facts is not None and self.facts.sketch is not None:
            draw_sketch(painter, self.facts.sketch, picture)
        painter.restore()
        painter.setPen(QPen(colors.line_strong if self.underMouse() else colors.node_line, 1))
        painter.drawPath(outline)
        self._draw_texts(painter, area.adjusted(CARD_PADDING, PICTURE + 8, -CARD_PADDING, -6))
        if self.hasFocus():
            draw_focus_ring(painter, area, RADIUS_CARD)

    def _draw_texts(self, painter: QPainter, area: QRectF) -> None:
        colors = theme.current()
        facts = self.facts or Facts(None, "", "")
        about = ": ".join(filter(None, (facts.data, facts.figure)))
        lines = (
            (self.text(), facts.paper, fonts.semibold(BODY), colors.text1, 20),
            (facts.weights, "", fonts.interface(LABEL), colors.text2, 18),
            (about, "", fonts.interface(HINT), colors.text3, 16),
        )
        top = area.top()
        for text, aside, font, color, height in lines:
            place = QRectF(area.left(), top, area.width(), fonts.scaled(height))
            painter.setFont(font)
            room = area.width() - painter.fontMetrics().horizontalAdvance(text) - CARD_PADDING
            _draw_line(painter, text, place, color, Qt.AlignmentFlag.AlignLeft)
            painter.setFont(fonts.interface(HINT))
            if painter.fontMetrics().horizontalAdvance(aside) <= room:
                _draw_line(painter, aside, place, colors.text3, Qt.AlignmentFlag.AlignRight)
            top += fonts.scaled(height)


def _draw_line(painter: QPainter, text: str, place: QRectF, color: QColor, side: Qt.AlignmentFlag) -> None:
    painter.setPen(color)
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(place.width()))
    painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | side, shown)
