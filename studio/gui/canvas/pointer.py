"""Mouse, wheel and trackpad: which gesture a press begins, what a click means, what lies under the pointer."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QInputDevice, QMouseEvent, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QToolTip

from studio.core.graph import Link
from studio.gui.canvas.commands import Commands
from studio.gui.canvas.detail import Detail
from studio.gui.canvas.geometry import PlacedPort, Point
from studio.gui.canvas.gestures.connecting import Connect
from studio.gui.canvas.gestures.gesture import BoxSelect, Gesture, Pan, Scrub
from studio.gui.canvas.gestures.moving import Move
from studio.gui.canvas.view import GraphView

NOTCH = 120.0
LINK_REACH = 6.0
ADDS = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


class Pointer:
    """Holds the gesture that goes on, and begins the next."""

    def __init__(self, view: GraphView, commands: Commands) -> None:
        self._view, self._commands = view, commands
        self.gesture: Gesture | None = None
        self.pans = False
        """Space is held: the left button moves the view."""

    def press(self, event: QMouseEvent) -> None:
        at = _point(event.position())
        if self.gesture is not None or self._press_overlay(event):
            return
        if event.button() == Qt.MouseButton.MiddleButton or (event.button() == Qt.MouseButton.LeftButton and self.pans):
            self._begin(Pan(self._view, at))
        elif event.button() == Qt.MouseButton.LeftButton:
            self._begin(self._left_gesture(at, event.modifiers()))
        elif event.button() == Qt.MouseButton.RightButton:
            self.open_menu(at, event.globalPosition().toPoint())

    def move(self, event: QMouseEvent) -> None:
        at = _point(event.position())
        if self.gesture is not None:
            self.gesture.move(at, event.modifiers())
            return
        self.hover(event.position())

    def release(self, event: QMouseEvent) -> None:
        gesture, self.gesture = self.gesture, None
        if gesture is not None:
            gesture.release(_point(event.position()), event.modifiers())
            self.show_cursor()

    def double_click(self, event: QMouseEvent) -> None:
        at = _point(event.position())
        if event.button() != Qt.MouseButton.LeftButton or self._press_overlay(event):
            return
        point = self._view.lens.camera.to_scene(at)
        node = self._view.drawing.node_at(point)
        if node is not None:
            self._commands.opened.emit(node)
        elif self._port(point) is None:
            self._commands.search(point)

    def wheel(self, event: QWheelEvent) -> None:
        """A mouse wheel zooms at the pointer, two fingers on a pad move the view."""
        if self.gesture is not None and not isinstance(self.gesture, Pan):
            return
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
        for overlay in self._view.overlays:
            area = overlay.area()
            if area is not None and any(point is not None and area.contains(point) for point in (before, at)):
                self._view.viewport().update(area.toAlignedRect())
        self._commands.hover_link(self._link(_point(at)) if at is not None else None)
        self.show_cursor()

    def _node_under(self, at: QPointF) -> str:
        """The node under a point of the view; none under what lies over the graph."""
        if any(area.contains(at) for overlay in self._view.overlays if (area := overlay.area()) is not None):
            return ""
        return self._view.drawing.node_at(self._view.lens.camera.to_scene(_point(at))) or ""

    def cancel(self) -> bool:
        """End the gesture that goes on without an effect; answers whether there was one."""
        gesture, self.gesture = self.gesture, None
        if gesture is not None:
            gesture.cancel()
            self._view.viewport().update()
            self.show_cursor()
        return gesture is not None

    def tip(self, event: QHelpEvent) -> None:
        """Say what a port carries."""
        port = self._port(self._view.lens.camera.to_scene(_point(event.pos())))
        if port is None:
            QToolTip.hideText()
            return
        shape = self._view.drawing.subject.shape(port.node, port.port) if port.is_output else None
        QToolTip.showText(event.globalPos(), f"{port.port}: {shape}" if shape else port.port, self._view)

    def open_menu(self, at: Point, screen: QPoint) -> None:
        """On a node the window's menu, elsewhere the search box."""
        point = self._view.lens.camera.to_scene(at)
        node = self._view.drawing.node_at(point)
        if node is None:
            self._commands.search(point)
            return
        if node not in self._view.selected:
            self._view.select({node})
        self._commands.menu_requested.emit(node, screen)

    def show_cursor(self) -> None:
        shape = self.gesture.cursor if self.gesture else Qt.CursorShape.OpenHandCursor if self.pans else None
        if shape is None:
            self._view.viewport().unsetCursor()
        else:
            self._view.viewport().setCursor(shape)

    def _begin(self, gesture: Gesture | None) -> None:
        self.gesture = gesture
        self.show_cursor()

    def _press_overlay(self, event: QMouseEvent) -> bool:
        """Hand a press to what lies over the graph; answers whether it took it."""
        if event.button() != Qt.MouseButton.LeftButton:
            return False
        if self._view.minimap.press(event.position()):
            self._begin(Scrub(self._view, _point(event.position())))
            return True
        return any(overlay.press(event.position()) for overlay in reversed(self._view.overlays))

    def _left_gesture(self, at: Point, keys: Qt.KeyboardModifier) -> Gesture | None:
        point = self._view.lens.camera.to_scene(at)
        port = self._port(point)
        if port is not None:
            return self._connect(at, port)
        node = self._view.drawing.node_at(point)
        if node is not None:
            return self._grab(at, node, adds=bool(keys & ADDS))
        link = self._link(at)
        self._commands.select_link(link)
        if link is not None:
            self._view.select(frozenset())
            return None
        return BoxSelect(self._view, at, adds=bool(keys & ADDS))

    def _connect(self, at: Point, port: PlacedPort) -> Gesture:
        """From an output a new link; off an input the link that is there, or one drawn backwards."""
        links = self._view.graph.links.into.get(port.node, ())
        here = [link for link in links if link.input == port.port]
        commands = self._commands
        if port.is_output or not here:
            return Connect(self._view, at, port, commands.edit, commands.drop_link)
        link = here[-1]
        outputs = self._view.drawing.ports_of(link.source)
        source = next((p for p in outputs if p.is_output and p.port == link.output), None)
        if source is None:
            return Connect(self._view, at, port, commands.edit, commands.drop_link)
        return Connect(self._view, at, source, commands.edit, commands.drop_link, detached=link)

    def _grab(self, at: Point, node: str, *, adds: bool) -> Gesture | None:
        self._commands.select_link(None)
        view = self._view
        if adds:
            before = view.picked if set(view.picked) == view.selected else ()
            view.picked = (*(name for name in before if name != node), *({node} - view.selected))
            view.select(view.selected ^ {node})
            return None
        if node not in view.selected:
            view.picked = (node,)
            view.select({node})
        return Move(view, at, node, self._commands.edit)

    def _port(self, point: Point) -> PlacedPort | None:
        """The port within reach; none where they are too small to be drawn."""
        if self._view.scene().detail < Detail.TITLES:
            return None
        return self._view.drawing.port_at(point)

    def _link(self, at: Point) -> Link | None:
        point = self._view.lens.camera.to_scene(at)
        if self._view.drawing.node_at(point) is not None:
            return None
        return self._view.drawing.link_at(point, LINK_REACH / self._view.lens.camera.scale)


def _point(at: QPointF | QPoint) -> Point:
    return float(at.x()), float(at.y())
