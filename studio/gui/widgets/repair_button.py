"""The button of a repair, which tells while the pointer or the keyboard is at it, so that its effect can be shown."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QHideEvent
from PySide6.QtWidgets import QWidget

from studio.gui.widgets.button import Button, Kind


class RepairButton(Button):
    """A small button with the label of a repair."""

    pointed = Signal(bool)
    """Whether the pointer or the keyboard is at it."""

    def __init__(self, text: str, *, is_first: bool, parent: QWidget | None = None) -> None:
        kind = Kind.PRIMARY if is_first else Kind.SECONDARY
        super().__init__(text, kind=kind, small=True, cuts=True, parent=parent)
        self._is_pointed = False

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._tell(is_pointed=True)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._tell(is_pointed=self.hasFocus())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._tell(is_pointed=True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._tell(is_pointed=self.underMouse())

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._tell(is_pointed=False)

    def _tell(self, *, is_pointed: bool) -> None:
        if is_pointed != self._is_pointed:
            self._is_pointed = is_pointed
            self.pointed.emit(is_pointed)
