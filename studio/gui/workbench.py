"""Where a project is worked on: the canvas in the middle, docks around it, controls above, costs below."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QApplication,
    QDockWidget,
    QMainWindow,
    QTabBar,
    QTabWidget,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from studio.gui import fonts
from studio.gui.blocks.offers import Offers
from studio.gui.data.dialog import DataDialog
from studio.gui.dock_sizes import SHARES, DockSizes
from studio.gui.docks import dock, tabbed_dock
from studio.gui.document import Document
from studio.gui.export_dialog import ExportDialog
from studio.gui.find_bar import FindBar
from studio.gui.inspector.inspector import TABS as INSPECTOR_TABS
from studio.gui.inspector.inspector import Inspector
from studio.gui.palette.palette import TABS as PALETTE_TABS
from studio.gui.palette.palette import Palette
from studio.gui.panels.classes import ClassesPanel
from studio.gui.panels.code import CodePanel
from studio.gui.panels.curves import CurvesPanel
from studio.gui.panels.filters import FiltersPanel
from studio.gui.panels.history import HistoryPanel
from studio.gui.panels.layer_view import LayerView
from studio.gui.panels.log import LogPanel
from studio.gui.panels.panel import Context, Panel
from studio.gui.panels.passage.panel import PassagePanel
from studio.gui.panels.previews.panel import PreviewsPanel
from studio.gui.panels.problems import ProblemsPanel
from studio.gui.panels.runs import RunsPanel
from studio.gui.panels.samples import SamplesPanel
from studio.gui.panels.stages import StagesPanel
from studio.gui.place import Place
from studio.gui.preferences import LAYOUT_VERSION, Preferences
from studio.gui.runs.compare import CompareDialog
from studio.gui.status import StatusLine
from studio.gui.strips import Strips
from studio.gui.style.measures import INSPECTOR_WIDTH
from studio.gui.sweeps.sweeps import Sweeps
from studio.gui.teaching.teacher import Teacher
from studio.gui.training.banner import Banner
from studio.gui.training.controls import Controls
from studio.gui.training.estimate import Estimate
from studio.gui.training.predictions import Predictions
from studio.gui.training.session import Session
from studio.gui.training.state import State
from studio.gui.training.views import Views
from studio.gui.weights.dialog import WeightsDialog
from studio.gui.workspace import Workspace
from studio.training.run import Run

PANELS: tuple[type[Panel], ...] = (
    CurvesPanel,
    SamplesPanel,
    PreviewsPanel,
    ClassesPanel,
    RunsPanel,
    LogPanel,
    StagesPanel,
    HistoryPanel,
    LayerView,
    FiltersPanel,
    PassagePanel,
    ProblemsPanel,
    CodePanel,
)
LEFT_SHARE = 696 / (696 + 584)
LAYOUT = "docks"
MOST_STOPS = 256
"""Controls that Tab may pass over."""


class Workbench(QMainWindow):
    """Builds the parts and lets them hear of each other. ``said`` carries sentences about what went wrong."""

    said = Signal(str)
    template_wanted = Signal(str)
    action_wanted = Signal(str)

    def __init__(self, parent: QWidget, document: Document, session: Session, preferences: Preferences) -> None:
        super().__init__(parent)  # from the beginning: Qt styles all that is in a widget anew when it moves
        self.setWindowFlags(Qt.WindowType.Widget)
        self._document, self._session, self._preferences = document, session, preferences
        self.place = Place(document)
        views = Views(session)
        self.context = Context(document, self.place, session, views, Predictions(session))
        self.workspace = Workspace(document, self.place)
        self.estimate = Estimate(document, session)
        self.palette_panel, self.inspector = Palette(), Inspector(document, self.estimate)
        self.find_bar = FindBar(document, self.workspace)
        self.panels = {panel.title: panel(self.context) for panel in PANELS}
        self.docks: dict[str, QDockWidget] = {}
        self.controls, self.status = Controls(document, session), StatusLine(document, session, self.estimate)
        self.banner, self.sweeps = Banner(session), Sweeps(self, document, session)
        work = self.workspace
        self.offers = Offers(self.palette_panel, work.blocks, self.place, work.add_node)
        self._strips = Strips(self.context, self.workspace.canvas)
        self.teacher = Teacher(self, document, self.workspace, self.palette_panel)
        self._shown = False
        self._build_docks()
        self._dock_sizes = DockSizes(self, self.docks)
        self._build_frame()
        self._connect()
        self._arrange()

    def _build_frame(self) -> None:
        bar = QToolBar("Training")
        bar.setObjectName("Training")
        bar.setMovable(False)
        bar.setContentsMargins(0, 0, 0, 0)
        bar.setStyleSheet("QToolBar { padding: 0; border: none; }")
        bar.addWidget(self.controls)
        self.addToolBar(bar)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addWidget(self.workspace, 1)
        self.setCentralWidget(centre)
        self.statusBar().setSizeGripEnabled(False)
        self.statusBar().setContentsMargins(0, 0, 0, 0)
        self.statusBar().addWidget(self.status, 1)

    def _build_docks(self) -> None:
        self.setDockNestingEnabled(True)
        self.setDockOptions(self.dockOptions() | QMainWindow.DockOption.GroupedDragging)
        self.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        self.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
        left, right, bottom = (
            Qt.DockWidgetArea.LeftDockWidgetArea,
            Qt.DockWidgetArea.RightDockWidgetArea,
            Qt.DockWidgetArea.BottomDockWidgetArea,
        )
        self.docks["Palette"], strip = tabbed_dock(self, "Palette", self.palette_panel, left, PALETTE_TABS)
        strip.currentChanged.connect(self.palette_panel.show_page)
        self.docks["Inspector"], self.inspector_tabs = tabbed_dock(
            self, "Inspector", self.inspector, right, INSPECTOR_TABS
        )
        self.inspector_tabs.currentChanged.connect(self.inspector.setCurrentIndex)
        for title, panel in self.panels.items():
            self.docks[title] = dock(self, title, panel, bottom)
            self.docks[title].visibilityChanged.connect(panel.come_forward)

    def _connect(self) -> None:
        document, place = self._document, self.place
        for signal in (document.changed, document.opened, place.moved, place.selected_changed):
            signal.connect(self._show_place)
        for signal in (document.opened, place.moved, document.changed):
            signal.connect(self._show_palette)
        self.palette_panel.show_catalog()
        self.palette_panel.node_chosen.connect(self.workspace.add_node)
        self.palette_panel.template_chosen.connect(self.template_wanted)
        self.inspector.network.node_chosen.connect(lambda path: place.go_to(place.root, path.split("/")[0]))
        self.inspector.node.failed.connect(self.said)
        self.inspector.node.card_wanted.connect(lambda: self.teacher.show_node(place.node))
        self.teacher.nothing_to_teach.connect(lambda: self.action_wanted.emit("Gestures and keys"))
        self.inspector.network.failed.connect(self.said)
        self.inspector.node.renamed.connect(lambda name: self.workspace.canvas.select({name}))
        self.inspector.training.stage_chosen.connect(place.choose_stage)
        place.stage_wanted.connect(lambda: self.show_panel(StagesPanel.title))
        place.stage_wanted.connect(lambda: self.inspector_tabs.setCurrentIndex(INSPECTOR_TABS.index("Training")))
        place.stage_chosen.connect(lambda: self.inspector.training.show_stage(place.stage))
        self.inspector.training.wanted.connect(self.action_wanted)
        self.controls.wanted.connect(self.action_wanted)
        self.banner.wanted.connect(self.action_wanted)
        self.banner.place_wanted.connect(place.go_to)
        self.status.problems_wanted.connect(lambda: self.show_panel(ProblemsPanel.title))
        self._connect_panels()
        self._session.state_changed.connect(self._follow_state)
        self.workspace.canvas.commands.action_wanted.connect(self.action_wanted)
        self.workspace.canvas.show_look(self._preferences.look)
        self._show_palette()
        self._show_place()

    def _connect_panels(self) -> None:
        samples, classes, layer, runs = (
            self.panels[each.title] for each in (SamplesPanel, ClassesPanel, LayerView, RunsPanel)
        )
        assert isinstance(samples, SamplesPanel)
        assert isinstance(classes, ClassesPanel)
        assert isinstance(layer, LayerView)
        assert isinstance(runs, RunsPanel)
        classes.pair_chosen.connect(lambda label, answer: samples.show_pair((label, answer)))
        classes.pair_chosen.connect(lambda *_: self.show_panel(SamplesPanel.title))
        samples.sample_chosen.connect(layer.sample.setValue)
        samples.sample_chosen.connect(lambda _: self.show_panel(LayerView.title))
        self.runs = runs
        runs.use(self._preferences)
        runs.said.connect(self.said)
        curves = self.panels[CurvesPanel.title]
        assert isinstance(curves, CurvesPanel)
        runs.overlay_wanted.connect(lambda wanted: _overlay(wanted, runs, curves))
        runs.compare_wanted.connect(self.compare)
        self.sweeps.run_wanted.connect(lambda folder: runs.open_wanted.emit(Run(folder)))
        self.sweeps.runs_wanted.connect(lambda: self.show_panel(RunsPanel.title))

    def _arrange(self) -> None:
        """Put the docks where they were left, or where they begin."""
        layout = self._preferences.bytes(LAYOUT)
        if layout.isEmpty() or not self.restoreState(layout, LAYOUT_VERSION):
            self.reset_layout()
        else:
            self._dock_sizes.adopt()
        for bar in self.findChildren(QTabBar):
            if not bar.accessibleName():  # those that Qt makes for docks
                bar.setAccessibleName("Panels")
                bar.setElideMode(Qt.TextElideMode.ElideNone)

    def reset_layout(self) -> None:
        """Put every dock where it begins."""
        bottom = Qt.DockWidgetArea.BottomDockWidgetArea
        self.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, self.docks["Palette"])
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.docks["Inspector"])
        sides: dict[str, list[QDockWidget]] = {"left": [], "right": []}
        for title, panel in self.panels.items():
            sides[panel.side].append(self.docks[title])
        # Others are put behind these two and never beside them, which would make the window wider for good.
        for group in sides.values():
            self.addDockWidget(bottom, group[0])
        self.splitDockWidget(sides["left"][0], sides["right"][0], Qt.Orientation.Horizontal)
        for group in sides.values():
            for each in group[1:]:
                self.tabifyDockWidget(group[0], each)
            group[0].raise_()
        for each in self.docks.values():
            each.setFloating(False)
            each.show()
        if self._shown:  # before, there is no room to be shared out
            self._size_docks()

    def _size_docks(self) -> None:
        self._dock_sizes.begin()
        room = self.width() - min(fonts.scaled(INSPECTOR_WIDTH), round(self.width() * SHARES["Inspector"]))
        left = round(room * LEFT_SHARE)
        columns = [self.docks["Curves"], self.docks["Layer view"]]
        self.resizeDocks(columns, [left, room - left], Qt.Orientation.Horizontal)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._shown:
            self._shown = True
            # Docks share out the room there is: only now is it that of the screen.
            QTimer.singleShot(0, self, self._arrange)

    def show_keys(self, hint: Callable[[str], str]) -> None:
        """Show the keys in force; ``hint`` gives that of an action."""
        self.controls.show_keys(hint)
        self.palette_panel.show_key(hint("Add a node…"))
        self.workspace.canvas.invitation.key = hint("Add a node…")
        self.inspector.node.card_link.show_key(hint("Teaching card"))

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab leads past what nobody sees: Qt keeps the docks behind others visible, outside the window."""
        for _ in range(MOST_STOPS):
            if not super().focusNextPrevChild(next):
                return False
            widget = QApplication.focusWidget()
            if widget is None or _is_seen(widget):
                return True
        return True

    def keep_layout(self) -> None:
        """Remember where the docks are."""
        self._preferences.keep_bytes(LAYOUT, self.saveState(LAYOUT_VERSION))

    def show_panel(self, title: str) -> None:
        """Bring a panel to the front, wherever it is."""
        self.docks[title].show()
        self.docks[title].raise_()

    def export(self) -> None:
        """Ask for a format and a place, and export."""
        session, document = self._session, self._document
        trained = session.run if session.run is not None and session.run.newest() is not None else None
        folder = document.path.parent if document.path else Path.home()
        dialog = ExportDialog(self, document.project, trained, folder)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def load_weights(self, file: Path | None = None) -> None:
        """Ask with which weights a network shall begin; ``file`` is proposed."""
        dialog = WeightsDialog(self, self._document, file)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def look_at_data(self) -> None:
        """Show the project's data and samples of it."""
        dialog = DataDialog(self, self._document.project)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def compare(self, runs: list[Run]) -> None:
        """Show runs side by side."""
        dialog = CompareDialog(self, runs)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.show()

    def _show_place(self, _: object = None) -> None:
        place = self.place
        self.inspector.show_place(place.graph_name, place.graph, place.result, place.selected)

    def _show_palette(self, _: object = None) -> None:
        self.palette_panel.show_project(self._document.project, self.place.graph.role)

    def _follow_state(self, state: State) -> None:
        if state is State.STARTING and self._session.run is not None:
            self._preferences.remember_run(self._session.run.folder)


def _overlay(wanted: list[Run], runs: RunsPanel, curves: CurvesPanel) -> None:
    """Draw runs over the curves, and say in the table which and in what colour."""
    runs.show_overlaid(curves.show_over(wanted), curves.overlay.looks)


def _is_seen(widget: QWidget) -> bool:
    """Whether anything of a widget is in view; of one that scrolls, of what it scrolls, which may cover it whole."""
    shown = widget.viewport() if isinstance(widget, QAbstractScrollArea) else widget
    return not shown.visibleRegion().isEmpty()
