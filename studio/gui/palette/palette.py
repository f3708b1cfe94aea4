"""The panel at the left: nodes by family, blocks of the project, templates, each with a search."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from studio.core.catalog import Catalog, catalog
from studio.core.graph import Role
from studio.core.project import Project
from studio.gui import fonts
from studio.gui.canvas.card import BLOCK_ICON
from studio.gui.canvas.drops import BLOCK, SAVED
from studio.gui.palette.entry import words_of
from studio.gui.palette.matching import Words
from studio.gui.palette.tree import Group, Offer, OfferTree
from studio.gui.style.measures import FOCUS_RING, GRID
from studio.gui.style.tokens import FAMILIES
from studio.gui.widgets.label import Role as TextRole
from studio.gui.widgets.label import label
from studio.gui.widgets.search import SearchField

MAKE_A_BLOCK = "Make a block of selected nodes (menu Graph): it appears here, to be placed again."
TABS = ("Nodes", "Blocks", "Templates")
ROOM_FOR_HINT = 280


class Palette(QWidget):
    """Three lists. ``node_chosen`` carries a payload as a drop would; ``template_chosen`` a template's name."""

    node_chosen = Signal(str)
    template_chosen = Signal(str)
    paged = Signal(int)
    """Another of the lists is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.nodes, self.blocks, self.templates = (OfferTree(name) for name in TABS)
        self._offered: tuple[str, ...] | None = None
        """The networks that the list of nodes begins with; None before it is filled."""
        self._placeable: tuple[bool, list[str]] | None = None
        self._saved: list[str] = []
        self.complaint = label("", TextRole.PROBLEM, wrap=True)
        self.complaint.hide()
        self.nodes.chosen.connect(self.node_chosen)
        self.blocks.chosen.connect(self.node_chosen)
        self.templates.chosen.connect(self.template_chosen)
        self.templates.setDragEnabled(False)
        self.search = SearchField("Search nodes")
        self._pages = QStackedWidget()
        pages = (
            (self.nodes, self.search, "Drag onto the canvas, or drop on a link to insert."),
            (self.blocks, SearchField("Search blocks"), MAKE_A_BLOCK),
            (
                self.templates,
                SearchField("Search templates"),
                "A double-click opens a template in place of this project.",
            ),
        )
        for tree, search, hint in pages:
            self._pages.addWidget(_page(tree, search, hint, self.complaint if tree is self.blocks else None))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)

    def show_key(self, key: str) -> None:
        """Show the key that opens the search of nodes on the canvas."""
        self.search.show_key(key)

    def show_page(self, index: int) -> None:
        self._pages.setCurrentIndex(index)
        self.paged.emit(index)

    def chosen_type(self) -> str:
        """The type of the node whose row is current; empty where none is."""
        payload = self.nodes.current_payload() if self._pages.currentIndex() == 0 else ""
        return "" if payload.startswith(BLOCK) else payload

    def has_keyboard(self) -> bool:
        """Whether the keyboard is in the list of nodes or in its search."""
        focused = QApplication.focusWidget()
        return focused is not None and self.isAncestorOf(focused)

    def show_catalog(self) -> None:
        """List the templates that are installed."""
        found = catalog()
        self.templates.show_groups(_template_groups(found))

    def show_project(self, project: Project, shown: Role) -> None:
        """List the graphs that can be placed in the one that is shown, and the nodes that make sense there."""
        objective = shown == "objective"
        names = list(project.of_role("network" if objective else "block"))
        if (objective, names) != self._placeable:
            self._placeable = (objective, names)
            self._show_blocks()
        offered = ("objective", *names) if objective else ()
        if offered != self._offered:  # so that most edits leave the list, and what is searched, as it is
            self._offered = offered
            networks = [Group("Networks", BLOCK_ICON, _own(names))] if objective and names else []
            self.nodes.show_groups([*networks, *node_groups(catalog(), objective=objective)])

    def show_library(self, saved: Sequence[str], complaints: Sequence[str]) -> None:
        """List the blocks of the person's library, and say which files of it are broken."""
        self._saved = list(saved)
        self.complaint.setText("\n".join(complaints))
        self.complaint.setVisible(bool(complaints))
        self._show_blocks()

    def _show_blocks(self) -> None:
        objective, names = self._placeable or (False, [])
        kept = [Offer(Words(name), SAVED + name) for name in ([] if objective else self._saved)]
        groups = (
            Group("Networks" if objective else "In this project", BLOCK_ICON, _own(names)),
            Group("Library", "book", kept),
        )
        self.blocks.show_groups([group for group in groups if group.offers], opened=True)


def _own(names: Sequence[str]) -> list[Offer]:
    """Graphs of the project, to be placed."""
    return [Offer(Words(name), BLOCK + name) for name in names]


def node_groups(found: Catalog, *, objective: bool) -> list[Group]:
    """Node classes by family. Networks have no use for datasets, losses and metrics, objectives do."""
    groups = []
    for family, classes in found.families().items():
        shown = [cls for cls in classes if objective or cls.in_networks]
        offers = [Offer(words_of(cls), cls.__name__, cls.doc()) for cls in shown]
        if offers:
            known = FAMILIES.get(family)
            groups.append(Group(family, known.icon if known else "layers", offers))
    order = list(FAMILIES)
    return sorted(groups, key=lambda group: order.index(group.title) if group.title in order else len(order))


def _template_groups(found: Catalog) -> list[Group]:
    sections: dict[str, list[Offer]] = {}
    for cls in found.templates.values():
        offer = Offer(Words(cls.title, (cls.name,), cls.doc()), cls.name, cls.doc())
        sections.setdefault(cls.section(), []).append(offer)
    return [Group(section, "book", offers) for section, offers in sections.items()]


class _Page(QWidget):
    """A list with its hint, which gives way where the list has little room."""

    def __init__(self, hint: str) -> None:
        super().__init__()
        self.hint = label(hint, TextRole.HINT, wrap=True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.hint.setVisible(self.height() >= fonts.scaled(ROOM_FOR_HINT))


def _page(tree: OfferTree, field: SearchField, hint: str, note: QWidget | None = None) -> QWidget:
    page = _Page(hint)
    nothing = label("Nothing fits. Try another word: fc finds Linear.", TextRole.HINT, wrap=True)
    nothing.setVisible(False)

    def find(query: str) -> None:
        tree.filter(query)
        nothing.setVisible(bool(query) and tree.is_bare())

    field.textChanged.connect(find)
    column = QVBoxLayout(page)
    column.setContentsMargins(GRID, GRID + GRID // 2, GRID, GRID)
    column.setSpacing(GRID)
    column.addWidget(field)
    column.addWidget(nothing)
    column.addWidget(tree, 1)
    if note is not None:
        column.addWidget(note)
    page.hint.setContentsMargins(FOCUS_RING, 0, 0, 0)
    column.addWidget(page.hint)
    return page
