"""Paints the face of a node, which the atlas then keeps: header, settings, footer, ports and what they say."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen

from studio.compiler.learned import Share
from studio.gui.canvas import lettering
from studio.gui.canvas.card import Card, PortMark
from studio.gui.canvas.detail import Detail
from studio.gui.canvas.geometry import (
    FOOTER,
    HEADER,
    OVERHANG,
    PORT_RADIUS,
    PORT_RING,
    ROW,
    ROWS_PADDING,
    STACK,
    TITLE_LEFT,
    Box,
    Style,
    has_footer,
    weights_text,
)
from studio.gui.icons import draw_icon
from studio.gui.style.measures import CARD_PADDING, RADIUS_NODE
from studio.gui.style.tokens import Theme, mix

BAR, BAR_INSET = 2.5, 8.0
COAT_BAR = 5.0
FLAG_HEIGHT, FLAG_PADDING, FLAG_ICON = 15.0, 4.0, 10.0
SHADOW = 2.0
BADGE_HEIGHT = 18.0
SELECTION_GAP, SELECTION_WIDTH = 3.0, 2.0
FOUND_DASHES = (3.0, 1.5)
TIGHT = 4.0
"""From afar a title has more room at its sides."""
LEARNING: dict[Share, tuple[str, str, str]] = {
    "all": ("learns", "pencil", "success"),
    "some": ("learns in part", "frozen", "series2"),
    "none": ("frozen", "frozen", "line_strong"),
}
"""How much of a node learns: in words, the icon and the token of the theme."""
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_CENTER = Qt.AlignmentFlag.AlignCenter


@dataclass(frozen=True, slots=True)
class Coat:
    """A colour that a node wears in place of its family's, and what that says: an icon and a few letters."""

    color: QColor
    icon: str
    text: str


def paint_face(
    painter: QPainter, card: Card, box: Box, theme: Theme, detail: Detail, scale: float, coat: Coat | None = None
) -> None:
    """Paint a node with its corner at the origin; ``scale`` is the painter's, for what must not get smaller."""
    if card.stacked:
        for step in (2, 1) if card.repeat > 1 else (1,):
            _body(painter, QRectF(STACK * step, -STACK * step, box.width, box.height), card, theme, behind=True)
    _body(painter, QRectF(0, 0, box.width, box.height), card, theme)
    _bar(painter, card, box, theme, coat)
    _header(painter, card, box, theme, detail, scale)
    if detail >= Detail.ALL:
        _port_labels(painter, card, box, theme)
        _rows(painter, card, box, theme)
        _footer(painter, card, box, theme)
    _ports(painter, card, box, theme)
    sign = coat or _learning(card, theme)
    if sign is not None and detail >= Detail.SHAPES:
        _flag(painter, sign, box, theme)


def is_faint(card: Card) -> bool:
    """Whether a node stands back because values pass it by, or because nothing of it learns."""
    return card.bypassed or card.learning == "none"


def _learning(card: Card, theme: Theme) -> Coat | None:
    """How much of a node learns, as a flag; None where that is not said."""
    if card.learning is None:
        return None
    text, icon, color = LEARNING[card.learning]
    return Coat(theme.named(color), icon, text)


def _body(painter: QPainter, rect: QRectF, card: Card, theme: Theme, *, behind: bool = False) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    if not behind:
        painter.setBrush(theme.shadow)
        painter.drawRoundedRect(rect.translated(0, SHADOW), RADIUS_NODE, RADIUS_NODE)
    fill = mix(theme.canvas, theme.raised, 0.5) if behind or is_faint(card) else theme.raised
    line = QPen(theme.problem if card.problem and not behind else theme.node_line, 1.5 if card.problem else 1.0)
    if card.bypassed:
        line.setStyle(Qt.PenStyle.DashLine)
        line.setColor(theme.line_strong)
    painter.setPen(line)
    painter.setBrush(fill)
    inset = line.widthF() / 2
    painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), RADIUS_NODE, RADIUS_NODE)


def _bar(painter: QPainter, card: Card, box: Box, theme: Theme, coat: Coat | None) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    own = theme.line_strong if card.learning == "none" else theme.family(card.family)
    painter.setBrush(coat.color if coat else own)
    height = COAT_BAR if coat else BAR
    painter.drawRoundedRect(QRectF(BAR_INSET, -0.5, box.width - 2 * BAR_INSET, height), BAR / 2, BAR / 2)


