"""How a window opens and edits ResNet-152 with every layer a node: ``python -m tests.benchmarks.resnet``."""

from __future__ import annotations

import os
import statistics
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from studio.core.graph import Graph
from studio.core.project import Project
from studio.gui.window import Window
from tests.benchmarks.canvas import HEADING, Bench, Paints, tell
from tests.benchmarks.editing import BUDGETS, CONTROL, ROUNDS, end, line, on_screen, reshaped, settle, window_on
from tests.benchmarks.fresh_home import fresh_home
from tests.networks import on_digits, resnet

DEPTH = 152
MIDDLE = "layer3.17 conv2"
NARROWED = "layer3.17 conv3"
STRIDE = QPoint(-11, 5)
GESTURE = 8.0
"""The budget of a gesture at 2,000 nodes."""
STAGE = "layer4"
EMPTY = Project(graphs={"Network": Graph()})


def openings(window: Window) -> list[float]:
    """Milliseconds of CPU time until the project is painted, opened in place of an empty one."""
    paints, project, times = Paints(), window.document.project, []
    window.workspace.canvas.viewport().installEventFilter(paints)
    for _ in range(ROUNDS):
        window.document.open(EMPTY)
        settle(window)
        times.append(on_screen(window, paints, lambda: window.document.open(project)))
    return times


def deleted_and_back(window: Window) -> tuple[list[float], list[float]]:
    """Milliseconds of deleting the last stage by the key, and of undoing it."""
    canvas, paints = window.workspace.canvas, Paints()
    canvas.viewport().installEventFilter(paints)
    deleted, undone = [], []
    for _ in range(ROUNDS):
        project = window.document.project
        canvas.setFocus()
        canvas.select([name for name in window.workspace.place.graph.nodes if name.startswith(STAGE)])
        settle(window)
        deleted.append(on_screen(window, paints, lambda: QTest.keyClick(canvas, Qt.Key.Key_Delete)))
        settle(window)
        undone.append(on_screen(window, paints, lambda: QTest.keyClick(canvas, Qt.Key.Key_Z, CONTROL)))
        assert window.document.project is project
        settle(window)
    return deleted, undone


def measure() -> None:
    """Print a row for every gesture and edit."""
    name = f"ResNet-{DEPTH}"
    window = window_on(on_digits(name, **{name: resnet(DEPTH)}))
    count = len(window.workspace.place.graph.nodes)
    print(HEADING)
    opened = openings(window)
    tell(count, "open", (statistics.median(opened), max(opened)))
    settle(window)
    for gesture, times in Bench(window.workspace.canvas, MIDDLE, STRIDE).gestures():
        tell(count, gesture, times, GESTURE)
    print(line("a new shape, on screen", reshaped(window, NARROWED), BUDGETS["edit"]))
    deleted, undone = deleted_and_back(window)
    print(line(f"delete {STAGE}", deleted, BUDGETS["delete"]))
    print(line("undo it", undone, BUDGETS["undo"]))
    end(window)


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        os.environ.update(fresh_home(Path(home)))
        measure()


if __name__ == "__main__":
    main()
