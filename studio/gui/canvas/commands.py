"""What can be done with the graph that is shown: gestures, keys and menus all end here, and edits leave from here."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF, Signal

from studio.core.graph import Graph, Link, Node
from studio.gui.canvas import edits
from studio.gui.canvas.geometry import NARROWEST, PlacedPort, Point, grown, united
from studio.gui.canvas.view import GraphView
from studio.gui.style.measures import GRID

NODE_MARGIN = 24.0
INSERT_REACH = 24.0
"""How near to a link, in the scene, a node has to be dropped to be put on it."""


class Commands(QObject):
    """Works on the selection of a view; whoever owns the graph hears of every edit and shows the result."""

    edited = Signal(object, str)
    """The edited Graph, and what the edit is called."""
    opened = Signal(str)
    """A node was double-clicked, or Enter was pressed on it."""
    left = Signal()
    """Escape, with nothing left to end or deselect: out of the block."""
    search_requested = Signal(QPointF)
    """A node is wanted at this scene point."""
    link_dropped = Signal(object, QPointF)
    """A link from this PlacedPort was let go at a scene point where nothing is: what fits is wanted there."""
    swap_requested = Signal(QPointF)
    """Another type is wanted for the selected nodes; the box to choose it belongs at this scene point."""
    action_wanted = Signal(str)
    """The action of this title is wanted: a button over the graph was pressed."""
    block_wanted = Signal(str, QPointF, bool)
    """A block of the library was dropped at a scene point; false where it should not be put on a link there."""
    menu_requested = Signal(str, object)
    """The menu of a node is wanted at this QPoint of the screen."""
    link_menu_requested = Signal(QPointF, object)
    """The menu of the selected link is wanted, for this scene point, at this QPoint of the screen."""
    frame_menu_requested = Signal(object)
    """The menu of the selected frame is wanted at this QPoint of the screen."""

    def __init__(self, view: GraphView) -> None:
        super().__init__(view)
        self._view = view
        self._link: Link | None = None

    @property
    def selected_link(self) -> Link | None:
        """The link that was clicked, while it exists and nothing else was chosen."""
        return self._link if self._link in self._view.graph.links else None

    def edit(self, graph: Graph, label: str) -> None:
        """Tell of an edit, unless it changes nothing."""
        if graph is not self._view.graph:
            self.edited.emit(graph, label)

    def delete(self, *, heal: bool = False) -> None:
        """Delete the selected nodes, or the selected link."""
        names, link = self._view.selected & self._view.graph.nodes.keys(), self.selected_link
        if names:
            self.edit(*edits.delete(self._view.graph, sorted(names), heal=heal))
        elif link is not None:
            self.select_link(None)
            self.edit(*edits.disconnect(self._view.graph, link))

    def select_all(self) -> None:
        self._view.select(self._view.graph.nodes.keys())

    def select_link(self, link: Link | None) -> None:
        self._link = link
        self._view.mark(link)

    def hover_link(self, link: Link | None) -> None:
        """The pointer is over a link, or over none: the selected one stays marked."""
        self._view.mark(link or self.selected_link)

    def search(self, point: Point) -> None:
        self.search_requested.emit(QPointF(*point))

    def search_in_middle(self) -> None:
        """Ask for a node where the pointer is, or in the middle of the view."""
        at = self._view.hovered
        self.search(self._view.lens.camera.to_scene((at.x(), at.y()) if at is not None else self._view.lens.center))

    def drop_link(self, port: PlacedPort, point: Point) -> None:
        self.link_dropped.emit(port, QPointF(*point))

    def fit_selection(self) -> None:
        """Show the selected nodes, or the whole graph where none is selected."""
        rects = [self._view.drawing.nodes.rect(name) for name in self._view.selected]
        self._view.lens.fly(united(rects))

    def go_to(self, name: str) -> None:
        """Select a node and bring it into view."""
        self._view.select({name})
        self._view.lens.reveal(grown(self._view.drawing.nodes.rect(name), NODE_MARGIN))

    def focused_node(self) -> str:
        """The node that the keyboard is at: the one that is selected alone, else none."""
        return next(iter(self._view.selected)) if len(self._view.selected) == 1 else ""

    def open_focused(self) -> None:
        if name := self.focused_node():
            self.opened.emit(name)

    def nudge(self, dx: int, dy: int) -> None:
        """Move the selected nodes by so many steps of the grid."""
        nodes = self._view.graph.nodes
        places = {name: nodes[name].position for name in sorted(self._view.selected)}
        if places:
            moved = {name: (x + dx * GRID, y + dy * GRID) for name, (x, y) in places.items()}
            self.edit(*edits.move(self._view.graph, moved))

    def swap(self) -> None:
        """Ask for another type for the selected nodes."""
        rects = [self._view.drawing.nodes.rect(name) for name in self._view.selected]
        if (around := united(rects)) is not None:
            self.swap_requested.emit(QPointF(around[0], around[1] + around[3]))

    def detach(self) -> None:
        """Take the selected nodes out of their links; what fed them feeds what they fed."""
        graph = self._view.graph
        detached, label = edits.detach(graph, {name: graph.nodes[name].position for name in self._view.selected})
        if detached.links != graph.links:
            self.edit(detached, label)

    def add_node(self, node: Node, title: str, at: Point, *, inserts: bool = True) -> None:
        """Put a new node at a scene point; where a link runs there, on the link."""
        graph = self._view.graph
        name = graph.free_name(title)
        link = self.link_for(at) if inserts else None
        placed = Node(node.type, node.settings, edits.centered(at, NARROWEST), node.graph)
        added = edits.add(graph, name, placed)
        subject = self._view.drawing.subject
        ports = subject.knowledge.ports_in(subject.project, added[0], name)
        fits = link is not None and edits.fits_on_link(ports)
        self.edit(*(edits.insert(graph, name, placed, link, ports) if link is not None and fits else added))
        self._view.select({name} & self._view.graph.nodes.keys())

    def link_for(self, at: Point) -> Link | None:
        """The link on which a node dropped at a scene point is put."""
        if self._view.drawing.node_at(at) is not None:
            return None
        return self._view.drawing.link_at(at, INSERT_REACH)
