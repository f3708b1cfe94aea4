"""Measures and paints formulas in the bundled typeface."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from studio.gui import fonts
from studio.gui.formula.layout import Box, Bracket, Glyphs, Rule, Setter, Style


@lru_cache(maxsize=256)
def font_of(style: Style) -> QFont:
    """The font of a style; its size is in pixels as they are painted."""
    fonts.load(fonts.FORMULA_SIGNS if style.signs else fonts.FORMULA)
    font = fonts.formula_signs(1) if style.signs else fonts.formula(1, italic=style.italic, bold=style.bold)
    font.setPixelSize(max(1, round(style.size)))
    return font


class FontMetrics:
    """Measures with Qt's fonts."""

    def advance(self, text: str, style: Style) -> float:
        return QFontMetricsF(font_of(style)).horizontalAdvance(text)

    def extent(self, text: str, style: Style) -> tuple[float, float, float]:
        metrics = QFontMetricsF(font_of(style))
        ink = metrics.tightBoundingRect(text)
        return -ink.top(), ink.bottom(), ink.right() - metrics.horizontalAdvance(text)


SETTER = Setter(FontMetrics())


def paint(painter: QPainter, box: Box, at: QPointF, color: QColor) -> None:
    """Paint what was set, with the beginning of its base line at a point."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for mark in box.marks:
        x, y = at.x() + mark.x, at.y() + mark.y
        if isinstance(mark, Glyphs):
            painter.setPen(color)
            painter.setFont(font_of(mark.style))
            painter.drawText(QPointF(x, y), mark.text)
        elif isinstance(mark, Rule):
            # On whole pixels a thin line is sharp.
            painter.fillRect(QRectF(x, round(y), mark.width, max(1, round(mark.height))), color)
        else:
            _paint_bracket(painter, mark, QRectF(x, y, mark.width, mark.height), color)


def _paint_bracket(painter: QPainter, mark: Bracket, area: QRectF, color: QColor) -> None:
    if mark.shape in "()":
        painter.fillPath(crescent(area, mark.line, opens_left=mark.shape == ")"), color)
        return
    pen = QPen(color, mark.line)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(outline(mark.shape, area, mark.line))


def crescent(area: QRectF, line: float, *, opens_left: bool) -> QPainterPath:
    """A round bracket: thick in the middle, thin at its ends."""
    outer, inner, ends = area.left(), area.left() + 1.7 * line, area.right()
    if opens_left:
        outer, inner, ends = area.right(), area.right() - 1.7 * line, area.left()
    # A quadratic curve goes half as far as its control point.
    path = QPainterPath(QPointF(ends, area.top()))
    path.quadTo(QPointF(2 * outer - ends, area.center().y()), QPointF(ends, area.bottom()))
    path.quadTo(QPointF(2 * inner - ends, area.center().y()), QPointF(ends, area.top()))
    return path


def outline(shape: str, area: QRectF, line: float) -> QPainterPath:
    """The strokes of a bracket, root or hat that fill the rectangle."""
    left, right, top, bottom = area.left(), area.right(), area.top(), area.bottom()
    half = line / 2
    corners: dict[str, list[tuple[float, float]]] = {
        "⌊": [(left + half, top), (left + half, bottom - half), (right, bottom - half)],
        "⌋": [(right - half, top), (right - half, bottom - half), (left, bottom - half)],
        "⌈": [(left + half, bottom), (left + half, top + half), (right, top + half)],
        "⌉": [(right - half, bottom), (right - half, top + half), (left, top + half)],
        "[": [(right, top + half), (left + half, top + half), (left + half, bottom - half), (right, bottom - half)],
        "]": [(left, top + half), (right - half, top + half), (right - half, bottom - half), (left, bottom - half)],
        "|": [(area.center().x(), top), (area.center().x(), bottom)],
        "^": [(left, bottom), (area.center().x(), top), (right, bottom)],
        "√": _hook(area, half),
    }
    if shape in "{}":
        return _brace(area, half, opens_right=shape == "{")
    if shape == "‖":
        path = QPainterPath(QPointF(left + half, top))
        path.lineTo(left + half, bottom)
        path.moveTo(right - half, top)
        path.lineTo(right - half, bottom)
        return path
    (x, y), *rest = corners[shape]
    path = QPainterPath(QPointF(x, y))
    for corner in rest:
        path.lineTo(*corner)
    return path


def _hook(area: QRectF, half: float) -> list[tuple[float, float]]:
    """A root's sign up to the bar over what stands in it."""
    foot = area.bottom() - half
    step = min(area.height() * 0.45, area.width() * 1.1)
    return [
        (area.left(), foot - step * 0.85),
        (area.left() + area.width() * 0.22, foot - step),
        (area.left() + area.width() * 0.5, foot),
        (area.right(), area.top() + half),
    ]


def _brace(area: QRectF, half: float, *, opens_right: bool) -> QPainterPath:
    back, tip = (area.right(), area.left()) if opens_right else (area.left(), area.right())
    spine = area.center().x()
    middle, bend = area.center().y(), area.width() / 2
    path = QPainterPath(QPointF(back, area.top() + half))
    path.quadTo(QPointF(spine, area.top() + half), QPointF(spine, area.top() + bend))
    path.lineTo(spine, middle - bend)
    path.quadTo(QPointF(spine, middle), QPointF(tip, middle))
    path.quadTo(QPointF(spine, middle), QPointF(spine, middle + bend))
    path.lineTo(spine, area.bottom() - bend)
    path.quadTo(QPointF(spine, area.bottom() - half), QPointF(back, area.bottom() - half))
    return path
