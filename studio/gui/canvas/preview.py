"""Shows over the graph what a repair would do, before it is taken: ghosts of what comes, strokes through what goes."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from studio.core.change import GraphChange
from studio.core.graph import Link
from studio.core.problem import Repair
from studio.gui.canvas import lettering, routes
from studio.gui.canvas.batch import polyline
from studio.gui.canvas.card import Card, Subject, card_of
from studio.gui.canvas.detail import Detail
from studio.gui.canvas.drawing import Drawing
from studio.gui.canvas.faces import paint_face
from studio.gui.canvas.foresight import Foresight, foresee
from studio.gui.canvas.geometry import OVERHANG, Box, Point, Rect, box_of, placed_ports
from studio.gui.canvas.lens import Lens
from studio.gui.canvas.rows import middle_of
from studio.gui.style.measures import RADIUS_CHIP, RADIUS_NODE
from studio.gui.style.tokens import Theme

STEPS = 24
DASHES = (4.0, 3.0)
MOST_MOVED = 60
"""Of more nodes than this the way they move is not drawn."""
DIMMED = 150
"""How much of the canvas lies over what goes: of 255."""
NOTE_HEIGHT, NOTE_PADDING, NOTE_GAP = 22.0, 10.0, 6.0
CROSS = 5.0
TOP = 16.0

Line = routes.Floats
Ghost = tuple[Card, Box, Point]
"""A node that is not there: how it looks and where it would stand."""


class Preview:
    """What a repair would do to the graph that is drawn. It holds no edit: taking it away leaves nothing behind."""

    def __init__(self, lens: Lens, drawing: Drawing) -> None:
        self._lens, self._drawing = lens, drawing
        self.repair: Repair | None = None
        self.foresight: Foresight | None = None
        self.ghosts: dict[str, Ghost] = {}
        """The nodes that would come."""

    def show(self, repair: Repair | None) -> bool:
        """Show what this repair would do, or nothing; answers whether anything changed."""
        if repair is self.repair:
            return False
        subject, self.repair = self._drawing.subject, repair
        self.foresight, self.ghosts = None, {}
        if repair is not None:
            after = repair.apply(subject.project)
            self.foresight = foresee(subject, after)
            there = Subject(after, subject.name, self.foresight.graph, None, subject.knowledge)
            self.ghosts = {name: _ghost(there, name) for name in sorted(self.foresight.change.nodes_added)}
        return True

    def paint(self, painter: QPainter, theme: Theme, detail: Detail) -> None:
        """Paint it over the graph, in view pixels."""
        if self.foresight is None:
            return
        painter.save()
        self._paint_going(painter, theme)
        self._paint_moving(painter, theme, detail)
        for link in self.foresight.change.links_added:
            self._stroke(painter, self._line(link), theme.accent)
        for ghost in self.ghosts.values():
            self._paint_ghost(painter, ghost, theme, detail, theme.accent)
        self._paint_notes(painter, theme)
        painter.restore()

    def _paint_going(self, painter: QPainter, theme: Theme) -> None:
        """Dim nodes and strike them through; cross links out."""
        nodes, links = self._drawing.nodes, self._drawing.links
        for link in self._change.links_removed & links.row.keys():
            for line in self._erase(painter, link, theme):
                self._stroke(painter, line, theme.problem)
            _cross(painter, self._in_view(np.array(middle_of(links, link))), theme)
        for name in self._change.nodes_removed & nodes.row.keys():
            rect = self._veil(painter, nodes.rect(name), theme)
            painter.setPen(QPen(theme.problem, 2))
            painter.drawLine(rect.bottomLeft(), rect.topRight())

    def _paint_moving(self, painter: QPainter, theme: Theme, detail: Detail) -> None:
        """Nodes that make room: dimmed where they stand, outlined where they would stand, with their links."""
        nodes, links = self._drawing.nodes, self._drawing.links
        moved = self._change.nodes_moved & nodes.row.keys()
        if len(moved) > MOST_MOVED or self.foresight is None:
            return
        going = self._change.links_removed
        taut = [k for row in links.around(moved) if (k := links.links[row]) is not None and k not in going]
        for link in taut:
            self._erase(painter, link, theme)
        for name in moved:
            self._veil(painter, nodes.rect(name), theme)
        for link in taut:
            self._stroke(painter, self._line(link), theme.line_strong)
        for name in moved:
            row = nodes.row[name]
            standing = (nodes.cards[row], nodes.boxes[row], self.foresight.graph.nodes[name].position)
            self._paint_ghost(painter, standing, theme, detail, theme.line_strong)

    def _erase(self, painter: QPainter, link: Link, theme: Theme) -> list[Line]:
        """Paint over a link; answers the lines of its parts, in view pixels."""
        links = self._drawing.links
        lines = [self._in_view(line) for some in links.lines(np.array([links.row[link]]), STEPS) for line in some]
        for line in lines:
            self._stroke(painter, line, theme.canvas, solid=True)
        return lines

    def _veil(self, painter: QPainter, rect: Rect, theme: Theme) -> QRectF:
        """Dim a node; answers where it lies in the view."""
        veil = QColor(theme.canvas)
        veil.setAlpha(DIMMED)
        seen = self._rect(rect).adjusted(-OVERHANG, -OVERHANG, OVERHANG, OVERHANG)
        painter.fillRect(seen, veil)
        return self._rect(rect)

    def _paint_ghost(self, painter: QPainter, ghost: Ghost, theme: Theme, detail: Detail, outline: QColor) -> None:
        card, box, at = ghost
        rect = self._rect((*at, box.width, box.height))
        if detail > Detail.BLOCKS:
            painter.save()
            painter.translate(rect.topLeft())
            painter.scale(self._scale, self._scale)
            paint_face(painter, card, box, theme, detail, self._scale)
            painter.restore()
        pen = QPen(outline, 2)
        pen.setDashPattern(DASHES)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect.adjusted(-2, -2, 2, 2), RADIUS_NODE * self._scale, RADIUS_NODE * self._scale)

    def _paint_notes(self, painter: QPainter, theme: Theme) -> None:
        """What would read otherwise, above its node; what lies elsewhere, at the top of the view."""
        assert self.foresight is not None
        for name, notes in self.foresight.notes.items():
            if name in self._drawing.nodes.row:
                rect = self._rect(self._drawing.nodes.rect(name))
                _chips(painter, notes, QPointF(rect.left(), rect.top() - NOTE_GAP), theme, upwards=True)
        wide = max((lettering.width(note, "label") for note in self.foresight.elsewhere), default=0.0)
        left = (self._lens.size[0] - wide) / 2 - NOTE_PADDING
        _chips(painter, self.foresight.elsewhere, QPointF(left, TOP), theme, upwards=False)

    def _stroke(self, painter: QPainter, line: Line | None, color: QColor, *, solid: bool = False) -> None:
        if line is None:
            return
        pen = QPen(color, max(2 * self._scale, 1.5) + (2 if solid else 0))
        if not solid:
            pen.setDashPattern(DASHES)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(polyline(line))

    def _line(self, link: Link) -> Line | None:
        """A link as it would run, in view pixels; None where one of its ports cannot be told."""
        start, end = self._port(link.source, link.output, is_output=True), self._port(link.target, link.input)
        if start is None or end is None:
            return None
        ends = np.array([[*start, *end]])
        gap = np.array([max(start[1], end[1]) + routes.AROUND])
        return next(self._in_view(line) for some in routes.points_of(ends, gap, STEPS) for line in some)

    def _port(self, node: str, port: str, *, is_output: bool = False) -> Point | None:
        """Where a port would lie in the scene."""
        if node in self.ghosts:
            card, box, at = self.ghosts[node]
            ports = placed_ports(node, card, box, at)
        elif node in self._drawing.nodes.row:
            ports = self._drawing.ports_of(node)
        else:
            return None
        centers = (each.center for each in ports if (each.port, each.is_output) == (port, is_output))
        center = next(centers, None)
        return None if center is None else self._after_moving(node, center)

    def _after_moving(self, node: str, center: Point) -> Point:
        if node not in self._change.nodes_moved or self.foresight is None:
            return center
        x, y, _, _ = self._drawing.nodes.rect(node)
        left, top = self.foresight.graph.nodes[node].position
        return center[0] + left - x, center[1] + top - y

    def _in_view(self, line: Line) -> Line:
        camera = self._lens.camera
        seen: Line = line * camera.scale + np.array([camera.x, camera.y])
        return seen

    def _rect(self, rect: Rect) -> QRectF:
        return QRectF(*self._lens.camera.rect_to_view(rect))

    @property
    def _scale(self) -> float:
        return self._lens.camera.scale

    @property
    def _change(self) -> GraphChange:
        assert self.foresight is not None
        return self.foresight.change


def _ghost(subject: Subject, name: str) -> Ghost:
    card = card_of(subject, name)
    return card, box_of(card, lettering.width), subject.graph.nodes[name].position


def _cross(painter: QPainter, center: Line, theme: Theme) -> None:
    x, y = center.tolist()
    painter.setPen(QPen(theme.problem, 2))
    painter.drawLine(QPointF(x - CROSS, y - CROSS), QPointF(x + CROSS, y + CROSS))
    painter.drawLine(QPointF(x - CROSS, y + CROSS), QPointF(x + CROSS, y - CROSS))


def _chips(painter: QPainter, texts: Iterable[str], corner: QPointF, theme: Theme, *, upwards: bool) -> None:
    """Texts in the accent's colours, one below the other, from a corner upwards or downwards."""
    y = corner.y() - (NOTE_HEIGHT if upwards else 0)
    for text in texts:
        width = lettering.width(text, "label") + 2 * NOTE_PADDING
        rect = QRectF(round(corner.x()) + 0.5, round(y) + 0.5, width, NOTE_HEIGHT)
        painter.setPen(QPen(theme.accent, 1))
        painter.setBrush(theme.accent_bg)
        painter.drawRoundedRect(rect, RADIUS_CHIP, RADIUS_CHIP)
        painter.setPen(theme.text1)
        painter.setFont(lettering.font("label"))
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), text)
        y += (-1 if upwards else 1) * (NOTE_HEIGHT + NOTE_GAP)
