"""A line of the dialog for sweeps: what varies, and the values that it may take."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from studio.core.declaration import Raw, Setting
from studio.core.problem import ProjectError
from studio.gui.style.measures import GRID
from studio.gui.widgets.button import Button, Kind
from studio.gui.widgets.choice import ChoiceBox
from studio.gui.widgets.label import Role, label, set_role
from studio.training.sweeps.varying import Values, Varied, setting_of, suited

LETTERS = 18
"""For which the choice of a name has room."""


class VariedRow(QWidget):
    """A name of the project with its values as the command line has them, and what they mean."""

    changed = Signal()
    removed = Signal()

    def __init__(self, present: Values, name: str) -> None:
        super().__init__()
        self._present = present
        self.name, self.values = ChoiceBox("What varies"), QLineEdit()
        self.values.setAccessibleName("Values")
        self.note = label("", Role.HINT, wrap=True)
        self.remove = Button(icon="close", name="Vary this no longer", kind=Kind.QUIET, small=True)
        for each in present:
            self.name.addItem(each.replace("_", " "), each)
        self.name.setMinimumContentsLength(LETTERS)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GRID)
        grid.setVerticalSpacing(GRID // 2)
        for column, part in enumerate((self.name, self.values, self.remove)):
            grid.addWidget(part, 0, column)
        grid.addWidget(self.note, 1, 1)
        grid.setColumnStretch(1, 1)
        self.remove.setAutoDefault(False)
        self.remove.clicked.connect(self.removed)
        self.name.activated.connect(self._propose)
        self.values.textChanged.connect(self._explain)
        self.choose(name)

    @property
    def varied(self) -> Varied | None:
        """What varies; None where the values cannot be read."""
        try:
            return suited(Varied.of(f"{self.name.currentData()}={self.values.text()}"), self._present)
        except ProjectError:
            return None

    def choose(self, name: str) -> None:
        """Vary this, with values around the one it has."""
        self.name.setCurrentIndex(max(0, self.name.findData(name)))
        self._propose()

    def _propose(self) -> None:
        name = self.name.currentData()
        self.values.setText(proposed(self._present[name], setting_of(name)))

    def _explain(self) -> None:
        """Say what the values mean, or why they mean nothing."""
        try:
            Varied.of(f"{self.name.currentData()}={self.values.text()}")
        except ProjectError as error:
            set_role(self.note, Role.PROBLEM)
            self.note.setText(str(error))
        else:
            set_role(self.note, Role.HINT)
            self.note.setText(meaning(self.varied) if self.varied else "")
        self.changed.emit()


def meaning(varied: Varied) -> str:
    """``Whole numbers from 8 to 32``"""
    if varied.listed:
        return f"{len(varied.listed)} values"
    kind = "Whole numbers" if varied.is_whole else "Any number"
    return f"{kind} from {varied.low:g} to {varied.high:g}{', evenly in the logarithm' if varied.log else ''}"


def proposed(value: Raw, setting: Setting | None) -> str:
    """Values to try around the present one, as they are written."""
    if setting is not None and setting.choices:
        return ",".join(map(str, setting.choices))
    if isinstance(value, bool):
        return "true,false"
    low, high = (setting.low or 0, setting.high) if setting is not None else (0, None)
    if isinstance(value, int):
        return f"{max(low, value // 2):g}..{min(high or 2 * value, 2 * value):g}" if value > 1 else "1..8"
    if not isinstance(value, float):
        return ""
    if high is not None:
        return f"{low:g}..{high:g}"
    return f"{value / 10:g}..{value * 10:g}:log" if value > 0 else "0..0.1"
