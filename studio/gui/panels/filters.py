"""The kernels that the selected node has learned so far."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from studio.gui.panels.histogram import Histogram
from studio.gui.panels.panel import Context, Panel
from studio.gui.panels.scrolling import scrolling
from studio.gui.panels.weight_pictures import image_before, weight_maps
from studio.gui.style.measures import CARD_PADDING, GRID, PANEL_PADDING
from studio.gui.tiles import TileGrid
from studio.gui.training.views import why_unseen
from studio.gui.widgets.empty import EmptyState
from studio.gui.widgets.label import Role, label
from studio.training.slots import Picture

FILTERS = "filters"
MOST = 256
NOT_YET = "Train the network and select a node that learns: its filters or weights appear here."


class FiltersPanel(Panel):
    """Weights of a convolution as small grey pictures; of units one each where they see an image, else one of all."""

    title, side = "Filters", "right"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.tiles = TileGrid("Filters", item="Filter", grey=True)
        self.histogram = Histogram("Values of the weights")
        self._caption = label("", Role.CAPTION)
        self._lay_out()
        context.views.pictured.connect(self._show)
        context.session.state_changed.connect(self._watch)
        context.place.selected_changed.connect(self._watch)

    def _lay_out(self) -> None:
        area = scrolling(self.tiles)
        left, right = QVBoxLayout(), QVBoxLayout()
        left.addWidget(self._caption)
        left.addWidget(area, 1)
        self.histogram.setFixedWidth(116)
        right.addWidget(label("Values", Role.CAPTION))
        right.addWidget(self.histogram)
        right.addStretch()
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(PANEL_PADDING, CARD_PADDING, PANEL_PADDING, GRID)
        row.setSpacing(PANEL_PADDING)
        row.addLayout(left, 1)
        row.addLayout(right)
        self._stack = QStackedLayout(self)
        self._empty = EmptyState("convolution", NOT_YET)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(page)

    def appear(self) -> None:
        self._watch()

    def disappear(self) -> None:
        self.context.views.unwatch(FILTERS)

    def _watch(self, _: object = None) -> None:
        place, session = self.context.place, self.context.session
        found = place.result.nodes.get(place.node) if place.result else None
        unseen = why_unseen(session, NOT_YET)
        if unseen or found is None or not found.weights or not self.is_seen:
            self._empty.say(unseen or NOT_YET)
            self._stack.setCurrentIndex(0)
            self.context.views.unwatch(FILTERS)
        else:
            self.context.views.watch(FILTERS, place.root, place.path_of(place.node), look_at="weights")

    def _show(self, purpose: str, picture: Picture) -> None:
        if purpose != FILTERS:
            return
        place = self.context.place
        maps = weight_maps(picture.array, image_before(place.result, place.node))
        self.tiles.show_maps(maps[:MOST])
        self.histogram.show_values(picture.array)
        shape = "×".join(map(str, picture.array.shape))
        more = f", the first {MOST} of {len(maps)} shown" if len(maps) > MOST else ""
        self._caption.setText(f"{place.node}, weights {shape}{more}")
        self._stack.setCurrentIndex(1)
