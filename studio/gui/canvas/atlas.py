"""Painted faces and chips, kept while they are in use; what costs too much for one frame waits for the next."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from time import perf_counter

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap

MOST_BYTES = 96 * 2**20
FRAME_SECONDS = 0.005
"""Time that one frame may spend on painting what the atlas lacks."""

Key = tuple[object, ...]


class Atlas:
    """Pixmaps by what they show; those that were not asked for longest make room for new ones."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, QPixmap] = OrderedDict()
        self._bytes = 0
        self._until = 0.0

    def begin_frame(self, *, patient: bool = False) -> None:
        """Start counting the time for painting; a patient frame paints all that it lacks."""
        self._until = float("inf") if patient else perf_counter() + FRAME_SECONDS

    def find(
        self, key: Key, area: QRectF, scale: float, ratio: float, paint: Callable[[QPainter], None]
    ) -> QPixmap | None:
        """As ``get``, but None where this frame has no time left to paint it."""
        if key not in self._kept and perf_counter() >= self._until:
            return None
        return self.get(key, area, scale, ratio, paint)

    def get(self, key: Key, area: QRectF, scale: float, ratio: float, paint: Callable[[QPainter], None]) -> QPixmap:
        """The pixmap of ``area`` (at 100 %) at a scale and pixel ratio."""
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
            return kept
        made = painted(area, scale, ratio, paint)
        self._kept[key] = made
        self._bytes += _bytes(made)
        while self._bytes > MOST_BYTES and len(self._kept) > 1:
            self._bytes -= _bytes(self._kept.popitem(last=False)[1])
        return made

    def clear(self) -> None:
        """Forget everything: the theme or the text size is another."""
        self._kept.clear()
        self._bytes = 0


def painted(area: QRectF, scale: float, ratio: float, paint: Callable[[QPainter], None]) -> QPixmap:
    """A pixmap of an area given at 100 %, its corner at a whole pixel."""
    pixmap = QPixmap(round(area.width() * scale * ratio) + 1, round(area.height() * scale * ratio) + 1)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    corner = round(area.left() * scale * ratio) / ratio, round(area.top() * scale * ratio) / ratio
    with QPainter(pixmap) as painter:
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        painter.translate(-corner[0], -corner[1])
        painter.scale(scale, scale)
        paint(painter)
    return pixmap


def _bytes(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * 4
