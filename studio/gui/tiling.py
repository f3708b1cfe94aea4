"""Where tiles stand in a grid, and which pixel of which map lies under a point."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from PySide6.QtCore import QPointF, QRectF


@dataclass(frozen=True)
class Pixel:
    """One value of one map."""

    tile: int
    row: int
    column: int


@dataclass(frozen=True)
class Tiling:
    """Tiles in rows, as large as they can be with all of them in the room, but never beyond two bounds."""

    count: int
    map_width: int
    map_height: int
    width: float
    room: float  # the height that is there, which the smallest tiles may outgrow
    gap: float
    smallest: float
    largest: float

    @cached_property
    def columns(self) -> int:
        """Tiles in a row: the fewest with which all rows fit."""
        most = max(1, min(int((self.width + self.gap) // (self.smallest + self.gap)), self.count))
        return next((columns for columns in range(1, most) if self._height_with(columns) <= self.room), most)

    @property
    def tile_width(self) -> float:
        """Width of a tile."""
        return self._width_with(self.columns)

    def _width_with(self, columns: int) -> float:
        return min((self.width + self.gap) / columns - self.gap, self.largest)

    def _height_with(self, columns: int) -> float:
        rows = -(-self.count // columns)
        tile = self._width_with(columns) * self.map_height / self.map_width
        return max(0.0, rows * (tile + self.gap) - self.gap)

    @property
    def tile_height(self) -> float:
        """Height of a tile, in the proportions of the map."""
        return self.tile_width * self.map_height / self.map_width

    @property
    def height(self) -> float:
        """Height of the whole grid."""
        return self._height_with(self.columns)

    def tile(self, index: int) -> QRectF:
        """The place of a tile."""
        row, column = divmod(index, self.columns)
        left, top = column * (self.tile_width + self.gap), row * (self.tile_height + self.gap)
        return QRectF(left, top, self.tile_width, self.tile_height)

    def tile_at(self, point: QPointF) -> int | None:
        """The tile under a point; none in the gaps."""
        column = int(point.x() // (self.tile_width + self.gap))
        row = int(point.y() // (self.tile_height + self.gap))
        index = row * self.columns + column
        if not (0 <= column < self.columns and 0 <= index < self.count):
            return None
        return index if self.tile(index).contains(point) else None

    def pixel_at(self, point: QPointF, view: QRectF) -> Pixel | None:
        """The pixel under a point, when every tile shows this part of its map."""
        index = self.tile_at(point)
        if index is None:
            return None
        place = self.tile(index)
        column = view.left() + (point.x() - place.left()) / place.width() * view.width()
        row = view.top() + (point.y() - place.top()) / place.height() * view.height()
        return Pixel(index, min(int(row), self.map_height - 1), min(int(column), self.map_width - 1))

    def pixel_place(self, pixel: Pixel, view: QRectF) -> QRectF:
        """Where a pixel is drawn; it may lie outside its tile when the view is zoomed."""
        place = self.tile(pixel.tile)
        wide, high = place.width() / view.width(), place.height() / view.height()
        left, top = pixel.column - view.left(), pixel.row - view.top()
        return QRectF(place.left() + left * wide, place.top() + top * high, wide, high)


def zoomed(view: QRectF, factor: float, middle: QPointF, whole: QRectF) -> QRectF:
    """A view this many times as wide about a point that stays, never beyond the whole nor under 2 pixels."""
    factor = min(max(factor, 2 / min(view.width(), view.height())), whole.width() / view.width())
    left = middle.x() - (middle.x() - view.left()) * factor
    top = middle.y() - (middle.y() - view.top()) * factor
    return moved_inside(QRectF(left, top, view.width() * factor, view.height() * factor), whole)


def moved_inside(view: QRectF, whole: QRectF) -> QRectF:
    """A view pushed back to where there is something to see."""
    left = min(max(view.left(), whole.left()), whole.right() - view.width())
    top = min(max(view.top(), whole.top()), whole.bottom() - view.height())
    return QRectF(left, top, view.width(), view.height())
