"""How long a frame of every gesture takes on large graphs, by real events: `python -m tests.benchmarks.canvas`."""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from math import ceil
from random import Random

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPixmap, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.compiler.check import check
from studio.core.graph import Graph, Link, Links, Node
from studio.core.project import Project
from studio.gui import theme
from studio.gui.canvas.batch import draw_rects
from studio.gui.canvas.canvas import Canvas

WIDTH, HEIGHT = 1600, 1000
SIZES = (50, 500, 2_000, 10_000)
COLUMN, ROW = 240.0, 176.0
LINKS_PER_NODE = 1.3
FRAMES = 40
NAME = "Benchmark"
LONGEST_WAIT = 5.0
BUDGETS = {2_000: 8.0, 10_000: 16.0}
OPEN_BUDGET = {2_000: 0.35}

Pair = tuple[float, float]


def large_graph(count: int) -> Graph:
    """Rows of convolutions with sums between them; three more links for every ten nodes skip ahead."""
    chance, columns = Random(0), max(4, round((count * WIDTH * ROW / (HEIGHT * COLUMN)) ** 0.5))
    nodes = {"Image": Node("Input", {"kind": "image", "sizes": (8, 32, 32)}, (0.0, 0.0))}
    links, names = [], ["Image"]
    sums = set(chance.sample(range(1, count), round((LINKS_PER_NODE - 1) * count)))
    for index in range(1, count):
        place = (index % columns * COLUMN, index // columns * ROW)
        if index in sums:
            name = f"Sum {index}"
            nodes[name] = Node("Add", {}, place)
            skipped = names[max(0, len(names) - chance.randrange(2, 2 * columns))]
            links += [Link(source, "out", name, "values") for source in (names[-1], skipped)]
        else:
            name = f"Conv {index}"
            nodes[name] = Node("Conv2d", {"filters": 8, "kernel": 3, "padding": 1}, place)
            links.append(Link(names[-1], "out", name, "image"))
        names.append(name)
    return Graph(nodes, Links(links))


class Paints(QObject):
    """Counts the paints of a widget."""

    count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        self.count += event.type() == QEvent.Type.Paint
        return False


def opened(graph: Graph) -> tuple[Bench, float]:
    """A canvas on a graph, and the seconds of CPU time until it was painted."""
    project = Project(graphs={NAME: graph})
    result = check(project).graphs[NAME]
    canvas = Canvas()
    canvas.resize(WIDTH, HEIGHT)
    canvas.show()
    bench = Bench(canvas, list(graph.nodes)[len(graph.nodes) // 2 + round(len(graph.nodes) ** 0.5) // 2])
    QApplication.processEvents()
    start = time.process_time()
    canvas.show_graph(project, NAME, result)
    bench.wait()
    return bench, time.process_time() - start


class Bench:
    """One graph on one canvas; every step is an event and the frame that answers it."""

    def __init__(self, canvas: Canvas, middle: str, stride: QPoint | None = None) -> None:
        self.canvas, self.middle, self.paints = canvas, middle, Paints()
        self._stride = stride
        """Steps of a drag, where neighbours that a node lines up with would hold it in shorter ones."""
        canvas.viewport().installEventFilter(self.paints)

    def place(self, across: float, down: float) -> QPoint:
        """A point of the view by its shares of the width and the height."""
        return QPoint(round(self.canvas.viewport().width() * across), round(self.canvas.viewport().height() * down))

    def wait(self) -> None:
        """Let the events run until the canvas has painted."""
        before, until = self.paints.count, time.monotonic() + LONGEST_WAIT
        while self.paints.count == before:
            QApplication.processEvents()
            if time.monotonic() > until:
                raise RuntimeError("an event changed nothing that is painted")

    def look(self, zoom: str) -> None:
        """At all of it, or at the node in the middle at 100 %."""
        self.canvas.lens.fit()
        if zoom == "100":
            camera = self.canvas.lens.camera
            x, y = camera.to_view(self.canvas.drawing.nodes.rect(self.middle)[:2])
            near = camera.zoomed(1.0, (x, y))
            center = self.canvas.lens.center
            self.canvas.lens.look(near.panned(center[0] - x, center[1] - y))
        self.canvas.finish()
        self.wait()

    def mouse(self, kind: QEvent.Type, at: QPoint, button: Qt.MouseButton) -> None:
        whole = QPointF(self.canvas.viewport().mapToGlobal(at))
        event = QMouseEvent(kind, QPointF(at), whole, button, button, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(self.canvas.viewport(), event)

    def wheel(self, angle: int) -> None:
        at = QPointF(self.place(0.5, 0.5) + QPoint(3, 5))
        event = QWheelEvent(
            at,
            at,
            QPoint(),
            QPoint(0, angle),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(self.canvas.viewport(), event)

    def timed(self, steps: Iterator[Callable[[], object]]) -> Pair:
        """Median and 95th percentile, in ms of CPU time, of events with their frames."""
        times = []
        for step in steps:
            start = time.process_time()
            step()
            self.wait()
            times.append((time.process_time() - start) * 1000)
        kept = sorted(times)
        return statistics.median(kept), kept[int(0.95 * (len(kept) - 1))]

    def drag(self, start: QPoint, step: QPoint, button: Qt.MouseButton) -> Pair:
        """Press, move in steps, and take it back."""
        self.mouse(QEvent.Type.MouseButtonPress, start, button)
        self.mouse(QEvent.Type.MouseMove, start + step, button)
        moves = (lambda i=i: self.mouse(QEvent.Type.MouseMove, start + step * i, button) for i in range(2, FRAMES + 2))
        result = self.timed(moves)
        QTest.keyClick(self.canvas, Qt.Key.Key_Escape)
        self.wait()
        return result

    def gestures(self) -> Iterator[tuple[str, Pair]]:
        """Every gesture at 100 % and with everything in view."""
        left, middle = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
        for zoom in ("100", "fit"):
            self.look(zoom)
            yield f"pan {zoom}", self.drag(self.place(0.875, 0.8), QPoint(-9, -7), middle)
            self.look(zoom)
            turns = [120] * 6 + [-120] * 12 + [120] * 6 + [-120, 120] * 8
            yield f"zoom {zoom}", self.timed(lambda turn=turn: self.wheel(turn) for turn in turns)
            yield f"sharpen {zoom}", self.sharpen()
            self.look(zoom)
            step = max(3, ceil(8 * self.canvas.lens.camera.scale))
            stride = self._stride or QPoint(step, step)
            yield f"drag {zoom}", self.drag(self.canvas.point_of(self.middle), stride, left)
            self.look(zoom)
            yield f"box {zoom}", self.drag(self.empty_place(), self.place(0.015, 0.014), left)

    def empty_place(self) -> QPoint:
        """A point of the view with nothing under it."""
        drawing, camera = self.canvas.drawing, self.canvas.lens.camera
        for offset in range(2, 900, 7):
            point = camera.to_scene((float(offset), float(offset) / 2))
            if drawing.node_at(point) is None and drawing.port_at(point) is None and not drawing.link_at(point, 12):
                return QPoint(offset, offset // 2)
        raise RuntimeError("no empty place in view")

    def sharpen(self) -> Pair:
        """Frames after a zoom has paused, at sixteen zooms where nothing is painted yet."""
        camera, times = self.canvas.lens.camera, []
        for index in range(16):
            self.canvas.lens.zoom(camera.zoomed(camera.zoom * (1.011 + 0.002 * index), self.canvas.lens.center))
            self.wait()
            self.canvas.lens.paused.emit()
            while self.canvas.lens.held_rect() is not None:
                start = time.process_time()
                QApplication.processEvents()
                times.append((time.process_time() - start) * 1000)
            start = time.process_time()
            self.wait()
            times.append((time.process_time() - start) * 1000)
        kept = sorted(times)
        return statistics.median(kept), kept[int(0.95 * (len(kept) - 1))]


def floor(count: int) -> Pair:
    """A bare batch of as many rectangles as there are nodes, painted to a pixmap of the same size."""
    rng, target = np.random.default_rng(0), QPixmap(WIDTH, HEIGHT)
    side = (WIDTH * HEIGHT / count / 3) ** 0.5
    rects = np.concatenate([rng.uniform(0, (WIDTH, HEIGHT), (count, 2)), np.full((count, 2), side)], axis=1)
    times = []
    for _ in range(FRAMES):
        start = time.process_time()
        with QPainter(target) as painter:
            painter.fillRect(0, 0, WIDTH, HEIGHT, QColor("#14171B"))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor("#8299DD"))
            draw_rects(painter, rects)
        times.append((time.process_time() - start) * 1000)
    return statistics.median(times), sorted(times)[int(0.95 * (FRAMES - 1))]


HEADING = "gesture        nodes   median      p95   (ms of CPU time for an event and its frame)"


def tell(count: int, name: str, times: Pair, budget: float | None = None) -> None:
    """Print a row of the table."""
    note = f"   budget {budget:g}, p95 {2 * budget:g}" if budget else ""
    print(f"{name:12s} {count:7d} {times[0]:8.2f} {times[1]:8.2f}{note}")


def main() -> None:
    app = QApplication.instance() or QApplication([])
    theme.apply(app, theme.DARK)  # type: ignore[arg-type]
    sizes = tuple(map(int, sys.argv[1:])) or SIZES
    print(HEADING)
    for count in sizes:
        bench, seconds = opened(large_graph(count))
        limit = OPEN_BUDGET.get(count)
        print(f"{'open':12s} {count:7d} {seconds * 1000:8.1f}" + (f"   budget {limit * 1000:g}" if limit else ""))
        for name, times in bench.gestures():
            tell(count, name, times, BUDGETS.get(count))
        tell(count, "bare batch", floor(count))
        bench.canvas.close()


if __name__ == "__main__":
    main()
