"""How soon a table of 500 runs is there, and how long the window ever waits: `python -m tests.benchmarks.runs`."""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from studio.core.catalog import catalog
from studio.gui import theme
from studio.gui.runs.reader import Reader
from studio.gui.runs.table import RunsTable
from tests.training.runs import epoch, finished, run_with, started, step

RUNS, EPOCHS, STEPS = 500, 20, 40
SIZE = (700, 272)


def make_runs(place: Path) -> None:
    """Runs of LeNet-5, each with 20 epochs of which 40 steps were told."""
    project = catalog().make_project("lenet5")
    events = [started()]
    for number in range(1, EPOCHS + 1):
        events += [*map(step, range((number - 1) * STEPS + 1, number * STEPS + 1)), epoch(number, number / 100)]
    first = run_with(*events, finished(0.9), folder=place / "run-0", project=project)
    project_text, event_text = first.project_file.read_bytes(), first.events_file.read_bytes()
    for number in range(1, RUNS):
        folder = place / f"run-{number}"
        (folder / "checkpoints").mkdir(parents=True)
        (folder / "project.loom").write_bytes(project_text)
        (folder / "events.jsonl").write_bytes(event_text)


class Watch(QObject):
    """Notes when rows were first shown, when all were read, and the longest time between two turns of the loop."""

    def __init__(self, table: RunsTable, reader: Reader) -> None:
        super().__init__()
        self._table, self._reader = table, reader
        self.first = self.last = self.longest = 0.0
        self._began = self._turn = 0.0
        reader.found.connect(self._show)
        reader.done.connect(self._end)
        self._beat = QTimer(self)
        self._beat.timeout.connect(self._note)

    def measure(self, place: Path) -> tuple[float, float, float]:
        """Read the runs once: ms to the first rows, to the last, and of the longest wait."""
        self.first = self.last = self.longest = 0.0
        self._began = self._turn = time.perf_counter()
        self._beat.start(0)
        self._reader.read([place])
        while not self.last:
            QApplication.processEvents()
        self._beat.stop()
        return self.first * 1000, self.last * 1000, self.longest * 1000

    def _show(self, rows: object) -> None:
        self._table.show_rows(rows)  # type: ignore[arg-type]
        self._table.viewport().repaint()
        self.first = self.first or time.perf_counter() - self._began

    def _end(self) -> None:
        self.last = time.perf_counter() - self._began

    def _note(self) -> None:
        now = time.perf_counter()
        self.longest, self._turn = max(self.longest, now - self._turn), now


def median_ms(do: Callable[[], object], repeats: int = 15) -> float:
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        do()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def main() -> None:
    """Print the table."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    theme.apply(app, theme.DARK)
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        make_runs(place)
        table = RunsTable()
        table.resize(*SIZE)
        table.show()
        QApplication.processEvents()
        watch = Watch(table, Reader(table))
        print(f"{RUNS} runs, {EPOCHS * (STEPS + 1) + 2} events each: ms")
        for title in ("read for the first time", "read again"):
            first, last, longest = watch.measure(place)
            print(f"{title:<24} first rows {first:7.1f}   all read {last:7.1f}   longest wait {longest:6.1f}")
        orders = (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder)
        print(
            f"sort by the best figure  {median_ms(lambda: [table.sortByColumn(3, order) for order in orders]) / 2:6.1f}"
        )
        print(f"search                   {median_ms(lambda: table.runs.filter('run-4 finished')):6.1f}")


if __name__ == "__main__":
    main()