def _flag(painter: QPainter, coat: Coat, box: Box, theme: Theme) -> None:
    """What the colour of a node says, at its upper edge."""
    if not coat.text:
        return
    room = box.width - 2 * BAR_INSET
    icon_room = FLAG_ICON + FLAG_PADDING if coat.icon else 0
    text = lettering.cut(coat.text, "hint", room - icon_room - 2 * FLAG_PADDING)
    width = lettering.width(text, "hint") + icon_room + 2 * FLAG_PADDING
    flag = QRectF(BAR_INSET + 0.5, -OVERHANG + 1, width, FLAG_HEIGHT)
    painter.setPen(QPen(coat.color, 1))
    painter.setBrush(theme.canvas)
    painter.drawRoundedRect(flag, FLAG_PADDING, FLAG_PADDING)
    if coat.icon:
        square = QRectF(flag.left() + FLAG_PADDING, flag.center().y() - FLAG_ICON / 2, FLAG_ICON, FLAG_ICON)
        draw_icon(painter, coat.icon, square, coat.color)
    _text(painter, flag.adjusted(FLAG_PADDING + icon_room, 0, 0, 0), text, "hint", theme.text1, _LEFT)


def _header(painter: QPainter, card: Card, box: Box, theme: Theme, detail: Detail, scale: float) -> None:
    right = _marks(painter, card, box, theme) if detail >= Detail.SHAPES else box.width - CARD_PADDING
    left: float = TITLE_LEFT if card.icon else CARD_PADDING
    enlarged = lettering.enlarged("title", scale)
    if detail < Detail.SHAPES and lettering.width(card.title, "title") * enlarged > box.width - TIGHT - left:
        left = CARD_PADDING  # from afar a name says more than an icon
    elif card.icon:
        tint = theme.text3 if is_faint(card) else theme.family(card.family)
        draw_icon(painter, card.icon, QRectF(CARD_PADDING, 9, 16, 16), tint)
    if detail < Detail.ALL and right == box.width - CARD_PADDING and not (card.type_text and detail >= Detail.SHAPES):
        left, right = left - TIGHT, box.width - TIGHT
    room = right - left
    title = lettering.cut(card.title, "title", room / enlarged)
    color = theme.text3 if is_faint(card) else theme.text1
    painter.save()
    painter.translate(left, 1)
    painter.scale(enlarged, enlarged)
    _text(painter, QRectF(0, 0, room / enlarged + 1, HEADER / enlarged), title, "title", color, _LEFT)
    painter.restore()
    room -= lettering.width(title, "title") * enlarged + 8
    if detail >= Detail.SHAPES and card.type_text:
        kind = lettering.cut(card.type_text, "hint", room)
        _text(painter, QRectF(right - room, 1, room, HEADER), kind, "hint", theme.text3, _RIGHT)


def _marks(painter: QPainter, card: Card, box: Box, theme: Theme) -> float:
    """Signs at the right of the header; answers where the room left of them ends."""
    right = box.width - CARD_PADDING
    if card.problem:
        draw_icon(painter, "warning", QRectF(right - 16, 9, 16, 16), theme.problem)
        right -= 24
    if card.repeat > 1:
        text = f"× {card.repeat}"
        width = lettering.width(text, "strong") + 20
        badge = QRectF(right - width + 4, (HEADER - BADGE_HEIGHT) / 2 + 1, width, BADGE_HEIGHT)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.control)
        painter.drawRoundedRect(badge, BADGE_HEIGHT / 2, BADGE_HEIGHT / 2)
        _text(painter, badge, text, "strong", theme.text1, _CENTER)
        right = badge.left() - 8
    for is_on, icon in ((card.shared, "link"), (card.bypassed, "bypass")):
        if is_on:
            draw_icon(painter, icon, QRectF(right - 16, 9, 16, 16), theme.text3)
            right -= 24
    return right


