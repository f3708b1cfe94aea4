"""The stages of the training in their order: added, copied, moved, deleted, and followed while they run."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from studio.core.project import Project
from studio.gui.panels.panel import Context, Panel
from studio.gui.stages import edits
from studio.gui.stages.card import StageCard
from studio.gui.style.measures import CARD_GAP, GRID
from studio.gui.widgets.button import Button, Kind
from studio.gui.widgets.label import Role, label
from studio.gui.widgets.text_size import follow_text, give_way
from studio.training.messages import EpochEnded, Event, Finished, StageEnded, Started

HINT = "The chosen stage is set in the inspector."

Edit = Callable[[Project, int], Project]


class StagesPanel(Panel):
    """Cards from left to right; the chosen one is what the inspector shows, and whose frozen nodes look frozen."""

    title, side = "Stages", "left"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.cards: list[StageCard] = []
        self._shares: dict[int, float] = {}
        self.add = Button("Add", icon="plus", small=True)
        self.copy = Button("Duplicate", icon="copy", small=True, kind=Kind.QUIET)
        self.remove = Button("Delete", icon="trash", small=True, kind=Kind.QUIET)
        self.left = Button(
            icon="chevron-left", name="Move the stage to the left", key="Alt+←", small=True, kind=Kind.QUIET
        )
        self.right = Button(
            icon="chevron-right", name="Move the stage to the right", key="Alt+→", small=True, kind=Kind.QUIET
        )
        self.hint = label(HINT, Role.HINT)
        self._bar = QHBoxLayout()
        self._strip = QWidget()
        self._row = QHBoxLayout(self._strip)
        self._lay_out()
        self._connect()
        self.refresh()

    def _lay_out(self) -> None:
        for button in (self.add, self.copy, self.remove, self.left, self.right):
            button.spare_key(shown=False)
            self._bar.addWidget(button)
        self._bar.addWidget(self.hint)
        self._bar.addStretch()
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(CARD_GAP)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setAccessibleName("Stages in their order")
        scroll.setWidget(self._strip)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID, GRID, GRID, GRID)
        column.addLayout(self._bar)
        column.addWidget(scroll, 1)
        follow_text(self, self._share_out)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_out()

    def _share_out(self) -> None:
        """Leave the hint out where it has no room beside the buttons."""
        give_way(self._bar, self.width() - 2 * GRID, [self.hint.setVisible])

    def _connect(self) -> None:
        document, place = self.context.document, self.context.place
        for signal in (document.changed, document.opened, place.stage_chosen):
            signal.connect(self.refresh)
        self.context.session.told.connect(self._hear)
        self.add.clicked.connect(lambda: self._edit("Add a stage", edits.add_stage, 1))
        self.copy.clicked.connect(lambda: self._edit("Duplicate a stage", edits.duplicate_stage, 1))
        self.remove.clicked.connect(lambda: self._edit("Delete a stage", edits.delete_stage, 0))
        self.left.clicked.connect(lambda: self._move(-1))
        self.right.clicked.connect(lambda: self._move(1))

    def refresh(self, _: object = None) -> None:
        """Show the stages as they are now."""
        stages, chosen = self.context.document.project.training.stages, self.context.place.stage
        if [card.stage for card in self.cards] != list(stages):
            self._build()
        problems = {each.stage: each.message for each in reversed(self.context.document.diagnosis.problems)}
        for card in self.cards:
            card.setChecked(card.number == chosen)
            card.show_share(self._shares.get(card.number))
            card.show_problem(problems.get(card.number, ""))
        self.remove.setEnabled(len(stages) > 1)
        self.left.setEnabled(chosen > 0)
        self.right.setEnabled(chosen + 1 < len(stages))

    def _build(self) -> None:
        focused = next((card.number for card in self.cards if card.hasFocus()), None)
        while self._row.count():
            item = self._row.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.cards = [StageCard(at, stage) for at, stage in enumerate(self.context.document.project.training.stages)]
        for card in self.cards:
            if card.number:
                self._row.addWidget(_arrow())
            self._row.addWidget(card)
            card.clicked.connect(lambda _, at=card.number: self._choose(at))
            card.step_wanted.connect(self._step)
            card.move_wanted.connect(self._move)
        self._row.addStretch(1)
        if focused is not None:
            self.cards[min(self.context.place.stage, len(self.cards) - 1)].setFocus()

    def _choose(self, number: int) -> None:
        self.context.place.choose_stage(number)
        self.refresh()

    def _edit(self, what: str, edit: Edit, step: int) -> None:
        """Change the chosen stage, and look at the one ``step`` further then."""
        document, chosen = self.context.document, self.context.place.stage
        document.apply(edit(document.project, chosen), what)
        self._choose(chosen + step)

    def _move(self, step: int) -> None:
        chosen = self.context.place.stage
        if 0 <= chosen + step < len(self.cards):
            self._edit("Move a stage", lambda project, at: edits.move_stage(project, at, at + step), step)

    def _step(self, step: int) -> None:
        """Look at the stage beside the chosen one."""
        wanted = self.context.place.stage + step
        if 0 <= wanted < len(self.cards):
            self._choose(wanted)
            self.cards[wanted].setFocus()

    def _hear(self, event: Event) -> None:
        """Follow a training; where it begins in the middle, what was before it is done."""
        match event:
            case Started(step=0):
                self._shares = {0: 0.0}
            case EpochEnded(stage=stage, epoch=epoch, epochs=epochs):
                self._shares = {**dict.fromkeys(range(stage), 1.0), stage: min(epoch / epochs, 0.99) if epochs else 0.5}
            case StageEnded(stage=stage):
                self._shares = {**dict.fromkeys(range(stage + 1), 1.0), stage + 1: 0.0}
            case Finished(reason="complete"):
                self._shares = dict.fromkeys(self._shares, 1.0)
            case _:
                return
        for card in self.cards:
            card.show_share(self._shares.get(card.number))


def _arrow() -> QLabel:
    """Between two stages."""
    return label("→", Role.LABEL)
