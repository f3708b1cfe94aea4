"""One story in a window that a real X server shows."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

STORY = """
import sys
from PySide6.QtCore import QPoint, QTimer, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from studio.gui import asking
from studio.gui.preferences import Preferences
from studio.gui.window import Window, dress

app = QApplication([])
asking.ask = lambda *_: "Discard"
preferences = Preferences()
dress(preferences)
window = Window(None, preferences)
window.resize(1400, 900)

def story():
    left = Qt.MouseButton.LeftButton
    window.activateWindow()
    QTest.qWaitForWindowActive(window)
    QTest.mouseClick(window.start.gallery.cards["lenet5"], left)
    canvas = window.workspace.canvas
    QTest.mouseClick(canvas.viewport(), left, pos=canvas.point_of("Flatten"))
    QTest.keyClick(canvas, Qt.Key.Key_Delete)
    print("problems", len(window.document.diagnosis.problems) > 0)
    QTest.keyClick(canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    print("mended", window.document.diagnosis.can_run)
    print("platform", QGuiApplication.platformName())
    print("painted", not window.grab().toImage().allGray())
    window.close()

window.prepared.connect(lambda: QTimer.singleShot(300, story))
window.show()
sys.exit(app.exec())
"""


@pytest.mark.xvfb
def test_a_network_is_edited_in_a_real_window(home: Path):
    environment = {**os.environ, "QT_QPA_PLATFORM": "xcb", "LAYERLOOM_HOME": str(home)}
    command = ["xvfb-run", "-a", "-s", "-screen 0 1600x1000x24", sys.executable, "-c", STORY]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["problems True", "mended True", "platform xcb", "painted True"]
