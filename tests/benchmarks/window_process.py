"""The real window in a process of its own, offscreen, with a training that it started and draws."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from studio.core import loom
from studio.core.project import Project
from studio.training.run import Run
from tests.benchmarks.fresh_home import fresh_home

WINDOW = """
import gc, sys
gc.disable()  # as in the program
from PySide6.QtWidgets import QApplication
from studio.gui.preferences import Preferences
from studio.gui.window import Window, dress

app = QApplication(["layerloom"])
preferences = Preferences()
dress(preferences)
window = Window(sys.argv[1], preferences)
window.prepared.connect(lambda: window.run("Train"))
window.resize(1600, 1000)
window.show()
app.exec()
"""


@contextmanager
def training_window(project: Project, folder: Path) -> Iterator[tuple[int, Run]]:
    """A window that trains the project: its process and the run, which has begun. It ends with the block."""
    file = folder / "project.loom"
    loom.save(project, file)
    environment = {**os.environ, **fresh_home(folder), "QT_QPA_PLATFORM": "offscreen"}
    environment.pop("OMP_NUM_THREADS", None)
    with subprocess.Popen([sys.executable, "-c", WINDOW, file], env=environment) as window:
        try:
            yield window.pid, _begun(folder)
        finally:
            window.terminate()


def _begun(folder: Path) -> Run:
    """The run of the window, once it has trained a little."""
    for _ in range(240):
        time.sleep(0.5)
        for events in folder.rglob("events.jsonl"):
            run = Run(events.parent)
            if run.status().step >= 100:
                return run
    raise TimeoutError("the window did not train within two minutes")
