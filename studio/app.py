"""Starts the window: nothing but Qt and light modules before it is seen, and never torch."""

from __future__ import annotations

import gc
import os
import signal
import sys


def main(project_or_run: str | None = None) -> int:
    """Open the window on a template's name, a .loom file, a run's folder or the start page; the exit status."""
    gc.disable()  # it would take a tenth of the time to the first paint; from then on the heartbeat looks for garbage
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from studio.gui import garbage
    from studio.gui.preferences import Preferences
    from studio.gui.window import Window, dress

    os.environ.setdefault("QT_ENABLE_HIGHDPI_SCALING", "1")
    app = QApplication.instance() or QApplication(sys.argv[:1])
    app.setApplicationName("layerloom")
    preferences = Preferences()
    dress(preferences)
    window = Window(project_or_run, preferences)
    window.show()
    # Python sees Ctrl+C of a terminal only when Qt lets it run.
    windows = window.windows
    signal.signal(signal.SIGINT, lambda *_: windows.close_all())
    heartbeat = QTimer()
    heartbeat.start(500)
    heartbeat.timeout.connect(garbage.collect)
    return app.exec()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else None))
