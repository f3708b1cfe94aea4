"""The centre of the window: a tab for each graph, the way into blocks, and the canvas."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio.compiler.ports import node_class
from studio.core.change import Change
from studio.core.graph import Graph, Node, Point
from studio.core.graph import Role as GraphRole
from studio.core.layout import ROOM
from studio.gui import fonts
from studio.gui.blocks import levels
from studio.gui.blocks.blocks import Blocks
from studio.gui.blocks.breadcrumb import Breadcrumb
from studio.gui.canvas.canvas import Canvas
from studio.gui.canvas.drops import BLOCK, SAVED
from studio.gui.clipboard import Clipboard
from studio.gui.document import Document
from studio.gui.graphs import Graphs, tip
from studio.gui.mending import Mending
from studio.gui.picturing import Picturing
from studio.gui.place import Place
from studio.gui.rewiring import Rewiring
from studio.gui.selection import Selection
from studio.gui.style.measures import GRID, TABS_HEIGHT
from studio.gui.widgets.button import Button, Kind
from studio.gui.widgets.label import Role, label
from studio.gui.widgets.tabs import TabStrip
from studio.gui.widgets.text_size import follow_text
from studio.gui.widgets.toast import Notices

ICONS: dict[GraphRole, str] = {"network": "layers", "objective": "loss", "block": "copy"}


class Workspace(QWidget):
    """Shows one graph at a time on one canvas, and brings its edits to the document."""

    def __init__(self, document: Document, place: Place) -> None:
        super().__init__()
        self._document, self.place = document, place
        self._opened: list[str] = []
        self._left: dict[tuple[str, tuple[str, ...]], tuple[str, ...]] = {}
        """What was selected in a graph when it was left."""
        self.tabs = TabStrip(name="Graphs")
        self.tabs.setTabsClosable(False)
        self.tabs.currentChanged.connect(self._choose_tab)
        self.breadcrumb = Breadcrumb()
        self.breadcrumb.chosen.connect(lambda depth: self.show_graph(self.place.root, self.place.path[:depth]))
        self._count = label("", Role.LABEL)
        self.add = Button(icon="plus", name="Add a graph", kind=Kind.QUIET, small=True)
        self.canvas = Canvas()
        self.notices = Notices(self)
        self.graphs = Graphs(document, place, self, self.notices.show)
        self.add.setMenu(self.graphs.menu_to_add())
        self.tabs.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.tabs.customContextMenuRequested.connect(self._open_tab_menu)
        self.selection = Selection(document, place, self.canvas, self.notices.show)
        self.clipboard = Clipboard(document, place, self.canvas, self.notices.show)
        self.picturing = Picturing(self.canvas)
        self.rewiring = Rewiring(document, place, self.canvas, self.notices.show)
        self.mending = Mending(document, place, self.canvas)
        self.blocks = Blocks(document, place, self.canvas, self.notices)
        self._lay_out()
        self._connect()
        self.reset()

    def _lay_out(self) -> None:
        head = QWidget()
        head.setObjectName("workspace-head")
        follow_text(head, lambda: head.setFixedHeight(fonts.scaled(TABS_HEIGHT)))
        row = QHBoxLayout(head)
        row.setContentsMargins(GRID, 0, 2 * GRID, 0)
        row.setSpacing(GRID // 2)
        row.addWidget(self.tabs)
        row.addWidget(self.add)
        row.addSpacing(2 * GRID)
        row.addWidget(self.breadcrumb)
        row.addStretch()
        row.addWidget(self._count)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self.canvas, 1)

    def _connect(self) -> None:
        self._document.changed.connect(self._follow)
        self._document.stepped.connect(self._follow_step)
        self._document.opened.connect(self.reset)
        self.place.wanted.connect(self.go_to)
        self.place.stage_chosen.connect(self._show)
        commands = self.canvas.commands
        commands.edited.connect(self._edit)
        commands.opened.connect(self.enter)
        commands.left.connect(self.leave)
        commands.block_wanted.connect(lambda payload, at, inserts: self.blocks.place(payload, at, inserts=inserts))
        self.canvas.selection_changed.connect(self._select)
        self.place.wanted_inside.connect(self.go_inside)

    def reset(self) -> None:
        """Another project: a tab for each of its networks and objectives, the first one shown."""
        project = self._document.project
        self._left.clear()
        self.canvas.forget()
        self._opened = [name for name, graph in project.graphs.items() if graph.role != "block"] or list(project.graphs)
        self._fill_tabs()
        self.show_graph(self._opened[0] if self._opened else "")

    def show_graph(self, name: str, path: Sequence[str] = ()) -> None:
        """Show a graph, or the inside of one of its blocks; opens a tab where it has none."""
        if name and name not in self._opened:
            self._opened.append(name)
            self._fill_tabs()
        if name:
            self.tabs.blockSignals(True)
            self.tabs.setCurrentIndex(self._opened.index(name))
            self.tabs.blockSignals(False)
        self._left[self.place.root, self.place.path] = self.place.selected
        self.place.move(name, path)
        self._show()
        if name:
            self.canvas.select(
                [node for node in self._left.get((name, tuple(path)), ()) if node in self.place.graph.nodes]
            )
            self._select(self.canvas.selected)

    def show_objective(self) -> None:
        """Show the first objective, be it drawn or made by the studio."""
        names = list(self._document.diagnosis.objectives)
        if names:
            self.show_graph(names[0])

    def enter(self, block: str) -> None:
        """Show the inside of a placed graph; a network placed in an objective is shown in its own tab."""
        node = self.place.graph.nodes.get(block)
        if node is None or node.graph not in self._document.project.graphs:
            return
        if node.type == "Network":
            self.show_graph(node.graph)
        else:
            self.show_graph(self.place.root, (*self.place.path, block))

    def leave(self) -> None:
        """Go back to the graph in which the block stands."""
        if self.place.path:
            block = self.place.path[-1]
            self.show_graph(self.place.root, self.place.path[:-1])
            self.canvas.commands.go_to(block)

    def go_to(self, graph: str, node: str) -> None:
        """Show the graph and bring the node into view, selected."""
        if graph and graph != self.place.graph_name:
            self.show_graph(graph)
        if node in self.place.graph.nodes:
            self.canvas.commands.go_to(node)

    def go_inside(self, graph: str, way: Sequence[str]) -> None:
        """Enter blocks from a graph on and bring the node at the end into view, selected."""
        self.show_graph(graph, way[:-1])
        if way[-1] in self.place.graph.nodes:
            self.canvas.commands.go_to(way[-1])

    def add_node(self, payload: str) -> None:
        """Put what the palette offers into the middle of the view."""
        place = _free_place(self.place.graph, self.canvas.lens.camera.to_scene(self.canvas.lens.center))
        if payload.startswith((BLOCK, SAVED)):
            self.blocks.place(payload, QPointF(*place))
        elif (cls := node_class(payload)) is not None:
            self.canvas.commands.add_node(Node(payload), cls.title(), place)

    def _follow(self, change: Change) -> None:
        known = {**self._document.project.graphs, **self._document.diagnosis.objectives}
        if change.graphs_removed == {self.place.root} and len(change.graphs_added) == 1:  # it has another name
            (name,) = change.graphs_added
            self._opened = [name if each == self.place.root else each for each in self._opened]
            self._fill_tabs()
            self.show_graph(name, levels.standing(known, name, self.place.path))
        kept = [name for name in self._opened if name in known]
        drawn = [name for name, graph in self._document.project.graphs.items() if graph.role != "block"]
        kept += [name for name in drawn if name not in kept]
        if kept != self._opened:
            self._opened = kept
            self._fill_tabs()
        path = levels.standing(known, self.place.root, self.place.path)
        if self.place.root not in known:
            self.show_graph(self._opened[0] if self._opened else "")
        elif path != self.place.path:
            self.show_graph(self.place.root, path)
            self.blocks.point_out(levels.touched(change, self.place.graph_name))
        else:
            self._show()

    def _follow_step(self, change: Change) -> None:
        """Where an undo or redo is not to be seen, go where it is."""
        here = levels.Spot(self.place.root, self.place.path)
        spot = levels.where_it_happened(self._document.project.graphs, change, here)
        if spot is None:
            return
        self.show_graph(spot.root, spot.path)
        self.blocks.point_out(spot.nodes)

    def _fill_tabs(self) -> None:
        known = {**self._document.project.graphs, **self._document.diagnosis.objectives}
        self.tabs.blockSignals(True)
        while self.tabs.count():
            self.tabs.removeTab(0)
        for name in self._opened:
            self.tabs.add(name, ICONS[known[name].role])
        self.tabs.setCurrentIndex(max(0, self._opened.index(self.place.root) if self.place.root in self._opened else 0))
        self.tabs.blockSignals(False)

    def _open_tab_menu(self, at: QPoint) -> None:
        index = self.tabs.tabAt(at)
        if index >= 0:
            self.graphs.open_menu(self._opened[index], self.tabs.mapToGlobal(at))

    def _choose_tab(self, index: int) -> None:
        if 0 <= index < len(self._opened):
            self.show_graph(self._opened[index])

    def _show(self) -> None:
        """Bring the canvas, the breadcrumb and the count up to date."""
        if not self.place.root:
            return
        place = self.place
        self.canvas.show_graph(self._document.project, place.graph_name, place.result, lessons=place.lessons())
        for index, name in enumerate(self._opened):
            self.tabs.setTabToolTip(index, tip(self._document.project, name))
        count = len(self.place.graph.nodes)
        self._count.setText("1 node" if count == 1 else f"{count:,} nodes")
        self.breadcrumb.show_way(self.place.root, self.place.path)

    def _edit(self, graph: Graph, text: str) -> None:
        self._document.apply_graph(self.place.graph_name, graph, text)

    def _select(self, names: frozenset[str]) -> None:
        self.place.select([name for name in self.place.graph.nodes if name in names])


def _free_place(graph: Graph, at: Point) -> Point:
    """The place, or the next one below it where no node stands yet."""
    taken = {node.position for node in graph.nodes.values()}
    while any(abs(x - at[0]) < ROOM[0] and abs(y - at[1]) < ROOM[1] / 2 for x, y in taken):
        at = (at[0], at[1] + ROOM[1] / 2)
    return at
