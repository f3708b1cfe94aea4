"""How soon the window is painted, beside a bare Qt window with two docks: `python -m tests.benchmarks.start`."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.fresh_home import fresh_home

BUDGET, ROUNDS = 1.2, 9

WATCH = """
import os, sys, time
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

class Watch(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and isinstance(watched, QMainWindow):
            QTimer.singleShot(0, self.tell)
        return False

    def tell(self):
        heavy = {"torch", "torchvision", "onnx", "pyqtgraph", "numpy", "pydantic"} & sys.modules.keys()
        print(time.time() - float(os.environ["BORN"]), time.process_time(), ",".join(sorted(heavy)), flush=True)
        os._exit(0)

app = QApplication(["layerloom"])
watch = Watch()
app.installEventFilter(watch)
"""

BARE = """
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QLabel

window = QMainWindow()
window.menuBar().addMenu("File").addAction("Open")
window.setCentralWidget(QLabel("centre"))
for area in (Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea):
    dock = QDockWidget("dock")
    dock.setWidget(QLabel("inside"))
    window.addDockWidget(area, dock)
window.resize(1600, 1000)
window.show()
app.exec()
"""

OURS = "from studio.app import main\nmain()\n"


def first_paint(script: str, compiled: str) -> tuple[float, float, str]:
    """Wall seconds since the process was asked for, its CPU seconds, and what was imported by then that should not.

    ``compiled`` is a folder for bytecode, which an installed program has.
    """
    own = {"BORN": str(time.time()), "PYTHONPYCACHEPREFIX": compiled, **fresh_home(Path(compiled))}
    environment = {**os.environ, **own}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-c", WATCH + script]
    output = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    wall, cpu, *heavy = output.split()
    return float(wall), float(cpu), " ".join(heavy)


def main() -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as compiled:
        first_paint(BARE, compiled), first_paint(OURS, compiled)  # these compile, and read the disk
        rows = [(first_paint(BARE, compiled), first_paint(OURS, compiled)) for _ in range(ROUNDS)]
    for at, clock in enumerate(("wall", "CPU")):
        bare, ours = (statistics.median(row[who][at] for row in rows) for who in (0, 1))
        ratio = statistics.median(row[1][at] / row[0][at] for row in rows)
        times = f"bare {bare * 1000:6.0f} ms   ours {ours * 1000:6.0f} ms"
        print(f"{clock:5} {times}   ratio {ratio:.2f}   budget {BUDGET}")
    print(json.dumps({"imported before the first paint": sorted({row[1][2] for row in rows if row[1][2]})}))


if __name__ == "__main__":
    main()
