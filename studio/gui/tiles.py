"""A grid of maps: sharp pixels, values to read off, one zoom for all."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from studio.gui import theme
from studio.gui.pictures import Array, draw_sharp, grey_image, map_image
from studio.gui.style.measures import FOCUS_RING, GRID
from studio.gui.tiling import Pixel, Tiling, moved_inside, zoomed

_SMALLEST, _LARGEST, _ZOOM_STEP = 56, 160, 0.8
_MARGIN = 2 * FOCUS_RING
_ARROWS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


class _Tiles(QWidget):
    """The maps, which is selected, which pixel is read, and which part of all of them is shown."""

    selected = Signal(int)
    pixel_chosen = Signal(int, int, int)  # map, row, column
    reading_changed = Signal(str)

    def __init__(self, name: str, *, item: str, grey: bool) -> None:
        super().__init__()
        self.item, self.grey = item, grey
        self.maps: Array = np.zeros((0, 1, 1))
        self.current = 0
        self.reading: Pixel | None = None
        self.shown_part = QRectF(0, 0, 1, 1)
        self._images: dict[int, QImage] = {}
        self.setAccessibleName(name)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_maps(self, maps: Array) -> None:
        """Show these maps; zoom and selection stay while count and size do.

        Raises `ValueError` unless there are three axes.
        """
        if maps.ndim != 3:
            raise ValueError(f"a grid shows count × height × width, and this array has {maps.ndim} axes")
        if maps.shape != self.maps.shape:
            self.current, self.reading = 0, None
            self.shown_part = QRectF(0, 0, maps.shape[2], maps.shape[1])
        self.maps = maps
        self._images.clear()
        self.updateGeometry()
        self.update()

    def reading_text(self) -> str:
        """The value that is read, exactly, with where it stands; rows and columns count from 0 as in PyTorch."""
        if self.reading is None:
            return ""
        tile, row, column = self.reading.tile, self.reading.row, self.reading.column
        value = self.maps[tile, row, column]
        return f"{self.item} {tile}, row {row}, column {column}: {value:.6g}"

    def tiling(self) -> Tiling:
        """Where the tiles stand inside the margin."""
        return self._tiling_in(self.width(), self.height() - 2 * _MARGIN)

    def _tiling_in(self, width: int, room: int) -> Tiling:
        count, rows, columns = self.maps.shape
        return Tiling(count, columns, rows, width - 2 * _MARGIN, room, GRID, _SMALLEST, _LARGEST)

    def whole(self) -> QRectF:
        """All pixels of a map."""
        return QRectF(0, 0, self.maps.shape[2], self.maps.shape[1])

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return round(self._tiling_in(width, 0).height) + 2 * _MARGIN

    def sizeHint(self) -> QSize:
        return QSize(4 * _SMALLEST, self.heightForWidth(4 * _SMALLEST))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.setMinimumHeight(self.heightForWidth(event.size().width()))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.translate(_MARGIN, _MARGIN)
        exposed = QRectF(event.rect()).translated(-_MARGIN, -_MARGIN)
        tiling = self.tiling()
        for index in range(len(self.maps)):
            place = tiling.tile(index)
            if place.intersects(exposed):
                draw_sharp(painter, self._image(index), place, self.shown_part)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if len(self.maps):
            self._draw_marks(painter, tiling)

    def _image(self, index: int) -> QImage:
        if index not in self._images:
            self._images[index] = (grey_image if self.grey else map_image)(self.maps[index])
        return self._images[index]

    def _draw_marks(self, painter: QPainter, tiling: Tiling) -> None:
        accent = theme.current().accent
        width = FOCUS_RING if self.hasFocus() else 1
        half = width / 2
        painter.setPen(QPen(accent, width))
        painter.drawRect(tiling.tile(self.current).adjusted(-half - 1, -half - 1, half + 1, half + 1))
        if self.reading is not None:
            pixel = tiling.pixel_place(self.reading, self.shown_part)
            painter.setPen(QPen(accent, 1.5))
            painter.drawRect(pixel.intersected(tiling.tile(self.reading.tile)))

    def select(self, index: int) -> None:
        """Select a map; an index outside stops at the first or last."""
        index = min(max(index, 0), len(self.maps) - 1)
        if index != self.current and index >= 0:
            self.current = index
            self.selected.emit(index)
        self.setAccessibleDescription(f"{self.item} {self.current} of {len(self.maps)}")
        self.update()

    def zoom(self, factor: float, middle: QPointF) -> None:
        """Show this many times as much of every map about a pixel that stays where it is."""
        self.shown_part = zoomed(self.shown_part, factor, middle, self.whole())
        self.update()

    def show_whole(self) -> None:
        """Show every map from edge to edge."""
        self.shown_part = self.whole()
        self.update()

    def read(self, pixel: Pixel | None) -> None:
        """Read the value of a pixel, or none."""
        if pixel == self.reading:
            return
        self.reading = pixel
        self.reading_changed.emit(self.reading_text())
        self.update()


class TileGrid(_Tiles):
    """Maps (count, height, width), each from its own lowest to its own highest value.

    Pointer: hover reads a value, click selects, wheel with Ctrl zooms all maps alike, drag moves them, double-click
    shows all. Keys: arrows select, Ctrl with arrows moves the pixel that is read, plus, minus and Home zoom.
    """

    def __init__(self, name: str, *, item: str = "Map", grey: bool = False) -> None:
        super().__init__(name, item=item, grey=grey)
        self._dragged_from: QPointF | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = _inside(event)
        if self._dragged_from is not None and event.buttons() & Qt.MouseButton.LeftButton:
            self._drag_to(place)
            return
        self.read(self.tiling().pixel_at(place, self.shown_part) if len(self.maps) else None)
        QToolTip.showText(event.globalPosition().toPoint(), self.reading_text(), self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or not len(self.maps):
            return
        self._dragged_from = _inside(event)
        pixel = self.tiling().pixel_at(self._dragged_from, self.shown_part)
        if pixel is not None:
            self.select(pixel.tile)
            self.pixel_chosen.emit(pixel.tile, pixel.row, pixel.column)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragged_from = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.show_whole()

    def wheelEvent(self, event: QWheelEvent) -> None:
        # Without Ctrl the wheel scrolls the panel that the grid stands in.
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier or not len(self.maps):
            event.ignore()
            return
        pixel = self.tiling().pixel_at(_inside(event), self.shown_part)
        if pixel is not None:
            self.zoom(_ZOOM_STEP ** (event.angleDelta().y() / 120), QPointF(pixel.column + 0.5, pixel.row + 0.5))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        middle = self.shown_part.center()
        if key in _ARROWS and len(self.maps):
            down, right = _ARROWS[key]
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self._step_reading(down, right)
            else:
                self.select(self.current + right + down * self.tiling().columns)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(_ZOOM_STEP, middle)
        elif key == Qt.Key.Key_Minus:
            self.zoom(1 / _ZOOM_STEP, middle)
        elif key == Qt.Key.Key_Home:
            self.show_whole()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.reading is not None:
            self.pixel_chosen.emit(self.reading.tile, self.reading.row, self.reading.column)
        else:
            super().keyPressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.read(None)

    def _step_reading(self, down: int, right: int) -> None:
        _, height, width = self.maps.shape
        old = self.reading or Pixel(self.current, height // 2 - down, width // 2 - right)
        row = min(max(old.row + down, 0), height - 1)
        column = min(max(old.column + right, 0), width - 1)
        self.read(Pixel(self.current, row, column))
        self.setAccessibleDescription(self.reading_text())

    def _drag_to(self, place: QPointF) -> None:
        if self._dragged_from is None:
            return
        tile = self.tiling().tile(0)
        pixels = self.shown_part.width() / tile.width()
        moved = (self._dragged_from - place) * pixels
        self.shown_part = moved_inside(self.shown_part.translated(moved), self.whole())
        self._dragged_from = place
        self.update()


def _inside(event: QMouseEvent | QWheelEvent) -> QPointF:
    return event.position() - QPointF(_MARGIN, _MARGIN)
