"""Points of two numbers in the plane, over the classes that a network answers everywhere between them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from studio.gui import fonts, theme
from studio.gui.panels.plane_drawing import (
    LEGEND,
    RADIUS,
    Bounds,
    Scale,
    draw_axes,
    draw_legend,
    draw_mark,
    field_image,
    scale_in,
)
from studio.gui.panels.points import Points
from studio.gui.panels.wording import class_text
from studio.gui.pictures import draw_sharp
from studio.gui.style.measures import FOCUS_RING
from studio.training.slots import Picture

REACH = 12.0
"""How far from a point the pointer may be."""
ROOM = 0.08
"""Of the range of the points, what is shown beyond it where no field says how far it reaches."""
LEAST = 160


class PlaneView(QWidget):
    """The arrow keys lead from point to point; Enter or a click looks at the sample."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Points and the classes answered in the plane")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.points: Points | None = None
        self.field: Picture | None = None
        self._at = 0

    def show_points(self, points: Points) -> None:
        self.points = points
        self._go_to(min(self._at, max(0, len(points.places) - 1)))

    def show_field(self, field: Picture | None) -> None:
        """Classes and probabilities (2, rows, columns), the lowest row first, with the ``bounds`` they fill."""
        self.field = field
        self._go_to(self._at)

    def answered(self) -> NDArray[np.int64] | None:
        """The class answered where each point lies, (N,); None before any answer."""
        if self.points is None or self.field is None:
            return None
        left, right, bottom, top = self.bounds
        rows, columns = self.field.array.shape[1:]
        x, y = self.points.places.T
        across = ((x - left) / (right - left) * columns).astype(int).clip(0, columns - 1)
        up = ((y - bottom) / (top - bottom) * rows).astype(int).clip(0, rows - 1)
        return np.asarray(self.field.array[0, up, across], np.int64)

    def said(self, at: int) -> str:
        """A point in words."""
        if self.points is None or not len(self.points.places):
            return ""
        (x, y), names, answered = self.points.places[at], self.points.names, self.answered()
        sample = f"Sample {self.points.samples[at]}" if self.points.samples else f"Point {at}"
        said = f"{sample} at {x:.2f}, {y:.2f}: {class_text(names, int(self.points.classes[at]))}"
        return said if answered is None else f"{said}, answered {class_text(names, int(answered[at]))}"

    @property
    def bounds(self) -> Bounds:
        """What is shown: left, right, bottom and top."""
        if self.field is not None:
            left, right, bottom, top = self.field.about["bounds"]
            return left, right, bottom, top
        places = self.points.places if self.points is not None and len(self.points.places) else np.zeros((1, 2))
        low, high = places.min(0), places.max(0)
        room = np.where(high > low, ROOM * (high - low), 0.5)
        (left, bottom), (right, top) = (low - room).tolist(), (high + room).tolist()
        return left, right, bottom, top

    def sizeHint(self) -> QSize:
        return QSize(fonts.scaled(LEAST + LEGEND), fonts.scaled(LEAST))

    def minimumSizeHint(self) -> QSize:
        return QSize(fonts.scaled(LEAST), fonts.scaled(LEAST) // 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.points is None:
            return
        painter, scale = QPainter(self), self._scale
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(scale.area, theme.current().canvas)
        if self.field is not None:
            draw_sharp(painter, field_image(self.field.array, len(self.points.names)), scale.area)
        draw_axes(painter, scale)
        draw_legend(painter, scale, self.points.names)
        places = zip(self.points.places.tolist(), self.points.classes.tolist(), strict=True)
        for (x, y), number in places:
            draw_mark(painter, scale.at(x, y), number)
        if self.hasFocus() and len(self.points.places):
            painter.setPen(QPen(theme.current().text1, FOCUS_RING))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(self.place(self._at), 2.5 * RADIUS, 2.5 * RADIUS)

    def place(self, at: int) -> QPointF:
        """Where a point is drawn."""
        assert self.points is not None
        x, y = self.points.places[at].tolist()
        return self._scale.at(x, y)

    @property
    def _scale(self) -> Scale:
        return scale_in(self.width(), self.height(), self.bounds)

    def event(self, event: object) -> bool:
        """Say the point under the pointer."""
        if isinstance(event, QHelpEvent):
            at = self._nearest(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), "" if at is None else self.said(at), self)
            return True
        return super().event(event)  # type: ignore[arg-type]

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self._nearest(event.position())
        if event.button() is Qt.MouseButton.LeftButton and at is not None:
            self._go_to(at)
            self._choose()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}.get(key)
        if step is not None and self.points is not None and len(self.points.places):
            self._go_to((self._at + step) % len(self.points.places))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._choose()
        else:
            super().keyPressEvent(event)

    def _choose(self) -> None:
        if self.points is not None and self._at < len(self.points.samples):
            self.chosen.emit(self.points.samples[self._at])

    def _go_to(self, at: int) -> None:
        self._at = at
        self.setAccessibleDescription(self.said(at))
        self.update()

    def _nearest(self, pointer: QPointF) -> int | None:
        """The point within reach of the pointer."""
        count = len(self.points.places) if self.points is not None else 0
        far = [(self.place(at) - pointer).manhattanLength() for at in range(count)]
        at = min(range(count), key=far.__getitem__, default=None)
        return at if at is not None and far[at] <= REACH else None
