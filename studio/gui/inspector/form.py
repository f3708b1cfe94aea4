"""A form generated from declared settings: one row each, with the live value of an expression and a way back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import MISSING
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from studio.core.declaration import Setting
from studio.core.expressions import Scope, is_expression, resolve
from studio.core.problem import Mismatch
from studio.gui import fonts
from studio.gui.inspector.field import MIXED, Field
from studio.gui.inspector.fields import AxesField, NumberField, TextField
from studio.gui.inspector.kinds import field_for
from studio.gui.style.measures import FORM_LABEL, FORM_ROW, GRID
from studio.gui.widgets.button import Button, Kind
from studio.gui.widgets.label import Role, label
from studio.gui.widgets.text_size import follow_text

TALL = 1.2
"""Text size from which fields stand below their names."""


UNBOUNDED = 2**24 - 1
"""The width that Qt gives to widgets that may be as wide as they like."""


class FormRow(QWidget):
    """The name of a setting, its field, a button that gives back the default, and a line below for what it comes to."""

    committed = Signal(str, object)
    menu_wanted = Signal(str, object)
    """A right-click, or the key for the menu: the name of the setting and the QPoint of the screen."""

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self.setting = setting
        self._value: Any = setting.default
        self._scope: Scope = {}
        self._complaint = ""
        self.field: Field = field_for(setting)
        self.field.committed.connect(lambda value: self.committed.emit(setting.name, value))
        if isinstance(self.field, NumberField | TextField):
            self.field.typed.connect(self._preview)
        self.reset = Button(icon="undo", name=f"Back to {_plain(setting.default)}", kind=Kind.QUIET, small=True)
        self.reset.setAutoDefault(False)  # Enter in the field of a dialog is meant for the value
        self.reset.clicked.connect(lambda: self.committed.emit(setting.name, setting.default))
        self.note = label("", Role.HINT, wrap=True)
        self.setToolTip(_tip(setting))
        self._lay_out()

    def _lay_out(self) -> None:
        self._name = label(self.setting.title, Role.BODY, wrap=True)
        self._name.setBuddy(self.field)
        policy = self.reset.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.reset.setSizePolicy(policy)
        self._row, self._column = QHBoxLayout(), QVBoxLayout(self)
        self._row.setSpacing(GRID // 2)
        self._row.addWidget(self._name)
        self._row.addWidget(self.reset)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addLayout(self._row)
        self._column.addWidget(self.note)
        self.note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        follow_text(self, self._arrange)

    def _arrange(self) -> None:
        """The field stands beside its name, or below it where both need much room."""
        is_wide = isinstance(self.field, AxesField) and len(self.field.edits) > 2
        is_below = is_wide or fonts.scaled(FORM_LABEL) > TALL * FORM_LABEL
        self.field.setMinimumHeight(fonts.scaled(FORM_ROW))
        self._name.setMinimumWidth(0 if is_below else fonts.scaled(FORM_LABEL))
        self._name.setMaximumWidth(UNBOUNDED if is_below else fonts.scaled(FORM_LABEL))
        self.note.setContentsMargins(0 if is_below else fonts.scaled(FORM_LABEL) + GRID, 0, 0, GRID // 2)
        if is_below:
            self._column.insertWidget(1, self.field)
        else:
            self._row.insertWidget(1, self.field, 1)
        self._row.setStretchFactor(self._name, int(is_below))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(self.setting.name, event.globalPos())

    def offer_menu(self) -> None:
        """Leave right-clicks on the field to the row."""
        for child in self.findChildren(QWidget):
            child.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)

    def show_value(self, value: Any, scope: Scope, complaint: str = "") -> None:
        """Show a raw value; ``complaint`` is a sentence where it does not fit."""
        self._value, self._scope, self._complaint = value, scope, complaint
        self.field.show_value(value)
        self.field.mark_wrong(bool(complaint))
        self.reset.setVisible(
            self.setting.default is not MISSING and value is not MIXED and value != self.setting.default
        )
        self._preview(value if isinstance(value, str) else "")

    def _preview(self, text: str) -> None:
        """Say what an expression comes to, also while it is typed."""
        wrong, note = bool(self._complaint), self._complaint
        raw = text if is_expression(text) else self._value
        if is_expression(raw) or (isinstance(raw, tuple) and any(map(is_expression, raw))):
            try:
                note, wrong = f"= {_formula(raw)} → {_plain(resolve(raw, self._scope))}", False
            except Mismatch as error:
                note, wrong = error.message, True
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self.note.setProperty("role", Role.PROBLEM.value if wrong else Role.HINT.value)
        self.note.style().unpolish(self.note)
        self.note.style().polish(self.note)


class Form(QWidget):
    """Rows for settings. ``edited`` carries the setting's name and its new raw value."""

    edited = Signal(str, object)
    menu_wanted = Signal(str, object)
    """The menu of a setting is wanted at a QPoint of the screen; of a form that offers none the field's own opens."""

    def __init__(self, settings: Sequence[Setting], *, has_menu: bool = False) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.rows = {setting.name: FormRow(setting) for setting in settings}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for row in self.rows.values():
            row.committed.connect(self.edited)
            if has_menu:
                row.offer_menu()
                row.menu_wanted.connect(self.menu_wanted)
            column.addWidget(row)

    def show_values(self, values: Mapping[str, Any], scope: Scope, complaints: Mapping[str, str] | None = None) -> None:
        """Show raw values by setting; what is not among them has its default."""
        for name, row in self.rows.items():
            row.show_value(values.get(name, row.setting.default), scope, (complaints or {}).get(name, ""))


def common_values(several: Sequence[Mapping[str, Any]], settings: Sequence[Setting]) -> dict[str, Any]:
    """One value for each setting; MIXED where the given ones differ."""
    common: dict[str, Any] = {}
    for setting in settings:
        values = [values.get(setting.name, setting.default) for values in several]
        common[setting.name] = values[0] if all(value == values[0] for value in values) else MIXED
    return common


def _tip(setting: Setting) -> str:
    sentence = setting.meaning[:1].upper() + setting.meaning[1:] if setting.meaning else setting.title
    bounds = f" From {setting.low:g} to {setting.high:g}." if None not in (setting.low, setting.high) else ""
    default = "" if setting.default is MISSING else f" Default: {_plain(setting.default)}."
    return f"{sentence}.{bounds if (setting.high or 0) < 1_000_000 else ''}{default}"


def _formula(raw: Any) -> str:
    return " × ".join(str(item).lstrip("=") for item in raw) if isinstance(raw, tuple) else str(raw)[1:].strip()


def _plain(value: Any) -> str:
    if isinstance(value, tuple):
        return " × ".join(map(str, value)) or "none"
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:.12g}" if isinstance(value, float) else "none" if value in (None, "") else str(value)
