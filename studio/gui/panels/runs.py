"""Every training that was kept, with where it stands and what it reached, to open, compare, overlay and tidy up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QPoint, QTimer, Signal
from PySide6.QtWidgets import QMenu, QStackedLayout, QVBoxLayout, QWidget

from studio.gui.curves.series import Look
from studio.gui.panels.panel import Context, Panel
from studio.gui.preferences import Preferences
from studio.gui.runs.bar import RunBar
from studio.gui.runs.choices import RunChoices
from studio.gui.runs.commands import RunCommands
from studio.gui.runs.overlay import PLACES
from studio.gui.runs.reader import Reader
from studio.gui.runs.rows import Row
from studio.gui.runs.table import RunsTable
from studio.gui.training.state import State
from studio.gui.widgets.empty import EmptyState
from studio.training.messages import EpochEnded, Event
from studio.training.run import Run

REFRESH_MS = 5_000
"""How often runs that other processes train are looked at."""

NOTHING = "Every training is kept as a run and appears here."
TOO_MANY = f"Curves of {len(PLACES)} runs can be told apart: the first of those chosen are shown."


class RunsPanel(Panel):
    """A table of runs. Its signals carry the Run that a person chose, or a list of them."""

    title, side = "Runs", "left"
    open_wanted = Signal(object)
    resume_wanted = Signal(object)
    checkpoints_wanted = Signal(object)
    compare_wanted = Signal(object)
    overlay_wanted = Signal(object)
    """These shall lie over the curves, and no others."""
    said = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.choices = RunChoices(Preferences())
        self.table, self.bar, self.commands = RunsTable(), RunBar(), RunCommands(self)
        self.overlaid: list[Run] = []
        self._reader = Reader(self)
        self._clock = QTimer(self)
        self._clock.setInterval(REFRESH_MS)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.table)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(EmptyState("folder", NOTHING))
        self._stack.addWidget(page)
        self._connect()

    def _connect(self) -> None:
        session, table, commands = self.context.session, self.table, self.commands
        self._reader.found.connect(self._show)
        self._clock.timeout.connect(self.refresh)
        self.bar.wanted.connect(self.do)
        self.bar.search.textChanged.connect(table.runs.filter)
        table.opened.connect(self._open)
        table.chosen.connect(self._allow)
        table.customContextMenuRequested.connect(lambda at: self._open_menu(table.viewport().mapToGlobal(at)))
        commands.said.connect(self.said)
        commands.noted.connect(self.refresh)
        commands.renamed.connect(self._follow_name)
        commands.deleted.connect(self._let_go)
        session.state_changed.connect(self._follow)
        session.told.connect(self._take)

    def use(self, preferences: Preferences) -> None:
        """Show the columns, and the folders, that a person chose."""
        choices = self.choices = RunChoices(preferences)
        self.table.titles = choices.columns
        self.table.show_columns()
        self.table.columns_chosen.connect(lambda: setattr(choices, "columns", self.table.titles))

    @property
    def selected(self) -> list[Run]:
        return [row.run for row in self.table.selected if row.run is not None]

    def appear(self) -> None:
        self._clock.start()
        self.refresh()

    def disappear(self) -> None:
        self._clock.stop()

    def refresh(self) -> None:
        """Read the runs again, beside the window."""
        self._reader.read(self.choices.places)

    def show_overlaid(self, runs: list[Run], looks: Mapping[Path, Look]) -> None:
        """These runs lie over the curves now, in these looks."""
        self.overlaid = runs
        self.table.runs.show_looks(looks)
        self._allow()

    def menu(self) -> QMenu:
        """What else can be done with the selected runs, and with the table."""
        menu = QMenu(self)
        self.commands.add_to(menu, self.selected)
        menu.addSeparator()
        menu.addAction("Take nothing over the curves").triggered.connect(lambda: self.overlay_wanted.emit([]))
        add = menu.addAction("Show runs of another folder…")
        add.triggered.connect(lambda: self.choices.ask_for_place(self))
        add.triggered.connect(self.refresh)
        menu.addAction("Read again").triggered.connect(self.refresh)
        return menu

    def _show(self, rows: Sequence[Row]) -> None:
        self.table.show_rows(rows)
        self._stack.setCurrentIndex(1 if rows else 0)

    def _follow(self, state: State) -> None:
        if self.is_seen and state is not State.STARTING:
            self.refresh()

    def _take(self, event: Event) -> None:
        """Bring the row of the run that goes on up to date."""
        if isinstance(event, EpochEnded) and self.is_seen:
            self.refresh()

    def _allow(self) -> None:
        self.bar.allow(self.table.selected, self.overlaid, is_busy=self.context.session.state.is_busy)

    def do(self, wanted: str) -> None:
        """What a button of the bar says."""
        runs = self.selected
        match wanted:
            case "columns":
                self.table.choose_columns(self.bar.below(wanted))
            case "more":
                self._open_menu(self.bar.below(wanted))
            case "Overlay":
                self._overlay(runs)
            case "Compare":
                self.compare_wanted.emit(runs)
            case _:
                one = {"Open": self.open_wanted, "Resume": self.resume_wanted, "Checkpoints": self.checkpoints_wanted}
                one[wanted].emit(runs[0])

    def _open(self, row: Row) -> None:
        """Open a run; a sweep has none of its own."""
        if row.run is not None:
            self.open_wanted.emit(row.run)

    def _overlay(self, chosen: Sequence[Run]) -> None:
        """Draw runs over the curves; those that are drawn already, no longer."""
        others = [run for run in self.overlaid if run not in chosen]
        wanted = others if all(run in self.overlaid for run in chosen) else [*others, *chosen]
        if len(wanted) > len(PLACES):
            self.said.emit(TOO_MANY)
        self.overlay_wanted.emit(wanted)

    def _open_menu(self, at: QPoint) -> None:
        menu = self.menu()
        menu.exec(at)
        menu.deleteLater()

    def _follow_name(self, before: Run, after: Run) -> None:
        session = self.context.session
        session.run = after if session.run == before else session.run
        self.overlay_wanted.emit([after if run == before else run for run in self.overlaid])
        self.refresh()

    def _let_go(self, gone: Sequence[Run]) -> None:
        if self.context.session.run in gone:
            self.context.session.forget()
        self.overlay_wanted.emit([run for run in self.overlaid if run not in gone])
        self.refresh()
