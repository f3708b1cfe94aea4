"""How long an edit takes until the whole window shows it, by real keys: `python -m tests.benchmarks.editing`."""

from __future__ import annotations

import gc
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.core import loom
from studio.core.project import Project
from studio.gui import garbage
from studio.gui.preferences import Preferences
from studio.gui.training.session import Session
from studio.gui.window import Window, dress
from tests.benchmarks.canvas import NAME, Paints, large_graph
from tests.benchmarks.fresh_home import fresh_home

DELETED, EDITED, LARGE = 500, 500, 2_000
ROUNDS = 9
CONTROL = Qt.KeyboardModifier.ControlModifier
BUDGETS = {"delete": 50.0, "undo": 50.0, "edit": 16.0, "memory": 46.0}

MEMORY = """
import sys
from tests.benchmarks.editing import large_project, resident, window_on
window = window_on(large_project(int(sys.argv[1])))
print(resident())
"""


def large_project(count: int) -> Project:
    return Project(graphs={NAME: large_graph(count)})


def window_on(project: Project) -> Window:
    """The window, ready, with a project in view; it has no training process.

    As in the program, garbage is looked for between events alone.
    """
    gc.disable()
    app = QApplication.instance() or QApplication(["layerloom"])
    assert isinstance(app, QApplication)
    Session.warm = lambda self: None  # type: ignore[method-assign]
    preferences = Preferences()
    dress(preferences)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "large.loom"
        loom.save(project, file)
        window = Window(str(file), preferences)
        window.resize(1600, 1000)
        window.show()
        until = time.monotonic() + 60
        while not window.at_work and time.monotonic() < until:
            app.processEvents()
    settle(window)
    return window


def settle(window: Window) -> None:
    """Let everything run that waits for a pause."""
    garbage.collect()
    until = time.monotonic() + 0.5
    while time.monotonic() < until:
        QApplication.processEvents()
    window.workspace.canvas.finish()
    QApplication.processEvents()


def end(window: Window) -> None:
    """Close a window, and let nothing of it live on beside the next one."""
    window.close()
    window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    garbage.collect()


def on_screen(window: Window, paints: Paints, do: Callable[[], object]) -> float:
    """Milliseconds of CPU time until the canvas has painted what was done."""
    before, start = paints.count, time.process_time()
    do()
    until = time.monotonic() + 5.0
    while paints.count == before:
        QApplication.processEvents()
        if time.monotonic() > until:
            raise RuntimeError("an edit changed nothing that is painted")
    return (time.process_time() - start) * 1000


def deletions() -> tuple[list[float], list[float]]:
    """Milliseconds of deleting 500 of 2,000 nodes by the key, and of undoing it; the project comes back as it was."""
    window, paints = window_on(large_project(LARGE)), Paints()
    canvas = window.workspace.canvas
    canvas.viewport().installEventFilter(paints)
    deleted, undone = [], []
    for turn in range(ROUNDS):
        project, text = window.document.project, loom.dumps(window.document.project)
        names = list(project.graphs[NAME].nodes)[100 + turn :: 3][:DELETED]
        canvas.setFocus()
        canvas.select(names)
        settle(window)
        deleted.append(on_screen(window, paints, lambda: QTest.keyClick(canvas, Qt.Key.Key_Delete)))
        assert len(window.document.project.graphs[NAME].nodes) == LARGE - DELETED
        settle(window)
        undone.append(on_screen(window, paints, lambda: QTest.keyClick(canvas, Qt.Key.Key_Z, CONTROL)))
        assert window.document.project is project
        assert loom.dumps(window.document.project) == text
        settle(window)
    end(window)
    return deleted, undone


def edits() -> list[float]:
    """Milliseconds of changing the shape that leaves a node in the middle of 500, every node in view."""
    window = window_on(large_project(EDITED))
    names = [name for name in window.document.project.graphs[NAME].nodes if name.startswith("Conv")]
    times = reshaped(window, names[len(names) // 2])
    end(window)
    return times


def reshaped(window: Window, name: str) -> list[float]:
    """Milliseconds of changing the filters of a convolution, every node in view; the project comes back as it was."""
    canvas, paints, times = window.workspace.canvas, Paints(), []
    canvas.viewport().installEventFilter(paints)
    graph_name = window.workspace.place.graph_name
    canvas.select({name})
    canvas.lens.fit()
    settle(window)
    for turn in range(ROUNDS):
        graph = window.document.project.graphs[graph_name]
        edited = graph.put({name: graph.nodes[name].set(filters=9 + turn)})
        edit = partial(window.document.apply_graph, graph_name, edited, f"Filters {turn}")
        times.append(on_screen(window, paints, edit))
        settle(window)
    while window.document.is_edited:
        window.document.undo()
    return times


def resident() -> float:
    """Memory of this process in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def memory_of(count: int) -> float:
    done = subprocess.run([sys.executable, "-c", MEMORY, str(count)], capture_output=True, text=True, check=True)
    return float(done.stdout)


def line(what: str, times: list[float], budget: float) -> str:
    kept = sorted(times)
    late = kept[round(0.95 * (len(kept) - 1))]
    return f"{what:44} median {statistics.median(kept):7.1f}   p95 {late:7.1f} ms   budget {budget:g}"


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        os.environ.update(fresh_home(Path(home)))
        measure()


def measure() -> None:
    """Print a line for each kind of edit."""
    deleted, undone = deletions()
    print(line(f"delete {DELETED} of {LARGE:,} nodes", deleted, BUDGETS["delete"]))
    print(line("undo it", undone, BUDGETS["undo"]))
    print(line(f"a new shape at {EDITED} nodes, on screen", edits(), BUDGETS["edit"]))
    grown = memory_of(LARGE) - memory_of(2)
    print(f"{f'memory of {LARGE:,} nodes over two':44} {grown:14.1f} MB           budget {BUDGETS['memory']:g}")


if __name__ == "__main__":
    main()
