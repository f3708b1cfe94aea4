"""Shows a graph: mirrors what it is given, paints it, and says where things lie. It edits nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from studio.compiler import ports
from studio.compiler.results import GraphResult
from studio.core.graph import Graph, Link
from studio.core.project import Project
from studio.gui import fonts, theme
from studio.gui.canvas import lettering
from studio.gui.canvas.attention import Attention
from studio.gui.canvas.callout import Callout
from studio.gui.canvas.camera import Camera
from studio.gui.canvas.card import Knowledge, Subject
from studio.gui.canvas.detail import Detail
from studio.gui.canvas.drawing import Drawing
from studio.gui.canvas.frames import Frames
from studio.gui.canvas.geometry import Rect, united
from studio.gui.canvas.highlight import Highlight
from studio.gui.canvas.inks import Coloring
from studio.gui.canvas.invitation import Invitation
from studio.gui.canvas.lens import Lens
from studio.gui.canvas.lessons import NO_LESSONS, Lessons
from studio.gui.canvas.look import Look
from studio.gui.canvas.minimap import Minimap
from studio.gui.canvas.overlay import Overlay
from studio.gui.canvas.scene import Scene
from studio.gui.canvas.zoom_control import ZoomControl

MOST_TILES = 6
MOST_AREAS = 40
"""With more areas than this to paint again, the rectangle around them is."""


class GraphView(QAbstractScrollArea):
    """A graph, drawn. ``show_graph`` is the only way in; names of selected nodes are its only state of its own."""

    selection_changed = Signal(object)
    """The names of the selected nodes, a frozenset."""
    repair_chosen = Signal(object)
    """The Repair whose button was pressed."""

    def __init__(self, knowledge: Knowledge = ports, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Canvas")
        nothing = Subject(Project(), "", Graph(), None, knowledge)
        self.drawing, self.lens = Drawing(lettering.width, nothing), Lens(self)
        self.selected: frozenset[str] = frozenset()
        self.picked: tuple[str, ...] = ()
        """The nodes that were clicked one by one, in that order."""
        self.marked: Link | None = None
        self.hidden: Link | None = None
        self.bend: tuple[Link, int] | None = None
        self.frame: int | None = None
        self.hovered: QPointF | None = None
        self.callout = Callout(self.lens, self.repair_chosen.emit)
        self.attention = Attention(self.drawing, self.lens, self.callout, lambda: self.selected, lambda: self.hovered)
        self.minimap = Minimap(self.lens, self.drawing)
        self.invitation = Invitation(self.lens, lambda: not self.graph.nodes)
        self.overlays: list[Overlay] = [ZoomControl(self.lens), self.minimap, self.invitation, self.callout]
        self.lens.covered = lambda: _covered(self)
        self._frames = Frames(self.viewport(), self.lens, self.overlays)
        self._strips: dict[str, tuple[QImage, ...]] = {}
        self.look, self._coloring = Look(), Coloring()
        self.highlight = Highlight(self.drawing, lambda: self.selected, self)
        self.highlight.changed.connect(self.viewport().update)
        self._cameras: dict[str, Camera] = {}
        self._is_unseen = self._is_new = True
        self.lens.moved.connect(self.viewport().update)
        self.lens.moved.connect(self.point_out)
        self.lens.paused.connect(lambda: self._frames.sharpen(self.scene()))
        theme.switch().changed.connect(self._restyle)
        self._restyle()

    @property
    def graph(self) -> Graph:
        return self.drawing.graph

    def show_graph(
        self,
        project: Project,
        name: str,
        result: GraphResult | None,
        *,
        fit: bool = False,
        lessons: Lessons = NO_LESSONS,
    ) -> None:
        """Show a graph of a project and what was found in it; only what changed is drawn anew.

        A graph that is not among the project's, such as the objective the studio makes, comes with its result.
        """
        before, shown_before = self.drawing.subject, (self.minimap.area(), self.invitation.area())
        self.attention.told = None
        self.attention.preview.show(None)
        graph = result.graph if result is not None and name not in project.graphs else project.graphs[name]
        areas = self.drawing.show(Subject(project, name, graph, result, before.knowledge, lessons))
        self.lens.bounds = self.drawing.bounds()
        self.minimap.forget()
        if fit or self._is_new or before.name != name:
            self._enter(before.name, name, fit=fit or self._is_new)
        self.lens.release()
        # What one node costs or how it stands may change what the others are beside it.
        self.refresh(areas if self.look.colors == "family" else None)
        self._update(*shown_before, self.minimap.area(), self.invitation.area())
        self.select(self.selected & graph.nodes.keys())
        self.point_out()

    def select(self, names: Collection[str], *, tells: bool = True) -> None:
        """Select exactly these nodes; a gesture that goes on tells only at its end."""
        wanted = frozenset(names)
        if wanted == self.selected:
            return
        different = wanted ^ self.selected
        self.selected, self.attention.next = wanted, ""
        areas = self.drawing.node_areas(different & self.drawing.nodes.row.keys())
        self.refresh(None if self.look.traces_selection else areas)
        self.point_out()
        if tells:
            self.selection_changed.emit(wanted)

    def mark(self, link: Link | None) -> None:
        """Draw one link stronger than the others."""
        if link == self.marked:
            return
        rows = [self.drawing.links.row[some] for some in (self.marked, link) if some in self.drawing.links.row]
        self.marked = link
        self.refresh(self.drawing.links.rect(rows))

    def set_strip(self, name: str, images: Sequence[QImage]) -> None:
        """Show up to six pictures on a node, for as long as there are any."""
        shown = tuple(images)[:MOST_TILES]
        changed = len(shown) != len(self._strips.get(name, ()))
        self._strips[name] = shown
        if changed:
            self.refresh(self.drawing.set_strip(name, len(shown)))
        elif name in self.graph.nodes:
            self.refresh([self.drawing.strip_area(name)])

    def show_look(self, look: Look) -> None:
        """Show the graph as the person wants to see it."""
        self.look = look
        self.highlight.show_look(look)
        self.minimap.is_wanted = look.minimap
        self.viewport().update()

    def point_of(self, node: str, port: str | None = None) -> QPoint:
        """Where a node's header, or one of its ports, lies in the viewport. Raises KeyError where there is none."""
        x, y, width, _ = self.drawing.nodes.rect(node)
        place = (x + width / 2, y + 16.0)
        if port is not None:
            centers = {found.port: found.center for found in self.drawing.ports_of(node)}
            place = centers[port]
        left, top = self.lens.camera.to_view(place)
        return QPoint(round(left), round(top))

    def point_out(self) -> None:
        """Let the callout show the problem of the node that matters now, and the preview what its repair would do."""
        before = self.callout.area()
        if self.attention.update():
            self._update(before, self.callout.area())
        if self.attention.foresee():
            self.viewport().update()

    def scene(self) -> Scene:
        """What the next frame is painted from."""
        return Scene(
            self.drawing,
            self.lens.camera,
            theme.current(),
            self._frames.atlas,
            self.viewport().devicePixelRatioF(),
            self.selected,
            self.marked,
            self.hidden,
            self.bend,
            self.frame,
            self.look.shapes,
            self._coloring.inks(self.drawing.subject, self.drawing.nodes, self.look.colors, theme.current()),
            self.highlight.trace(),
            self.highlight.found,
            self._strips,
        )

    def refresh(self, areas: Iterable[Rect] | None) -> None:
        """Paint these areas of the scene again; None means all of it."""
        if areas is None:
            self.viewport().update()
            return
        areas = list(areas)
        if len(areas) > MOST_AREAS:
            areas = [around] if (around := united(areas)) else []
        view = QRectF(self.viewport().rect())
        for area in areas:
            dirty = QRectF(*self.lens.camera.rect_to_view(area)).adjusted(-4, -4, 4, 4).intersected(view)
            if not dirty.isEmpty():
                self.viewport().update(dirty.toAlignedRect())

    def _update(self, *areas: QRectF | None) -> None:
        """Paint these areas again, which lie over the graph."""
        for area in areas:
            if area is not None:
                self.viewport().update(self.lens.from_room(area).toAlignedRect())

    def finish(self) -> None:
        """End what waits for a pause, so that the next frame is final: for pictures and tests."""
        self._frames.finish(self.scene())

    def paint_over(self, painter: QPainter) -> None:
        """Paint what lies above the graph: what a repair would do; a canvas with gestures adds what they show."""
        self.attention.preview.paint(painter, theme.current(), Detail.at(self.lens.camera.zoom))

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self._catch_up()
            self._frames.paint(event, self.scene(), self.paint_over, self.hovered, patient=self._is_unseen)
            self._is_unseen = self._is_unseen and not self.graph.nodes
            return True
        return super().viewportEvent(event)

    def _catch_up(self) -> None:
        """Bring what can be read in the view up to date, where so much changed at once that it was put off."""
        if self.drawing.is_late and Detail.at(self.lens.camera.zoom) > Detail.BLOCKS:
            self.refresh(self.drawing.freshen_within(self.lens.camera.rect_to_scene((0.0, 0.0, *self.lens.size))))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.lens.size = (float(self.viewport().width()), float(self.viewport().height()))
        if self._is_unseen or self.lens.shows_all:
            self.lens.fit()

    def _enter(self, left: str, name: str, *, fit: bool) -> None:
        """Look at another graph: where it was looked at last, or at all of it."""
        self.frame = None
        self._cameras[left] = self.lens.camera
        known = None if fit else self._cameras.get(name)
        if self._is_new:
            self._cameras.clear()
        self._is_unseen, self._is_new = known is None, False
        if known is None:
            self.lens.fit()
        else:
            self.lens.look(known.at_unit(self.lens.camera.unit))

    def forget(self) -> None:
        """Another project comes: its graphs were never looked at, whatever they are called."""
        self._is_new = True

    def _restyle(self) -> None:
        """The theme or the size of text is another."""
        self._frames.atlas.clear()
        self.minimap.forget()
        unit = fonts.scaled(100) / 100
        self.lens.look(self.lens.camera.at_unit(unit))
        self.viewport().update()


def _covered(view: GraphView) -> list[QRectF]:
    """Where controls lie over the graph; a problem that is said there goes along with its node."""
    areas = [overlay.area() for overlay in view.overlays if overlay not in (view.callout, view.invitation)]
    return [view.lens.from_room(area) for area in areas if area is not None]
