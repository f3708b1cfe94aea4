"""The bar over the canvas that finds nodes: what is found is outlined, Enter goes from one to the next."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout

from studio.gui import finding, fonts
from studio.gui.document import Document
from studio.gui.finding import Findable, Hit
from studio.gui.style.measures import CARD_PADDING, GRID
from studio.gui.widgets.button import Button, Kind
from studio.gui.widgets.label import Role, label
from studio.gui.widgets.search import SearchField
from studio.gui.widgets.text_size import follow_text
from studio.gui.workspace import Workspace

FIELD_WIDTH, COUNT_WIDTH = 240, 88
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
PLACEHOLDER = "Find in the graph: name, type, setting, shape, problem"


class FindField(SearchField):
    """Hands Enter and Escape to the bar it stands in."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (*ENTER, Qt.Key.Key_Escape, Qt.Key.Key_Down, Qt.Key.Key_Up):
            event.ignore()
        else:
            super().keyPressEvent(event)


class FindBar(QFrame):
    """Looks through the graph of the tab and the blocks in it, wherever in it the person is."""

    def __init__(self, document: Document, workspace: Workspace) -> None:
        super().__init__(workspace.canvas)
        self._document, self._workspace = document, workspace
        self._there: list[Findable] = []
        self.hits: list[Hit] = []
        self.at = -1
        """Which of the hits is shown; none before the first Enter."""
        self.setProperty("role", "card")
        self.setAccessibleName("Find in the graph")
        self.field = FindField(PLACEHOLDER)
        self.field.textChanged.connect(self._search)
        self._count = label("", Role.LABEL)
        self._lay_out()
        follow_text(self, self._share_out)
        self.hide()
        workspace.canvas.installEventFilter(self)
        document.changed.connect(self._follow)
        workspace.place.moved.connect(self._follow)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(CARD_PADDING, GRID // 2, GRID // 2, GRID // 2)
        row.setSpacing(GRID // 2)
        row.addWidget(self.field, 1)
        row.addWidget(self._count)
        for icon, name, key, do in (
            ("chevron-up", "The one before", "Shift+Enter", lambda: self.step(-1)),
            ("chevron-down", "The next one", "Enter", lambda: self.step(1)),
            ("close", "Close the search", "Esc", self.close_bar),
        ):
            button = Button(icon=icon, name=name, kind=Kind.QUIET, small=True)
            button.setToolTip(f"{name} ({key})")
            button.clicked.connect(lambda _=False, do=do: do())
            row.addWidget(button)

    def open(self) -> None:
        """Show the bar with its text chosen, so that typing replaces it."""
        self.show()
        self.raise_()
        self._settle()
        self._follow()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def close_bar(self) -> None:
        """Hide the bar and give the keyboard back to the canvas, where the last hit is selected."""
        self.hide()
        self._workspace.canvas.highlight.show_found(frozenset())
        self._workspace.canvas.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def step(self, by: int) -> None:
        """Go to the next hit, or the one before, round and round."""
        if not self.hits:
            return
        self.at = (self.at + by) % len(self.hits) if self.at >= 0 else (0 if by > 0 else len(self.hits) - 1)
        hit, place = self.hits[self.at], self._workspace.place
        if hit.path != place.path:
            self._workspace.show_graph(place.root, hit.path)
        self._workspace.canvas.commands.go_to(hit.node)
        self._tell()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        elif event.key() in (*ENTER, Qt.Key.Key_Down):
            self.step(-1 if shift else 1)
        elif event.key() == Qt.Key.Key_Up:
            self.step(-1)
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._settle()
        return super().eventFilter(watched, event)

    def _follow(self, _: object = None) -> None:
        """The graph or the tab is another: look again, and stay at the hit that was shown where it is still one."""
        if not self.isVisible():
            return
        shown = self.hits[self.at] if 0 <= self.at < len(self.hits) else None
        self._there = finding.findables(self._document.project, self._document.diagnosis, self._workspace.place.root)
        self._search(self.field.text())
        places = [(hit.path, hit.node) for hit in self.hits]
        if shown is not None and (shown.path, shown.node) in places:
            self.at = places.index((shown.path, shown.node))
            self._tell()

    def _search(self, text: str) -> None:
        self.hits, self.at = finding.find(text, self._there), -1
        self._tell()

    def _tell(self) -> None:
        """Say how many there are and outline those that are in view; a screen reader reads the sentence."""
        path = self._workspace.place.path
        here = frozenset(hit.node for hit in self.hits if hit.path == path)
        self._workspace.canvas.highlight.show_found(here)
        self._count.setText(self._sentence())
        self._count.setToolTip(self.hits[self.at].why if self.at >= 0 else "")
        if QAccessible.isActive() and self._count.text():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self._count.text()))

    def _sentence(self) -> str:
        if not self.field.text().strip():
            return ""
        if not self.hits:
            return "Nothing found"
        return f"{self.at + 1} of {len(self.hits):,}" if self.at >= 0 else f"{len(self.hits):,} found"

    def _share_out(self) -> None:
        self.field.setMinimumWidth(fonts.scaled(FIELD_WIDTH))
        self._count.setMinimumWidth(fonts.scaled(COUNT_WIDTH))

    def _settle(self) -> None:
        """Stand at the upper right of the canvas, no wider than that."""
        room = self._workspace.canvas.width() - 2 * GRID
        self.setFixedWidth(min(self.sizeHint().width(), room))
        self.adjustSize()
        self.move(self._workspace.canvas.width() - self.width() - GRID, GRID)
