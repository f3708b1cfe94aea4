"""Tells screen readers about the canvas: every node is a child with a name, a place and a state."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QObject, QPoint, QRect, QRectF
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget

from studio.gui.canvas.card import Card
from studio.gui.canvas.geometry import weights_text
from studio.gui.canvas.view import GraphView

TextKind = QAccessible.Text


def spoken(card: Card) -> str:
    """A node in words: its name, its type, what leaves it, and what is wrong."""
    parts = [card.title, card.type_text, f"repeated {card.repeat} times" if card.repeat > 1 else ""]
    parts += [f"{label} {value}" for label, value in card.rows]
    parts += [f"output {card.shape}" if card.shape else "", weights_text(card) if card.weights else ""]
    parts += ["bypassed" if card.bypassed else "", "has a problem" if card.problem else ""]
    return ", ".join(part for part in parts if part)


class AccessibleNode(QAccessibleInterface):
    """One node of a canvas, for as long as the graph has it."""

    def __init__(self, parent: AccessibleCanvas, name: str) -> None:
        super().__init__()
        self._parent, self._name = parent, name

    def isValid(self) -> bool:
        return self._parent.isValid() and self._name in self._parent.view.drawing.nodes.row

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
        view = self._parent.view
        rect = QRectF(*view.lens.camera.rect_to_view(view.drawing.nodes.rect(self._name))).toRect()
        return rect.translated(view.viewport().mapToGlobal(QPoint(0, 0)))

    def text(self, kind: TextKind) -> str:
        view = self._parent.view
        if kind == TextKind.Name:
            return spoken(view.drawing.card(self._name))
        if kind == TextKind.Description:
            found = view.drawing.subject.found(self._name)
            return " ".join(problem.message for problem in found.problems) if found else ""
        return ""

    def setText(self, kind: TextKind, text: str) -> None:
        """A node is renamed in the inspector."""

    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        state.selectable = state.focusable = True
        state.selected = self._name in self._parent.view.selected
        return state


class AccessibleCanvas(QAccessibleWidget):
    """A canvas whose children are its nodes, in the order of the graph."""

    def __init__(self, view: GraphView) -> None:
        super().__init__(view, QAccessible.Role.List, view.accessibleName())
        self.view = view
        self._children: dict[str, AccessibleNode] = {}

    def childCount(self) -> int:
        return len(self.view.graph.nodes)

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        names = list(self.view.graph.nodes)
        return self._child(names[index]) if 0 <= index < len(names) else None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        names = list(self.view.graph.nodes)
        found = (name for name, known in self._children.items() if known is child)
        name = next(found, "")
        return names.index(name) if name in names else -1

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        at = self.view.viewport().mapFromGlobal(QPoint(x, y))
        name = self.view.drawing.node_at(self.view.lens.camera.to_scene((float(at.x()), float(at.y()))))
        return self._child(name) if name is not None else None

    def focusChild(self) -> QAccessibleInterface | None:  # type: ignore[override]
        chosen = self.view.selected
        return self._child(next(iter(chosen))) if len(chosen) == 1 else None

    def _child(self, name: str) -> AccessibleNode:
        # Qt keeps no reference to what Python made.
        return self._children.setdefault(name, AccessibleNode(self, name))


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
