"""Opens the search boxes: everything there is, or a node to add where the canvas asks for one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QPointF
from PySide6.QtWidgets import QWidget

from studio.compiler.ports import ports_in
from studio.core.catalog import catalog
from studio.core.graph import Link, Node
from studio.core.node_class import NodeClass
from studio.core.problem import Mismatch
from studio.core.shape import Shape
from studio.gui.command_palette import CommandPalette
from studio.gui.palette.entry import Entry
from studio.gui.palette.everything import block_entries, class_entries
from studio.gui.palette.popup import WIDTH, SearchPopup, below

if TYPE_CHECKING:
    from studio.gui.actions.action import Menus
    from studio.gui.actions.host import Host
    from studio.gui.canvas.geometry import PlacedPort

NOTHING = "Nothing fits. Try another word: fc finds Linear."


class Searches(QObject):
    """Boxes over one window; what is chosen in them is done there."""

    def __init__(self, host: Host, menus: Menus) -> None:
        super().__init__(host.widget)
        self._host, self._window, self._bench = host, host.widget, host.workbench
        self._commands = CommandPalette(host, menus, self._addable)
        commands = host.workbench.workspace.canvas.commands
        commands.search_requested.connect(self._add_at)
        commands.link_dropped.connect(self._add_linked)
        commands.swap_requested.connect(self._swap)

    def open_everything(self, anchor: QWidget) -> SearchPopup:
        """Search actions, nodes and templates, in a box under this widget."""
        popup = self._popup("Search everything", self._commands.entries())
        place = below(anchor, self._window)
        popup.show_at(place.topLeft(), max(WIDTH, place.width()))
        return popup

    def _popup(self, title: str, entries: list[Entry]) -> SearchPopup:
        """A box with these entries, beside which teaching cards can be read."""
        popup, teacher = SearchPopup(self._window, title, entries, nothing=NOTHING), self._bench.teacher
        popup.explained.connect(lambda name: teacher.explain(name, beside=popup))
        popup.closed.connect(teacher.let_go)
        return popup

    def _belongs(self, cls: type[NodeClass]) -> bool:
        """Some, such as datasets and losses, stand in objectives alone."""
        return self._bench.place.graph.role == "objective" or cls.in_networks

    def _add_at(self, scene: QPointF) -> None:
        """The box to add a node, where the canvas was asked for one."""
        classes = class_entries(lambda name: self._add(name, scene), fits=self._belongs)
        self._open(scene, [*classes, *self._blocks(lambda payload: self._bench.workspace.blocks.place(payload, scene))])

    def _addable(self) -> Iterator[Entry]:
        """What can be put into the middle of the view."""
        add = self._bench.workspace.add_node
        yield from class_entries(add, fits=self._belongs)
        yield from self._blocks(add)

    def _blocks(self, choose: Callable[[str], object]) -> Iterator[Entry]:
        """The graphs that can be placed here."""
        blocks, place = self._bench.workspace.blocks, self._bench.place
        return block_entries(choose, self._host.document.project, blocks.keeping.names(), place.graph.role)

    def _add(self, name: str, scene: QPointF) -> None:
        title = catalog().nodes[name].title()
        self._bench.workspace.canvas.commands.add_node(Node(name), title, (scene.x(), scene.y()))

    def _add_linked(self, port: PlacedPort, scene: QPointF) -> None:
        """The box with what fits the link that was let go; the choice is linked."""
        found = self._bench.place.result
        shape = found.nodes[port.node].outputs.get(port.port) if found and port.is_output else None

        def fits(cls: type[NodeClass]) -> bool:
            return self._belongs(cls) and (takes(cls, shape) if port.is_output else bool(cls.outputs))

        classes = class_entries(lambda name: self._link(name, port, scene), fits=fits)
        blocks = self._blocks(lambda payload: self._bench.workspace.blocks.place(payload, scene, port=port))
        self._open(scene, [*classes, *blocks])

    def _link(self, type_name: str, port: PlacedPort, scene: QPointF) -> None:
        """Add a node and its link as one edit."""
        place, canvas = self._bench.place, self._bench.workspace.canvas
        graph = place.graph
        name = graph.free_name(type_name)
        added = graph.add(name, Node(type_name, {}, (scene.x(), scene.y() - 16)))
        ports = ports_in(canvas.drawing.subject.project, added, name)
        if port.is_output:
            link = Link(port.node, port.port, name, ports.inputs[0].name)
        else:
            link = Link(name, ports.outputs[0], port.node, port.port)
        canvas.commands.edit(added.connect(link), f"Add {name}")
        canvas.select({name})

    def _swap(self, scene: QPointF) -> None:
        """The box with what could stand where the selected nodes stand."""
        rewiring, place = self._bench.workspace.rewiring, self._bench.place
        present, links = rewiring.old_classes(), place.graph.links
        feeding = [link for name in place.selected for link in links.into.get(name, ())][:1]
        has_outputs = any(links.out_of.get(name) for name in place.selected)
        result = place.result
        shapes = [result.nodes[k.source].outputs.get(k.output) for k in feeding if result and k.source in result.nodes]

        def fits(cls: type[NodeClass]) -> bool:
            suits = self._belongs(cls) and present != {cls} and (bool(cls.outputs) or not has_outputs)
            return suits and (not feeding or takes(cls, shapes[0] if shapes else None))

        self._open(scene, list(class_entries(rewiring.swap, fits=fits)), "Swap the type")

    def _open(self, scene: QPointF, entries: list[Entry], title: str = "Add a node") -> None:
        canvas = self._bench.workspace.canvas
        x, y = canvas.lens.camera.to_view((scene.x(), scene.y()))
        place = canvas.viewport().mapTo(self._window, QPoint(round(x), round(y)))
        popup = self._popup(title, entries)
        popup.closed.connect(canvas.setFocus)
        popup.show_at(place)


def takes(cls: type[NodeClass], shape: Shape | None) -> bool:
    """Whether a value of this shape, or any where it is unknown, can go into a new node of this class."""
    ports = cls.inputs()
    if not ports:
        return False
    if shape is None or sum(port.required for port in ports) > 1:
        return True
    try:
        cls().infer(shape)
    except (Mismatch, TypeError):
        return False
    return True
