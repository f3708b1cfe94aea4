"""Paints frames: what is dirty and nothing else, a kept frame while a zoom goes on, overlays above."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap, QRegion
from PySide6.QtWidgets import QWidget

from studio.gui.canvas.atlas import Atlas
from studio.gui.canvas.geometry import Rect
from studio.gui.canvas.ground import paint_ground
from studio.gui.canvas.lens import Lens
from studio.gui.canvas.links import paint_links
from studio.gui.canvas.nodes import paint_nodes, prepare
from studio.gui.canvas.overlay import Overlay
from studio.gui.canvas.scene import Scene

MOST_AREAS, APART = 6, 1.5
"""Separate areas are painted as one where they are more, or where that is not much more to paint."""


class Frames:
    """Paints the viewport, and keeps what painting can use again."""

    def __init__(self, viewport: QWidget, lens: Lens, overlays: Sequence[Overlay]) -> None:
        self._viewport, self._lens, self._overlays = viewport, lens, overlays
        self.atlas = Atlas()

    def paint(
        self,
        event: QPaintEvent,
        scene: Scene,
        paint_over: Callable[[QPainter], None],
        hovered: QPointF | None,
        *,
        patient: bool,
    ) -> None:
        """Paint what Qt asks for; a patient frame is complete however long it takes."""
        self.atlas.begin_frame(patient=patient)
        if self._lens.wants_frame:
            self._lens.hold(self._frame(scene))
        # Were a painter left open by an error, Qt would end the process.
        with QPainter(self._viewport) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            held = self._lens.held_rect()
            unfinished = [] if held else self._paint_areas(painter, scene, event.region())
            if held:
                self._paint_held(painter, scene, QRectF(*held))
            paint_over(painter)
            self._paint_overlays(painter, event.region(), hovered)
        if unfinished:
            QTimer.singleShot(0, self._viewport, lambda: self._go_on(unfinished))

    def _paint_overlays(self, painter: QPainter, region: QRegion, hovered: QPointF | None) -> None:
        """Paint what lies over the graph, as large as the person wants text to be."""
        unit = self._lens.camera.unit
        at = self._lens.to_room(hovered) if hovered is not None else None
        for overlay in self._overlays:
            area = overlay.area()
            if area is not None and region.intersects(self._lens.from_room(area).toAlignedRect()):
                painter.save()
                painter.scale(unit, unit)
                overlay.paint(painter, at)
                painter.restore()

    def sharpen(self, scene: Scene) -> None:
        """A zoom has paused: paint its faces over some frames, then show it sharp."""
        self.atlas.begin_frame()
        if prepare(scene, _rect(self._viewport.rect())):
            self._lens.release()
            self._viewport.update()
        else:
            QTimer.singleShot(0, self._lens, self._lens.paused.emit)

    def finish(self, scene: Scene) -> None:
        """Paint all faces in view now."""
        self._lens.release()
        self.atlas.begin_frame(patient=True)
        prepare(scene, _rect(self._viewport.rect()))
        self._viewport.update()

    def _paint_areas(self, painter: QPainter, scene: Scene, region: QRegion) -> list[Rect]:
        """Paint what is dirty, area by area; answers the areas that the next frame has to finish."""
        areas = _areas(region)
        unfinished: list[Rect] = []
        for area in areas:
            painter.setClipRect(area)
            unfinished += paint_area(painter, scene, _rect(area))
        painter.setClipRegion(region)
        return unfinished

    def _paint_held(self, painter: QPainter, scene: Scene, held: QRectF) -> None:
        """Paint the kept frame, and the ground where it does not reach."""
        view = self._viewport.rect()
        if not held.contains(QRectF(view)):
            paint_ground(painter, scene, _rect(view))
            painter.setClipRegion(QRegion(view) - QRegion(held.toRect()))
            paint_nodes(painter, scene, _rect(view))
            painter.setClipping(False)
        self._lens.paint_held(painter)

    def _frame(self, scene: Scene) -> QPixmap:
        """A frame of all that is in view, with what faces there is time for."""
        ratio = scene.ratio
        frame = QPixmap(round(self._viewport.width() * ratio), round(self._viewport.height() * ratio))
        frame.setDevicePixelRatio(ratio)
        with QPainter(frame) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_area(painter, scene, _rect(self._viewport.rect()))
        return frame

    def _go_on(self, areas: Iterable[Rect]) -> None:
        for area in areas:
            self._viewport.update(QRectF(*area).toAlignedRect())


def paint_area(painter: QPainter, scene: Scene, area: Rect) -> list[Rect]:
    """Paint an area, in view pixels: ground, links, nodes; answers what the next frame has to finish."""
    if not scene.drawing.is_inside_a_node(scene.camera.rect_to_scene(area)):
        paint_ground(painter, scene, area)
        paint_links(painter, scene, area)
    return paint_nodes(painter, scene, area)


def _areas(region: QRegion) -> list[QRect]:
    around = region.boundingRect()
    if region.rectCount() > MOST_AREAS:
        return [around]
    areas = [QRect(area) for area in region]  # type: ignore[attr-defined]
    apart = sum(area.width() * area.height() for area in areas)
    return [around] if around.width() * around.height() <= APART * apart else areas


def _rect(rect: QRect) -> Rect:
    return float(rect.x()), float(rect.y()), float(rect.width()), float(rect.height())
