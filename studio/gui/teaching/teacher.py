"""Decides whose teaching card is wanted, and shows it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget

from studio.compiler.ports import node_class
from studio.compiler.teaching import card_of_result
from studio.core.card import Card, card_of_class
from studio.gui.document import Document
from studio.gui.palette.palette import Palette
from studio.gui.teaching.popup import TeachingCard
from studio.gui.workspace import Workspace


class Teacher(QObject):
    """Shows the card of what a person is at: a row of the palette, else the selected node, else the one pointed at."""

    nothing_to_teach = Signal()
    """A card was asked for, but nothing is selected, pointed at or chosen in the palette."""

    def __init__(self, home: QWidget, document: Document, workspace: Workspace, palette: Palette) -> None:
        super().__init__(home)
        self._workspace, self._palette = workspace, palette
        self.card = TeachingCard(home)
        self._node = ""
        self._before: QWidget | None = None
        self.card.closed.connect(self._give_back)
        document.changed.connect(self._follow)
        document.opened.connect(self.card.hide)
        workspace.place.moved.connect(self.card.hide)
        workspace.place.selected_changed.connect(self._follow)

    def toggle(self) -> None:
        """Show the card of what a person is at, or close the one that is shown."""
        if self.card.isVisible():
            self.card.hide()
            return
        type_name, node = self._palette.chosen_type(), self._node_at_hand()
        if type_name and (self._palette.has_keyboard() or not node):
            self.explain(type_name)
        elif node:
            self.show_node(node)
        else:
            self.nothing_to_teach.emit()

    def show_node(self, name: str) -> None:
        """Show the card of a node of the graph that is shown, with its own numbers."""
        card = self._card_of(name)
        if card is not None:
            self._open(card, name)

    def explain(self, type_name: str, *, beside: QWidget | None = None) -> None:
        """Show the card of a node type; ``beside`` keeps the keyboard and stays in sight."""
        cls = node_class(type_name)
        if cls is not None:
            self._open(card_of_class(cls), "", beside)
        else:
            self.card.hide()

    def let_go(self) -> None:
        """The box beside the card is gone: so is the card, unless the person turned to it."""
        if not self.card.hasFocus():
            self.card.hide()

    def _open(self, card: Card, name: str, beside: QWidget | None = None) -> None:
        if not self.card.isVisible():
            self._before = QApplication.focusWidget()
        self._node = name
        self.card.show_card(card, name, beside=beside)

    def _node_at_hand(self) -> str:
        """The first selected node, else the one under the pointer."""
        place, canvas = self._workspace.place, self._workspace.canvas
        if place.selected:
            return place.selected[0]
        if canvas.hovered is None:
            return ""
        return canvas.drawing.node_at(canvas.lens.camera.to_scene((canvas.hovered.x(), canvas.hovered.y()))) or ""

    def _card_of(self, name: str) -> Card | None:
        result = self._workspace.place.result
        found = result.nodes.get(name) if result else None
        return card_of_result(found) if found else None

    def _follow(self, _: object = None) -> None:
        """Keep the numbers of the shown node true, and turn to the node that is selected next."""
        if not self.card.isVisible() or not self._node:
            return
        name = self._workspace.place.node or self._node
        card = self._card_of(name)
        if card is None:
            self.card.hide()
        elif card != self.card.column.card or name != self._node:
            self._node = name
            self.card.show_card(card, name)

    def _give_back(self) -> None:
        """Let the keyboard return to where it was."""
        before, self._before = self._before, None
        if before is not None and before.isVisible() and self.card.hasFocus():
            before.setFocus()
