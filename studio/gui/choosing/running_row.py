"""A line of the dialog for what runs: one objective, what the stage does with it, how often, and its place."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio.gui import fonts
from studio.gui.choosing.running import Running, Use
from studio.gui.inspector.number import NumberEdit
from studio.gui.style.measures import GRID
from studio.gui.widgets.button import Button, Kind
from studio.gui.widgets.choice import ChoiceBox
from studio.gui.widgets.label import Role, label

USES: dict[Use, str] = {"teaches": "Teaches", "measures": "Only measures", "rests": "Not used"}
LETTERS, STEPS = 12, 72
"""Letters that the choice has room for, and the width of the field for steps."""


class RunningRow(QObject):
    """The controls of one objective, to be put into the columns of a grid."""

    changed = Signal()
    moved = Signal(int)
    """One place up, -1, or down, 1, among those that teach."""

    def __init__(self, running: Running) -> None:
        super().__init__()
        self.objective = running.objective
        self.name = label(self.objective)
        self.use = ChoiceBox(f"What {self.objective} does")
        self.use.setMinimumContentsLength(LETTERS)
        for use, text in USES.items():
            self.use.addItem(text, use)
        self.use.setCurrentIndex(self.use.findData(running.use))
        steps = f"Steps from one run of {self.objective} to the next"
        self.every = NumberEdit(steps, whole=True, low=1, high=1_000_000)
        self.every.setFixedWidth(fonts.scaled(STEPS))
        self.every.show_value(running.every)
        self._steps = label("", Role.LABEL)
        self.up = _arrow("chevron-up", f"Run {self.objective} earlier")
        self.down = _arrow("chevron-down", f"Run {self.objective} later")
        self.often, self.place = _beside(self.every, self._steps), _beside(self.up, self.down)
        self.use.activated.connect(self._follow)
        self.every.committed.connect(self._follow)
        self.up.clicked.connect(lambda: self.moved.emit(-1))
        self.down.clicked.connect(lambda: self.moved.emit(1))
        self._follow()

    @property
    def running(self) -> Running:
        """What was chosen for the objective."""
        use: Use = self.use.currentData()
        return Running(self.objective, use, self.every.value if use == "teaches" else 1)

    def bound(self, *, first: bool, last: bool) -> None:
        """Say whether it teaches first or last; the focus stays on a button that still does something."""
        for button, other, ends in ((self.up, self.down, first), (self.down, self.up, last)):
            if ends and button.hasFocus():
                other.setEnabled(True)
                other.setFocus()
            button.setEnabled(not ends)

    def _follow(self, *_: object) -> None:
        self._steps.setText("step" if self.every.value == 1 else "steps")
        for part in (self.often, self.place):
            part.setVisible(self.use.currentData() == "teaches")
        self.changed.emit()


def _arrow(icon: str, name: str) -> Button:
    button = Button(icon=icon, name=name, kind=Kind.QUIET, small=True)
    button.setAutoDefault(False)
    return button


def _beside(*parts: QWidget) -> QWidget:
    """Controls beside each other, which keep their room while they are hidden."""
    found = QWidget()
    policy = found.sizePolicy()
    policy.setRetainSizeWhenHidden(True)
    found.setSizePolicy(policy)
    row = QHBoxLayout(found)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(GRID // 2)
    for part in parts:
        row.addWidget(part)
    row.addStretch()
    return found
