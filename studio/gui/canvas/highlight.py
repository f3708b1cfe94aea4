"""Lets what is up- and downstream of nodes stand out: of the one under the resting pointer, or of the selected ones."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from studio.gui.canvas.drawing import Drawing
from studio.gui.canvas.look import Look
from studio.gui.canvas.tracing import Trace, trace_of

REST_MS = 400
"""How long the pointer has to rest on a node, so that crossing the canvas changes nothing."""


class Highlight(QObject):
    """Knows of which nodes the ways are shown, and keeps the masks until the graph or those nodes are others."""

    changed = Signal()

    def __init__(self, drawing: Drawing, selected: Callable[[], frozenset[str]], parent: QObject) -> None:
        super().__init__(parent)
        self._drawing, self._selected = drawing, selected
        self._look = Look()
        self._pointed = ""
        self._rests = False
        self.found: frozenset[str] = frozenset()
        """Nodes that a search has found."""
        self._kept: tuple[object, Trace] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REST_MS)
        self._timer.timeout.connect(self.rest)

    def show_look(self, look: Look) -> None:
        self._look = look

    def point(self, name: str) -> None:
        """The pointer is over this node, or over none; what stands out waits until it rests."""
        if name == self._pointed:
            return
        was_shown = self._rests
        self._pointed, self._rests = name, False
        self._timer.stop()
        if name and self._look.traces_hover:
            self._timer.start()
        if was_shown:
            self.changed.emit()

    def rest(self) -> None:
        """The pointer has rested on the node it is over."""
        self._timer.stop()
        if self._pointed and self._look.traces_hover and not self._rests:
            self._rests = True
            self.changed.emit()

    def show_found(self, names: frozenset[str]) -> None:
        """Outline what a search has found; nothing where it is over."""
        if names != self.found:
            self.found = names
            self.changed.emit()

    @property
    def names(self) -> frozenset[str]:
        """The nodes of which the ways are shown; none where nothing stands out."""
        if self._rests and self._pointed in self._drawing.nodes.row:
            return frozenset({self._pointed})
        return self._selected() if self._look.traces_selection else frozenset()

    def trace(self) -> Trace | None:
        """The rows that stand out; None where all are alike."""
        names = self.names
        if not names:
            return None
        nodes, links = self._drawing.nodes, self._drawing.links
        key = self._drawing.graph, names, len(nodes.place), len(links.ends)
        if self._kept is None or not _same(self._kept[0], key):
            self._kept = key, trace_of(self._drawing.graph, self._drawing, names)
        return self._kept[1]


def _same(kept: object, key: tuple[object, ...]) -> bool:
    """Graphs are compared by being the same one: comparing thousands of nodes would take its time."""
    assert isinstance(kept, tuple)
    return kept[0] is key[0] and kept[1:] == key[1:]
