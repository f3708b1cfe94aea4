"""Pictures of samples as a grid, or as strips of frames: samples below each other, frames side by side."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from studio.gui import fonts, theme
from studio.gui.panels.previews.sheet import Sheet
from studio.gui.style.measures import FOCUS_RING, HALF_GRID, HINT
from studio.gui.tiling import Tiling

SMALLEST, LARGEST, GAP = 28, 128, 3
STRIP_LARGEST = 72
HEAD, SIDE = 18, 28
"""Room for the numbers of frames above a strip, and of samples beside it."""


class PictureView(QWidget):
    """A click on a frame of a strip chooses it."""

    frame_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.sheet: Sheet | None = None
        self.is_strip = False
        self.frame = 0
        self.setAccessibleName("Pictures")
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_sheet(self, sheet: Sheet, *, strip: bool) -> None:
        """Show all frames of every sample, or all samples at one frame."""
        self.sheet, self.is_strip = sheet, strip
        self.frame = min(self.frame, len(sheet.frames) - 1)
        self._make_room()
        self.show_frame(self.frame)

    def show_frame(self, frame: int) -> None:
        """Show this frame, or mark it in the strips."""
        self.frame = frame
        if self.sheet is not None:
            count, width, height = self.sheet.samples, self.sheet.width, self.sheet.height
            of = f", {self.sheet.frames[frame]} of {self.sheet.frames[-1]}" if len(self.sheet.frames) > 1 else ""
            self.setAccessibleDescription(f"{count} pictures of {width} × {height}{of}")
        self.update()

    def tiling(self) -> Tiling:
        """Where the pictures stand right of and below the numbers."""
        return self._tiling_in(self.width(), self._room)

    def tile(self, sample: int, frame: int) -> QRectF:
        """Where a picture of a strip is drawn, or any frame of a sample in a grid."""
        if self.sheet is None:
            return QRectF()
        at = sample * len(self.sheet.frames) + frame if self.is_strip else sample
        return self.tiling().tile(at).translated(*self._corner)

    def column(self, frame: int) -> QRectF:
        """All that is drawn of a frame in the strips, its number among it."""
        assert self.sheet is not None
        below = self.tile(self.sheet.samples - 1, frame)
        return self.tile(0, frame).united(below).adjusted(-GAP / 2, -fonts.scaled(HEAD), GAP / 2, GAP / 2)

    @property
    def _corner(self) -> tuple[float, float]:
        return (fonts.scaled(SIDE), fonts.scaled(HEAD)) if self.is_strip else (0.0, 0.0)

    @property
    def _room(self) -> float:
        """The height in which a grid is made to fit: that of the area which it is scrolled in."""
        above = self.parentWidget()
        return above.height() if above is not None else self.height()

    def _tiling_in(self, width: float, room: float) -> Tiling:
        if self.sheet is None:
            return Tiling(0, 1, 1, width, room, GAP, SMALLEST, LARGEST)
        size = self.sheet.width, self.sheet.height
        if not self.is_strip:
            return Tiling(self.sheet.samples, *size, width, room, GAP, SMALLEST, LARGEST)
        count = len(self.sheet.frames)
        side = min(max((width - self._corner[0] + GAP) / count - GAP, SMALLEST), STRIP_LARGEST)
        exact = count * (side + GAP) - GAP + 0.5  # so that rounding takes no column away
        return Tiling(self.sheet.samples * count, *size, exact, 0, GAP, side, side)

    def _make_room(self) -> None:
        """Take as much room as all pictures need at the least."""
        count = len(self.sheet.frames) if self.sheet is not None and self.is_strip else 1
        self.setMinimumWidth(round(self._corner[0] + count * (SMALLEST + GAP)))
        self.setMinimumHeight(self.heightForWidth(self.width()))
        self.updateGeometry()

    def heightForWidth(self, width: int) -> int:
        return round(self._tiling_in(width, self._room).height + self._corner[1]) + GAP

    def sizeHint(self) -> QSize:
        return QSize(4 * SMALLEST, self.heightForWidth(4 * SMALLEST))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.setMinimumHeight(self.heightForWidth(event.size().width()))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.sheet is None:
            return
        painter, exposed, tiling = QPainter(self), QRectF(event.rect()), self.tiling()
        shrinks = tiling.tile_width * self.devicePixelRatioF() < self.sheet.width
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, shrinks)
        for sample in range(self.sheet.samples):
            for frame in range(len(self.sheet.frames)) if self.is_strip else (self.frame,):
                place = self.tile(sample, frame)
                if place.intersects(exposed):
                    painter.drawImage(place, self.sheet.image, self.sheet.part(sample, frame))
        if self.is_strip:
            self._draw_numbers(painter)

    def _draw_numbers(self, painter: QPainter) -> None:
        assert self.sheet is not None
        painter.setFont(fonts.interface(HINT))
        colors, metrics = theme.current(), painter.fontMetrics()
        for sample in range(self.sheet.samples):
            place = self.tile(sample, 0)
            beside = QRectF(0, place.top(), place.left() - HALF_GRID, place.height())
            painter.setPen(colors.text3)
            painter.drawText(beside, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, str(sample + 1))
        places = [self._place_of(metrics.horizontalAdvance(text), at) for at, text in enumerate(self.sheet.frames)]
        reached = -1.0
        for frame, (place, text) in enumerate(zip(places, self.sheet.frames, strict=True)):
            is_chosen = frame == self.frame
            if is_chosen or (place.left() >= reached and not place.intersects(places[self.frame])):
                painter.setPen(colors.text1 if is_chosen else colors.text3)
                painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
                reached = place.right() + HALF_GRID
        painter.setPen(QPen(colors.accent, FOCUS_RING))
        painter.drawRect(self.column(self.frame).adjusted(0, fonts.scaled(HEAD) - GAP / 2, 0, 0))

    def _place_of(self, width: float, frame: int) -> QRectF:
        """Where the number of a frame stands, which may be wider than the frame."""
        above = self.column(frame)
        wide = max(above.width(), width)
        return QRectF(above.center().x() - wide / 2, 0, wide, fonts.scaled(HEAD))

    def under(self, point: QPointF) -> tuple[int, int] | None:
        """Sample and frame under a point."""
        if self.sheet is None:
            return None
        at = self.tiling().tile_at(point - QPointF(*self._corner))
        if at is None:
            return None
        return divmod(at, len(self.sheet.frames)) if self.is_strip else (at, self.frame)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self.under(event.position())
        if found is not None and self.is_strip and event.button() is Qt.MouseButton.LeftButton:
            self.frame_chosen.emit(found[1])

    def event(self, event: QEvent) -> bool:
        """Say which picture is under the pointer."""
        if isinstance(event, QHelpEvent):
            found = self.under(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), self._said(*found) if found else "", self)
            return True
        return super().event(event)

    def _said(self, sample: int, frame: int) -> str:
        assert self.sheet is not None
        what = self.sheet.frames[frame]
        return f"Sample {sample + 1}, {what}" if what else f"Sample {sample + 1}"
