"""What is done to the selected nodes and their links: join, swap, share weights, select along links, line up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from studio.compiler.ports import node_class
from studio.core.graph import Graph, Point
from studio.core.node_class import NodeClass
from studio.gui.canvas import alignment, edits, walk, wiring
from studio.gui.document import Document
from studio.gui.place import Place

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas

Told = Callable[[str], object]
"""Takes a sentence for the person."""


class Rewiring:
    """Acts on what is selected in the graph that is shown; ``tell`` takes what could not be done, as a sentence."""

    def __init__(self, document: Document, place: Place, canvas: Canvas, tell: Told) -> None:
        self._document, self._place, self._canvas, self._tell = document, place, canvas, tell

    def join(self) -> None:
        """Link each selected node to the next, in the order they were clicked, or else from left to right."""
        names = self._in_order()
        if len(names) < 2:
            self._tell("Select two or more nodes to link them in order.")
            return
        graph, refusals = wiring.linked_in_order(self._canvas.drawing.subject, names)
        self._edit(graph, f"Connect {len(names)} nodes in order")
        if refusals:
            self._tell(" ".join(refusals[:2]) + (f" And {len(refusals) - 2} more." if refusals[2:] else ""))
        elif graph is self._canvas.graph and len(names) > 1:
            self._tell("These nodes are linked in this order already.")

    def swap(self, type_name: str) -> None:
        """Make the selected nodes nodes of this class; links, settings and names stay as far as they fit."""
        new = node_class(type_name)
        if new is None:
            return
        selected = self._place.selected
        lost = self._replace(dict.fromkeys(selected, new), f"Swap {edits.named(selected)} for {new.title()}")
        if lost:
            what = "1 link has" if lost == 1 else f"{lost} links have"
            self._tell(f"{what} no port at {new.title()} and went away. Undo brings it all back.")

    def sharable(self) -> Mapping[str, type[NodeClass]]:
        """The selected nodes that learn weights for each place, with the class that shares them."""
        nodes = self._place.graph.nodes
        found = {name: node_class(nodes[name].type) for name in self._place.selected}
        shared = {name: node_class(cls.shared_form) for name, cls in found.items() if cls is not None}
        return {name: cls for name, cls in shared.items() if cls is not None}

    def share_weights(self) -> None:
        """Let selected nodes use one set of weights at all places; names, links and settings stay."""
        found = self.sharable()
        self._replace(found, f"Share the weights of {edits.named(found)}")

    def swappable(self) -> tuple[str, ...]:
        """The selected nodes, where their type can be another."""
        return tuple(name for name in self._place.selected if self._place.graph.nodes[name].type != "Network")

    def old_classes(self) -> frozenset[type[NodeClass]]:
        """The classes that the selected nodes have now."""
        found = (node_class(self._place.graph.nodes[name].type) for name in self._place.selected)
        return frozenset(cls for cls in found if cls is not None)

    def invert(self) -> None:
        """Select what is not selected, and nothing else."""
        self._canvas.select(self._place.graph.nodes.keys() - self._canvas.selected)

    def select_upstream(self) -> None:
        self._canvas.select(walk.upstream(self._place.graph, self._place.selected))

    def select_downstream(self) -> None:
        self._canvas.select(walk.downstream(self._place.graph, self._place.selected))

    def align(self, side: alignment.Side) -> None:
        self._place_nodes(partial(alignment.aligned, side=side), "Align")

    def distribute(self, axis: alignment.Axis) -> None:
        self._place_nodes(partial(alignment.distributed, axis=axis), "Distribute")

    def _replace(self, classes: Mapping[str, type[NodeClass]], label: str) -> int:
        """Make nodes nodes of these classes and select them; how many links found no port."""
        graph, subject = self._place.graph, self._canvas.drawing.subject
        names, lost = [], 0
        for name, new in classes.items():
            old = node_class(graph.nodes[name].type)
            done = wiring.swapped(graph, name, subject.ports(name), old, new)
            graph, lost = done.graph, lost + done.lost
            names.append(done.name)
        self._edit(graph, label)
        self._canvas.select(names)
        return lost

    def _place_nodes(self, place: Callable[[alignment.Rects], Mapping[str, Point]], label: str) -> None:
        rects = {name: self._canvas.drawing.nodes.rect(name) for name in self._place.selected}
        nodes = self._place.graph.nodes
        if len(rects) > 1:
            moved = {name: at for name, at in place(rects).items() if at != nodes[name].position}
            self._edit(self._place.graph.move(moved) if moved else self._place.graph, f"{label} {len(rects)} nodes")

    def _in_order(self) -> tuple[str, ...]:
        picked, selected = self._canvas.picked, self._canvas.selected
        return picked if set(picked) == selected else wiring.by_position(self._place.graph, selected)

    def _edit(self, graph: Graph, label: str) -> None:
        self._canvas.commands.edit(graph, label)
