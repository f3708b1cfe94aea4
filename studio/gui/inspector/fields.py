"""The kinds of fields a form is made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSlider, QWidget

from studio.core.expressions import is_expression
from studio.gui import fonts
from studio.gui.inspector.field import MIXED, MIXED_TEXT, Field
from studio.gui.inspector.number import NumberEdit
from studio.gui.style.measures import GRID
from studio.gui.widgets.choice import ChoiceBox
from studio.gui.widgets.label import Role, label
from studio.gui.widgets.text_size import follow_text
from studio.gui.widgets.toggle import Toggle

SLIDER_STEPS = 100
BESIDE_SLIDER = 92
"""Width of a field that has a slider beside it."""


class NumberField(Field):
    """One number or expression, with a slider where both bounds are near."""

    typed = Signal(str)

    def __init__(self, name: str, *, whole: bool, low: float | None, high: float | None, slider: bool = False) -> None:
        super().__init__()
        self.edit = NumberEdit(name, whole=whole, low=low, high=high)
        self.edit.committed.connect(self._take)
        self.edit.typed.connect(self.typed)
        self.slider = QSlider(Qt.Orientation.Horizontal) if slider else None
        row = _row(self)
        row.addWidget(self.edit, 1)
        if self.slider is not None:
            follow_text(self.edit, lambda: self.edit.setFixedWidth(fonts.scaled(BESIDE_SLIDER)))
            self.slider.setRange(0, SLIDER_STEPS)
            self.slider.setAccessibleName(f"{name}, slider")
            self.slider.valueChanged.connect(self._slide)
            row.addWidget(self.slider, 1)
        self.setFocusProxy(self.edit)

    def show_value(self, value: Any) -> None:
        self.edit.show_value(value)
        if self.slider is not None and isinstance(value, int | float):
            self.slider.blockSignals(True)
            self.slider.setValue(round((value - self._low) / self._span * SLIDER_STEPS))
            self.slider.blockSignals(False)

    @property
    def _low(self) -> float:
        return self.edit.low or 0.0

    @property
    def _span(self) -> float:
        return (self.edit.high or 1.0) - self._low

    def _slide(self, step: int) -> None:
        value = self._low + step / SLIDER_STEPS * self._span
        self._take(round(value) if self.edit.whole else round(value, 4))
        self.edit.show_value(round(value) if self.edit.whole else round(value, 4))

    def _take(self, value: Any) -> None:
        self.show_value(value)
        self.committed.emit(value)


class AxesField(Field):
    """One number for each axis, height × width; where all are equal they are kept as one number."""

    def __init__(self, name: str, axes: Sequence[str], *, low: float | None, high: float | None, joined: bool) -> None:
        super().__init__()
        self._joined = joined
        self.edits = [NumberEdit(f"{name}, {axis}", whole=True, low=low, high=high) for axis in axes]
        row = _row(self)
        for index, edit in enumerate(self.edits):
            if index:
                row.addWidget(label("×", Role.HINT))
            row.addWidget(edit, 1)
            edit.committed.connect(self._commit)
        self.setFocusProxy(self.edits[0])

    def show_value(self, value: Any) -> None:
        values = value if isinstance(value, tuple) else (value,) * len(self.edits)
        for edit, item in zip(self.edits, values, strict=False):
            edit.show_value(item)

    def _commit(self) -> None:
        values = tuple(edit.value for edit in self.edits)
        if MIXED in values:
            given = next((value for value in values if value is not MIXED), None)
            values = tuple(given if value is MIXED else value for value in values)
            self.show_value(values)
        self.committed.emit(values[0] if self._joined and len(set(values)) == 1 else values)


class ChoiceField(Field):
    """One of a few values."""

    def __init__(self, name: str, choices: Sequence[Any]) -> None:
        super().__init__()
        self._choices = tuple(choices)
        self.box = ChoiceBox(name)
        self.box.addItems([str(choice) for choice in self._choices])
        self.box.activated.connect(lambda index: self.committed.emit(self._choices[index]))
        _row(self).addWidget(self.box, 1)
        self.setFocusProxy(self.box)

    def show_value(self, value: Any) -> None:
        self.box.setPlaceholderText(MIXED_TEXT if value is MIXED else str(value))
        self.box.setCurrentIndex(self._choices.index(value) if value in self._choices else -1)


class SwitchField(Field):
    """On or off."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.toggle = Toggle(name=name)
        self.toggle.clicked.connect(self._commit)
        row = _row(self)
        row.addWidget(self.toggle)
        row.addStretch()
        self.setFocusProxy(self.toggle)

    def show_value(self, value: Any) -> None:
        self.toggle.setChecked(value is True)
        self._say(value)

    def _commit(self, on: bool) -> None:
        self._say(on)
        self.committed.emit(on)

    def _say(self, value: Any) -> None:
        text = "Differs" if value is MIXED else str(value) if is_expression(value) else "On" if value else "Off"
        self.toggle.setText(text)
        self.toggle.updateGeometry()


class TextField(Field):
    """Text, read and written by a pair of functions; ``parse`` answers None for what cannot be meant."""

    typed = Signal(str)

    def __init__(self, name: str, *, parse: Callable[[str], Any] = str, show: Callable[[Any], str] = str) -> None:
        super().__init__()
        self._parse, self._show = parse, show
        self._shown = ""
        self.line = QLineEdit()
        self.line.setAccessibleName(name)
        self.line.editingFinished.connect(self._commit)
        self.line.textEdited.connect(self.typed)
        _row(self).addWidget(self.line, 1)
        self.setFocusProxy(self.line)

    def show_value(self, value: Any) -> None:
        self._shown = MIXED_TEXT if value is MIXED else self._show(value)
        if self.line.text() != self._shown:
            self.line.setText(self._shown)

    def _commit(self) -> None:
        text = self.line.text().strip()
        if text == self._shown:
            return
        value = text if is_expression(text) else self._parse(text)
        if value is None:
            self.line.setText(self._shown)
            return
        self.show_value(value)
        self.committed.emit(value)


def _row(field: QWidget) -> QHBoxLayout:
    row = QHBoxLayout(field)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(GRID // 2)
    return row
