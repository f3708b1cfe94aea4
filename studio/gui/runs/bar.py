"""The row over the table of runs: the search, and what can be done with the runs that are selected."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QWidget

from studio.gui import fonts
from studio.gui.runs.rows import Row
from studio.gui.style.measures import GRID
from studio.gui.widgets.button import Button, Kind
from studio.gui.widgets.search import SearchField
from studio.gui.widgets.text_size import follow_text, give_way
from studio.training.run import Run

GOES_ON = ("interrupted", "failed")
"""States in which a run can go on; one that is paused has a process, which alone goes on with it."""

LEAST_SEARCH = 150

ONE = "Select one run first."
SEVERAL = "Select two runs or more first."
SOME = "Select runs first."
BUSY = "The training that runs has to end first."
ENDED = "Only a training that was interrupted can go on."


class RunBar(QWidget):
    """``wanted`` carries the text of the button that was pressed."""

    wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.search = SearchField("Search the runs")
        texts = {"Open": "open", "Resume": "resume", "Checkpoints": "fork", "Compare": "combine", "Overlay": "loss"}
        self.buttons = {text: Button(text, icon=icon, small=True) for text, icon in texts.items()}
        self.buttons["Overlay"].setCheckable(True)
        names = {"columns": ("grid", "Choose the columns"), "more": ("more", "More to do with runs")}
        for key, (icon, name) in names.items():
            self.buttons[key] = Button(icon=icon, name=name, kind=Kind.QUIET, small=True)
        row = self._row = QHBoxLayout(self)
        row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        row.setContentsMargins(GRID, GRID // 2, GRID, GRID // 2)
        row.setSpacing(GRID // 2)
        follow_text(self.search, lambda: self.search.setMinimumWidth(fonts.scaled(LEAST_SEARCH)))
        row.addWidget(self.search, 1)
        for text, button in self.buttons.items():
            row.addWidget(button)
            button.clicked.connect(lambda _=False, text=text: self.wanted.emit(text))

    def below(self, text: str) -> QPoint:
        """Where the menu of a button opens."""
        button = self.buttons[text]
        return button.mapToGlobal(button.rect().bottomLeft())

    def allow(self, rows: Sequence[Row], overlaid: Collection[Run], *, is_busy: bool) -> None:
        """Let those buttons act that can do something with these rows; the others say why they cannot."""
        one = "" if len(rows) == 1 else ONE
        goes_on = "" if not rows or rows[0].summary.state in GOES_ON else ENDED
        why_not = {
            "Open": one,
            "Resume": one or (BUSY if is_busy else goes_on),
            "Checkpoints": one,
            "Compare": "" if len(rows) > 1 else SEVERAL,
            "Overlay": "" if rows or overlaid else SOME,
        }
        for text, reason in why_not.items():
            self.buttons[text].setEnabled(not reason)
            self.buttons[text].setToolTip(reason)
        self.buttons["Overlay"].setChecked(bool(rows) and all(row.run in overlaid for row in rows))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        order = ("Checkpoints", "Overlay", "Compare", "Resume", "Open")
        give_way(self._row, self.width(), [self.buttons[text].spare_text for text in order])
