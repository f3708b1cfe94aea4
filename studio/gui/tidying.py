"""Tidy up: lays out the graph that is shown, or what is selected of it, and lets everything glide to its place."""

from __future__ import annotations

from threading import Thread
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from studio.core.graph import Graph
from studio.core.layout import Bodies, tidied
from studio.gui.canvas.bodies import bodies_of
from studio.gui.canvas.glide import Before
from studio.gui.document import Document
from studio.gui.place import Place

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas

MANY = 600
"""A graph of more nodes than this is laid out beside the window, which goes on meanwhile."""

ENOUGH = 2
"""With fewer selected nodes than this the whole graph is meant."""


class Tidying(QObject):
    """One layout at a time; one that an edit has overtaken begins anew."""

    found = Signal(object, object, object)
    """A graph, the names that were laid out, and the graph with them in place."""

    def __init__(self, document: Document, place: Place, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._document, self._place, self._canvas = document, place, canvas
        self._busy = False
        self.found.connect(self._take)

    def tidy(self) -> None:
        """Lay out the selected nodes where they are; the whole graph where fewer than two are selected."""
        if self._busy:
            return
        graph, selected = self._place.graph, self._place.selected
        names = selected if len(selected) >= ENOUGH else ()
        bodies = bodies_of(self._canvas.drawing)
        if len(names or graph.nodes) <= MANY:
            self._take(graph, names, tidied(graph, bodies, names))
            return
        self._busy = True
        Thread(target=self._find, args=(graph, bodies, names), name="layout", daemon=True).start()

    def _find(self, graph: Graph, bodies: Bodies, names: tuple[str, ...]) -> None:
        self.found.emit(graph, names, tidied(graph, bodies, names))

    def _take(self, graph: Graph, names: tuple[str, ...], tidy: Graph) -> None:
        """Show what was found: an edit of its own."""
        self._busy = False
        if graph is not self._place.graph:
            self.tidy()
            return
        before = Before.of(self._canvas)
        if tidy is not graph:
            self._document.apply_graph(self._place.graph_name, tidy, "Tidy up")
        if not names:
            self._canvas.lens.fit()
        self._canvas.glide.begin(before)
