"""A field for a number that also takes an expression such as ``=width*4``."""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QValidator, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QSizePolicy, QWidget

from studio.core.expressions import is_expression
from studio.gui import fonts
from studio.gui.inspector.field import MIXED, MIXED_TEXT
from studio.gui.style.measures import GRID

NARROWEST = 52


class NumberEdit(QAbstractSpinBox):
    """Whole numbers or fractions within bounds; text that begins with an equals sign is kept as it is."""

    committed = Signal(object)
    typed = Signal(str)
    """What stands in the field while a person types."""

    def __init__(
        self, name: str, *, whole: bool, low: float | None, high: float | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.whole, self.low, self.high = whole, low, high
        self._value: Any = 0
        self.setAccessibleName(name)
        self.setKeyboardTracking(False)
        # Scrolling a form past a field must not change it.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.lineEdit().setTextMargins(GRID, 0, 0, 0)
        self.lineEdit().setAccessibleName(name)
        self.lineEdit().textEdited.connect(self.typed)
        self.editingFinished.connect(self._commit)

    @property
    def value(self) -> Any:
        """The raw value: a number, an expression, or MIXED."""
        return self._value

    def show_value(self, value: Any) -> None:
        self._value = value
        text = MIXED_TEXT if value is MIXED else _text(value)
        if text != self.lineEdit().text():
            self.lineEdit().setText(text)

    def minimumSizeHint(self) -> QSize:
        """Room for a few figures and the arrows; Qt's own hint depends on a range that this field does not use."""
        return QSize(fonts.scaled(NARROWEST), super().minimumSizeHint().height())

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Anything may stand here while it is typed; what is no number is put back when the field is left."""
        return QValidator.State.Acceptable, text, position

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        none, both = QAbstractSpinBox.StepEnabledFlag.StepNone, QAbstractSpinBox.StepEnabledFlag
        if not isinstance(self._value, int | float):
            return none
        up = self.high is None or self._value < self.high
        down = self.low is None or self._value > self.low
        return (both.StepUpEnabled if up else none) | (both.StepDownEnabled if down else none)

    def stepBy(self, steps: int) -> None:
        if isinstance(self._value, int | float):
            self._give(self._bounded(self._value + steps * self._step()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def _commit(self) -> None:
        text = self.lineEdit().text().strip()
        if text in (MIXED_TEXT, "" if self._value is MIXED else _text(self._value)):
            return
        value = text if is_expression(text) else self._number(text)
        if value is None:
            self.show_value(self._value)
            self.typed.emit(self.lineEdit().text())
        else:
            self._give(value)

    def _give(self, value: Any) -> None:
        self.show_value(value)
        self.committed.emit(value)

    def _number(self, text: str) -> int | float | None:
        try:
            number = float(text.replace(",", "."))
        except ValueError:
            return None
        return self._bounded(round(number) if self.whole else number) if math.isfinite(number) else None

    def _bounded(self, number: float) -> int | float:
        if self.low is not None:
            number = max(number, self.low)
        if self.high is not None:
            number = min(number, self.high)
        return int(number) if self.whole else float(f"{number:.12g}")

    def _step(self) -> float:
        """One for whole numbers; for fractions a tenth of their order of size, so that 0.001 goes to 0.0011."""
        if self.whole:
            return 1
        size = abs(self._value)
        return 0.1 if size == 0 or size >= 1 else 10.0 ** (math.floor(math.log10(size)) - 1)


def _text(value: Any) -> str:
    return f"{value:.12g}" if isinstance(value, float) else str(value)
