"""The last frame, which is shown larger or smaller while a zoom goes on, until there is time for a sharp one."""

from __future__ import annotations

from PySide6.QtCore import QObject, QRectF, QTimer, Signal
from PySide6.QtGui import QPainter, QPixmap, QTransform

from studio.gui.canvas.camera import Camera
from studio.gui.canvas.geometry import Rect

PAUSE_MS = 90
"""A zoom has paused when nothing came for so long."""
FARTHEST = 1.8
"""How much larger or smaller a kept frame may be shown before a fresh one is worth its time."""


class KeptFrame(QObject):
    """A camera, what it saw when a zoom began, and the pause that ends the zoom."""

    paused = Signal()
    """A zoom is over: what is shown should be made sharp."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.camera = Camera()
        self._held: tuple[QPixmap, Camera] | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.paused)

    @property
    def wants_frame(self) -> bool:
        """Whether a zoom goes on without a frame that is near enough to be shown scaled."""
        if not self._pause.isActive():
            return False
        if self._held is None:
            return True
        factor = self.camera.scale / self._held[1].scale
        return not 1 / FARTHEST <= factor <= FARTHEST

    def hold(self, frame: QPixmap) -> None:
        """Keep a frame of what the camera sees now."""
        self._held = frame, self.camera

    def release(self) -> None:
        self._pause.stop()
        self._held = None

    def held_rect(self) -> Rect | None:
        """Where the kept frame lies in the view now; None where none is kept."""
        if self._held is None:
            return None
        frame, camera = self._held
        size = frame.deviceIndependentSize()
        return self.camera.rect_to_view(camera.rect_to_scene((0.0, 0.0, size.width(), size.height())))

    def paint_held(self, painter: QPainter) -> None:
        """Paint the kept frame where it lies now."""
        if self._held is None:
            return
        frame, camera = self._held
        factor = self.camera.scale / camera.scale
        shift = self.camera.x - camera.x * factor, self.camera.y - camera.y * factor
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setTransform(QTransform(factor, 0, 0, factor, *shift), combine=True)
        size = frame.deviceIndependentSize()
        painter.drawPixmap(QRectF(0, 0, size.width(), size.height()), frame, QRectF(frame.rect()))
        painter.restore()
