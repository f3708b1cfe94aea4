"""The way into blocks, over the canvas: every level a button that goes back to it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio.gui.emptying import empty
from studio.gui.widgets.button import Button, Kind

MOST_STEPS = 6
"""Of a longer way the beginning and the end are shown."""


class Breadcrumb(QWidget):
    """``chosen`` carries how many of the blocks are entered at the level that a person goes back to."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("The way to this graph")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._shown: tuple[str, ...] = ()

    def show_way(self, root: str, path: Sequence[str]) -> None:
        """Show the graph of the tab and the blocks that were entered from there; nothing where none was."""
        steps = (root, *path) if path else ()
        if steps == self._shown:
            return
        self._shown = steps
        empty(self._row)
        for depth, step in enumerate(steps):
            if len(steps) > MOST_STEPS and 1 <= depth <= len(steps) - MOST_STEPS:
                if depth > 1:
                    continue
                step = "…"
            button = Button(step, icon="chevron-right" if depth else "", kind=Kind.QUIET, small=True)
            button.setEnabled(depth < len(steps) - 1)
            button.setAccessibleName(f"Go back to {step}" if button.isEnabled() else f"{step}, which is shown")
            button.clicked.connect(lambda _=False, depth=depth: self.chosen.emit(depth))
            self._row.addWidget(button)
        self.setVisible(bool(steps))
