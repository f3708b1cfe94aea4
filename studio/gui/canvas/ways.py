"""The ways of the keyboard over the canvas: from node to node, to links, to frames, and to exact values."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QToolTip

from studio.gui.canvas import accessibility, tips, walk
from studio.gui.canvas.commands import Commands
from studio.gui.canvas.framing import Framing
from studio.gui.canvas.leading import Leading
from studio.gui.canvas.view import GraphView


class Ways:
    """Knows at which node the keyboard is, also while several are selected."""

    def __init__(
        self, view: GraphView, commands: Commands, framing: Framing, leading: Leading, say: Callable[[str], object]
    ) -> None:
        self._view, self._commands, self._say = view, commands, say
        self._framing, self._leading = framing, leading
        self._lead = ""

    def walk(self, direction: walk.Direction, *, extends: bool = False) -> None:
        """Go to the next node in a direction; from a selected link to its ends. Extending keeps what is selected."""
        link = self._commands.selected_link
        if link is not None and not self._view.selected:
            self._commands.select_link(None)
            self._commands.go_to(link.source if direction in ("left", "up") else link.target)
            return
        here = self._here()
        name = walk.step(self._view.graph, here, direction)
        if name is None:
            return
        selected = self._view.selected
        self._commands.go_to(name)
        if extends and here:
            self._view.select(selected | {name})
        self._lead = name

    def next_link(self) -> None:
        """Select the next link and say which it is."""
        self._leading.select_next()
        link = self._commands.selected_link
        if link is not None:
            self._say(accessibility.spoken_link(self._view.drawing.subject, link))

    def next_frame(self) -> None:
        """Select the next comment frame and say which it is."""
        self._framing.select_next()
        if (frame := self._framing.frame) is not None:
            self._say(accessibility.spoken_frame(frame))

    def tell(self) -> None:
        """Show the exact values of the selected node or link, as the resting pointer would."""
        subject, link, name = self._view.drawing.subject, self._commands.selected_link, self._here()
        if name:
            text, at = tips.of_node(subject, name), self._view.point_of(name)
        elif link is not None:
            text, at = tips.of_link(subject, link), self._view.point_of(link.source, link.output)
        else:
            self._say("Select a node or a link first.")
            return
        QToolTip.showText(self._view.viewport().mapToGlobal(at + QPoint(0, 16)), tips.rich(text), self._view)
        self._say(text)

    def _here(self) -> str:
        """The node that the keyboard is at, also while several are selected."""
        return self._commands.focused_node() or (self._lead if self._lead in self._view.selected else "")
