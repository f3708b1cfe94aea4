"""Fields for numbers that the wheel changes only while they have the keyboard."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QLineEdit, QSpinBox, QWidget

from studio.gui.style.measures import GRID


def _prepare(field: QAbstractSpinBox, name: str) -> None:
    field.setAccessibleName(name)
    field.setKeyboardTracking(False)
    # Scrolling a form past a field must not change it.
    field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    # The style sheet does not reach the inner margin of the text in a spin box.
    edit = field.findChild(QLineEdit)
    if edit is not None:
        edit.setTextMargins(GRID, 0, 0, 0)


class IntegerField(QSpinBox):
    """A whole number."""

    def __init__(self, name: str, low: int, high: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(low, high)
        _prepare(self, name)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class DecimalField(QDoubleSpinBox):
    """A number with a fraction."""

    def __init__(self, name: str, low: float, high: float, decimals: int = 4, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDecimals(decimals)
        self.setRange(low, high)
        self.setStepType(QAbstractSpinBox.StepType.AdaptiveDecimalStepType)
        _prepare(self, name)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
