"""Tells screen readers about the canvas: every node is a child with a name, a place and a state."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QObject, QPoint, QRect, QRectF
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget

from studio.core.graph import Frame, Link
from studio.gui.canvas.card import Card, Subject
from studio.gui.canvas.geometry import Rect, weights_text
from studio.gui.canvas.view import GraphView

TextKind = QAccessible.Text


def spoken(card: Card) -> str:
    """A node in words: its name, its type, what leaves it, and what is wrong."""
    parts = [card.title, card.type_text, f"repeated {card.repeat} times" if card.repeat > 1 else ""]
    parts += [f"{label} {value}" for label, value in card.rows]
    parts += [f"output {card.shape}" if card.shape else "", weights_text(card) if card.weights else ""]
    parts += ["bypassed" if card.bypassed else "", "has a problem" if card.problem else ""]
    return ", ".join(part for part in parts if part)


def spoken_link(subject: Subject, link: Link) -> str:
    """A link in words: what it joins, and what flows."""
    shape = subject.shape(link.source, link.output)
    flows = f"{shape.kind}, {shape}" if shape else "shape not known yet"
    wrong = ", has a problem" if subject.is_mismatch(link) else ""
    return f"Link from {link.source}, {link.output}, to {link.target}, {link.input}, {flows}{wrong}"


def spoken_frame(frame: Frame) -> str:
    """A comment frame in words."""
    return f"Comment frame {frame.title}"


def announce(view: GraphView, text: str) -> None:
    """Let a screen reader say a sentence."""
    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(view, text))


class AccessiblePart(QAccessibleInterface):
    """Something drawn on a canvas, for as long as the graph has it."""

    def __init__(self, parent: AccessibleCanvas) -> None:
        super().__init__()
        self._parent = parent

    @property
    def _view(self) -> GraphView:
        return self._parent.view

    def area(self) -> Rect:
        """Where it lies in the scene."""
        raise NotImplementedError

    def is_selected(self) -> bool:
        raise NotImplementedError

    def object(self) -> QObject | None:  # type: ignore[override]
        return None

    def parent(self) -> QAccessibleInterface:
        return self._parent

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        return None

    def childCount(self) -> int:
        return 0

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return -1

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        return None

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.ListItem

    def rect(self) -> QRect:
        rect = QRectF(*self._view.lens.camera.rect_to_view(self.area())).toRect()
        return rect.translated(self._view.viewport().mapToGlobal(QPoint(0, 0)))

    def setText(self, kind: TextKind, text: str) -> None:
        """Names are written in the inspector."""

    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        state.selectable = state.focusable = True
        state.selected = self.is_selected()
        return state


class AccessibleNode(AccessiblePart):
    """One node."""

    def __init__(self, parent: AccessibleCanvas, name: str) -> None:
        super().__init__(parent)
        self._name = name

    def isValid(self) -> bool:
        return self._parent.isValid() and self._name in self._view.drawing.nodes.row

    def area(self) -> Rect:
        return self._view.drawing.nodes.rect(self._name)

    def is_selected(self) -> bool:
        return self._name in self._view.selected

    def text(self, kind: TextKind) -> str:
        drawing = self._view.drawing
        if kind == TextKind.Name:
            return spoken(drawing.nodes.cards[drawing.nodes.row[self._name]])
        if kind == TextKind.Description:
            found = drawing.subject.found(self._name)
            return " ".join(problem.message for problem in found.problems) if found else ""
        return ""


class AccessibleLink(AccessiblePart):
    """One link."""

    def __init__(self, parent: AccessibleCanvas, link: Link) -> None:
        super().__init__(parent)
        self._link = link

    def isValid(self) -> bool:
        return self._parent.isValid() and self._link in self._view.drawing.links.row

    def area(self) -> Rect:
        links = self._view.drawing.links
        return links.rect([links.row[self._link]])[0]

    def is_selected(self) -> bool:
        return self._view.marked == self._link

    def text(self, kind: TextKind) -> str:
        return spoken_link(self._view.drawing.subject, self._link) if kind == TextKind.Name else ""


class AccessibleFrame(AccessiblePart):
    """One comment frame, by its place among the frames of the graph."""

    def __init__(self, parent: AccessibleCanvas, index: int) -> None:
        super().__init__(parent)
        self._index = index

    def isValid(self) -> bool:
        return self._parent.isValid() and self._index < len(self._view.graph.frames)

    def area(self) -> Rect:
        return self._view.graph.frames[self._index].rectangle

    def is_selected(self) -> bool:
        return self._view.frame == self._index

    def text(self, kind: TextKind) -> str:
        return spoken_frame(self._view.graph.frames[self._index]) if kind == TextKind.Name else ""


Part = str | Link | int
"""What stands for a child: the name of a node, a link, the place of a frame."""


class AccessibleCanvas(QAccessibleWidget):
    """A canvas whose children are its nodes, its links and its frames, in the order of the graph."""

    def __init__(self, view: GraphView) -> None:
        super().__init__(view, QAccessible.Role.List, view.accessibleName())
        self.view = view
        self._children: dict[Part, AccessiblePart] = {}

    def childCount(self) -> int:
        graph = self.view.graph
        return len(graph.nodes) + len(graph.links) + len(graph.frames)

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        parts = self._parts()
        return self._child(parts[index]) if 0 <= index < len(parts) else None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        part = next((part for part, known in self._children.items() if known is child), None)
        parts = self._parts()
        return parts.index(part) if part in parts else -1

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        at = self.view.viewport().mapFromGlobal(QPoint(x, y))
        name = self.view.drawing.node_at(self.view.lens.camera.to_scene((float(at.x()), float(at.y()))))
        return self._child(name) if name is not None else None

    def focusChild(self) -> QAccessibleInterface | None:  # type: ignore[override]
        chosen = self.view.selected
        return self._child(next(iter(chosen))) if len(chosen) == 1 else None

    def _parts(self) -> list[Part]:
        graph = self.view.graph
        return [*graph.nodes, *graph.links, *range(len(graph.frames))]

    def _child(self, part: Part) -> AccessiblePart:
        # Qt keeps no reference to what Python made.
        if part not in self._children:
            self._children[part] = _part(self, part)
        return self._children[part]


def _part(canvas: AccessibleCanvas, part: Part) -> AccessiblePart:
    if isinstance(part, str):
        return AccessibleNode(canvas, part)
    return AccessibleLink(canvas, part) if isinstance(part, Link) else AccessibleFrame(canvas, part)


def tell_focus(view: GraphView) -> None:
    """Let a screen reader read the node that is selected alone."""
    if not QAccessible.isActive() or len(view.selected) != 1:
        return
    event = QAccessibleEvent(view, QAccessible.Event.Focus)
    event.setChild(list(view.graph.nodes).index(next(iter(view.selected))))
    QAccessible.updateAccessibility(event)


_made: dict[int, AccessibleCanvas] = {}


def _make(class_name: str, thing: QObject | None) -> QAccessibleInterface | None:
    if not isinstance(thing, GraphView):
        return None
    made = _made[id(thing)] = AccessibleCanvas(thing)
    key = id(thing)
    thing.destroyed.connect(lambda: _made.pop(key, None))
    return made


@cache
def install() -> None:
    """Let Qt ask here for what stands for a canvas; once for the whole program."""
    QAccessible.installFactory(_make)
