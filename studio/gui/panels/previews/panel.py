"""What Preview nodes show, now and at every look before: generated pictures, films, points, codes, scores."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from studio.core.catalog import catalog
from studio.core.node_class import Display
from studio.core.project import Project
from studio.gui import fonts
from studio.gui.panels.panel import Context, Panel
from studio.gui.panels.points import places_drawn
from studio.gui.panels.previews.card import PreviewCard
from studio.gui.panels.previews.loading import Loader
from studio.gui.panels.previews.tracks import Group, Tracks
from studio.gui.style.measures import GRID, HALF_GRID, PANEL_PADDING
from studio.gui.training.state import State
from studio.gui.widgets.button import Button, Kind
from studio.gui.widgets.empty import EmptyState
from studio.gui.widgets.scrubber import Scrubber
from studio.training.messages import Event, Previewed, Started
from studio.training.run import Run

CARD = 320
"""Room that a preview takes at least where several stand side by side."""
NONE_DRAWN = (
    "Nothing is shown yet. Add a Preview node to an objective and link to it what you want to see: generated samples, "
    "codes, scores. What it shows appears here at the end of each epoch."
)
NOT_YET = "Train the network: what its Preview nodes show appears here at the end of each epoch."
NONE_KEPT = "This run has kept no previews so far."


class PreviewsPanel(Panel):
    """A card for each preview that is chosen, and one slider over all looks so far."""

    title, side = "Previews", "left"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.tracks, self.loader = Tracks(), Loader(self)
        self.cards: list[PreviewCard] = []
        self.chips: list[Button] = []
        self._groups: list[Group] = []
        self._chosen: set[str] | None = None
        """Titles that a person chose; None where as many are shown as there is room for."""
        self.steps = Scrubber("Step of the training")
        self._empty = EmptyState("image", NONE_DRAWN)
        self._save = Button(icon="save", name="Save the previews as pictures", kind=Kind.QUIET, small=True)
        self._lay_out()
        self.steps.moved.connect(self._show_step)
        self._save.clicked.connect(self._save_pictures)
        context.session.told.connect(self._take)
        context.session.state_changed.connect(self._forget)
        for signal in (context.document.changed, context.document.opened):
            signal.connect(self._say_empty)

    def _lay_out(self) -> None:
        page, head = QWidget(), QHBoxLayout()
        self._chips, self._row = QHBoxLayout(), QHBoxLayout()
        self._chips.setSpacing(HALF_GRID)
        self._row.setSpacing(PANEL_PADDING)
        head.addLayout(self._chips)
        head.addWidget(self.steps, 1)
        head.addWidget(self._save)
        column = QVBoxLayout(page)
        column.setContentsMargins(PANEL_PADDING, HALF_GRID, GRID, GRID)
        column.setSpacing(HALF_GRID)
        column.addLayout(head)
        column.addLayout(self._row, 1)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(page)

    def show_run(self, run: Run) -> None:
        self._show_tracks(run)

    def appear(self) -> None:
        self._refresh()

    def disappear(self) -> None:
        self.steps.rest()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._choose()

    def _take(self, event: Event) -> None:
        if isinstance(event, Started):
            self._show_tracks(self.context.session.run)
        elif isinstance(event, Previewed):
            self.tracks.take(event)
            self._refresh()

    def _forget(self, state: State) -> None:
        """Another project was opened, or another training begins."""
        if state is State.IDLE or (state is State.STARTING and self.context.session.run != self._run):
            self._show_tracks(None)

    @property
    def _run(self) -> Run | None:
        return Run(self.tracks.folder) if self.tracks.folder is not None else None

    def _show_tracks(self, run: Run | None) -> None:
        """Show a run at its newest look, or none."""
        self.tracks.show(run)
        self.steps.set_count(0)
        self._refresh()

    def _refresh(self) -> None:
        """Bring cards and slider up to date, where anybody sees them."""
        if not self.is_seen:
            return
        groups = self.tracks.groups()
        if groups != self._groups:
            self._groups = groups
            self._build()
        self._stack.setCurrentIndex(1 if groups else 0)
        self._say_empty()
        at, count = self.steps.at, len(self.tracks.steps())
        self.steps.set_count(count)
        if groups and (self.steps.at == at or count == 1):
            self._show_step()

    def _build(self) -> None:
        """A card and a chip for every preview."""
        for old in (*self.cards, *self.chips):
            old.hide()
            old.deleteLater()
        data = places_drawn(self.context.document.diagnosis)
        titles = {group.title for group in self._groups}
        self._chosen = (self._chosen & titles or None) if self._chosen is not None else None
        self.cards, self.chips = [], []
        for group in self._groups:
            card, chip = PreviewCard(self.loader), Button(group.title, kind=Kind.QUIET, small=True, cuts=True)
            card.show_group(group, data)
            chip.setCheckable(True)
            chip.clicked.connect(self._choose_by_hand)
            self._row.addWidget(card, 1)
            self._chips.addWidget(chip)
            self.cards.append(card)
            self.chips.append(chip)
        self._choose()

    def _choose_by_hand(self) -> None:
        chosen = {chip.text() for chip in self.chips if chip.isChecked()}
        self._chosen = chosen or None
        self._choose()
        self._show_step()

    def _choose(self) -> None:
        """Show the cards that a person chose, or as many as there is room for."""
        room = max(1, self.width() // fonts.scaled(CARD))
        for at, (card, chip) in enumerate(zip(self.cards, self.chips, strict=True)):
            shown = at < room if self._chosen is None else chip.text() in self._chosen
            newly = shown and card.isHidden()
            chip.setChecked(shown)
            chip.setVisible(len(self.cards) > 1)
            card.setVisible(shown)
            if newly and self.is_seen:
                card.show_step(self._step)

    @property
    def _step(self) -> int:
        steps = self.tracks.steps()
        return steps[min(self.steps.at, len(steps) - 1)] if steps else 0

    def _show_step(self, _: int = 0) -> None:
        """Show every card at the step where the slider stands."""
        steps = self.tracks.steps()
        self.steps.say(f"Step {self._step:,} of {steps[-1]:,}" if steps else "")
        for card in self.cards:
            if not card.isHidden():
                card.show_step(self._step)

    def _say_empty(self, _: object = None) -> None:
        """Say why there is nothing to see, and what to do."""
        if not _has_previews(self.context.document.project):
            self._empty.say(NONE_DRAWN)
        else:
            self._empty.say(NOT_YET if self.tracks.folder is None else NONE_KEPT)

    def _save_pictures(self) -> None:
        """One picture for each card that is shown."""
        name, _ = QFileDialog.getSaveFileName(self, "Save the previews", "previews.png", "Picture (*.png)")
        shown = [card for card in self.cards if not card.isHidden()] if name else []
        for card in shown:
            path = Path(name).with_suffix(".png")
            title = re.sub(r"[^\w ]+", "-", card.title.text())
            path = path if len(shown) == 1 else path.with_name(f"{path.stem}-{title}.png")
            if not card.picture().save(str(path)):
                card.caption.setText(f"The picture could not be written to {path}.")


def _has_previews(project: Project) -> bool:
    """Whether any objective shows something."""
    known = catalog().nodes
    nodes = (node for graph in project.of_role("objective").values() for node in graph.nodes.values())
    return any(issubclass(known[node.type], Display) for node in nodes if node.type in known)
