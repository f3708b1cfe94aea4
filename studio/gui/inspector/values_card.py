"""Named values that expressions read, parameters of a graph or variables of the project: each renamed, set, removed."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from studio.core.declaration import Raw, Setting
from studio.gui import fonts
from studio.gui.inspector.card import Card
from studio.gui.inspector.fields import AxesField
from studio.gui.inspector.kinds import field_for
from studio.gui.inspector.variables import VariableAdder
from studio.gui.style.measures import FORM_LABEL, GRID
from studio.gui.widgets.button import Button, Kind
from studio.gui.widgets.label import Role, label


class ValuesCard(Card):
    """One row a name. The signals carry what a person wants; whoever owns the values shows them anew."""

    changed = Signal(str, object)
    """A name, new or known, and its value."""
    renamed = Signal(str, str)
    removed = Signal(str)

    def __init__(self, title: str, what: str) -> None:
        super().__init__(title)
        self._what = what
        self._shown: object = None

    def show_values(self, owner: str, settings: Mapping[str, Setting], values: Mapping[str, Raw]) -> None:
        """Show the values of ``owner``; ``settings`` say of what kind each is."""
        shown = (owner, tuple(values.items()), tuple(settings.values()))
        if shown == self._shown:
            return
        self._shown = shown
        rows = [self._row(name, settings[name], value) for name, value in values.items()]
        adder = VariableAdder(values, self._what)
        adder.added.connect(self.changed)
        self.refill(*rows, adder)

    def _row(self, name: str, setting: Setting, value: Raw) -> QWidget:
        called, field = QLineEdit(name), field_for(setting)
        called.setAccessibleName(f"Name of the {self._what} {name}")
        called.editingFinished.connect(lambda: self._rename(called, name))
        field.show_value(value)
        field.committed.connect(lambda given: self.changed.emit(name, given))
        remove = Button(icon="close", name=f"Remove the {self._what} {name}", kind=Kind.QUIET, small=True)
        remove.clicked.connect(lambda: self.removed.emit(name))
        row, line = QWidget(), QHBoxLayout()
        column = QVBoxLayout(row)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        line.setSpacing(GRID // 2)
        column.addLayout(line)
        line.addWidget(called, 1)
        if isinstance(field, AxesField):  # too wide to stand beside the name
            column.addWidget(field)
        else:
            called.setFixedWidth(fonts.scaled(FORM_LABEL))
            line.addWidget(field, 1)
        line.addWidget(remove)
        if setting.meaning:
            column.addWidget(label(setting.meaning, Role.HINT, wrap=True))
        return row

    def _rename(self, line: QLineEdit, old: str) -> None:
        new = line.text().strip()
        line.setText(old)  # until the owner agrees
        if new and new != old:
            self.renamed.emit(old, new)
