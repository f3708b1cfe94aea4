"""Held-out samples with what the network makes of them: classes, rebuilt pictures or numbers, the worst first."""

from __future__ import annotations

from statistics import fmean

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from studio.gui.flow import Flow
from studio.gui.panels.answer_card import Answer, AnswerCard
from studio.gui.panels.numbers_card import Numbers, NumbersCard
from studio.gui.panels.panel import Context, Panel
from studio.gui.panels.points_page import PointsPage
from studio.gui.panels.rebuilt_card import Rebuilt, RebuiltCard
from studio.gui.panels.sample_card import SampleCard
from studio.gui.panels.sample_view import sample_image
from studio.gui.panels.scrolling import scrolling
from studio.gui.panels.wording import class_text
from studio.gui.style.measures import GRID, PANEL_PADDING
from studio.gui.training.predictions import Predictions
from studio.gui.training.views import why_unseen
from studio.gui.widgets.button import Button, Kind
from studio.gui.widgets.empty import EmptyState
from studio.gui.widgets.label import Role, label
from studio.training.answers import Predicted

SHOWN = 24
NOT_YET = "Train the network: held-out samples appear here with what it makes of them, worst mistakes first."


class SamplesPanel(Panel):
    """``sample_chosen`` carries the number of a sample that a person wants to look at."""

    title, side = "Samples & predictions", "left"
    sample_chosen = Signal(int)

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._caption, self.all = label("", Role.CAPTION), Button("Show all", kind=Kind.LINK, small=True)
        self._cards, self.points = Flow(GRID), PointsPage(context)
        self._stale = True
        self._pair: tuple[int, int] | None = None
        self.all.clicked.connect(lambda: self.show_pair(None))
        self.all.hide()
        self._lay_out()
        self.points.plane.chosen.connect(self.sample_chosen)
        context.predictions.changed.connect(self._expire)
        context.document.changed.connect(self._follow_data)
        context.document.opened.connect(self._follow_data)
        context.session.state_changed.connect(self._follow_data)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._caption)
        head.addWidget(self.all)
        head.addStretch()
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(PANEL_PADDING, GRID, PANEL_PADDING, 0)
        column.addLayout(head)
        column.addWidget(scrolling(self._cards), 1)
        self._stack = QStackedLayout(self)
        self._empty = EmptyState("image", NOT_YET)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(page)
        self._stack.addWidget(self.points)

    def show_pair(self, pair: tuple[int, int] | None) -> None:
        """Show only samples of this label that were taken for this answer, classes by number; all for None."""
        self._pair = pair
        self._expire()

    def appear(self) -> None:
        self.points.follow(seen=True)
        if self._stale:
            self._refresh()

    def disappear(self) -> None:
        self.points.follow(seen=False)

    def _expire(self) -> None:
        self._stale = True
        self.points.follow(seen=self.is_seen)
        if self.is_seen:
            self._refresh()

    def _follow_data(self, _: object = None) -> None:
        """Before any training, what the data looks like is shown."""
        if self.context.predictions.newest is None:
            self._expire()

    def _refresh(self) -> None:
        """Show the newest answers."""
        self._stale = False
        newest = self.context.predictions.newest
        if self.points.refresh():
            self._stack.setCurrentIndex(2)
            return
        if newest is None or not (newest.top or newest.errors):
            self._empty.say(why_unseen(self.context.session, NOT_YET) or NOT_YET)
            self._stack.setCurrentIndex(0)
            return
        if newest.numbers:
            self._show_numbers(newest)
        elif newest.errors:
            self._show_rebuilt(newest)
        else:
            self._show_answers(newest)
        self.all.setVisible(self._pair is not None)
        self._stack.setCurrentIndex(1)

    def _show_answers(self, newest: Predicted) -> None:
        found = answers(self.context.predictions)
        wrong = sum(not answer.is_right for answer in found)
        text = f"{wrong} of {len(found)} held-out samples are mistaken, at step {newest.step:,}"
        if self._pair is not None:
            truth, guess = (class_text(newest.classes, number) for number in self._pair)
            shown = [answer for answer in found if (answer.truth, answer.guesses[0][0]) == (truth, guess)]
            text = f"{truth} taken for {guess}: {len(shown)} of the {len(found)} samples that are followed"
            found = shown
        self._fill([(AnswerCard(answer), answer.sample) for answer in found[:SHOWN]])
        self._caption.setText(text)

    def _show_rebuilt(self, newest: Predicted) -> None:
        """Every sample beside what shall be the same."""
        found = rebuilt(self.context.predictions)
        self._fill([(RebuiltCard(each), each.sample) for each in found[:SHOWN]])
        mean = sum(newest.errors) / len(newest.errors)
        what = f"{len(found)} held-out samples and what was rebuilt of them"
        self._caption.setText(f"{what}, mean squared error {mean:.4f}, at step {newest.step:,}")

    def _show_numbers(self, newest: Predicted) -> None:
        """Every sample with the numbers answered and wanted."""
        found = numbers(self.context.predictions)
        self._fill([(NumbersCard(each), each.sample) for each in found[:SHOWN]])
        off = fmean(newest.errors) ** 0.5
        said = f"off by {off:.3g} as root mean square"
        if newest.reading:
            mean = fmean(abs(a - b) for a, b in zip(newest.read, newest.wanted, strict=True))
            said = f"{newest.reading.lower()} off by {mean:.2g} on average"
        self._caption.setText(f"{len(found)} held-out samples, {said}, at step {newest.step:,}")

    def _fill(self, cards: list[tuple[SampleCard, int]]) -> None:
        for card, sample in cards:
            card.clicked.connect(lambda _=False, sample=sample: self.sample_chosen.emit(sample))
        self._cards.refill([card for card, _ in cards])


def numbers(predictions: Predictions) -> list[Numbers]:
    """The newest samples with the numbers answered and wanted, those that are farthest off first."""
    newest, pictures, told = predictions.newest, predictions.samples, predictions.again
    if newest is None or pictures is None or told is None or told.array.ndim != 3:
        return []
    answered, wanted = told.array
    found = []
    for at, (sample, picture, error) in enumerate(zip(newest.samples, pictures.array, newest.errors, strict=False)):
        reading = (newest.reading, newest.read[at], newest.wanted[at]) if newest.reading else ("", 0.0, 0.0)
        found.append(Numbers(sample, sample_image(picture), answered[at], wanted[at], error, *reading))
    return sorted(found, key=lambda each: (-abs(each.read - each.right), -each.error))


def rebuilt(predictions: Predictions) -> list[Rebuilt]:
    """The newest samples with what was rebuilt of them, those that are farthest off first."""
    newest, pictures, again = predictions.newest, predictions.samples, predictions.again
    if newest is None or pictures is None or again is None:
        return []
    found = []
    for number, sample, answer, error in zip(newest.samples, pictures.array, again.array, newest.errors, strict=False):
        # In the greys of the sample: what is too pale in the answer shall look so.
        low, high = float(sample.min()), float(sample.max())
        found.append(Rebuilt(number, sample_image(sample), sample_image(answer, low, high), error))
    return sorted(found, key=lambda each: -each.error)


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
