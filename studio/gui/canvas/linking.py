"""Links by keyboard: arrows or letters choose the other end, Enter links, Escape ends; all of it is said."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPen

from studio.core.graph import Link
from studio.gui.canvas import edits, lettering, routes
from studio.gui.canvas.batch import polyline
from studio.gui.canvas.commands import NODE_MARGIN, Commands
from studio.gui.canvas.geometry import PORT_RADIUS, PlacedPort, distance, grown
from studio.gui.canvas.view import GraphView
from studio.gui.style.measures import CARD_PADDING, RADIUS_BUTTON

Key = Qt.Key
STEPS = {Key.Key_Right: 1, Key.Key_Down: 1, Key.Key_Tab: 1, Key.Key_Left: -1, Key.Key_Up: -1, Key.Key_Backtab: -1}
ENTER = (Key.Key_Return, Key.Key_Enter)
HINT = "Enter links, arrows go on, letters jump, Esc ends"
RING = 5.0
HINT_TOP, HINT_HEIGHT = 12.0, 30.0


class KeyboardLinking:
    """A mode of the canvas. First the port to link from is chosen where a node has several, then the one to link to."""

    def __init__(self, view: GraphView, commands: Commands, say: Callable[[str], object]) -> None:
        self._view, self._commands, self._say = view, commands, say
        self._fixed: PlacedPort | None = None
        self._choices: list[PlacedPort] = []
        self._at = 0
        self.is_on = False

    def begin(self) -> None:
        """Link from the node that the keyboard is at; from its inputs where nothing comes out of it."""
        name = self._commands.focused_node()
        ports = self._view.drawing.ports_of(name) if name else []
        outputs = [port for port in ports if port.is_output]
        if not ports:
            self._say("Select the node to link from first.")
            return
        self.is_on, self._fixed, self._at = True, None, 0
        self._choices = outputs or ports
        if len(self._choices) == 1:
            self._choose()
        else:
            self._tell()

    def end(self, said: str = "No link was drawn.") -> None:
        if self.is_on:
            self.is_on = False
            self._say(said)
            self._view.viewport().update()

    def press(self, event: QKeyEvent) -> None:
        """Every key belongs to the mode while it is on."""
        key = Key(event.key())
        if key == Key.Key_Escape:
            self.end()
        elif key in STEPS:
            self._step(STEPS[key])
        elif key in ENTER:
            self._choose()
        elif event.text().strip():
            self._jump(event.text().lower())

    @property
    def sentence(self) -> str:
        """What is chosen now, in words."""
        port = self._choices[self._at]
        if self._fixed is None:
            return f"Link from {port.node}, {'output' if port.is_output else 'input'} {port.port}"
        link = self._link(port)
        shape = self._view.drawing.subject.shape(link.source, link.output)
        flows = f", {shape}" if shape else ""
        return f"Link {link.source}, {link.output}{flows} to {link.target}, {link.input}"

    def paint(self, painter: QPainter) -> None:
        if not self.is_on:
            return
        camera, colors = self._view.lens.camera, self._view.scene().theme
        port = self._choices[self._at]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colors.accent, 2))
        radius = (PORT_RADIUS + RING) * camera.scale
        painter.drawEllipse(QPointF(*camera.to_view(port.center)), radius, radius)
        if self._fixed is not None:
            ends = [self._fixed, port] if self._fixed.is_output else [port, self._fixed]
            line = np.array([[*camera.to_view(ends[0].center), *camera.to_view(ends[1].center)]])
            painter.setPen(QPen(colors.accent, max(2 * camera.scale, 1.5), Qt.PenStyle.DashLine))
            painter.drawPolyline(polyline(routes.curves(line, 24)[0]))
        self._paint_hint(painter)

    def _paint_hint(self, painter: QPainter) -> None:
        """The sentence and the keys, at the top of the view."""
        colors, text = self._view.scene().theme, f"{self.sentence}.  {HINT}"
        room = self._view.lens.size[0] - 2 * CARD_PADDING
        width = min(lettering.width(text, "label") + 2 * CARD_PADDING, room)
        rect = QRectF(round((self._view.lens.size[0] - width) / 2) + 0.5, HINT_TOP + 0.5, width, HINT_HEIGHT)
        painter.setPen(QPen(colors.accent, 1))
        painter.setBrush(colors.raised)
        painter.drawRoundedRect(rect, RADIUS_BUTTON, RADIUS_BUTTON)
        painter.setPen(colors.text1)
        painter.setFont(lettering.font("label"))
        shown = lettering.cut(text, "label", width - 2 * CARD_PADDING)
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), shown)

    def _choose(self) -> None:
        port = self._choices[self._at]
        if self._fixed is None:
            self._fixed = port
            self._choices, self._at = self._others(port), -1
            self._step(1)
        else:
            self._draw(self._link(port))

    def _draw(self, link: Link) -> None:
        port = self._view.drawing.subject.ports(link.target).input(link.input)
        self.end(f"Linked {link.source} to {link.target}.")
        variadic = port is not None and port.variadic
        self._commands.edit(*edits.connect(self._view.graph, link, variadic=variadic))

    def _others(self, fixed: PlacedPort) -> list[PlacedPort]:
        """All ports at the other side of links, the nearest first."""
        names = [name for name in self._view.drawing.nodes.row if name != fixed.node]
        ports = [port for name in names for port in self._view.drawing.ports_of(name)]
        others = [port for port in ports if port.is_output != fixed.is_output]
        return sorted(others, key=lambda port: distance(port.center, fixed.center))

    def _step(self, by: int) -> None:
        """Go to the next port that may be chosen; which may not is found out on the way."""
        count = len(self._choices)
        places = [(self._at + by * step) % count for step in range(1, count + 1)]
        self._go_to(next((place for place in places if self._fits(self._choices[place])), None))

    def _jump(self, letters: str) -> None:
        """Go to the next port of a node that begins with these letters."""
        count = len(self._choices)
        places = [(self._at + step) % count for step in range(1, count + 1)]
        named = (place for place in places if self._choices[place].node.lower().startswith(letters))
        found = next((place for place in named if self._fits(self._choices[place])), None)
        if found is None:
            self._say(f"Nothing that begins with {letters} can be linked.")
        else:
            self._go_to(found)

    def _go_to(self, place: int | None) -> None:
        if place is None:
            self.end("There is nothing it can be linked to.")
            return
        self._at = place
        rect = self._view.drawing.nodes.rect(self._choices[place].node)
        self._view.lens.reveal(grown(rect, NODE_MARGIN))
        self._tell()

    def _tell(self) -> None:
        self._say(f"{self.sentence}.")
        self._view.viewport().update()

    def _fits(self, port: PlacedPort) -> bool:
        if self._fixed is None:
            return True
        link = self._link(port)
        return link not in self._view.graph.links and self._view.drawing.subject.refusal(link) is None

    def _link(self, port: PlacedPort) -> Link:
        assert self._fixed is not None
        source, target = (self._fixed, port) if self._fixed.is_output else (port, self._fixed)
        return Link(source.node, source.port, target.node, target.port)
