"""One window for many gestures: each begins with LeNet-5 as its template draws it, and ends with an undo."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.core.catalog import catalog
from studio.core.graph import Graph, Node
from studio.core.project import Project
from studio.gui import theme
from studio.gui.canvas.camera import Camera
from studio.gui.canvas.canvas import Canvas
from studio.gui.palette.popup import SearchPopup
from studio.gui.preferences import Preferences
from studio.gui.training.session import Session
from studio.gui.window import Window, dress
from tests.gui.canvas.conftest import Hand

GRAPH = "LeNet-5"
Key, Keys = Qt.Key, Qt.KeyboardModifier
NONE = Keys.NoModifier


class Stage:
    """A window on LeNet-5, a hand over its canvas, and the project as it was before."""

    def __init__(self, window: Window, qtbot: QtBot) -> None:
        self.window, self.qtbot = window, qtbot
        self.canvas: Canvas = window.workspace.canvas
        self.hand = Hand(self.canvas)
        self.before: Project = window.document.project
        self.steps = window.document.position

    @property
    def graph(self) -> Graph:
        return self.window.document.project.graphs[GRAPH]

    @property
    def pairs(self) -> set[tuple[str, str]]:
        """Which nodes are linked."""
        return {(link.source, link.target) for link in self.graph.links}

    @property
    def labels(self) -> list[str]:
        """What was done, as the history calls it."""
        return [step.label for step in self.window.document.steps[self.steps + 1 :]]

    @property
    def said(self) -> str:
        """The sentence that is shown over the canvas."""
        return self.window.workspace.notices.sentence

    def key(self, key: Key, keys: Keys = NONE) -> None:
        self.qtbot.keyClick(self.canvas, key, keys)

    def select(self, *names: str) -> None:
        """Click nodes one after the other, from the second on with Shift."""
        for name in names:
            self.hand.click(self.canvas.point_of(name), keys=NONE if name == names[0] else Keys.ShiftModifier)

    def add(self, node: Node, name: str, at: tuple[float, float]) -> None:
        """A node without links, as part of what was there before."""
        placed = self.graph.add(name, Node(node.type, node.settings, at))
        self.window.document.apply_graph(GRAPH, placed, f"Add {name}")
        self.before, self.steps = self.window.document.project, self.window.document.position

    def view(self, x: float, y: float) -> QPoint:
        """A point of the scene in the view."""
        left, top = self.canvas.lens.camera.to_view((x, y))
        return QPoint(round(left), round(top))

    def on_link(self, source: str, target: str) -> QPoint:
        """A point of the view on a link, between its middle and its end."""
        link = next(k for k in self.graph.links if (k.source, k.target) == (source, target))
        x0, y0, x1, _ = self.canvas.drawing.links.ends[self.canvas.drawing.links.row[link]].tolist()
        return self.view(x0 + 0.75 * (x1 - x0), y0)

    def double_click(self, at: QPoint) -> None:
        self.hand.click(at)
        self.hand.send(QEvent.Type.MouseButtonDblClick, at)
        self.hand.release(at)

    def popup(self) -> SearchPopup:
        """The search box that is open."""
        (found,) = [each for each in self.window.findChildren(SearchPopup) if each.isVisible()]
        return found

    def offered(self) -> set[str]:
        model = self.popup()._model
        return {model.item(row).text() for row in range(model.rowCount())}

    def choose(self, text: str) -> None:
        """Type into the search box and take what comes first."""
        popup = self.popup()
        self.qtbot.keyClicks(popup.field, text)
        self.qtbot.keyClick(popup.field, Key.Key_Return)

    def is_undone(self, steps: int = 1) -> bool:
        """Whether Ctrl+Z brings back the very project that was there before, in so many steps and no fewer."""
        done = self.window.document.position - self.steps
        for _ in range(steps):
            self.canvas.setFocus()
            self.key(Key.Key_Z, Keys.ControlModifier)
        return done == steps and self.window.document.project is self.before


@pytest.fixture(scope="module")
def _window(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    """Opening a window takes seconds: the gestures of a module share one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAYERLOOM_HOME", str(tmp_path_factory.mktemp("home")))
        patch.setattr(Session, "warm", lambda _: None)
        patch.setattr("studio.gui.asking.ask", lambda *_: "Discard changes")
        preferences = Preferences()
        preferences.appearance, preferences.motion = "dark", "reduced"
        if theme.current() is not theme.DARK or not qapp.styleSheet():
            dress(preferences)
        window = Window(GRAPH.replace("-", "").lower(), preferences)
        window.resize(1500, 950)
        window.show()
        while not window.ready:
            qapp.processEvents()
        yield window
        window.document.let_go()
        window.close()
        window.deleteLater()


@pytest.fixture
def stage(_window: Window, qtbot: QtBot) -> Stage:
    """LeNet-5 as it was drawn, at 100 %, with nothing selected and nothing over it."""
    for popup in _window.findChildren(SearchPopup):
        popup.close()
    _window.document.open(catalog().make_project("lenet5"))
    _window.activateWindow()
    canvas = _window.workspace.canvas
    canvas.chosen.clear()
    canvas.setFocus()
    canvas.lens.look(Camera(0.75, 40.0, 40.0))
    canvas.hovered = None
    return Stage(_window, qtbot)
