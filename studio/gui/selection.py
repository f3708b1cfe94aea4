"""What is done to the selected nodes: duplicates, bypass, collapse, tidy up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from studio.compiler.bypassing import bypass_refusal
from studio.core.blocks import frames_of
from studio.core.fragments import joined, part_of
from studio.core.graph import Links, Node, Point
from studio.gui.canvas.edits import named
from studio.gui.document import Document
from studio.gui.place import Place
from studio.gui.tidying import Tidying

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas

STEP: Point = (32.0, 32.0)
"""How far a duplicate stands from its original."""


class Selection:
    """Acts on what is selected in the graph that is shown."""

    def __init__(self, document: Document, place: Place, canvas: Canvas, tell: Callable[[str], object]) -> None:
        self._document, self._place, self._canvas, self._tell = document, place, canvas, tell
        self._tidying = Tidying(document, place, canvas)

    def duplicate(self, *, linked: bool = False) -> None:
        """Put copies beside the selected nodes; linked, what feeds a node from outside feeds its copy too."""
        graph, names = self._place.graph, self._place.selected
        part = replace(part_of(graph, names), frames=frames_of(graph, names))
        if linked:
            outside = (link for link in graph.links if link.target in names and link.source not in names)
            part = replace(part, links=Links((*outside, *part.links)))
        places = {name: (node.position[0] + STEP[0], node.position[1] + STEP[1]) for name, node in part.nodes.items()}
        edited, added = joined(graph, part, places)
        self._document.apply_graph(self._place.graph_name, edited, "Duplicate")
        self._canvas.select(added)

    def bypass(self) -> None:
        """Let values pass the selected nodes by, or through them again."""
        nodes = self._nodes()
        if not nodes:
            return
        on = not all(node.bypassed for node in nodes.values())
        fresh = [name for name, node in nodes.items() if not node.bypassed]
        project, name = self._document.project, self._place.graph_name
        if on and (refusal := bypass_refusal(project, name, fresh, self._document.diagnosis)):
            self._tell(refusal)
            return
        label = f"{'Bypass' if on else 'Use'} {named(nodes)}"
        self._put({name: replace(node, bypassed=on) for name, node in nodes.items()}, label)

    def collapse(self) -> None:
        on = not all(node.collapsed for node in self._nodes().values())
        self._put({name: replace(node, collapsed=on) for name, node in self._nodes().items()}, "Collapse")

    def tidy(self) -> None:
        """Lay out what is selected, or the whole graph."""
        self._tidying.tidy()

    def _nodes(self) -> dict[str, Node]:
        return {name: self._place.graph.nodes[name] for name in self._place.selected}

    def _put(self, nodes: Mapping[str, Node], label: str) -> None:
        self._document.apply_graph(self._place.graph_name, self._place.graph.put(nodes), label)
