"""Which problem the canvas speaks of, with all repairs that the graph around it offers, and what a repair would do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF

from studio.core.problem import Problem, Repair
from studio.core.project import Project
from studio.gui.canvas.callout import Callout
from studio.gui.canvas.detail import Detail
from studio.gui.canvas.drawing import Drawing
from studio.gui.canvas.lens import Lens
from studio.gui.canvas.preview import Preview

Selected = Callable[[], frozenset[str]]
Hovered = Callable[[], QPointF | None]


class Attention:
    """Fills the callout and the preview from what is selected and pointed at."""

    def __init__(self, drawing: Drawing, lens: Lens, callout: Callout, selected: Selected, hovered: Hovered) -> None:
        self._drawing, self._lens, self._callout = drawing, lens, callout
        self._selected, self._hovered = selected, hovered
        self.preview = Preview(lens, drawing)
        self.next = ""
        """The node whose problem comes next, after one was repaired."""
        self.told: Repair | None = None
        """The repair that is pointed at elsewhere, as in the list of problems."""
        self._offered: tuple[Project, Problem, Problem] | None = None

    def update(self) -> bool:
        """Let the callout show the problem of the node in trouble; answers whether anything looks different."""
        node = self._node_in_trouble()
        found = self._drawing.subject.found(node)
        if found and found.problems:
            changed = self._callout.show(self._offering(found.problems[0]), self._drawing.nodes.rect(node))
        else:
            changed = self._callout.show(None)
        return changed

    def foresee(self) -> bool:
        """Show what the repair would do that is pointed at; answers whether anything looks different."""
        return self.preview.show(self._callout.pointed(self._hovered()) or self.told)

    def _offering(self, problem: Problem) -> Problem:
        """The problem with its repairs, those included that need a look around; looked for once."""
        subject = self._drawing.subject
        known = self._offered
        if known is not None and known[0] is subject.project and known[1] is problem:
            return known[2]
        from studio.compiler.offers import offers  # late: not before the first painted window

        offering = replace(problem, repairs=offers(problem, subject.project, subject.result))
        self._offered = (subject.project, problem, offering)
        return offering

    def _node_in_trouble(self) -> str:
        """The node whose problem is shown: under the callout, selected alone, pointed at, next, or the only one."""
        nodes = self._drawing.nodes
        wrong = [name for row in np.flatnonzero(nodes.problem).tolist() if (name := nodes.names[row]) in nodes.row]
        problem, at = self._callout.problem, self._hovered()
        if problem is not None and problem.node in wrong and at is not None and self._callout.holds(at):
            return problem.node
        selected = self._selected()
        if len(selected) == 1 and (chosen := next(iter(selected))) in wrong:
            return chosen
        if at is not None and wrong:
            under = self._drawing.node_at(self._lens.camera.to_scene((at.x(), at.y())))
            if under in wrong:
                return under
        if self.next in wrong:
            return self.next
        return wrong[0] if len(wrong) == 1 and Detail.at(self._lens.camera.zoom) >= Detail.SHAPES else ""
