"""How the plane of points is drawn: its scale, marks of classes, axes with numbers, a legend, the field of answers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from studio.gui import fonts, theme
from studio.gui.curves.series import Look
from studio.gui.curves.ticks import linear_ticks, tick_texts
from studio.gui.pictures import Array, color_image
from studio.gui.style.measures import GRID, HALF_GRID, HINT, LABEL

Bounds = tuple[float, float, float, float]
"""Left, right, bottom and top."""

RADIUS = 3.5
"""Of a mark."""
FAINT, FULL = 0.14, 0.45
"""How much of its colour a cell takes whose class is barely the surest, and one whose class is certain."""
MARGIN, FOOT, LEGEND = 40, 20, 140
"""Room for numbers at the left and below, and for the names of the classes at the right."""
FLATTEST = 3.0
"""Ranges that differ more than so many times do not share one scale."""
CORNERS = ((0, 0.0), (4, 1 / 8), (3, 1 / 4), (4, 0.0))
"""The mark of a class: a disc, a square, a triangle, a square on its tip, each with where it begins; then again."""


@dataclass(frozen=True)
class Scale:
    """Where the plane is drawn, and what is seen of it."""

    area: QRectF
    bounds: Bounds

    def at(self, x: float, y: float) -> QPointF:
        left, right, bottom, top = self.bounds
        across, up = (x - left) / (right - left), (y - bottom) / (top - bottom)
        return QPointF(self.area.left() + across * self.area.width(), self.area.bottom() - up * self.area.height())


def scale_in(width: int, height: int, bounds: Bounds) -> Scale:
    """The plane in a widget of this size; one unit is as long across as up, unless the ranges differ too much."""
    left, right, bottom, top = bounds
    wide = max(1.0, width - fonts.scaled(MARGIN) - fonts.scaled(LEGEND))
    high = max(1.0, height - fonts.scaled(FOOT) - GRID)
    if 1 / FLATTEST <= (right - left) / (top - bottom) <= FLATTEST:
        unit = min(wide / (right - left), high / (top - bottom))
        wide, high = unit * (right - left), unit * (top - bottom)
    return Scale(QRectF(fonts.scaled(MARGIN), GRID, wide, high), bounds)


def field_image(field: Array, count: int) -> QImage:
    """Classes and probabilities (2, rows, columns) in the colours of so many classes, paler where less is sure."""
    ground = np.array(rgb(theme.current().canvas))
    inks = np.array([rgb(class_color(number)) for number in range(count)])
    classes, chances = np.nan_to_num(np.asarray(field, np.float64))
    sure = ((chances - 1 / count) / (1 - 1 / count)).clip(0, 1)
    share = (FAINT + (FULL - FAINT) * sure)[..., None]
    pixels = ground + (inks[classes.astype(int).clip(0, count - 1)] - ground) * share
    return color_image(np.moveaxis(pixels[::-1] / 255, -1, 0))


def class_color(number: int) -> QColor:
    """The colour of a class in the theme that is on."""
    return Look(number).color(theme.current())


def draw_mark(painter: QPainter, middle: QPointF, number: int) -> None:
    """A point of a class, told from others by colour and outline."""
    painter.setPen(QPen(theme.current().canvas, 1))
    painter.setBrush(class_color(number))
    corners, begin = CORNERS[number % len(CORNERS)]
    if not corners:
        painter.drawEllipse(middle, RADIUS, RADIUS)
        return
    turns = 2 * np.pi * (np.arange(corners) / corners + begin)
    across, up = 1.3 * RADIUS * np.cos(turns), 1.3 * RADIUS * np.sin(turns)
    tips = zip(across.tolist(), up.tolist(), strict=True)
    painter.drawPolygon(QPolygonF([QPointF(middle.x() + x, middle.y() - y) for x, y in tips]))


def draw_axes(painter: QPainter, scale: Scale) -> None:
    """A frame, with round numbers below and at the left."""
    (left, right, bottom, top), area = scale.bounds, scale.area
    painter.setPen(QPen(theme.current().line, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(area)
    painter.setFont(fonts.interface(HINT))
    painter.setPen(theme.current().text3)
    wide, high = fonts.scaled(48), fonts.scaled(16)
    across = linear_ticks(left, right, max(2, int(area.width() // wide)))
    up = linear_ticks(bottom, top, max(2, int(area.height() // (2 * high))))
    for value, text in zip(across, tick_texts(across), strict=True):
        foot = QRectF(scale.at(value, bottom).x() - wide / 2, area.bottom() + 2, wide, high)
        painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, text)
    for value, text in zip(up, tick_texts(up), strict=True):
        beside = QRectF(0, scale.at(left, value).y() - high / 2, area.left() - HALF_GRID, high)
        painter.drawText(beside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)


def draw_legend(painter: QPainter, scale: Scale, names: tuple[str, ...]) -> None:
    """The classes by name, at the right of the plane."""
    painter.setFont(fonts.interface(LABEL))
    row, left = fonts.scaled(20), scale.area.right() + 2 * GRID
    for number, name in enumerate(names):
        middle = scale.area.top() + (number + 0.5) * row
        draw_mark(painter, QPointF(left + RADIUS, middle), number)
        text = QRectF(left + 2 * GRID, middle - row / 2, fonts.scaled(LEGEND) - 4 * GRID, row)
        painter.setPen(theme.current().text2)
        shown = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, int(text.width()))
        painter.drawText(text, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)


def rgb(color: QColor) -> tuple[int, int, int]:
    """Red, green and blue, 0 to 255."""
    return color.red(), color.green(), color.blue()
