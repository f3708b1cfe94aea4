"""Takes repairs, from the callout or the list of problems: one step of the history, and on to the next problem."""

from __future__ import annotations

from math import hypot

from studio.core.problem import Problem, Repair
from studio.gui.canvas.canvas import Canvas
from studio.gui.document import Document
from studio.gui.place import Place


class Mending:
    """Brings repairs to the document, selects what came with them and turns to the problem that is left."""

    def __init__(self, document: Document, place: Place, canvas: Canvas) -> None:
        self._document, self._place, self._canvas = document, place, canvas
        canvas.repair_chosen.connect(self.mend)
        place.mended.connect(self.mend)
        place.foreseen.connect(self.foresee)

    def mend(self, repair: Repair) -> None:
        """Take a repair."""
        before = self._place.graph
        problem = self._canvas.callout.problem
        self._document.apply(repair.apply(self._document.project), repair.label)
        come = [name for name in self._place.graph.nodes if name not in before.nodes]
        if come and before is not self._place.graph:
            self._canvas.select(come)
        self._canvas.attention.next = self._next(problem)
        self._canvas.point_out()

    def foresee(self, repair: Repair | None) -> None:
        """Show what a repair would do that is pointed at in a list, or no longer."""
        self._canvas.attention.told = repair
        self._canvas.point_out()

    def _next(self, mended: Problem | None) -> str:
        """The node of the problem to speak of next: in the graph that is shown, the nearest to the one mended."""
        here = [p.node for p in self._document.diagnosis.problems if p.graph == self._place.graph_name and p.node]
        nodes = self._place.graph.nodes
        if mended is None or mended.node not in nodes:
            return here[0] if here else ""
        x, y = nodes[mended.node].position
        away = {name: hypot(nodes[name].position[0] - x, nodes[name].position[1] - y) for name in here if name in nodes}
        return min(away, key=lambda name: away[name], default="")
