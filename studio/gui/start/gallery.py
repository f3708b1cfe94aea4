"""The templates as cards, by section of the chapter, with tabs and a search."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from studio.gui.flow import Flow
from studio.gui.start.card import WIDTH, TemplateCard
from studio.gui.style.measures import CARD_GAP, GRID, PANEL_PADDING
from studio.gui.widgets.empty import EmptyState
from studio.gui.widgets.label import Role, label
from studio.gui.widgets.search import SearchField
from studio.gui.widgets.section import SectionHeader
from studio.gui.widgets.tabs import TabStrip

ALL = "All"
GAP = 2 * CARD_GAP
SECTIONS = (
    "Perceptrons and autoencoders",
    "Convolution",
    "Segmentation and detection",
    "Techniques",
    "Generative networks",
    "Sequences",
    "Transformers",
)
"""The order of the chapter; sections it does not name come last."""

HINT = "Weights at paper size. Every template opens small, with data on board, ready to train."


class Gallery(QWidget):
    """Cards of all templates; ``chosen`` carries a template's name."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.cards: dict[str, TemplateCard] = {}
        self._sections: dict[str, tuple[QWidget, Flow]] = {}
        self._waiting: list[str] = []
        self.search = SearchField("Search templates")
        self.search.setFixedWidth(WIDTH)
        self.search.textChanged.connect(self._filter)
        self.tabs = TabStrip((ALL,), name="Sections")
        self.tabs.currentChanged.connect(self._filter)
        self._nothing = EmptyState("search", "No template fits. Clear the search, or start from an empty network.")
        self._nothing.hide()
        self._lay_out()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(PANEL_PADDING)
        head.addWidget(label("Start from a template", Role.TITLE))
        head.addWidget(label(HINT, Role.LABEL, wrap=True), 1)
        head.addWidget(self.search)
        inside = QWidget()
        inside.setObjectName("gallery")
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, GRID, 0, PANEL_PADDING)
        self._column.setSpacing(GRID)
        self._column.addWidget(self._nothing)
        self._column.addStretch()
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 24, 28, 0)
        column.setSpacing(GRID)
        column.addLayout(head)
        column.addWidget(self.tabs)
        column.addWidget(area, 1)

    def show_catalog(self) -> None:
        """Make a card for every installed template; their facts follow one by one, between other events."""
        from studio.core.catalog import catalog  # late: not before the first painted window

        order = {section: at for at, section in enumerate(SECTIONS)}
        classes = sorted(catalog().templates.items(), key=lambda pair: order.get(pair[1].section(), len(order)))
        for name, cls in classes:
            card = self.cards[name] = TemplateCard(name, cls.title, cls.doc())
            card.clicked.connect(lambda _=False, name=name: self.chosen.emit(name))
            self._section(cls.section()).add(card)
        self._waiting = list(self.cards)
        QTimer.singleShot(0, self, self._fill_next)

    def _section(self, title: str) -> Flow:
        if title not in self._sections:
            header, grid = SectionHeader(title), Flow(GAP, stretched=True)
            self._sections[title] = (header, grid)
            self.tabs.addTab(title.replace("&", "&&"))
            self._column.insertWidget(self._column.count() - 1, header)
            self._column.insertWidget(self._column.count() - 1, grid)
        return self._sections[title][1]

    def _fill_next(self) -> None:
        from studio.gui.start.facts import facts_of

        if self._waiting:
            name = self._waiting.pop(0)
            self.cards[name].show_facts(facts_of(name))
            QTimer.singleShot(0, self, self._fill_next)

    def _filter(self) -> None:
        query, tab = self.search.text(), self.tabs.currentIndex()
        shown = 0
        for at, (header, grid) in enumerate(self._sections.values(), 1):
            fitting = [card for card in grid.cards if tab in (0, at) and _fits(query, card)]
            for card in grid.cards:
                card.setVisible(card in fitting)
            header.setVisible(bool(fitting))
            grid.setVisible(bool(fitting))
            grid.settle()
            shown += len(fitting)
        self._nothing.setVisible(not shown)


def _fits(query: str, card: QWidget) -> bool:
    from studio.gui.palette.matching import Words, score

    return isinstance(card, TemplateCard) and score(query, Words(card.text(), (card.name,), card.toolTip())) > 0
