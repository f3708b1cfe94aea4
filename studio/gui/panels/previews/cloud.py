"""Points that a network makes, over those of the data, or codes against the normal distribution they are drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.gui import fonts, theme
from studio.gui.curves.ticks import nice_step
from studio.gui.panels.plane_drawing import LEGEND, Bounds, Scale, draw_axes, draw_mark, rgb, scale_in
from studio.gui.pictures import Array, shades_image
from studio.gui.style.measures import GRID, HINT, LABEL

SIGMAS = (1, 2, 3)
"""Circles that hold 39 %, 86 % and 99 % of a normal distribution in the plane."""
CELLS, BLUR, DENSEST = 72, 1.6, 0.45
"""Of the picture of density: cells in a row, width of the blur in cells, and the share of ink where it is densest."""
DOT, MOST_DOTS = 1.2, 1500
DATA = "the data"
LEAST = 160

Points = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Cloud:
    """Points (N, 2) by what they are called, over points of the data (M, 2), or over circles."""

    points: tuple[tuple[str, Points], ...]
    data: Points | None = None
    has_circles: bool = False
    axes: tuple[str, str] = ("", "")
    said: str = ""
    """What is written below the names."""


def principal_axes(codes: Points) -> Points:
    """The two orthogonal directions (D, 2) along which codes (N, D) vary the most; their signs are fixed.

    Codes of a standard normal distribution have one along these, too.
    """
    _, _, rows = np.linalg.svd(codes - codes.mean(0), full_matrices=False)
    axes = np.zeros((codes.shape[1], 2))
    axes[:, : min(2, len(rows))] = rows[:2].T
    strongest = axes[np.abs(axes).argmax(0), [0, 1]]
    return axes * np.where(strongest < 0, -1, 1)


def bounds_of(cloud: Cloud) -> Bounds:
    """A square that holds everything, with edges at round numbers so that it seldom changes."""
    every = [points for _, points in cloud.points]
    every += [cloud.data] if cloud.data is not None else []
    every += [np.array([[-1.0, -1.0], [1.0, 1.0]]) * (SIGMAS[-1] + 0.2)] if cloud.has_circles else []
    there = np.concatenate([each[np.isfinite(each).all(1)] for each in every] or [np.zeros((0, 2))])
    if not len(there):
        return -1.0, 1.0, -1.0, 1.0
    low, high = there.min(0), there.max(0)
    side = max(float((high - low).max()), 1e-6) * 1.08
    step = nice_step(side, 20)
    left, bottom = (np.floor((low + high - side) / 2 / step) * step).tolist()
    side = float(np.ceil(side / step) + 1) * step
    return left, left + side, bottom, bottom + side


def density(points: Points, bounds: Bounds) -> Points:
    """How dense points (N, 2) lie in each of CELLS × CELLS cells, blurred, 0 to 1, the lowest row first."""
    left, right, bottom, top = bounds
    counts, _, _ = np.histogram2d(points[:, 1], points[:, 0], CELLS, [[bottom, top], [left, right]])
    far = np.arange(-4, 5)
    bell = np.exp(-0.5 * (far / BLUR) ** 2)
    for axis in (0, 1):
        counts = np.apply_along_axis(np.convolve, axis, counts, bell / bell.sum(), "same")
    most = counts.max(initial=0.0)
    return np.asarray(counts / most if most > 0 else counts, np.float64)


class CloudView(QWidget):
    """One unit is as long across as up."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Points in the plane")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.cloud = Cloud(())
        self.bounds: Bounds = (-1.0, 1.0, -1.0, 1.0)
        self._ground: QImage | None = None
        theme.switch().changed.connect(self._shade)

    def show_cloud(self, cloud: Cloud) -> None:
        same = cloud.data is self.cloud.data
        before, self.cloud, self.bounds = self.bounds, cloud, bounds_of(cloud)
        if not same or before != self.bounds:
            self._shade()
        said = ", ".join(f"{len(points)} points: {name}" for name, points in cloud.points)
        self.setAccessibleDescription(said)
        self.update()

    def _shade(self) -> None:
        """Paint how dense the data lies."""
        self._ground = None
        if self.cloud.data is not None:
            self._ground = _shaded(density(self.cloud.data, self.bounds), theme.current().text3)

    def sizeHint(self) -> QSize:
        return QSize(fonts.scaled(LEAST + LEGEND), fonts.scaled(LEAST))

    def minimumSizeHint(self) -> QSize:
        return QSize(fonts.scaled(LEAST), fonts.scaled(LEAST) // 2)

    @property
    def scale(self) -> Scale:
        return scale_in(self.width(), self.height(), self.bounds)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, scale, colors = QPainter(self), self.scale, theme.current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(scale.area, colors.canvas)
        if self._ground is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(scale.area, self._ground)
        draw_axes(painter, scale)
        self._name_axes(painter, scale)
        painter.save()
        painter.setClipRect(scale.area)
        if self.cloud.data is not None:
            _draw_dots(painter, scale, self.cloud.data[:MOST_DOTS], colors.text3)
        if self.cloud.has_circles:
            _draw_circles(painter, scale)
        for number, (_, points) in reversed(list(enumerate(self.cloud.points))):
            for x, y in points[np.isfinite(points).all(1)].tolist():
                draw_mark(painter, scale.at(x, y), number)
        painter.restore()
        self._draw_legend(painter, scale)

    def _name_axes(self, painter: QPainter, scale: Scale) -> None:
        painter.setFont(fonts.interface(HINT))
        painter.setPen(theme.current().text3)
        inside = scale.area.adjusted(GRID, GRID / 2, -GRID, -GRID / 2)
        across, up = self.cloud.axes
        painter.drawText(inside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, across)
        painter.drawText(inside, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, up)

    def _draw_legend(self, painter: QPainter, scale: Scale) -> None:
        """What the marks stand for, at the right of the plane."""
        painter.setFont(fonts.interface(LABEL))
        row, left = fonts.scaled(20), scale.area.right() + 2 * GRID
        names = [name for name, _ in self.cloud.points]
        names += [DATA] if self.cloud.data is not None else []
        names += ["N(0, 1): 1, 2, 3 σ"] if self.cloud.has_circles else []
        for number, name in enumerate(names):
            middle = QPointF(left, scale.area.top() + (number + 0.5) * row)
            if number < len(self.cloud.points):
                draw_mark(painter, middle, number)
            else:
                ink = theme.current().text3
                is_data = name == DATA
                painter.setPen(QPen(ink, 1.5))
                painter.setBrush(ink if is_data else Qt.BrushStyle.NoBrush)
                painter.drawEllipse(middle, *((DOT, DOT) if is_data else (3, 3)))
            place = QRectF(left + GRID, middle.y() - row / 2, self.width() - left - GRID, row)
            painter.setPen(theme.current().text2)
            shown = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, int(place.width()))
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, shown)
        below = QRectF(left, scale.area.top() + len(names) * row, self.width() - left, self.height())
        painter.setFont(fonts.interface(HINT))
        painter.setPen(theme.current().text3)
        painter.drawText(below.adjusted(0, GRID / 2, 0, 0), Qt.TextFlag.TextWordWrap, self.cloud.said)


