"""What is done with blocks in the graph that is shown: made, dissolved, placed, copied, kept in the library."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF

from studio.compiler.objective import with_edited
from studio.compiler.ports import Ports, ports_in
from studio.core.adopting import make_unique
from studio.core.blocks import Outlet, Shapes, make_block, recursion, uses
from studio.core.dissolving import dissolve
from studio.core.graph import Graph, Link, Node
from studio.core.problem import ProjectError
from studio.core.project import Project
from studio.core.renaming import rename_graph
from studio.core.shape import Shape
from studio.gui.blocks.keeping import Keeping
from studio.gui.canvas import edits
from studio.gui.canvas.drops import BLOCK, SAVED
from studio.gui.canvas.geometry import NARROWEST, PlacedPort, Point, grown, united
from studio.gui.document import Document
from studio.gui.place import Place
from studio.gui.widgets.toast import Notices, Tone

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas

MARGIN = 24.0
NOT_HERE = "Blocks stand in networks and in other blocks. An objective takes whole networks."


class Blocks(QObject):
    """Acts on the selected blocks, and on those that the palette and the library offer."""

    def __init__(self, document: Document, place: Place, canvas: Canvas, notices: Notices) -> None:
        super().__init__(canvas)
        self._document, self._place, self._canvas, self._notices = document, place, canvas, notices
        self._tell = notices.show
        self.keeping = Keeping(document, canvas, notices)

    def selected(self) -> tuple[str, ...]:
        """The blocks among the selected nodes."""
        nodes = self._place.graph.nodes
        return tuple(name for name in self._place.selected if name in nodes and nodes[name].type == "Block")

    def make(self) -> None:
        """Put the selected nodes into a block."""
        try:
            name = self._place.graph_name
            made = make_block(self._document.project, name, self._place.selected, self._shapes())
        except ProjectError as error:
            self._tell(str(error))
            return
        self._document.apply(made.project, f"Make block {made.node}")
        self._canvas.select({made.node})
        if made.stayed:
            stay = "stays outside: it is" if len(made.stayed) == 1 else "stay outside: they are"
            where = f"{' and '.join(made.stayed)} {stay} where values enter and leave this graph."
            self._notices.show(where, Tone.INFO)

    def dissolve(self) -> None:
        """Put what the selected blocks hold in their place; those that cannot be dissolved stay as they are."""
        project, come = self._document.project, set[str]()
        blocks = self.selected()
        complaints = []
        for name in blocks:
            try:
                found = dissolve(project, self._place.graph_name, name)
            except ProjectError as error:
                complaints.append(str(error))
                continue
            project = found.project
            come |= found.nodes
        if project is not self._document.project:
            self._document.apply(project, f"Dissolve {edits.named(blocks)}")
            self._canvas.select(come)
        self._tell_all(complaints or ([] if blocks else ["Select a block to dissolve it."]))

    def make_unique(self) -> None:
        """Give each selected block a graph of its own, so that an edit inside changes it alone."""
        project, titles = self._document.project, []
        complaints = []
        for name in self.selected():
            try:
                project, title = make_unique(project, self._place.graph_name, name)
                titles.append(title)
            except ProjectError as error:
                complaints.append(str(error))
        if titles:
            self._document.apply(project, f"Make {edits.named(titles)} of its own")
        self._tell_all(complaints)

    def place(self, payload: str, at: QPointF, *, inserts: bool = True, port: PlacedPort | None = None) -> None:
        """Put a block of the project or of the library at a scene point, on the link there, or linked to a port."""
        try:
            project, title = self._resolved(payload)
            graph, label, name = self._placed(project, title, (at.x(), at.y()), inserts=inserts, port=port)
        except ProjectError as error:
            self._tell(str(error))
            return
        self._document.apply(with_edited(project, self._place.graph_name, graph), label)
        self._canvas.select({name})

    def point_out(self, names: Iterable[str]) -> None:
        """Select those of these nodes that are there, and bring them into view."""
        there = [name for name in names if name in self._place.graph.nodes]
        around = united([self._canvas.drawing.nodes.rect(name) for name in there])
        if around is not None:
            self._canvas.select(there)
            self._canvas.lens.reveal(grown(around, MARGIN))

    def save_selected(self) -> None:
        """Keep the graphs of the selected blocks in the library."""
        for title in dict.fromkeys(self._place.graph.nodes[name].graph for name in self.selected()):
            self.keeping.save(title)

    def rename(self, old: str, new: str) -> None:
        """Call a graph of the project otherwise, wherever it stands."""
        try:
            if new.strip() and new != old:
                self._document.apply(rename_graph(self._document.project, old, new.strip()), f"Rename {old}")
        except ProjectError as error:
            self._tell(str(error))

    def delete(self, graph: str) -> None:
        """Remove a graph that is placed nowhere from the project."""
        project = self._document.project
        if found := uses(project, graph):
            places = ", ".join(dict.fromkeys(owner for owner, _ in found))
            self._tell(f"{graph} stands in {places}. Delete or dissolve it there first.")
            return
        kept = {name: drawn for name, drawn in project.graphs.items() if name != graph}
        self._document.apply(replace(project, graphs=kept), f"Delete {graph}")

    def is_block(self, graph: str) -> bool:
        found = self._document.project.graphs.get(graph)
        return found is not None and found.role == "block"

    def _resolved(self, payload: str) -> tuple[Project, str]:
        """The project that holds what a payload names, and the graph it is there. Raises ProjectError."""
        project = self._document.project
        if payload.startswith(BLOCK):
            return project, payload.removeprefix(BLOCK)
        if self._place.graph.role == "objective":
            raise ProjectError(NOT_HERE)
        adopted, title = self.keeping.library.bring(payload.removeprefix(SAVED), project)
        for name in adopted.differing:
            self._tell(f"{title} reads the variable {name}, which has another value in this project: this one holds.")
        return adopted.project, title

    def _placed(
        self, project: Project, title: str, at: Point, *, inserts: bool, port: PlacedPort | None
    ) -> tuple[Graph, str, str]:
        """The graph with the block in it, what that edit is called, and the block's name. Raises ProjectError."""
        if title not in project.graphs:
            raise ProjectError(f"There is no graph {title} in this project.")
        if refusal := recursion(project, self._place.graph_name, title):
            raise ProjectError(refusal)
        graph = self._place.graph
        name = graph.free_name(title)
        kind = "Network" if graph.role == "objective" else "Block"
        node = Node(kind, {}, edits.centered(at, NARROWEST), title)
        added = graph.add(name, node)
        ports = ports_in(project, added, name)
        if port is not None:
            return self._linked(added, name, ports, port), f"Add {name}", name
        link = self._canvas.commands.link_for(at) if inserts else None
        if link is not None and edits.fits_on_link(ports):
            return *edits.insert(graph, name, node, link, ports), name
        return added, f"Add {name}", name

    def _linked(self, graph: Graph, name: str, ports: Ports, port: PlacedPort) -> Graph:
        """The graph with a new node's first port linked to a port that is there."""
        if port.is_output and ports.inputs:
            return graph.connect(Link(port.node, port.port, name, ports.inputs[0].name))
        if port.is_output or not ports.outputs:
            return graph
        there = self._canvas.drawing.subject.ports(port.node).input(port.port)
        link = Link(name, ports.outputs[0], port.node, port.port)
        return graph.connect(link, variadic=there is not None and there.variadic)

    def _shapes(self) -> Shapes:
        """What leaves the nodes of the shown graph: with its own defaults where that is known, else as it stands."""
        found: dict[Outlet, Shape] = {}
        own = self._document.diagnosis.graphs.get(self._place.graph_name)
        for result in filter(None, (self._place.result, own)):
            found |= {(name, port): shape for name, at in result.nodes.items() for port, shape in at.outputs.items()}
        return found

    def _tell_all(self, sentences: list[str]) -> None:
        if sentences:
            self._tell(" ".join(dict.fromkeys(sentences)))
