"""How long a repaint of a live plot takes, beside pyqtgraph's own curves: `python -m tests.benchmarks.curves`."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtWidgets import QApplication, QWidget

from studio.gui import theme
from studio.gui.curves.plot import CurvePlot

SIZE = (1200, 800)
SERIES = (1, 4, 16)
POINTS = (10_000, 100_000, 1_000_000)
BUDGET_MS, BUDGET_RATIO = 33.0, 1.3


def noise(points: int, count: int) -> list[NDArray[np.float64]]:
    """Curves that fill the whole plot: the worst case for a painter."""
    rng = np.random.default_rng(0)
    return [rng.normal(size=points) + 0.1 * index for index in range(count)]


def measure(widget: QWidget, step: Callable[[int], None], repeats: int) -> tuple[float, float]:
    """Median and 95th percentile, in ms of CPU time, of a step and the repaint that follows it."""
    times = []
    for index in range(repeats + 2):
        start = time.process_time()
        step(index)
        widget.repaint()
        times.append((time.process_time() - start) * 1000)
    kept = sorted(times[2:])
    return statistics.median(kept), kept[int(0.95 * (len(kept) - 1))]


def ours(curves: list[NDArray[np.float64]], repeats: int) -> tuple[float, float]:
    """One point more for every curve, and a repaint with the whole history in view."""
    plot = CurvePlot("Benchmark")
    plot.resize(*SIZE)
    for index, values in enumerate(curves):
        plot.append(f"run {index}", np.arange(values.size), values)
    plot.show()
    QApplication.processEvents()

    def step(at: int) -> None:
        for index, values in enumerate(curves):
            plot.append(f"run {index}", values.size + at, 0.0)
        plot.draw_now()

    result = measure(plot.area.view.viewport(), step, repeats)
    plot.close()
    return result


def theirs(curves: list[NDArray[np.float64]], repeats: int) -> tuple[float, float]:
    """The same with one `PlotDataItem` per curve and default settings."""
    plot = pg.PlotWidget()
    plot.resize(*SIZE)
    room = [np.append(values, np.zeros(repeats + 2)) for values in curves]
    items = [plot.plot(pen=pg.mkPen(pg.intColor(index), width=1)) for index in range(len(curves))]
    plot.show()
    QApplication.processEvents()

    def step(at: int) -> None:
        for item, values, padded in zip(items, curves, room, strict=True):
            item.setData(padded[: values.size + at + 1])

    result = measure(plot.viewport(), step, repeats)
    plot.close()
    return result


def main() -> None:
    """Print the table and say which budgets are held."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    theme.apply(app, theme.DARK)
    print(f"CPU ms of one point more and a repaint at {SIZE[0]}x{SIZE[1]}: median / p95")
    print(f"{'curves':>6} {'points':>9} {'ours':>15} {'pyqtgraph':>17} {'times':>6} {'to 10k':>6}")
    medians: dict[tuple[int, int], float] = {}
    for count in SERIES:
        for points in POINTS:
            curves = noise(points, count)
            own, own_late = ours(curves, 30)
            other, other_late = theirs(curves, 5)
            medians[count, points] = own
            growth = own / medians[count, POINTS[0]]
            print(
                f"{count:>6} {points:>9,} {own:>7.1f} /{own_late:>6.1f} {other:>8.1f} /{other_late:>7.1f}"
                f" {other / own:>6.1f} {growth:>6.2f}"
            )
    worst = medians[SERIES[-1], POINTS[-1]]
    growth = worst / medians[SERIES[-1], POINTS[0]]
    print(f"16 x 1M: {worst:.1f} ms of {BUDGET_MS} allowed; {growth:.2f} times 10k of {BUDGET_RATIO} allowed")


if __name__ == "__main__":
    main()
