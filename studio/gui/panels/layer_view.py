"""What the selected node makes of a held-out sample, while the network trains."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QSpinBox, QStackedLayout, QVBoxLayout, QWidget

from studio.compiler.results import GraphResult
from studio.gui import fonts
from studio.gui.panels.histogram import Histogram
from studio.gui.panels.panel import Context, Panel
from studio.gui.panels.profile import MOST, Profile
from studio.gui.panels.sample_view import SampleView, maps_of
from studio.gui.panels.scrolling import scrolling
from studio.gui.panels.weight_pictures import image_before, weight_maps
from studio.gui.panels.wording import class_text
from studio.gui.style.measures import CARD_GAP, CARD_PADDING, GRID, PANEL_PADDING
from studio.gui.tiles import TileGrid
from studio.gui.training.views import why_unseen
from studio.gui.training.wording import figure
from studio.gui.widgets.empty import EmptyState
from studio.gui.widgets.label import Role, label
from studio.gui.widgets.number import IntegerField
from studio.training.slots import Picture

MAPS, INPUT, KERNELS = "maps", "input", "kernels"
LEFT_WIDTH, SIDE_WIDTH, MOST_KERNELS = 124, 152, 16
MOST_SAMPLES = 1_000_000
NOT_YET = "Train the network and select a node: its feature maps appear here and change with every step."
NO_NODE = "Select a node of the network to look inside it."


class LayerView(Panel):
    """The sample at the left, the node's maps in the middle, how their values are spread at the right."""

    title, side = "Layer view", "right"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.sample: QSpinBox = IntegerField("Held-out sample", 0, MOST_SAMPLES)
        self.sample.valueChanged.connect(self._watch)
        self.input = SampleView("The sample as the network sees it", 112)
        self._truth, self._guess = label("", Role.BODY), label("", Role.LABEL, wrap=True)
        self._caption, self._step = label("", Role.CAPTION), label("", Role.HINT)
        self.tiles = TileGrid("Feature maps", item="Map")
        self.profile = Profile("Values of the units")
        self.histogram = Histogram("Values of the maps")
        self.kernels = TileGrid("Filters of the node", item="Filter", grey=True)
        self._kernels_caption = label("", Role.CAPTION)
        self._kernels_area = scrolling(self.kernels)
        self._reading = label("", Role.HINT)
        self.tiles.reading_changed.connect(self._reading.setText)
        self._empty = EmptyState("eye", NOT_YET)
        self._lay_out()
        context.views.pictured.connect(self._show)
        context.predictions.changed.connect(self._say_answer)
        context.session.state_changed.connect(self._watch)
        context.place.selected_changed.connect(self._watch)

    def _lay_out(self) -> None:
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(PANEL_PADDING, CARD_PADDING, PANEL_PADDING, CARD_PADDING)
        row.setSpacing(PANEL_PADDING)
        row.addLayout(self._left_column())
        row.addLayout(self._middle_column(), 1)
        row.addLayout(self._right_column())
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(page)

    def _left_column(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(GRID // 2)
        head = QHBoxLayout()
        head.addWidget(label("Sample", Role.CAPTION))
        head.addWidget(self.sample, 1)
        for text in (self._truth, self._guess):
            text.setFixedWidth(fonts.scaled(LEFT_WIDTH))
        self.sample.setFixedWidth(fonts.scaled(LEFT_WIDTH) // 2 + GRID)
        column.addLayout(head)
        for part in (self.input, self._truth, self._guess):
            column.addWidget(part)
        column.addStretch()
        return column

    def _middle_column(self) -> QVBoxLayout:
        self._tiles_area = scrolling(self.tiles)
        head = QHBoxLayout()
        head.addWidget(self._caption)
        head.addStretch()
        head.addWidget(self._step)
        column = QVBoxLayout()
        column.setSpacing(GRID // 2)
        column.addLayout(head)
        column.addWidget(self.profile)
        column.addWidget(self._tiles_area, 1)
        column.addWidget(self._reading)
        column.addStretch()
        return column

    def _right_column(self) -> QVBoxLayout:
        self.histogram.setFixedWidth(SIDE_WIDTH)
        self._kernels_area.setFixedWidth(SIDE_WIDTH)
        column = QVBoxLayout()
        column.setSpacing(CARD_GAP)
        column.addWidget(label("Values", Role.CAPTION))
        column.addWidget(self.histogram)
        column.addWidget(self._kernels_caption)
        column.addWidget(self._kernels_area, 1)
        column.addStretch()
        return column

    def appear(self) -> None:
        self._watch()

    def disappear(self) -> None:
        for purpose in (MAPS, INPUT, KERNELS):
            self.context.views.unwatch(purpose)

    def _watch(self, _: object = None) -> None:
        """Ask for what is selected; without a training or a node say what to do."""
        if not self.is_seen:
            return
        place, session, views = self.context.place, self.context.session, self.context.views
        network = place.root in self.context.document.project.networks
        unseen = why_unseen(session, NOT_YET)
        if unseen or not place.node or not network:
            self._empty.say(unseen or NO_NODE)
            self._stack.setCurrentIndex(0)
            for purpose in (MAPS, KERNELS):
                views.unwatch(purpose)
            return
        sample = self.sample.value()
        views.watch(MAPS, place.root, place.path_of(place.node), sample=sample)
        self._watch_kernels(place.result)
        entrance = first_input(place.result)
        if entrance:
            views.watch(INPUT, place.root, place.path_of(entrance), sample=sample)
        self.context.predictions.pick(sample)
        self._say_answer()

    def _watch_kernels(self, result: GraphResult | None) -> None:
        """Weights are shown beside the maps where they are pictures: filters, or what units look for in an image."""
        place, views = self.context.place, self.context.views
        found = result.nodes.get(place.node) if result else None
        shapes = found.weights.values() if found else ()
        pictured = any(len(shape) == 4 or (len(shape) == 2 and image_before(result, place.node)) for shape in shapes)
        self._kernels_caption.setVisible(pictured)
        self._kernels_area.setVisible(pictured)
        if pictured:
            views.watch(KERNELS, place.root, place.path_of(place.node), look_at="weights")
        else:
            views.unwatch(KERNELS)

    def _show_kernels(self, picture: Picture) -> None:
        kernels = weight_maps(picture.array, image_before(self.context.place.result, self.context.place.node))
        self.kernels.show_maps(kernels[:MOST_KERNELS])
        self._kernels_caption.setText(f"Weights, {kernels.shape[1]} × {kernels.shape[2]}")

    def _show(self, purpose: str, picture: Picture) -> None:
        if purpose == INPUT:
            self.input.show_values(picture.array)
        if purpose == KERNELS:
            self._show_kernels(picture)
        if purpose != MAPS:
            return
        maps = maps_of(picture.array)
        in_a_row = picture.array.ndim == 1 and picture.array.size <= MOST
        self.profile.setVisible(in_a_row)
        if in_a_row:
            self.profile.show_values(picture.array)
        self._tiles_area.setVisible(not in_a_row)
        self.tiles.show_maps(maps)
        self.histogram.show_values(picture.array)
        count, height, width = maps.shape
        what = f"{count} maps of {height} × {width}" if picture.array.ndim == 3 else f"{picture.array.size} values"
        self._caption.setText(f"{self.context.place.node}, {what}")
        self._step.setText(f"step {picture.step:,}")
        self._stack.setCurrentIndex(1)

    def _say_answer(self) -> None:
        predictions = self.context.predictions
        at, newest = predictions.index_of(self.sample.value()), predictions.newest
        if newest is not None and at is not None and newest.reading:
            self._truth.setText(f"{newest.reading} {newest.read[at]:.1f}")
            self._guess.setText(f"Wanted {newest.wanted[at]:.1f}")
            return
        if newest is None or at is None or not newest.top:
            self._truth.setText("")
            self._guess.setText("")
            return
        names = newest.classes
        self._truth.setText(f"Label {class_text(names, newest.labels[at])}" if newest.labels else "")
        share = figure("accuracy", newest.probabilities[at][0])
        self._guess.setText(f"Predicted {class_text(names, newest.top[at][0])}, {share}")


def first_input(result: GraphResult | None) -> str:
    """The Input node through which a sample enters."""
    return next(iter(result.graph.inputs()), "") if result else ""
