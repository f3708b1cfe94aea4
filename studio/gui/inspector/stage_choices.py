"""What is chosen for a stage in dialogs of their own: what runs, what learns, and what learns in its own way."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from studio.core.project import Stage
from studio.gui import fonts
from studio.gui.stages import wording
from studio.gui.style.measures import FORM_LABEL, GRID
from studio.gui.widgets.button import Button
from studio.gui.widgets.label import label
from studio.gui.widgets.text_size import follow_text

RUNS, LEARNS, OWN = "Choose what runs…", "Choose what learns…", "Choose what learns in its own way…"


class StageChoices(QWidget):
    """A line for each choice: what it is about, and a button that says what is chosen and leads to the dialog.

    ``wanted`` carries the title of the action that opens it.
    """

    wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.buttons = {
            title: Button(icon="pencil", small=True, cuts=True, at_left=True) for title in (RUNS, LEARNS, OWN)
        }
        names = [label(name) for name in ("Runs", "Learns", "In its own way")]
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GRID // 2)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(1, 1)
        for at, (name, (title, button)) in enumerate(zip(names, self.buttons.items(), strict=True)):
            name.setBuddy(button)
            button.setAccessibleName(title.rstrip("…"))
            button.clicked.connect(lambda _=False, title=title: self.wanted.emit(title))
            grid.addWidget(name, at, 0)
            grid.addWidget(button, at, 1)
        follow_text(self, lambda: grid.setColumnMinimumWidth(0, fonts.scaled(FORM_LABEL)))

    def show_stage(self, stage: Stage) -> None:
        """Say what is chosen for a stage."""
        measures = f"measures {', '.join(stage.measures)}" if stage.measures else ""
        takes = f"takes {wording.takes(stage)}" if stage.takes else ""
        own = (f"{part}: {wording.settings_text(values)}" for part, values in stage.own.items())
        self._say(RUNS, wording.runs(stage), measures)
        self._say(LEARNS, wording.learns(stage), takes)
        self._say(OWN, "; ".join(own) or "nothing")

    def _say(self, title: str, *said: str) -> None:
        button, text = self.buttons[title], "; ".join(filter(None, said))
        button.setText(text)
        button.setToolTip(text)
        button.setAccessibleDescription(text)
        button.updateGeometry()
