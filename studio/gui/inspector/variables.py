"""A field that adds a named number to a project or to a block."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from studio.core.declaration import Raw
from studio.core.expressions import FUNCTIONS, is_expression
from studio.gui.style.measures import GRID
from studio.gui.widgets.button import Button
from studio.gui.widgets.label import Role, label

HINT = "width = 16"


class VariableAdder(QWidget):
    """Takes ``name = value``; ``added`` carries both, and a line below says why something cannot be added."""

    added = Signal(str, object)

    def __init__(self, taken: Mapping[str, Raw], what: str = "variable") -> None:
        super().__init__()
        self._taken = taken
        self._line = QLineEdit()
        self._line.setPlaceholderText(HINT)
        self._line.setAccessibleName(f"New {what}, as name = value")
        self._line.returnPressed.connect(self._add)
        button = Button(icon="plus", name=f"Add a {what}", small=True)
        button.clicked.connect(self._add)
        self._note = label("", Role.PROBLEM, wrap=True)
        self._note.hide()
        row = QHBoxLayout()
        row.setSpacing(GRID // 2)
        row.addWidget(self._line, 1)
        row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self._note)

    def _add(self) -> None:
        name, _, text = (part.strip() for part in self._line.text().partition("="))
        value = number(text)
        complaint = why_not(name, self._taken) or ("" if value is not None else f"Write a number, as in {HINT}.")
        self._note.setText(complaint)
        self._note.setVisible(bool(complaint))
        if not complaint:
            self.added.emit(name, value)


def number(text: str) -> Raw:
    """The number or expression that the text means; None where it means none."""
    if is_expression(text):
        return text
    try:
        value = float(text)
    except ValueError:
        return None
    return int(value) if value.is_integer() else value


def why_not(name: str, taken: Mapping[str, Raw]) -> str:
    """Why a variable cannot have this name; empty where it can."""
    if not name.isidentifier() or not name.isascii():
        return f"A variable's name is letters, digits and _; {name!r:.40} is not. Write {HINT}."
    if name in taken:
        return f"There is a variable {name} already."
    return f"{name} is a function of expressions." if name in FUNCTIONS else ""
