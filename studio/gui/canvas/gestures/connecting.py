"""Draws a link from port to port: it snaps, lights up where it may end, and says why where it may not."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPen

from studio.core.graph import Link
from studio.gui.canvas import edits, routes
from studio.gui.canvas.batch import polyline
from studio.gui.canvas.camera import Camera
from studio.gui.canvas.geometry import (
    PORT_RADIUS,
    REACH,
    PlacedPort,
    Point,
    Rect,
    distance,
    port_under,
    spanned,
)
from studio.gui.canvas.gestures.gesture import Edit, Gesture, Keys
from studio.gui.canvas.links import link_color
from studio.gui.canvas.reason import paint_reason, reason_rect
from studio.gui.canvas.view import GraphView

LEAST_REACH = 20.0
"""Pixels on the screen within which a link snaps, however small the ports are drawn."""
FRAME_SECONDS = 0.003
RING = 4.0

Dropped = Callable[[PlacedPort, Point], object]
"""Takes the port that a link was drawn from, and the scene point where it was let go."""


class Connect(Gesture):
    """One end of a link follows the pointer. ``detached`` is the link that was taken off an input, if any."""

    def __init__(
        self,
        view: GraphView,
        at: Point,
        fixed: PlacedPort,
        edit: Edit,
        dropped: Dropped,
        *,
        detached: Link | None = None,
    ) -> None:
        super().__init__(view, at)
        self._fixed, self._edit, self._dropped, self._detached = fixed, edit, dropped, detached
        self._snapped: PlacedPort | None = None
        self._reason: str | None = None
        self._verdicts: dict[PlacedPort, str | None] = {}
        self._candidates = self._visible_candidates()
        self._rest = list(self._candidates)
        self._timer = QTimer(view)
        self._timer.timeout.connect(self._judge_some)
        view.hidden = detached

    def drag(self, at: Point, keys: Keys) -> None:
        if not self._timer.isActive() and self._rest:
            self._timer.start(0)
        before = self._area()
        self.at = at
        self._snapped = self._target(at)
        self._reason = self._verdict(self._snapped) if self._snapped else None
        self.repaint(before, self._area())

    def follow(self, before: Camera) -> None:
        super().follow(before)
        self._candidates = self._visible_candidates()
        self._rest = [port for port in self._candidates if port not in self._verdicts]

    def release(self, at: Point, keys: Keys) -> None:
        self._end()
        if not self.is_drag:
            return
        graph, target = self.view.graph, self._snapped
        if target is None and self._detached is not None:
            self._edit(*edits.disconnect(graph, self._detached))
        elif target is None:
            self._dropped(self._fixed, self.scene_point(at))
        elif self._reason is None:
            self._link_to(target)

    def cancel(self) -> None:
        self._end()

    def _end(self) -> None:
        self._timer.stop()
        self.view.hidden = None
        self.view.viewport().update()

    def _link_to(self, target: PlacedPort) -> None:
        graph, link = self.view.graph, self._link(target)
        port = self.view.drawing.subject.ports(link.target).input(link.input)
        variadic = port is not None and port.variadic
        edited, label = (
            edits.connect(graph, link, variadic=variadic)
            if self._detached is None
            else edits.reroute(graph, self._detached, link, variadic=variadic)
        )
        if edited is not graph:
            self._edit(edited, label)

    def _link(self, target: PlacedPort) -> Link:
        source, sink = (self._fixed, target) if self._fixed.is_output else (target, self._fixed)
        return Link(source.node, source.port, sink.node, sink.port)

    def _visible_candidates(self) -> list[PlacedPort]:
        """Ports in view at which the link could end, the nearest first."""
        area = self.view.lens.camera.rect_to_scene((0.0, 0.0, *self.view.lens.size))
        ports = self.view.drawing.ports_within(area)
        fitting = [port for port in ports if port.is_output != self._fixed.is_output and port.node != self._fixed.node]
        return sorted(fitting, key=lambda port: distance(port.center, self._fixed.center))

    def _target(self, at: Point) -> PlacedPort | None:
        """The port that the link snaps to: one within reach, or of the node under the pointer the first that may."""
        point, scale = self.scene_point(at), self.view.lens.camera.scale
        near = port_under(point, self._candidates, max(REACH, LEAST_REACH / scale))
        if near is not None:
            return near
        node = self.view.drawing.node_at(point)
        ports = [port for port in self._candidates if port.node == node]
        return next((port for port in ports if self._verdict(port) is None), ports[0] if ports else None)

    def _verdict(self, port: PlacedPort) -> str | None:
        """Why the link may not end there; None where it may."""
        if port not in self._verdicts:
            self._verdicts[port] = self.view.drawing.subject.refusal(self._link(port), without=self._detached)
        return self._verdicts[port]

    def _judge_some(self) -> None:
        """Find out where the link may end, a little at a time."""
        until = perf_counter() + FRAME_SECONDS
        while self._rest and perf_counter() < until:
            port = self._rest.pop(0)
            self._verdict(port)
            self.view.refresh([(port.center[0] - 12, port.center[1] - 12, 24.0, 24.0)])
        if not self._rest:
            self._timer.stop()

    def _end_point(self) -> Point:
        if self._snapped is not None and self._reason is None:
            return self.view.lens.camera.to_view(self._snapped.center)
        return self.at

    def _line(self) -> routes.Floats:
        """The link as it would be drawn, in view pixels: (k, 2)."""
        camera = self.view.lens.camera
        start, end = camera.to_view(self._fixed.center), self._end_point()
        if not self._fixed.is_output:
            start, end = end, start
        line: routes.Floats = routes.curves(np.array([[*start, *end]]), 24)[0]
        return line

    def _area(self) -> Rect:
        """What the line and the reason cover."""
        line = self._line()
        (left, top), (right, bottom) = line.min(axis=0).tolist(), line.max(axis=0).tolist()
        hint = self._hint_rect()
        corners = (left - 16, top - 16), (right + 16, bottom + 16)
        rect = QRectF(*spanned(*corners))
        rect = rect.united(hint) if hint is not None else rect
        return rect.x(), rect.y(), rect.width(), rect.height()

    def paint(self, painter: QPainter) -> None:
        if not self.is_drag:
            return
        scene, scale = self.view.scene(), self.view.lens.camera.scale
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(scene.theme.accent, 2))
        radius = (PORT_RADIUS + RING) * scale
        for port, reason in self._verdicts.items():
            if reason is None:
                painter.drawEllipse(QPointF(*scene.camera.to_view(port.center)), radius, radius)
        color = scene.theme.problem if self._reason else link_color(scene.theme, self._kind())
        painter.setPen(QPen(color, max(2 * scale, 1.5)))
        painter.drawPolyline(polyline(self._line()))
        self._paint_reason(painter)

    def _kind(self) -> str:
        """What would flow through the link."""
        source = self._fixed if self._fixed.is_output else self._snapped
        shape = self.view.drawing.subject.shape(source.node, source.port) if source else None
        return shape.kind if shape else ""

    def _hint_rect(self) -> QRectF | None:
        if self._reason is None:
            return None
        return reason_rect(self._reason, self.at, self.view.lens.size)

    def _paint_reason(self, painter: QPainter) -> None:
        rect = self._hint_rect()
        if rect is None or self._reason is None:
            return
        paint_reason(painter, self.view.scene().theme, rect, self._reason)
