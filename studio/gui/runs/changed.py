"""A picture of what one project changed in another's graph: new, changed and gone nodes in colours with words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.compiler import ports
from studio.compiler.check import check
from studio.core.change import GraphChange
from studio.core.graph import Graph
from studio.core.project import Project
from studio.gui import theme
from studio.gui.canvas.card import Subject
from studio.gui.canvas.inks import Inks
from studio.gui.canvas.rows import NodeRows
from studio.gui.render import Finish, drawing_of, image_of
from studio.gui.style.measures import RADIUS_CARD
from studio.gui.style.tokens import Theme

SMALLEST = QSize(240, 160)


@dataclass(frozen=True)
class Sort:
    """A way in which a node differs: in words, by the name of a colour, with an icon."""

    word: str
    color: str
    icon: str


SORTS = (
    Sort("", "line_strong", ""),
    Sort("new", "success", "plus"),
    Sort("changed", "warn", "pencil"),
    Sort("gone", "problem", "trash"),
)
SAME, NEW, CHANGED, GONE = range(len(SORTS))


def sorts_of(before: Graph, after: Graph) -> dict[str, int]:
    """For each node that differs between two graphs its place in ``SORTS``."""
    change = GraphChange.between(before, after)
    return {
        **dict.fromkeys(change.nodes_added, NEW),
        **dict.fromkeys(change.nodes_edited, CHANGED),
        **dict.fromkeys(change.nodes_removed, GONE),
    }


def picture_of(before: Project, after: Project, name: str, chosen: Theme) -> QImage:
    """The graph of this name in ``after`` with the nodes of ``before`` that are gone, drawn as the canvas does."""
    empty = Graph()
    old, new = before.graphs.get(name, empty), after.graphs.get(name, empty)
    sorts = sorts_of(old, new)
    gone = {node: old.nodes[node] for node, sort in sorts.items() if sort == GONE}
    shown = after if name in after.graphs else before
    subject = Subject(shown, name, replace(new, nodes={**new.nodes, **gone}), check(shown).graphs[name], ports)
    return image_of(drawing_of(subject), Finish(chosen, inks=lambda nodes, theme: _inks(sorts, nodes, theme)))


def _inks(sorts: Mapping[str, int], nodes: NodeRows, chosen: Theme) -> Inks:
    index = np.zeros(len(nodes.family), np.int16)
    for name, row in nodes.row.items():
        index[row] = sorts.get(name, SAME)
    notes = {row: SORTS[sorts[name]].word for name, row in nodes.row.items() if name in sorts}
    colors = tuple(chosen.named(sort.color) for sort in SORTS)
    return Inks("Change", colors, tuple(sort.icon for sort in SORTS), index, notes)


class Picture(QWidget):
    """An image as large as there is room for."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.image = QImage()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(SMALLEST)

    def show_image(self, image: QImage, described: str) -> None:
        """Show an image; ``described`` says in words what is to be seen."""
        self.image = image
        self.setAccessibleDescription(described)
        self.setToolTip(described)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, area = QPainter(self), QRectF(self.rect())
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.setPen(theme.current().line)
        painter.setBrush(theme.current().canvas)
        painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_CARD, RADIUS_CARD)
        if self.image.isNull():
            return
        size = self.image.size().toSizeF() / self.image.devicePixelRatio()
        scale = min(1.0, (area.width() - 2) / size.width(), (area.height() - 2) / size.height())
        place = QRectF(0, 0, size.width() * scale, size.height() * scale)
        place.moveCenter(area.center())
        painter.drawImage(place, self.image)
