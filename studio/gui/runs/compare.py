"""Runs side by side: what they reached, the settings in which they differ, the changed nodes, and their curves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from studio.core.change import Change
from studio.core.differences import ABSENT, differences
from studio.core.graph import Graph
from studio.core.problem import ProjectError
from studio.core.project import Project
from studio.gui import fonts, theme
from studio.gui.curves.legend import Legend
from studio.gui.curves.plot import CurvePlot
from studio.gui.runs.changed import SORTS, Picture, picture_of, sorts_of
from studio.gui.runs.dots import dot
from studio.gui.runs.overlay import Overlay
from studio.gui.style.measures import BODY, GRID, MIN_TARGET, PANEL_PADDING
from studio.gui.training.wording import clock, figure
from studio.gui.widgets.choice import ChoiceBox
from studio.gui.widgets.label import Role, label
from studio.training.messages import Figures
from studio.training.run import Run
from studio.training.summary import Summary, summarize

WIDTH, HEIGHT, TABLE, CURVES = 1240, 700, 520, 280
FIRST_COLUMN, LEAST_COLUMN = 190, 90
MOST_CURVES = 2
"""Plots below the picture: the loss and the first figure beside it."""

SAME_DRAWING = "All graphs are the same in both."


class CompareDialog(QDialog):
    """Two runs or more; of the drawings, one is compared with the first."""

    def __init__(self, parent: QWidget, runs: Sequence[Run]) -> None:
        super().__init__(parent)
        self.setWindowTitle("Compare runs")
        self.resize(fonts.scaled(WIDTH), fonts.scaled(HEIGHT))
        self.runs = list(runs)
        self._summaries = [summarize(run) for run in runs]
        self._projects = [_project(run) for run in runs]
        self.overlay = Overlay(range(8))
        self.overlay.choose(runs)
        self.table = _table([run.name for run in runs])
        self.other, self.graph = ChoiceBox("Run that is compared with the first"), ChoiceBox("Graph")
        self.picture, self.told = Picture("The changed nodes"), label("", Role.LABEL, wrap=True)
        self.plots: dict[str, CurvePlot] = {}
        self._lay_out()
        self.other.addItems([run.name for run in runs[1:]])
        self.other.setVisible(len(runs) > 2)
        self.other.currentIndexChanged.connect(self._list_graphs)
        self.graph.currentIndexChanged.connect(self._show_graph)
        self._fill_table()
        self._draw_curves()
        self._list_graphs()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(GRID)
        for part in (self.other, self.graph):
            head.addWidget(part)
        head.addWidget(self.told, 1)
        above = QWidget()
        upper = QVBoxLayout(above)
        upper.setContentsMargins(0, 0, 0, 0)
        upper.addLayout(head)
        upper.addWidget(self.picture, 1)
        below = QWidget()
        self._legend, self._curves = Legend(), QHBoxLayout()
        lower = QVBoxLayout(below)
        lower.setContentsMargins(0, GRID, 0, 0)
        lower.addWidget(self._legend, 0, Qt.AlignmentFlag.AlignLeft)
        lower.addLayout(self._curves, 1)
        right = QSplitter(Qt.Orientation.Vertical)
        across = QSplitter(Qt.Orientation.Horizontal)
        right.addWidget(above)
        right.addWidget(below)
        across.addWidget(self.table)
        across.addWidget(right)
        for splitter in (right, across):
            splitter.setChildrenCollapsible(False)
            splitter.setHandleWidth(GRID)
        across.setSizes([fonts.scaled(TABLE), fonts.scaled(WIDTH - TABLE)])
        right.setSizes([fonts.scaled(HEIGHT - CURVES), fonts.scaled(CURVES)])
        column = QVBoxLayout(self)
        column.setContentsMargins(PANEL_PADDING, PANEL_PADDING, PANEL_PADDING, PANEL_PADDING)
        column.addWidget(across)

    def _fill_table(self) -> None:
        """Figures first, then the settings that differ, by where they are."""
        looks, colors = self.overlay.looks, theme.current()
        for column, run in enumerate(self.runs, 1):
            if run.folder in looks:
                self.table.headerItem().setIcon(column, dot(looks[run.folder].color(colors)))
        self._add("What they reached", reached(self._summaries))
        there = [project for project in self._projects if project is not None]
        rows = differences(there) if len(there) == len(self._projects) else []
        by_place: dict[str, list[tuple[str, ...]]] = {}
        for row in rows:
            by_place.setdefault(row.place, []).append((row.name.replace("_", " "), *row.values))
        for place, lines in by_place.items():
            self._add(place, lines)
        if not rows:
            self._add("The settings are the same", [])

    def _add(self, title: str, lines: Sequence[tuple[str, ...]]) -> None:
        group = QTreeWidgetItem(self.table, [title])
        group.setFont(0, fonts.interface(BODY, QFont.Weight.DemiBold))
        group.setSizeHint(0, QSize(0, fonts.scaled(MIN_TARGET)))
        group.setFirstColumnSpanned(True)
        for line in lines:
            item = QTreeWidgetItem(group, list(line))
            item.setSizeHint(0, group.sizeHint(0))
            for column, text in enumerate(line):
                item.setToolTip(column, text)
        group.setExpanded(True)

    def _draw_curves(self) -> None:
        for name, measure in list(self.overlay.measures.items())[:MOST_CURVES]:
            plot = CurvePlot(measure.title, "%" if measure.percent else "", x_name="Epoch", legend=self._legend)
            self.plots[name] = plot
            self._curves.addWidget(plot, 1)
        self.overlay.draw(self.plots)

    def _pair(self) -> tuple[Project, Project] | None:
        first, other = self._projects[0], self._projects[1 + max(self.other.currentIndex(), 0)]
        return (first, other) if first is not None and other is not None else None

    def _list_graphs(self) -> None:
        """The graphs that differ between the first run and the chosen one."""
        pair, changed = self._pair(), []
        if pair is not None:
            change = Change.between(*pair)
            both = [name for name in change.graphs if sorts_of(pair[0].graphs[name], pair[1].graphs[name])]
            changed = [*both, *sorted(change.graphs_added | change.graphs_removed)]
        self.graph.blockSignals(True)
        self.graph.clear()
        self.graph.addItems(changed or (list(pair[1].networks)[:1] if pair is not None else []))
        self.graph.blockSignals(False)
        self.graph.setVisible(self.graph.count() > 1)
        self._show_graph()

    def _show_graph(self) -> None:
        pair, name = self._pair(), self.graph.currentText()
        if pair is None or not name:
            self.told.setText("The project of one of them cannot be read.")
            return
        text = "\n".join(changes_in_words(*pair, name)) or SAME_DRAWING
        self.told.setText(text)
        self.picture.show_image(picture_of(*pair, name, theme.current()), f"{name}: {text}")


def reached(summaries: Sequence[Summary]) -> list[tuple[str, ...]]:
    """A row for each figure, and for what it took."""
    titles = {name: str(about.get("title", name)) for each in summaries for name, about in each.measures.items()}
    rows = [
        (f"{part} {title.lower()}", *(_shown(each, getattr(each, part.lower()), name) for each in summaries))
        for name, title in titles.items()
        for part in ("Best", "Final")
    ]
    return [
        *rows,
        ("epochs", *(f"{each.epoch}" for each in summaries)),
        ("best epoch", *(f"{each.best_epoch or ABSENT}" for each in summaries)),
        ("time", *(clock(each.seconds) for each in summaries)),
        ("weights", *(f"{each.weights:,}" for each in summaries)),
        ("device", *(each.device or ABSENT for each in summaries)),
    ]


def changes_in_words(before: Project, after: Project, name: str) -> Iterator[str]:
    """``new: Dropout``, a line for each sort of change in a graph."""
    sorts = sorts_of(before.graphs.get(name, Graph()), after.graphs.get(name, Graph()))
    for number, sort in enumerate(SORTS):
        found = [node for node, its in sorts.items() if its == number]
        if found:
            yield f"{sort.word}: {', '.join(sorted(found))}"


def _shown(summary: Summary, values: Figures, name: str) -> str:
    return figure(name, values[name], summary.measures) if name in values else ABSENT


def _project(run: Run) -> Project | None:
    try:
        return run.project()
    except ProjectError:
        return None


def _table(names: Sequence[str]) -> QTreeWidget:
    table = QTreeWidget()
    table.setAccessibleName("Figures, and settings that differ")
    table.setHeaderLabels(["", *names])
    table.setIndentation(2 * GRID)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    heading = table.header()
    heading.setMinimumSectionSize(fonts.scaled(LEAST_COLUMN))
    heading.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    heading.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
    table.setColumnWidth(0, fonts.scaled(FIRST_COLUMN))
    return table
