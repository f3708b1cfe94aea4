"""What is done to the selected nodes: clipboard, duplicates, bypass, collapse, tidy up."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from studio.core import loom
from studio.core.graph import Graph, Link, Links, Node, Point
from studio.core.layout import tidied
from studio.core.problem import ProjectError
from studio.core.project import Project
from studio.gui.document import Document
from studio.gui.place import Place

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas

COPIED = "Copied"
STEP: Point = (32.0, 32.0)
"""How far a duplicate stands from its original."""


class Selection:
    """Acts on what is selected in the graph that is shown. The clipboard's text is a small project in readable JSON."""

    def __init__(self, document: Document, place: Place, canvas: Canvas) -> None:
        self._document, self._place, self._canvas = document, place, canvas

    def copy(self) -> None:
        project, part = self._document.project, part_of(self._place.graph, self._place.selected)
        blocks = {
            node.graph: project.graphs[node.graph] for node in part.nodes.values() if node.graph in project.graphs
        }
        text = loom.dumps(Project(COPIED, graphs={COPIED: part, **blocks}))
        QApplication.clipboard().setText(text)

    def cut(self) -> None:
        self.copy()
        self._canvas.commands.delete()

    def paste(self) -> None:
        """Put the clipboard's nodes where the pointer is; a text that holds none is left alone."""
        try:
            copied = loom.loads(QApplication.clipboard().text())
        except ProjectError:
            return
        at = self._canvas.hovered
        lens = self._canvas.lens
        scene = lens.camera.to_scene((at.x(), at.y()) if at is not None else lens.center)
        for part in list(copied.graphs.values())[:1]:
            self._bring(part, moved_to(part, scene), copied)

    def duplicate(self) -> None:
        part = part_of(self._place.graph, self._place.selected)
        places = {name: (node.position[0] + STEP[0], node.position[1] + STEP[1]) for name, node in part.nodes.items()}
        self._bring(part, places, Project())

    def bypass(self) -> None:
        """Let values pass the selected nodes by, or through them again."""
        on = not all(node.bypassed for node in self._nodes().values())
        self._put({name: replace(node, bypassed=on) for name, node in self._nodes().items()}, "Bypass")

    def collapse(self) -> None:
        on = not all(node.collapsed for node in self._nodes().values())
        self._put({name: replace(node, collapsed=on) for name, node in self._nodes().items()}, "Collapse")

    def tidy(self) -> None:
        """Lay out the whole graph anew."""
        graph = self._place.graph
        self._document.apply_graph(self._place.graph_name, tidied(graph, {}), "Tidy up")
        self._canvas.lens.fit()

    def _nodes(self) -> dict[str, Node]:
        return {name: self._place.graph.nodes[name] for name in self._place.selected}

    def _put(self, nodes: Mapping[str, Node], label: str) -> None:
        self._document.apply_graph(self._place.graph_name, self._place.graph.put(nodes), label)

    def _bring(self, part: Graph, places: Mapping[str, Point], origin: Project) -> None:
        """Add the nodes of a part under free names, with their links, and select them."""
        graph, names = joined(self._place.graph, part, places)
        project = self._document.project
        needed = {name: drawn for name, drawn in origin.graphs.items() if name != COPIED and name not in project.graphs}
        project = replace(project, graphs={**project.graphs, **needed})
        self._document.apply(
            project.with_graph(self._place.graph_name, graph), "Paste" if origin.graphs else "Duplicate"
        )
        self._canvas.select(names)


def part_of(graph: Graph, names: Collection[str]) -> Graph:
    """The nodes of these names, and the links among them."""
    links = Links(link for link in graph.links if link.source in names and link.target in names)
    return Graph({name: graph.nodes[name] for name in names}, links, role=graph.role)


def moved_to(part: Graph, corner: Point) -> dict[str, Point]:
    """Places for the nodes, with their upper left corner here."""
    left = min((node.position[0] for node in part.nodes.values()), default=0.0)
    top = min((node.position[1] for node in part.nodes.values()), default=0.0)
    return {
        name: (corner[0] + node.position[0] - left, corner[1] + node.position[1] - top)
        for name, node in part.nodes.items()
    }


def joined(graph: Graph, part: Graph, places: Mapping[str, Point]) -> tuple[Graph, frozenset[str]]:
    """The graph with the nodes of a part at these places, and the names they got."""
    names: dict[str, str] = {}
    for name, node in part.nodes.items():
        names[name] = graph.free_name(name)
        graph = graph.add(names[name], replace(node, position=places[name], shares_with=""))
    links = (Link(names[link.source], link.output, names[link.target], link.input) for link in part.links)
    return replace(graph, links=Links((*graph.links, *links))), frozenset(names.values())
