"""What lies under the pointer, and which gesture a press there begins."""

from __future__ import annotations

from PySide6.QtCore import Qt

from studio.core.graph import Link
from studio.gui.canvas.commands import Commands
from studio.gui.canvas.detail import Detail
from studio.gui.canvas.frame_geometry import TITLE, FramePart, part_at
from studio.gui.canvas.framing import Framing
from studio.gui.canvas.geometry import PlacedPort, Point
from studio.gui.canvas.gestures.bending import MoveBend
from studio.gui.canvas.gestures.connecting import Connect
from studio.gui.canvas.gestures.framing import CURSORS, MoveFrame, ResizeFrame
from studio.gui.canvas.gestures.gesture import BoxSelect, Gesture
from studio.gui.canvas.gestures.moving import Move
from studio.gui.canvas.leading import Leading
from studio.gui.canvas.view import GraphView

LINK_REACH, BEND_REACH, EDGE_REACH = 6.0, 9.0, 5.0
ADDS = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier


class Beginnings:
    """Points are in view pixels. What is small lies above what is large: ports, nodes, points, links, frames."""

    def __init__(self, view: GraphView, commands: Commands, framing: Framing, leading: Leading) -> None:
        self._view, self._commands, self._framing, self._leading = view, commands, framing, leading

    def port(self, at: Point) -> PlacedPort | None:
        """The port within reach; none where they are too small to be drawn."""
        if self._view.scene().detail < Detail.TITLES:
            return None
        return self._view.drawing.port_at(self._scene(at))

    def node(self, at: Point) -> str | None:
        return self._view.drawing.node_at(self._scene(at))

    def link(self, at: Point) -> Link | None:
        """The link within reach, where no node lies above it."""
        if self.node(at) is not None:
            return None
        return self._view.drawing.link_at(self._scene(at), LINK_REACH / self._view.lens.camera.scale)

    def bend(self, at: Point) -> tuple[Link, int] | None:
        """The point of a link within reach, where no node lies above it and it is drawn."""
        if self._view.scene().detail < Detail.SHAPES or self.node(at) is not None:
            return None
        return self._view.drawing.bend_at(self._scene(at), BEND_REACH / self._view.lens.camera.scale)

    def frame(self, at: Point) -> FramePart | None:
        """The title bar or edge of a frame, where nothing lies above it."""
        if self.node(at) is not None or self.link(at) is not None:
            return None
        return part_at(self._scene(at), self._view.drawing.frames, EDGE_REACH / self._view.lens.camera.scale)

    def cursor(self, at: Point) -> Qt.CursorShape | None:
        """What the pointer looks like here: over edges it says where they can be moved."""
        part = self.frame(at) if self._view.drawing.frames and self.port(at) is None else None
        return CURSORS[part.edges] if part is not None else None

    def left(self, at: Point, keys: Qt.KeyboardModifier) -> Gesture | None:
        """The gesture of the left button; what is pressed is selected."""
        port, node = self.port(at), self.node(at)
        if port is not None:
            return self._connect(at, port)
        if node is not None:
            return self._grab(at, node, adds=bool(keys & ADDS))
        bend = self.bend(at)
        if bend is not None:
            self._clear()
            self._leading.select(bend)
            return MoveBend(self._view, at, *bend, self._leading.lead)
        link = self.link(at)
        if link is not None:
            self._clear()
            self._commands.select_link(link)
            return None
        part = self.frame(at)
        if part is not None and not keys & ADDS:
            return self._frame(at, part)
        self._leading.select(None)
        self._framing.select(None)
        self._commands.select_link(None)
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
        self._leading.select(None)
        self._commands.select_link(None)
        view = self._view
        if adds:
            alone = tuple(view.selected) if len(view.selected) == 1 else ()
            before = view.picked if set(view.picked) == view.selected else alone
            view.picked = (*(name for name in before if name != node), *({node} - view.selected))
            view.select(view.selected ^ {node})
            return None
        if node not in view.selected:
            view.picked = (node,)
            view.select({node})
        return Move(view, at, node, self._commands.edit)

    def _frame(self, at: Point, part: FramePart) -> Gesture:
        self._clear()
        self._framing.select(part.index)
        if part.edges == TITLE:
            return MoveFrame(self._view, at, part.index, self._commands.edit)
        return ResizeFrame(self._view, at, part, self._commands.edit)

    def _clear(self) -> None:
        self._view.select(())
        self._leading.select(None)
        self._commands.select_link(None)
        self._framing.select(None)

    def _scene(self, at: Point) -> Point:
        return self._view.lens.camera.to_scene(at)