def _rows(painter: QPainter, card: Card, box: Box, theme: Theme) -> None:
    if not card.rows:
        return
    if box.rows_top == HEADER:
        _separator(painter, box.rows_top, box, theme)
    inside = box.width - 2 * CARD_PADDING
    for index, (label, value) in enumerate(card.rows):
        line = QRectF(CARD_PADDING, box.rows_top + ROWS_PADDING + index * ROW, inside, ROW)
        shown = lettering.cut(value, "value", inside * 0.7)
        _text(painter, line, shown, "value", theme.text1, _RIGHT)
        room = inside - lettering.width(shown, "value") - 8
        _text(painter, line, lettering.cut(label, "label", room), "label", theme.text2, _LEFT)


def _footer(painter: QPainter, card: Card, box: Box, theme: Theme) -> None:
    if not has_footer(card):
        return
    _separator(painter, box.footer_top, box, theme)
    inside = box.width - 2 * CARD_PADDING
    line = QRectF(CARD_PADDING, box.footer_top, inside, FOOTER)
    _text(painter, line, lettering.cut(card.shape or "?", "shape", inside), "shape", theme.text2, _LEFT)
    room = inside - lettering.width(card.shape, "shape") - 8
    if card.weights:
        full = weights_text(card)
        weights = full if lettering.width(full, "hint") <= room else f"{card.weights:,}"
        _text(painter, line, lettering.cut(weights, "hint", room), "hint", theme.text3, _RIGHT)


def _separator(painter: QPainter, y: float, box: Box, theme: Theme) -> None:
    painter.fillRect(QRectF(1, y, box.width - 2, 1), mix(theme.raised, theme.node_line, 0.7))


def _port_labels(painter: QPainter, card: Card, box: Box, theme: Theme) -> None:
    """Names of the ports below the header; the first one has the header to itself."""
    if card.collapsed:
        return
    for marks, places, side in ((card.inputs, box.inputs, _LEFT), (card.outputs, box.outputs, _RIGHT)):
        for mark, (_, y) in list(zip(marks, places, strict=True))[1:]:
            color = theme.problem if mark.state == "problem" else theme.text2
            line = QRectF(16, y - ROW / 2, box.width - 32, ROW)
            _text(painter, line, lettering.cut(mark.name, "label", line.width() * 0.6), "label", color, side)


def _ports(painter: QPainter, card: Card, box: Box, theme: Theme) -> None:
    for marks, places in ((card.inputs, box.inputs), (card.outputs, box.outputs)):
        for mark, place in zip(marks, places, strict=True):
            paint_port(painter, QPointF(*place), mark, theme)


def paint_port(painter: QPainter, center: QPointF, mark: PortMark, theme: Theme) -> None:
    """Paint one port: filled with what flows, hollow where nothing is linked."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.canvas)
    painter.drawEllipse(center, PORT_RADIUS + PORT_RING, PORT_RADIUS + PORT_RING)
    color = theme.problem if mark.state == "problem" else theme.flow(mark.kind) if mark.kind else theme.line_strong
    if mark.state == "open":
        painter.setPen(QPen(theme.line_strong, 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(center, PORT_RADIUS - 0.75, PORT_RADIUS - 0.75)
        return
    painter.setBrush(QBrush(color))
    painter.drawEllipse(center, PORT_RADIUS, PORT_RADIUS)


def paint_selection(painter: QPainter, rect: QRectF, theme: Theme, scale: float) -> None:
    """The outline of a selected node, around its rectangle in the view."""
    out, radius = SELECTION_GAP * scale, (RADIUS_NODE + SELECTION_GAP) * scale
    painter.setPen(QPen(theme.accent, max(SELECTION_WIDTH * scale, 1.5)))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect.adjusted(-out, -out, out, out), radius, radius)


def paint_found(painter: QPainter, rect: QRectF, theme: Theme, scale: float) -> None:
    """The dashed outline of a node that a search has found."""
    out, radius = SELECTION_GAP * scale, (RADIUS_NODE + SELECTION_GAP) * scale
    pen = QPen(theme.series2, max(SELECTION_WIDTH * scale, 1.5))
    pen.setDashPattern(FOUND_DASHES)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect.adjusted(-out, -out, out, out), radius, radius)


def _text(painter: QPainter, rect: QRectF, text: str, style: Style, color: QColor, align: Qt.AlignmentFlag) -> None:
    if text:
        painter.setFont(lettering.font(style))
        painter.setPen(color)
        painter.drawText(rect, int(align), text)
