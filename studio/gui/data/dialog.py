"""Shows the data of a project: what it is, how much of each class there is, and samples of each part."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from studio.compiler.objective import data_of
from studio.core.card import card_of
from studio.core.dataset import Dataset
from studio.core.problem import Mismatch
from studio.core.project import Project
from studio.gui import fonts
from studio.gui.data.reading import Reading, Seen
from studio.gui.data.views import ClassBars, at_once, view_of
from studio.gui.panels.scrolling import scrolling
from studio.gui.style.measures import CARD_GAP, GRID, PANEL_PADDING
from studio.gui.teaching.column import Frame, TeachingColumn
from studio.gui.widgets.button import Button, Kind
from studio.gui.widgets.choice import ChoiceBox
from studio.gui.widgets.empty import EmptyState
from studio.gui.widgets.label import Role, label
from studio.gui.widgets.progress import Progress
from studio.gui.widgets.toggle import Toggle

PARTS = {"train": "Training part", "validation": "Validation part", "test": "Test part"}
WIDTH, HEIGHT, CARD = 1120, 720, 320
LETTERS = 15
"""For which the choice of a part has room."""


class DataDialog(QDialog):
    """The data is read in a process of its own; what came of it is shown a page at a time."""

    def __init__(self, parent: QWidget, project: Project) -> None:
        super().__init__(parent)
        self.setWindowTitle("The data")
        self.resize(fonts.scaled(WIDTH), fonts.scaled(HEIGHT))
        self._project, self._datasets = project, list[Dataset]()
        self.reading = Reading(self)
        self.seen: Seen | None = None
        self._start = self._seed = 0
        self.which, self.part = ChoiceBox("Dataset"), ChoiceBox("Part")
        self.varied, self.other = Toggle("As varied while training"), Button("Other samples", icon="redo")
        self.title, self.about = label("", Role.TITLE, wrap=True), label("", Role.LABEL, wrap=True)
        self.card, self.bars, self.caption = TeachingColumn(), ClassBars(), label("", Role.CAPTION)
        self.get = Button("Get the data", icon="download", kind=Kind.PRIMARY)
        self.waiting, self.progress = EmptyState("data", "Reading the data.", self.get), Progress(name="Progress")
        self._lay_out()
        self._connect()
        self._show_project()
        self.part.setFocus()

    def _lay_out(self) -> None:
        self._counts = Frame("Samples of each class", self.bars)
        left = QVBoxLayout(inside := QWidget())
        left.setContentsMargins(0, 0, GRID, 0)
        left.setSpacing(CARD_GAP)
        for part in (self.which, self.title, self.about, self._counts, self.card):
            left.addWidget(part)
        left.addStretch()
        about = scrolling(inside)
        about.setFixedWidth(fonts.scaled(CARD))
        wait = QVBoxLayout(waiting := QWidget())
        wait.addWidget(self.waiting, 1)
        wait.addWidget(self.progress)
        self._area = scrolling(QWidget())
        self._stack = QStackedWidget()
        self._stack.addWidget(waiting)
        self._stack.addWidget(self._area)
        right = QVBoxLayout()
        right.setSpacing(GRID)
        right.addLayout(self._head())
        right.addWidget(self._stack, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(PANEL_PADDING, PANEL_PADDING, PANEL_PADDING, PANEL_PADDING)
        row.setSpacing(PANEL_PADDING)
        row.addWidget(about)
        row.addLayout(right, 1)

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(2 * GRID)
        for part in (self.part, self.varied, self.caption):
            head.addWidget(part)
        head.addStretch()
        head.addWidget(self.other)
        return head

    def _connect(self) -> None:
        for button in (self.other, self.get):
            button.setAutoDefault(False)
        self.which.activated.connect(self._read_anew)
        self.part.activated.connect(self._show_first)
        self.varied.clicked.connect(self._show)
        self.other.clicked.connect(self.show_others)
        self.get.clicked.connect(lambda: self._read(download=True))
        self.reading.progressed.connect(lambda what, share: self.progress.show_progress(share, left=what))
        self.reading.done.connect(self._take)
        self.reading.failed.connect(self._fail)

    def _show_project(self) -> None:
        self.part.addItems(list(PARTS.values()))
        self.part.setMinimumContentsLength(LETTERS)
        try:
            self._datasets = data_of(self._project)
        except Mismatch as error:
            self._fail(error.message)
        self.which.addItems([dataset.title() for dataset in self._datasets])
        self.which.setVisible(self.which.count() > 1)
        if self._datasets:
            self._read_anew()

    def _read_anew(self) -> None:
        """Show the card of the dataset that is chosen, and read it."""
        dataset = self._datasets[max(0, self.which.currentIndex())]
        self.seen, self._start, self._seed = None, 0, 0
        self.title.setText(dataset.title())
        self.about.setText(dataset.doc())
        self.card.show_card(card_of(dataset))
        self._read()

    def _read(self, *, download: bool = False) -> None:
        if self.seen is None:
            self.waiting.say("Fetching the data." if download else "Reading the data.")
            self._stack.setCurrentIndex(0)
        self._allow()
        self.get.hide()
        self.progress.show()
        self.reading.start(self._project, max(0, self.which.currentIndex()), self._seed, download=download)
        self.other.setEnabled(False)

    def _take(self, seen: Seen) -> None:
        self.seen = seen
        for at, (part, title) in enumerate(PARTS.items()):
            self.part.setItemText(at, f"{title}: {seen.about.samples[part]:,}")
        self._show_first()

    def _fail(self, sentence: str) -> None:
        """Say why there is nothing to see, with the way to get it where there is one."""
        self.seen = None
        self.waiting.say(sentence)
        self.progress.hide()
        dataset = self._datasets[max(0, self.which.currentIndex())] if self._datasets else None
        self.get.setVisible(dataset is not None and type(dataset).download is not Dataset.download)
        self._stack.setCurrentIndex(0)
        self._allow()

    def show_others(self) -> None:
        """The next samples of the part; where all that were read have been seen, others are read."""
        if self.seen is None:
            return
        part, self._start = self._part, self._start + self._at_once
        given = len(self.seen.arrays[f"{part} rows"])
        if self._start < given:
            self._show()
        elif given < self.seen.about.samples[part]:
            self._start, self._seed = 0, self._seed + 1
            self._read()
        else:
            self._show_first()

    @property
    def _part(self) -> str:
        return list(PARTS)[max(0, self.part.currentIndex())]

    @property
    def _at_once(self) -> int:
        return at_once(self.seen.page(self._part, 0, 1)) if self.seen is not None else 0

    def _show_first(self) -> None:
        self._start = 0
        self._show()

    def _show(self) -> None:
        """Show some samples of the part, and how many of each class it has."""
        self._allow()
        if self.seen is None:
            return
        about, part = self.seen.about, self._part
        varied = self.varied.isChecked() and self.varied.isEnabled()
        page = self.seen.page(part, self._start, self._at_once, varied=varied)
        self._area.setWidget(view_of(page))
        each = f"{about.sizes[0]:,} numbers" if len(about.sizes) == 1 else "×".join(map(str, about.sizes))
        self.caption.setText(f"{len(page.rows):,}, each {each}")
        self.bars.show_counts(about.classes, about.counts.get(part, ()))
        self._stack.setCurrentIndex(1)

    def _allow(self) -> None:
        """What can be chosen of what was read."""
        seen = self.seen
        self.varied.setVisible(seen is not None and seen.varies)
        self.varied.setEnabled(self._part == "train")
        self.other.setEnabled(seen is not None and seen.about.samples[self._part] > self._at_once)
        self.caption.setVisible(seen is not None)
        self._counts.setVisible(seen is not None and bool(seen.about.counts))

    def done(self, result: int) -> None:
        self.reading.close()
        super().done(result)
