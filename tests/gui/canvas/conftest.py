"""A canvas that shows a small convolutional network, on a desk that keeps the edits."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.compiler.check import Checker
from studio.compiler.ports import node_class
from studio.core.graph import Frame, Graph, Link, Links, Node
from studio.core.project import Project
from studio.gui import theme
from studio.gui.actions.menus import MENUS, rows_with_keys
from studio.gui.canvas.camera import Camera
from studio.gui.canvas.canvas import Canvas
from studio.gui.keymap.keymap import CANVAS, Keymap
from studio.gui.keymap.presets import OURS

NAME = "Digits network"

NODES = {
    "Image": Node("Input", {"kind": "image", "sizes": (1, 28, 28)}, (40.0, 48.0)),
    "C1": Node("Conv2d", {"filters": 6, "kernel": 5}, (304.0, 48.0)),
    "Tanh": Node("Tanh", {}, (616.0, 48.0)),
    "S2": Node("AvgPool2d", {}, (40.0, 256.0)),
    "Flatten": Node("Flatten", {}, (304.0, 256.0)),
    "Scores": Node("Linear", {"features": 10}, (568.0, 256.0)),
    "Answer": Node("Output", {}, (832.0, 256.0)),
}


def plain_link(source: str, target: str, nodes: Mapping[str, Node] = NODES) -> Link:
    """A link from the first output of a node to the first input of another."""
    output, sink = node_class(nodes[source].type), node_class(nodes[target].type)
    assert output is not None
    assert sink is not None
    return Link(source, output.outputs[0], target, sink.inputs()[0].name)


def small_network() -> Graph:
    """Image, convolution, activation, pooling, linear, output: two rows with a link back to the left."""
    links = Links(plain_link(*pair) for pair in pairwise(NODES))
    return Graph(NODES, links, frames=(Frame("Features", (16.0, 0.0, 720.0, 200.0)),))


class Desk:
    """Owns the project, as the window does: takes every edit, checks it, and lets the canvas show it."""

    def __init__(self, canvas: Canvas, graph: Graph) -> None:
        self.canvas, self.checker = canvas, Checker()
        self.project = Project(graphs={NAME: graph})
        self.labels: list[str] = []
        canvas.commands.edited.connect(self.take)
        self.show()

    @property
    def graph(self) -> Graph:
        return self.project.graphs[NAME]

    def take(self, graph: Graph, label: str) -> None:
        self.labels.append(label)
        self.project = self.project.with_graph(NAME, graph)
        self.show()

    def show(self) -> None:
        self.canvas.show_graph(self.project, NAME, self.checker.check(self.project).graphs[NAME])


class Desktop:
    """Stands in for the window: what an action may ask of it where there is a canvas and nothing else."""

    ready = at_work = True

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas
        self.workspace = self.place = self
        self._keymap = Keymap(rows_with_keys(), OURS)

    @property
    def selected(self) -> tuple[str, ...]:
        return tuple(self.canvas.selected)

    def press(self, key: str) -> bool:
        """Do what a key means in the canvas, as the menu bar of the window does."""
        meant = self._keymap.meaning(key, CANVAS)
        found = [row for rows in MENUS.values() for row in rows if meant and row.title == meant.title]
        for row in found:
            if row.when(self):  # type: ignore[arg-type]
                row.do(self)  # type: ignore[arg-type]
        return bool(found)


class Hand:
    """Moves the mouse over a canvas by real events."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas

    def send(
        self,
        kind: QEvent.Type,
        at: QPoint,
        button: Qt.MouseButton = Qt.MouseButton.LeftButton,
        keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    ) -> None:
        place = QPointF(at)
        whole = QPointF(self.canvas.viewport().mapToGlobal(at))
        held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else button
        changed = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else button
        QApplication.sendEvent(self.canvas.viewport(), QMouseEvent(kind, place, whole, changed, held, keys))

    def press(self, at: QPoint, **options: object) -> None:
        self.send(QEvent.Type.MouseButtonPress, at, **options)  # type: ignore[arg-type]

    def move(self, at: QPoint, **options: object) -> None:
        self.send(QEvent.Type.MouseMove, at, **options)  # type: ignore[arg-type]

    def release(self, at: QPoint, **options: object) -> None:
        self.send(QEvent.Type.MouseButtonRelease, at, **options)  # type: ignore[arg-type]

    def click(self, at: QPoint, **options: object) -> None:
        self.press(at, **options)
        self.release(at, **options)

    def drag(self, start: QPoint, end: QPoint, **options: object) -> None:
        self.press(start, **options)
        for step in range(1, 6):
            self.move(start + (end - start) * step / 5, **options)
        self.release(end, **options)

    def hover(self, at: QPoint) -> None:
        self.move(at, button=Qt.MouseButton.NoButton)

    def wheel(
        self,
        at: QPoint,
        angle: QPoint,
        *,
        pixels: QPoint | None = None,
        keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    ) -> None:
        event = QWheelEvent(
            QPointF(at),
            QPointF(self.canvas.viewport().mapToGlobal(at)),
            pixels or QPoint(),
            angle,
            Qt.MouseButton.NoButton,
            keys,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(self.canvas.viewport(), event)


@pytest.fixture
def canvas(qtbot: QtBot, qapp: QApplication) -> Canvas:
    if theme.current() is not theme.DARK or not qapp.styleSheet():
        theme.apply(qapp, theme.DARK)
    made = Canvas()
    made.act_on_key = Desktop(made).press
    qtbot.addWidget(made)
    made.resize(1200, 640)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def desk(canvas: Canvas) -> Desk:
    made = Desk(canvas, small_network())
    canvas.lens.look(Camera(1.0, 0.0, 0.0))
    return made


@pytest.fixture
def hand(canvas: Canvas) -> Hand:
    return Hand(canvas)