def _shaded(dense: Array, ink: QColor) -> QImage:
    """Density, its lowest row first, as a picture that is inked the more the denser."""
    ground, full = np.array(rgb(theme.current().canvas), np.float64), np.array(rgb(ink), np.float64)
    share = DENSEST * np.asarray(dense, np.float64)[::-1, :, None]
    return shades_image((ground + (full - ground) * share).round().astype(np.uint8))


def _draw_dots(painter: QPainter, scale: Scale, points: Points, color: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    for x, y in points.tolist():
        painter.drawEllipse(scale.at(x, y), DOT, DOT)


def _draw_circles(painter: QPainter, scale: Scale) -> None:
    """Where a normal distribution in the plane has its standard deviations."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setFont(fonts.interface(HINT))
    middle = scale.at(0, 0)
    for sigma in SIGMAS:
        radius = scale.at(sigma, 0).x() - middle.x()
        painter.setPen(QPen(theme.current().line_strong, 1.5 if sigma == 1 else 1))
        painter.drawEllipse(middle, radius, radius)
        painter.setPen(theme.current().text3)
        if radius > sigma * fonts.scaled(HINT):
            painter.drawText(QPointF(middle.x() + 2, middle.y() - radius - 3), f"{sigma} σ")


def off_normal(codes: Sequence[float] | Points) -> str:
    """How far codes (N, D) are from a standard normal distribution along each axis, in words."""
    values = np.asarray(codes, np.float64)
    means, deviations = values.mean(0), values.std(0)
    spread = f"{deviations.min():.2f}" if deviations.size == 1 else f"{deviations.min():.2f} to {deviations.max():.2f}"
    return f"means up to {np.abs(means).max():.2f} off zero, standard deviations {spread} along the axes"
