"""What is done to the selected nodes: clipboard, duplicates, bypass, collapse, tidy up."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from studio.compiler.bypassing import bypass_refusal
from studio.core import loom
from studio.core.adopting import adopt, variables_read, with_graphs_called
from studio.core.blocks import needed, recursion
from studio.core.graph import Graph, Link, Links, Node, Point
from studio.core.problem import ProjectError
from studio.core.project import Project
from studio.gui.canvas.edits import named
from studio.gui.document import Document
from studio.gui.place import Place
from studio.gui.tidying import Tidying

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas

COPIED = "Copied"
STEP: Point = (32.0, 32.0)
"""How far a duplicate stands from its original."""


class Selection:
    """Acts on what is selected in the graph that is shown. The clipboard's text is a small project in readable JSON."""

    def __init__(self, document: Document, place: Place, canvas: Canvas, tell: Callable[[str], object]) -> None:
        self._document, self._place, self._canvas, self._tell = document, place, canvas, tell
        self._tidying = Tidying(document, place, canvas)

    def copy(self) -> None:
        project, part = self._document.project, part_of(self._place.graph, self._place.selected)
        blocks = needed(project.graphs, (node.graph for node in part.nodes.values()))
        held = {name: project.graphs[name] for name in reversed(blocks)}
        copied = replace(project, graphs={**held, COPIED: part})
        text = loom.dumps(Project(COPIED, {COPIED: part, **held}, variables_read(copied, copied.graphs)))
        QApplication.clipboard().setText(text)

    def cut(self) -> None:
        self.copy()
        self._canvas.commands.delete()

    def paste(self) -> None:
        """Put the clipboard's nodes where the pointer is."""
        try:
            copied = loom.loads(QApplication.clipboard().text())
        except ProjectError:
            self._tell("The clipboard holds no nodes: copy some here or in another window first.")
            return
        at = self._canvas.hovered
        lens = self._canvas.lens
        scene = lens.camera.to_scene((at.x(), at.y()) if at is not None else lens.center)
        for part in list(copied.graphs.values())[:1]:
            self._bring(part, moved_to(part, scene), copied)

    def duplicate(self, *, linked: bool = False) -> None:
        """Put copies beside the selected nodes; linked, what feeds a node from outside feeds its copy too."""
        graph, names = self._place.graph, self._place.selected
        part = part_of(graph, names)
        if linked:
            outside = (link for link in graph.links if link.target in names and link.source not in names)
            part = replace(part, links=Links((*outside, *part.links)))
        places = {name: (node.position[0] + STEP[0], node.position[1] + STEP[1]) for name, node in part.nodes.items()}
        self._bring(part, places, Project())

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

    def _bring(self, part: Graph, places: Mapping[str, Point], origin: Project) -> None:
        """Add the nodes of a part under free names, with their links, and select them."""
        here, graphs = self._place.graph_name, {node.graph for node in part.nodes.values() if node.graph}
        adopted = adopt(self._document.project, origin, graphs)
        part = with_graphs_called(part, adopted.names)
        for placed in dict.fromkeys(node.graph for node in part.nodes.values() if node.graph):
            if refusal := recursion(adopted.project, here, placed):
                self._tell(refusal)
                return
        graph, names = joined(self._place.graph, part, places)
        self._document.apply(adopted.project.with_graph(here, graph), "Paste" if origin.graphs else "Duplicate")
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
    links = (_moved(link, names, part, places) for link in part.links)
    return replace(graph, links=Links((*graph.links, *links))), frozenset(names.values())


def _moved(link: Link, names: Mapping[str, str], part: Graph, places: Mapping[str, Point]) -> Link:
    """A link of a part between the nodes that came of it; one from outside still starts there."""
    start, end = part.nodes[link.target].position, places[link.target]
    via = tuple((x + end[0] - start[0], y + end[1] - start[1]) for x, y in link.via)
    return replace(link, source=names.get(link.source, link.source), target=names[link.target], via=via)
