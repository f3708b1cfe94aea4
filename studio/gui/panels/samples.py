"""Held-out samples with their labels and what the network makes of them, worst mistakes first."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from studio.gui.flow import Flow
from studio.gui.panels.answer_card import Answer, AnswerCard
from studio.gui.panels.confusion import Confusion
from studio.gui.panels.panel import Context, Panel
from studio.gui.panels.sample_view import sample_image
from studio.gui.panels.scrolling import scrolling
from studio.gui.panels.wording import class_text
from studio.gui.style.measures import CARD_PADDING, GRID, PANEL_PADDING
from studio.gui.training.predictions import Predictions
from studio.gui.widgets.empty import EmptyState
from studio.gui.widgets.label import Role, label

SHOWN = 24
ROOM_FOR_BOTH = 560
NOT_YET = "Train the network: held-out samples appear here with what it makes of them, worst mistakes first."


class SamplesPanel(Panel):
    """``sample_chosen`` carries the number of a sample that a person wants to look at."""

    title, side = "Samples & predictions", "left"
    sample_chosen = Signal(int)

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.confusion = Confusion()
        self._caption, self._matrix_caption = label("", Role.CAPTION), label("Label × prediction", Role.CAPTION)
        self._cards = Flow(GRID)
        self._stale = False
        self._lay_out()
        context.predictions.changed.connect(self._expire)

    def _lay_out(self) -> None:
        area = scrolling(self._cards)
        self._matrix = QWidget()
        left, right = QVBoxLayout(), QVBoxLayout(self._matrix)
        right.setContentsMargins(0, 0, 0, 0)
        left.addWidget(self._caption)
        left.addWidget(area, 1)
        right.addWidget(self._matrix_caption)
        right.addWidget(self.confusion)
        right.addStretch()
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(PANEL_PADDING, GRID, PANEL_PADDING, 0)
        row.setSpacing(CARD_PADDING)
        row.addLayout(left, 1)
        row.addWidget(self._matrix)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(EmptyState("image", NOT_YET))
        self._stack.addWidget(page)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is no room for both, the samples have it."""
        super().resizeEvent(event)
        self._matrix.setVisible(event.size().width() > ROOM_FOR_BOTH)

    def appear(self) -> None:
        if self._stale:
            self._refresh()

    def _expire(self) -> None:
        self._stale = True
        if self.is_seen:
            self._refresh()

    def _refresh(self) -> None:
        """Show the newest answers."""
        self._stale = False
        newest = self.context.predictions.newest
        if newest is None or not newest.top:
            self._stack.setCurrentIndex(0)
            return
        found = answers(self.context.predictions)
        self._cards.refill([self._card(answer) for answer in found[:SHOWN]])
        wrong = sum(not answer.is_right for answer in found)
        self._caption.setText(f"{wrong} of {len(found)} held-out samples are mistaken, at step {newest.step:,}")
        self.confusion.show_answers(newest.labels, [top[0] for top in newest.top], newest.classes)
        self._matrix_caption.setVisible(not self.confusion.isHidden())
        self._stack.setCurrentIndex(1)

    def _card(self, answer: Answer) -> AnswerCard:
        card = AnswerCard(answer)
        card.clicked.connect(lambda: self.sample_chosen.emit(answer.sample))
        return card


def answers(predictions: Predictions) -> list[Answer]:
    """The newest answers: mistakes first, the surest before the others; then what is right, the least sure first."""
    newest, pictures = predictions.newest, predictions.samples
    if newest is None:
        return []
    found = []
    for at, sample in enumerate(newest.samples):
        known = pictures is not None and at < len(pictures.array)
        image = sample_image(pictures.array[at]) if pictures is not None and known else None
        truth = class_text(newest.classes, newest.labels[at]) if newest.labels else ""
        pairs = zip(newest.top[at], newest.probabilities[at], strict=True)
        found.append(Answer(sample, image, truth, tuple((class_text(newest.classes, c), p) for c, p in pairs)))
    return sorted(found, key=lambda answer: answer.guesses[0][1] + 1 if answer.is_right else -answer.guesses[0][1])
