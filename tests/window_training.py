"""Trains a template as a person does, by its card and the button Train: ``python -m tests.window_training NAME``.

Ends with the training; the run lies where the program keeps runs, and holds everything that was told.
"""

from __future__ import annotations

import gc
import sys

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from studio.gui.preferences import Preferences
from studio.gui.training.state import State
from studio.gui.window import Window, dress

OVER = (State.FINISHED, State.FAILED, State.DIED)


def main(name: str) -> int:
    """Train the template to its end; 0 where it came to the end that it should."""
    gc.disable()  # as in the program
    app = QApplication(["layerloom"])
    preferences = Preferences()
    dress(preferences)
    window = Window(None, preferences)
    window.resize(1600, 1000)
    window.prepared.connect(lambda: begin(window, name))
    window.show()
    app.exec()
    finished = window.session.state is State.FINISHED
    window.close()
    return 0 if finished else 1


def begin(window: Window, name: str) -> None:
    """Choose the card of the template, and train as soon as the project is there."""
    window.session.state_changed.connect(lambda state: QApplication.quit() if state in OVER else None)
    click(window.start.gallery.cards[name])
    QTimer.singleShot(0, lambda: click(window.workbench.controls.train))


def click(widget: QWidget) -> None:
    """Press the middle of it."""
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=widget.rect().center())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
