"""Keeps docks in proportion: larger text takes wider docks, and the graph in the middle keeps its room."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QDockWidget, QMainWindow

from studio.gui import fonts
from studio.gui.style.measures import (
    BOTTOM_HEIGHT,
    INSPECTOR_WIDTH,
    PALETTE_WIDTH,
    STATUS_HEIGHT,
    TABS_HEIGHT,
    TOOLBAR_HEIGHT,
)
from studio.gui.widgets.text_size import follow_text

FIRST = {"Palette": PALETTE_WIDTH, "Inspector": INSPECTOR_WIDTH, "Curves": BOTTOM_HEIGHT}
"""How wide, or at the foot how high, docks are at first."""
SHARES = {"Palette": 0.25, "Inspector": 0.34, "Curves": 0.4}
"""How much of the room for docks and graph they take at most, unless the person gives them more."""
BARS = TOOLBAR_HEIGHT + 2 * TABS_HEIGHT + STATUS_HEIGHT
SIDES = (Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea)


class DockSizes(QObject):
    """Follows the size of text and of the window, from the sizes that the person gave the docks."""

    def __init__(self, window: QMainWindow, docks: Mapping[str, QDockWidget]) -> None:
        super().__init__(window)
        self._window, self._docks = window, docks
        self._wanted: dict[str, float] = dict(FIRST)
        """At normal text size."""
        self._before: dict[str, int] = {}
        """Sizes when the mouse was pressed on an edge between docks."""
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.share_out)
        window.installEventFilter(self)
        follow_text(window, self._soon.start)

    def begin(self) -> None:
        """Give the docks the sizes that they have at first."""
        self._wanted = dict(FIRST)
        self.share_out()

    def adopt(self) -> None:
        """Keep the sizes that the docks have, as soon as Qt has given them."""
        self._before = {}
        QTimer.singleShot(0, self, self._remember)

    def share_out(self) -> None:
        """Give the docks the sizes that are wanted, as far as they leave room for the graph."""
        for name in self._sizes():
            is_low = name == "Curves"
            room = self._window.height() - fonts.scaled(BARS) if is_low else self._window.width()
            size = min(round(self._wanted[name] * _factor()), round(room * SHARES[name]))
            direction = Qt.Orientation.Vertical if is_low else Qt.Orientation.Horizontal
            self._window.resizeDocks([self._docks[name]], [size], direction)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # The edges between docks belong to the window itself.
        if event.type() == QEvent.Type.Resize:
            self._soon.start()
        elif event.type() == QEvent.Type.MouseButtonPress:
            self._before = self._sizes()
        elif event.type() == QEvent.Type.MouseButtonRelease and self._before:  # pressed elsewhere, it moved no edge
            QTimer.singleShot(0, self, self._remember)
        return False

    def _remember(self) -> None:
        """What differs from before is as the person wants it."""
        for name, size in self._sizes().items():
            if size != self._before.get(name):
                self._wanted[name] = size / _factor()
        self._before = {}

    def _sizes(self) -> dict[str, int]:
        """The sizes of docks that stand on their side of the window."""
        found = {}
        for name in FIRST:
            dock = self._docks[name]
            is_aside = self._window.dockWidgetArea(dock) in SIDES
            if not dock.isFloating() and not dock.isHidden() and is_aside is (name != "Curves"):
                found[name] = dock.width() if is_aside else dock.height()
        return found


def _factor() -> float:
    """How many times their size docks are: smaller text leaves them as they are, for what stands in them."""
    return max(1.0, fonts.scaled(100) / 100)
