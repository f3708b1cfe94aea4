"""What every field of a form offers, and what it shows where several nodes differ."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget


class Mixed:
    """Stands for a value that differs among the selected nodes."""


MIXED = Mixed()
MIXED_TEXT = "–"


class Field(QWidget):
    """A control for one setting. ``committed`` carries the raw value that a person gave."""

    committed = Signal(object)

    def show_value(self, value: Any) -> None:
        """Show a raw value, or that the selected nodes differ; nothing is committed by this."""
        raise NotImplementedError

    def mark_wrong(self, wrong: bool) -> None:
        """Draw the control as one whose value does not fit."""
        if self.property("wrong") == wrong:  # Qt takes a millisecond to dress a control anew
            return
        for child in (self, *self.findChildren(QWidget)):
            child.setProperty("wrong", wrong)
            child.style().unpolish(child)
            child.style().polish(child)
