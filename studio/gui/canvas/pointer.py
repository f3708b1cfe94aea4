"""Mouse, wheel and trackpad: which gesture a press begins, what a click means, what lies under the pointer."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QHelpEvent, QInputDevice, QMouseEvent, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QToolTip

from studio.core.graph import Link
from studio.gui.canvas import tips
from studio.gui.canvas.beginnings import Beginnings
from studio.gui.canvas.border import BorderPan
from studio.gui.canvas.commands import Commands
from studio.gui.canvas.frame_geometry import TITLE, FramePart
from studio.gui.canvas.framing import Framing
from studio.gui.canvas.geometry import Point
from studio.gui.canvas.gestures.gesture import Gesture, Pan, Scrub
from studio.gui.canvas.leading import Leading
from studio.gui.canvas.view import GraphView

NOTCH = 120.0
CONTROL = Qt.KeyboardModifier.ControlModifier


class Pointer:
    """Holds the gesture that goes on, and begins the next."""

    def __init__(
        self, view: GraphView, commands: Commands, framing: Framing, leading: Leading, beginnings: Beginnings
    ) -> None:
        self._view, self._commands, self._framing, self._leading = view, commands, framing, leading
        self._beginnings = beginnings
        self._keys = Qt.KeyboardModifier.NoModifier
        self._at: Point = (0.0, 0.0)
        self._camera = view.lens.camera
        self._border = BorderPan(view.lens)
        view.lens.moved.connect(self._go_on)
        self.gesture: Gesture | None = None
        self.pans = False
        """Space is held: the left button moves the view."""

    def press(self, event: QMouseEvent) -> None:
        at = self._at = _point(event.position())
        if self.gesture is not None or self._press_overlay(event):
            return
        if event.button() == Qt.MouseButton.MiddleButton or (event.button() == Qt.MouseButton.LeftButton and self.pans):
            self._begin(Pan(self._view, at))
        elif event.button() == Qt.MouseButton.LeftButton:
            self._begin(self._beginnings.left(at, event.modifiers()))
        elif event.button() == Qt.MouseButton.RightButton:
            self.open_menu(at, event.globalPosition().toPoint())

    def move(self, event: QMouseEvent) -> None:
        at = _point(event.position())
        if self.gesture is None:
            self.hover(event.position())
            return
        self._at, self._keys = at, event.modifiers()
        self.gesture.move(at, self._keys)
        if self.gesture.is_drag and self.gesture.pans_at_border:
            self._border.follow(at)

    def release(self, event: QMouseEvent) -> None:
        self._border.stop()
        gesture, self.gesture = self.gesture, None
        if gesture is not None:
            gesture.release(_point(event.position()), event.modifiers())
            self.show_cursor()

    def double_click(self, event: QMouseEvent) -> None:
        at = _point(event.position())
        if event.button() != Qt.MouseButton.LeftButton or self._press_overlay(event):
            return
        if self._beginnings.port(at) is not None:
            return
        node, bend, link, frame = self._under(at)
        if node is not None:
            self._commands.opened.emit(node)
        elif bend is not None:
            self._leading.remove(*bend)
        elif link is not None:
            self._leading.add(link, self._view.lens.camera.to_scene(at))
        elif frame is not None and frame.edges == TITLE:
            self._framing.rename(frame.index)
        else:
            self._commands.search(self._view.lens.camera.to_scene(at))

    def wheel(self, event: QWheelEvent) -> None:
        """A mouse wheel zooms at the pointer, two fingers on a pad move the view; what is dragged goes along."""
        pixels, angle = event.pixelDelta(), event.angleDelta()
        is_pad = event.device().type() == QInputDevice.DeviceType.TouchPad or not pixels.isNull()
        if is_pad and not event.modifiers() & CONTROL:
            by = pixels if not pixels.isNull() else QPoint(angle.x() // 2, angle.y() // 2)
            self._view.lens.pan(by.x(), by.y())
        elif angle.y():
            self._view.lens.step(angle.y() / NOTCH, _point(event.position()))

    def native(self, event: QNativeGestureEvent) -> None:
        """A pinch zooms at the pointer."""
        if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            camera, at = self._view.lens.camera, _point(event.position())
            self._view.lens.zoom(camera.zoomed(camera.zoom * (1 + event.value()), at))

    def hover(self, at: QPointF | None) -> None:
        """The pointer is here without a button, or away."""
        before, self._view.hovered = self._view.hovered, at
        self._view.point_out()
        self._view.highlight.point(self._node_under(at) if at is not None else "")
        for area in self._covered():
            if any(point is not None and area.contains(point) for point in (before, at)):
                self._view.viewport().update(area.toAlignedRect())
        self._commands.hover_link(self._beginnings.link(_point(at)) if at is not None else None)
        self.show_cursor()

    def _node_under(self, at: QPointF) -> str:
        """The node under a point of the view; none under what lies over the graph."""
        if self._is_covered(at):
            return ""
        return self._view.drawing.node_at(self._view.lens.camera.to_scene(_point(at))) or ""

    def _is_covered(self, at: QPointF) -> bool:
        """Whether something that lies over the graph is under a point of the view."""
        return any(area.contains(at) for area in self._covered())

    def _covered(self) -> list[QRectF]:
        """Where in the view something lies over the graph."""
        areas = (overlay.area() for overlay in self._view.overlays)
        return [self._view.lens.from_room(area) for area in areas if area is not None]

    def cancel(self) -> bool:
        """End the gesture that goes on without an effect; answers whether there was one."""
        self._border.stop()
        gesture, self.gesture = self.gesture, None
        if gesture is not None:
            gesture.cancel()
            self._view.viewport().update()
            self.show_cursor()
        return gesture is not None

    def tip(self, event: QHelpEvent) -> None:
        """Say exactly what lies here."""
        text = self._tip_at(_point(event.pos()))
        if text and self.gesture is None:
            QToolTip.showText(event.globalPos(), tips.rich(text), self._view)
        else:
            QToolTip.hideText()

    def _tip_at(self, at: Point) -> str:
        """The exact values of the port, the part of a node or the link at a point; nothing where there is none."""
        if self._is_covered(QPointF(*at)):
            return ""
        drawing = self._view.drawing
        port, node = self._beginnings.port(at), self._beginnings.node(at)
        if port is not None:
            return tips.of_port(drawing.subject, port)
        if node is not None:
            row, (x, y) = drawing.nodes.row[node], self._view.lens.camera.to_scene(at)
            left, top, _, _ = drawing.nodes.rect(node)
            card, box = drawing.nodes.cards[row], drawing.nodes.boxes[row]
            return tips.of_part(drawing.subject, node, card, box, (x - left, y - top))
        link = self._beginnings.link(at)
        return tips.of_link(drawing.subject, link) if link is not None else ""

    def open_menu(self, at: Point, screen: QPoint) -> None:
        """On something that is drawn the menu of it, elsewhere the search box."""
        node, bend, link, frame = self._under(at)
        if node is not None:
            if node not in self._view.selected:
                self._view.select({node})
            self._commands.menu_requested.emit(node, screen)
        elif link is not None:
            self._view.select(())
            self._leading.select(bend)
            self._commands.select_link(link)
            self._commands.link_menu_requested.emit(QPointF(*self._view.lens.camera.to_scene(at)), screen)
        elif frame is not None:
            self._framing.select(frame.index)
            self._commands.frame_menu_requested.emit(screen)
        else:
            self._commands.search(self._view.lens.camera.to_scene(at))

    def show_cursor(self) -> None:
        at = self._view.hovered
        shape = self.gesture.cursor if self.gesture else Qt.CursorShape.OpenHandCursor if self.pans else None
        if self.gesture is None and not self.pans and at is not None and not self._is_covered(at):
            shape = self._beginnings.cursor(_point(at))
        if shape is None:
            self._view.viewport().unsetCursor()
        else:
            self._view.viewport().setCursor(shape)

    def _under(self, at: Point) -> tuple[str | None, tuple[Link, int] | None, Link | None, FramePart | None]:
        """What lies under a point of the view: the node, the point of a link, the link, the frame."""
        bend = self._beginnings.bend(at)
        return (
            self._beginnings.node(at),
            bend,
            bend[0] if bend else self._beginnings.link(at),
            self._beginnings.frame(at),
        )

    def _go_on(self) -> None:
        """The view has moved while something is dragged: that goes on where the pointer is now."""
        before, self._camera = self._camera, self._view.lens.camera
        if self.gesture is not None and self.gesture.pans_at_border:
            self.gesture.follow(before)
            self.gesture.move(self._at, self._keys)

    def _begin(self, gesture: Gesture | None) -> None:
        self.gesture = gesture
        self.show_cursor()

    def _press_overlay(self, event: QMouseEvent) -> bool:
        """Hand a press to what lies over the graph; answers whether it took it."""
        if event.button() != Qt.MouseButton.LeftButton:
            return False
        at = self._view.lens.to_room(event.position())
        if self._view.minimap.press(at):
            self._begin(Scrub(self._view, _point(event.position())))
            return True
        return any(overlay.press(at) for overlay in reversed(self._view.overlays))


def _point(at: QPointF | QPoint) -> Point:
    return float(at.x()), float(at.y())
